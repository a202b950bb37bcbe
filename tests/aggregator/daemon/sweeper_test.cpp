// The sweeper: a slice a second, a sweep an hour, through the core's own command.
#include "aggregator/sweeper.hpp"

#include <gtest/gtest.h>

#include "aggregator/core/engine.hpp"
#include "aggregator/storage/store.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::aggregator {
namespace {

using std::chrono_literals::operator""h;

constexpr std::size_t kMapBytes = 64UL << 20;

class Sweeps : public testing::Test {
 protected:
  // Commits old entries of the audit log: nothing refers to them.
  void add_entries(std::uint64_t first, std::uint64_t last) {
    core::WriteSet rows;
    for (auto id = first; id <= last; ++id) {
      rows.emplace_back(core::Put{core::AuditEntry{.id = {id}, .at = wall - 1000 * 24h}});
    }
    ASSERT_TRUE(store->commit(rows).has_value());
  }
  [[nodiscard]] std::uint64_t entries() const {
    return storage::Snapshot::take(store->environment())->count(storage::TableNumber::audit);
  }
  // As the daemon's loop does.
  void turn() {
    for (const auto& command : std::exchange(inbox, {})) {
      const auto decision = core::decide(state, wall, command);
      ASSERT_TRUE(store->commit(decision.changes).has_value());
    }
    const auto ok = sweeper.turn(now, wall, {});
    ASSERT_TRUE(ok.has_value()) << ok.error().message;
  }
  void pass(Duration time) {
    for (const auto end = now + time; now < end; now += Sweeper::kSliceEvery) turn();
  }

  support::TemporaryFolder folder;
  std::unique_ptr<storage::Store> store = *storage::Store::open(folder.path(), kMapBytes);
  core::State state;
  const Instant wall = support::at("06-01 12:00");
  Steady now{5h};
  bool has_room = true;
  std::vector<core::Command> inbox;
  Sweeper sweeper{store->environment(),
                  [this](core::Command command) {
                    if (has_room) inbox.push_back(std::move(command));
                    return has_room;
                  },
                  now};
};

// R3.9
TEST_F(Sweeps, DropWhatIsOldInSmallSteps) {
  add_entries(1, 300);
  pass(Sweeper::kFirstAfter);
  EXPECT_EQ(entries(), 300U);
  std::uint64_t before = entries();
  for (int i = 0; i < 20 && entries() > 0; ++i) {
    pass(Sweeper::kSliceEvery);
    EXPECT_LE(before - entries(), 90U);
    before = entries();
  }
  EXPECT_EQ(entries(), 0U);
}

TEST_F(Sweeps, ComeAgainAfterAnHour) {
  pass(Sweeper::kFirstAfter + std::chrono::minutes(1));
  add_entries(1, 3);
  pass(std::chrono::minutes(58));
  EXPECT_EQ(entries(), 3U);
  pass(std::chrono::minutes(3));
  EXPECT_EQ(entries(), 0U);
}

TEST_F(Sweeps, LoseNothingWhereTheInboxIsFull) {
  add_entries(1, 100);
  has_room = false;
  pass(Sweeper::kFirstAfter + std::chrono::minutes(1));
  EXPECT_EQ(entries(), 100U);
  has_room = true;
  pass(std::chrono::minutes(1));
  EXPECT_EQ(entries(), 0U);
}

}  // namespace
}  // namespace vaultbell::aggregator
