// History: what was kept for long enough is found in slices, and nothing that is still needed.
#include "aggregator/storage/history.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "aggregator/core/retention.hpp"
#include "aggregator/storage/store.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::storage {
namespace {

using core::Put;
using core::WriteSet;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""s;
using support::at;
using support::uuid;

constexpr std::size_t kHistoryMapBytes = 64UL << 20;
constexpr Duration kDay = 24h;

// Everything is kept for a day; `old` is long ago, `young` is not.
class History : public testing::Test {
 protected:
  using Keys = std::vector<core::ErasedKey>;

  void commit(const WriteSet& changes) { ASSERT_TRUE(store->commit(changes).has_value()); }

  HistorySlice slice(const HistoryCursor& from) {
    const auto snapshot = Snapshot::take(store->environment());
    auto found = expired_history(*snapshot, retention, now, from);
    EXPECT_TRUE(found.has_value()) << found.error().message;
    EXPECT_LE(found->keys.size(), core::kExpiredMax);
    return std::move(*found);
  }

  // What a whole sweep finds, erased slice by slice.
  Keys sweep() {
    Keys all;
    HistoryCursor cursor;
    rows_read = 0;
    for (int slices = 0; slices < 1000; ++slices) {
      auto found = slice(cursor);
      rows_read += found.rows_read;
      longest_slice = std::max(longest_slice, found.rows_read);
      WriteSet erased;
      for (const auto& key : found.keys) erased.emplace_back(core::Erase{key});
      commit(erased);
      all.insert(all.end(), found.keys.begin(), found.keys.end());
      if (found.is_end) return all;
      cursor = found.next;
    }
    ADD_FAILURE() << "the sweep does not end";
    return all;
  }

  const Instant now = at("06-01 12:00");
  const Instant old = now - kDay;
  const Instant young = now - kDay + 1s;
  core::RetentionSettings retention{kDay, kDay, kDay, kDay};
  support::TemporaryFolder folder;
  std::unique_ptr<Store> store = *Store::open(folder.path(), kHistoryMapBytes);
  std::size_t rows_read = 0;
  std::size_t longest_slice = 0;
};

core::Run run(std::uint64_t id, Instant received_at) {
  core::Run row{.id = {id}, .client = {1}, .job = {1}, .received_at = received_at};
  row.report.run = uuid(id);
  row.report.outcome = Outcome::succeeded;
  return row;
}
core::Alert over(std::uint64_t id, Instant ended_at) {
  return {.id = {id},
          .vault = {1},
          .state = core::AlertState::inactive,
          .first_at = ended_at - 1h,
          .inactivation = core::Inactivation{.at = ended_at}};
}
core::Alert active(std::uint64_t id, Instant first_at) {
  return {.id = {id}, .vault = {1}, .first_at = first_at};
}
core::Notification told(std::uint64_t id, std::uint64_t alert, Instant ended_at) {
  return {.id = {id},
          .alert = {alert},
          .state = core::NotificationState::delivered,
          .created_at = ended_at - 1s,
          .ended_at = ended_at};
}
core::Notification waiting(std::uint64_t id, std::uint64_t alert, Instant created_at) {
  return {.id = {id}, .alert = {alert}, .created_at = created_at};
}
core::Attempt attempt(std::uint64_t notification, std::uint32_t number) {
  return {.notification = {notification}, .number = number};
}
core::Notification digest(std::uint64_t id, core::NotificationState state, Instant at) {
  return {.id = {id},
          .event = core::NotificationEvent::digest,
          .state = state,
          .created_at = at,
          .ended_at = at};
}
core::Notification gathered(std::uint64_t id, std::uint64_t alert, std::uint64_t digest,
                            Instant at) {
  auto row = told(id, alert, at);
  row.state = core::NotificationState::gathered;
  row.digest = {digest};
  return row;
}

TEST_F(History, IsWhatEndedForAsLongAsItIsKept) {
  commit({Put{run(1, old)}, Put{run(2, young)}, Put{over(1, old)}, Put{over(2, young)},
          Put{told(1, 0, old)}, Put{attempt(1, 1)}, Put{attempt(1, 2)}, Put{told(2, 0, young)},
          Put{attempt(2, 1)}, Put{core::AuditEntry{.id = {1}, .at = old}},
          Put{core::AuditEntry{.id = {2}, .at = young}},
          Put{core::Maintenance{.id = {1}, .from = old, .created_at = old, .ended_at = old}},
          Put{core::Maintenance{.id = {2}, .from = old, .created_at = old, .ended_at = young}},
          Put{core::Token{.id = {1}, .created_at = old, .expires_at = old}},
          Put{core::Token{.id = {2}, .created_at = old, .expires_at = young}},
          Put{core::Address{.address = "old@example.org", .verified_at = old - 1h, .sent = {old}}},
          Put{core::Address{.address = "young@example.org", .sent = {old, young}}}});
  EXPECT_EQ(sweep(), (Keys{core::Attempt::Key{{1}, 1}, core::Attempt::Key{{1}, 2},
                           NotificationId{1}, AlertId{1}, RunId{1}, AuditId{1}, MaintenanceId{1},
                           TokenId{1}, core::AddressKey{.address = "old@example.org"}}));
}

TEST_F(History, HasItsOwnTimeForEachKind) {
  retention = {.runs = 2 * kDay, .alerts = 3 * kDay, .notifications = 4 * kDay, .audit = 5 * kDay};
  const auto rows_of = [&](std::uint64_t id, Duration age) {
    commit({Put{run(id, now - age)}, Put{over(id, now - age)}, Put{told(id, 0, now - age)},
            Put{core::AuditEntry{.id = {id}, .at = now - age}}});
  };
  rows_of(1, 5 * kDay);
  rows_of(2, 4 * kDay);
  rows_of(3, 3 * kDay);
  rows_of(4, 2 * kDay);
  rows_of(5, kDay);
  EXPECT_EQ(sweep(), (Keys{NotificationId{1}, NotificationId{2}, AlertId{1}, AlertId{2}, AlertId{3},
                           RunId{1}, RunId{2}, RunId{3}, RunId{4}, AuditId{1}}));
}

TEST_F(History, IsFoundInSlicesThatReadAndNameFewRows) {
  WriteSet many;
  for (std::uint64_t id = 1; id <= 1300; ++id) many.emplace_back(Put{run(id, old)});
  commit(many);
  EXPECT_EQ(sweep().size(), 1300U);
  EXPECT_LE(longest_slice, kHistoryRowsReadMax + 3);  // and what belongs to the last row
  EXPECT_TRUE(sweep().empty());
}

TEST_F(History, IsNotLookedForAmongWhatIsYoung) {
  WriteSet many;
  for (std::uint64_t id = 1; id <= 5000; ++id) many.emplace_back(Put{run(id, young)});
  many.emplace_back(Put{run(5001, old)});
  commit(many);
  EXPECT_TRUE(sweep().empty());
  EXPECT_EQ(rows_read, kYoungRowsMax);
}

TEST_F(History, IsFoundBehindAFewThatAClockMadeYoung) {
  WriteSet rows;
  for (std::uint64_t id = 1; id < kYoungRowsMax; ++id) {
    rows.emplace_back(Put{core::AuditEntry{.id = {id}, .at = now + 300 * kDay}});
  }
  rows.emplace_back(Put{core::AuditEntry{.id = {kYoungRowsMax}, .at = old}});
  commit(rows);
  EXPECT_EQ(sweep(), Keys{AuditId{kYoungRowsMax}});
}

TEST_F(History, IsFoundBehindManyAlertsThatLastForYears) {
  WriteSet rows;
  for (std::uint64_t id = 1; id <= 3 * kHistoryRowsReadMax; ++id) {
    rows.emplace_back(Put{active(id, old - 700 * kDay)});
  }
  rows.emplace_back(Put{over(9000, old)});
  commit(rows);
  EXPECT_EQ(sweep(), Keys{AlertId{9000}});
}

TEST_F(History, TakesAMessageWithMoreAttemptsThanASliceHoldsLast) {
  WriteSet rows = {Put{told(1, 0, old)}, Put{told(2, 0, old)}};
  for (std::uint32_t number = 1; number <= 200; ++number)
    rows.emplace_back(Put{attempt(1, number)});
  commit(rows);
  const auto found = sweep();
  ASSERT_EQ(found.size(), 202U);
  EXPECT_EQ(found[200], core::ErasedKey(NotificationId{1}));
  EXPECT_EQ(found[201], core::ErasedKey(NotificationId{2}));
}

// ---- what is going on

TEST_F(History, IsNotTheLastRunOfAJob) {
  commit({Put{core::Job{.id = {1}, .client = {1}, .name = "db", .last_run = {2}}}, Put{run(1, old)},
          Put{run(2, old)}});
  EXPECT_EQ(sweep(), Keys{RunId{1}});
}

TEST_F(History, IsNotARunWhoseEndIsStillToCome) {
  auto running = run(1, old);
  running.report.outcome = Outcome::running;
  commit({Put{running}, Put{core::OpenRun{.client = {1}, .run = uuid(1), .id = {1}, .job = {1}}}});
  EXPECT_TRUE(sweep().empty());
}

TEST_F(History, IsNotTheRunOfAnAlertThatIsNotOver) {
  auto first = run(1, old);
  auto last = run(2, old);
  first.alert = last.alert = {1};
  auto alert = active(1, old);
  alert.run = last.id;
  commit({Put{first}, Put{last}, Put{alert}});
  EXPECT_EQ(sweep(), Keys{RunId{1}});
}

TEST_F(History, IsNotAnAlertWhoseEndIsStillToBeTold) {
  auto alert = over(1, old);
  alert.recovery_next = 0;
  commit({Put{alert}, Put{told(1, 1, old)}});
  EXPECT_TRUE(sweep().empty());
}

TEST_F(History, IsNotAMessageOfAnAlertThatIsNotOver) {
  commit({Put{active(1, old)}, Put{told(1, 1, old)}, Put{attempt(1, 1)}});
  EXPECT_TRUE(sweep().empty());
}

TEST_F(History, IsNotWhatAMessageThatWaitsIsAbout) {
  auto recovering = run(1, old);
  recovering.alert = {1};
  auto alert = over(1, old);
  alert.inactivation->run = recovering.id;
  commit({Put{recovering}, Put{alert}, Put{waiting(1, 1, old)}});
  EXPECT_TRUE(sweep().empty());
}

TEST_F(History, IsNotAnAlertAsLongAsThereIsAMessageAboutIt) {
  commit({Put{over(1, old)}, Put{told(1, 1, young)}});
  EXPECT_TRUE(sweep().empty());
  commit({core::Erase{NotificationId{1}}});
  EXPECT_EQ(sweep(), Keys{AlertId{1}});
}

TEST_F(History, IsNotWhatStandsInADigestThatWaits) {
  commit({Put{over(1, old)}, Put{gathered(1, 1, 2, old)},
          Put{digest(2, core::NotificationState::pending, old)}});
  EXPECT_TRUE(sweep().empty());
}

TEST_F(History, IsNotADigestThatToldOfAnAlertThatIsNotOver) {
  commit({Put{active(1, old)}, Put{over(2, old)}, Put{gathered(1, 1, 3, old)},
          Put{gathered(2, 2, 3, old)}, Put{digest(3, core::NotificationState::delivered, old)}});
  EXPECT_EQ(sweep(), (Keys{NotificationId{2}, AlertId{2}}));
}

TEST_F(History, WithADamagedRowIsAnErrorThatNamesIt) {
  store.reset();
  {
    auto environment = lmdb::Environment::open(
        {.folder = folder.path(), .map_bytes = kHistoryMapBytes, .tables = table_names()});
    auto transaction = (*environment)->write();
    const auto table = (*environment)->table(static_cast<std::size_t>(TableNumber::runs));
    ASSERT_TRUE(transaction->put(table, key_bytes(RunId{7}), "\x81\x02\xc3").has_value());
    ASSERT_TRUE(transaction->commit().has_value());
  }
  store = *Store::open(folder.path(), kHistoryMapBytes);
  const auto snapshot = Snapshot::take(store->environment());
  const auto found = expired_history(*snapshot, retention, now, {.table = 2});
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().message,
            "damaged row in table runs, key 0000000000000007: field 2: not a number in range");
}

}  // namespace
}  // namespace vaultbell::storage
