// LMDB behind results: order of keys, all or nothing, a full map, opening again.
#include <thread>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "shared/lmdb/environment.hpp"
#include "shared/lmdb/key.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::lmdb {
namespace {

using Keys = std::vector<std::string>;

class Lmdb : public testing::Test {
 protected:
  support::TemporaryFolder folder;
  std::unique_ptr<Environment> environment = open();

  std::unique_ptr<Environment> open(std::size_t map_bytes = 16UL << 20) {
    auto opened = Environment::open(
        {.folder = folder.path(), .map_bytes = map_bytes, .tables = {"first", "second"}});
    EXPECT_TRUE(opened.has_value());
    return opened ? std::move(*opened) : nullptr;
  }
  [[nodiscard]] Table first() const { return environment->table(0); }
  void put(const Keys& keys) {
    auto transaction = environment->write();
    for (const auto& key : keys) EXPECT_TRUE(transaction->put(first(), key, "value").has_value());
    EXPECT_TRUE(transaction->commit().has_value());
  }
  [[nodiscard]] Keys keys() const {
    Keys found;
    const auto transaction = environment->read();
    auto cursor = transaction->cursor(first());
    for (auto entry = cursor.first(); entry; entry = cursor.next()) found.emplace_back(entry->key);
    return found;
  }
};

TEST_F(Lmdb, RowsAreThereAfterTheCommitAndOnlyThen) {
  auto writing = environment->write();
  ASSERT_TRUE(writing->put(first(), "key", "value").has_value());
  EXPECT_EQ(writing->get(first(), "key"), "value");
  EXPECT_EQ(environment->read()->get(first(), "key"), std::nullopt);
  ASSERT_TRUE(writing->commit().has_value());
  EXPECT_EQ(environment->read()->get(first(), "key"), "value");
  EXPECT_EQ(environment->read()->count(first()), 1U);
  EXPECT_EQ(environment->read()->get(environment->table(1), "key"), std::nullopt);
}

TEST_F(Lmdb, WithoutACommitItIsAsIfItNeverWas) {
  {
    auto transaction = environment->write();
    ASSERT_TRUE(transaction->put(first(), "key", "value").has_value());
  }
  EXPECT_EQ(keys(), Keys{});
}

TEST_F(Lmdb, RowsAreReplacedAndErased) {
  put({"a", "b"});
  auto transaction = environment->write();
  ASSERT_TRUE(transaction->put(first(), "a", "other").has_value());
  EXPECT_EQ(*transaction->erase(first(), "b"), true);
  EXPECT_EQ(*transaction->erase(first(), "c"), false);
  ASSERT_TRUE(transaction->commit().has_value());
  EXPECT_EQ(environment->read()->get(first(), "a"), "other");
  EXPECT_EQ(keys(), Keys{"a"});
}

TEST_F(Lmdb, ASnapshotStaysAsItWas) {
  put({"a"});
  const auto snapshot = environment->read();
  put({"b"});
  EXPECT_EQ(snapshot->count(first()), 1U);
  EXPECT_EQ(environment->read()->count(first()), 2U);
}

TEST_F(Lmdb, ASnapshotMayBeReadInAnotherThread) {
  put({"a"});
  auto snapshot = environment->read();
  std::thread reader([&] { EXPECT_EQ(snapshot->get(first(), "a"), "value"); });
  reader.join();
}

TEST_F(Lmdb, ACursorWalksInBothDirectionsFromAnywhere) {
  put({"b", "d", "f"});
  const auto transaction = environment->read();
  auto cursor = transaction->cursor(first());
  const auto key = [](const std::optional<Entry>& entry) {
    return entry ? std::string(entry->key) : "none";
  };
  EXPECT_EQ(key(cursor.first()), "b");
  EXPECT_EQ(key(cursor.next()), "d");
  EXPECT_EQ(key(cursor.last()), "f");
  EXPECT_EQ(key(cursor.next()), "none");
  EXPECT_EQ(key(cursor.at_or_after("")), "b");
  EXPECT_EQ(key(cursor.at_or_after("c")), "d");
  EXPECT_EQ(key(cursor.at_or_after("d")), "d");
  EXPECT_EQ(key(cursor.at_or_after("g")), "none");
  EXPECT_EQ(key(cursor.before("d")), "b");
  EXPECT_EQ(key(cursor.before("e")), "d");
  EXPECT_EQ(key(cursor.before("b")), "none");
  EXPECT_EQ(key(cursor.before("z")), "f");
}

TEST_F(Lmdb, ACursorOverAnEmptyTableFindsNothing) {
  const auto transaction = environment->read();
  auto cursor = transaction->cursor(first());
  EXPECT_FALSE(cursor.first() || cursor.last() || cursor.before("a") || cursor.at_or_after("a"));
}

TEST_F(Lmdb, RowsAreThereWhenItIsOpenedAgain) {
  put({"a"});
  environment.reset();
  environment = open();
  EXPECT_EQ(keys(), Keys{"a"});
}

TEST_F(Lmdb, AFullMapIsAnErrorOfItsOwnAndHarmsNothing) {
  put({"a"});
  environment.reset();
  environment = open(256UL * 1024);
  Status status;
  {
    auto transaction = environment->write();
    for (int i = 0; status && i < 1000; ++i) {
      status = transaction->put(first(), "row" + std::to_string(i), std::string(4000, 'x'));
    }
    if (status) status = transaction->commit();
  }
  EXPECT_EQ(status.error(), (Error{ErrorCode::full,
                                   "cannot write a row: MDB_MAP_FULL: Environment mapsize limit "
                                   "reached"}));
  EXPECT_EQ(keys(), Keys{"a"});
  put({"b"});
  EXPECT_EQ(keys(), (Keys{"a", "b"}));
}

TEST_F(Lmdb, KnowsHowFullItIs) {
  const auto usage = *environment->usage();
  EXPECT_EQ(usage.map_bytes, 16UL << 20);
  EXPECT_GT(usage.used_bytes, 0U);
  EXPECT_LT(usage.used_bytes, usage.map_bytes);
}

TEST_F(Lmdb, DoesNotCountPagesThatWereFreedAsUsed) {
  constexpr std::size_t kRows = 500;
  constexpr std::size_t kRowBytes = 4000;
  const auto before = environment->usage()->used_bytes;
  const auto write = [&](const auto& each) {
    auto transaction = environment->write();
    for (std::size_t i = 0; i < kRows; ++i) each(*transaction, number_key(i));
    ASSERT_TRUE(transaction->commit().has_value());
  };
  write([&](WriteTransaction& transaction, const std::string& key) {
    ASSERT_TRUE(transaction.put(first(), key, std::string(kRowBytes, 'x')).has_value());
  });
  EXPECT_GE(environment->usage()->used_bytes, before + kRows * kRowBytes);
  write([&](WriteTransaction& transaction, const std::string& key) {
    EXPECT_TRUE(*transaction.erase(first(), key));
  });
  EXPECT_LT(environment->usage()->used_bytes, before + kRows * kRowBytes / 10);
}

TEST_F(Lmdb, AFolderThatIsMissingIsAnErrorThatNamesIt) {
  const auto missing = folder.path() / "missing";
  EXPECT_EQ(Environment::open({.folder = missing, .map_bytes = 1UL << 20, .tables = {}}).error(),
            (Error{ErrorCode::failed, "cannot open the database in " + missing.string() +
                                          ": No such file or directory"}));
}

// ---- keys

TEST(NumberKeys, AreTheirNumberHighestByteFirst) {
  EXPECT_EQ(number_key(0x0102030405060708), "\x01\x02\x03\x04\x05\x06\x07\x08");
  std::string key = "a";
  append_short_number(key, 0x01020304);
  EXPECT_EQ(key, "a\x01\x02\x03\x04");
}

RC_GTEST_PROP(NumberKeys, AreInTheOrderOfTheirNumbers, (std::uint64_t a, std::uint64_t b)) {
  RC_ASSERT((number_key(a) < number_key(b)) == (a < b));
  RC_ASSERT(read_number("x" + number_key(a), 1) == a);
}

TEST(NumberKeysDeathTest, ReadingBehindTheEndIsABug) {
  EXPECT_DEATH((void)read_number("1234567", 0), "a key holds the number that is read from it");
  EXPECT_DEATH((void)read_number("1234567", SIZE_MAX), "a key holds the number");
}

}  // namespace
}  // namespace vaultbell::lmdb
