// Upkeep: when room is too little, and when it is enough again.
#include "aggregator/upkeep.hpp"

#include <gtest/gtest.h>

#include "aggregator/core/engine.hpp"
#include "aggregator/storage/store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::aggregator {
namespace {

constexpr std::uint64_t kMiB = 1U << 20U;
constexpr std::uint64_t kGiB = 1U << 30U;

std::string disk(std::uint64_t free_mib, std::uint64_t all_gib) {
  return problem_of(DiskRoom{free_mib * kMiB, all_gib * kGiB}, "/srv").value_or("as it was");
}

TEST(Disks, AreAProblemBelowFivePercentAndOverAboveSeven) {
  EXPECT_EQ(disk(5119, 100),
            "only 5.0 GiB (5.0 %) are free in the file system of /srv: make room there, more than "
            "7 % and 768 MiB; when it is full the aggregator stops");
  EXPECT_EQ(disk(5120, 100), "as it was");
  EXPECT_EQ(disk(7168, 100), "as it was");
  EXPECT_EQ(disk(7169, 100), "");
}

TEST(Disks, AreAProblemBelowHalfAGibibyteHoweverSmallTheyAre) {
  EXPECT_NE(disk(511, 1), "");
  EXPECT_EQ(disk(512, 1), "as it was");
  EXPECT_EQ(disk(768, 1), "as it was");
  EXPECT_EQ(disk(769, 1), "");
}

std::string store(std::uint64_t used_percent) {
  return problem_of(lmdb::Usage{used_percent * kMiB, 100 * kMiB}).value_or("as it was");
}

TEST(StoresThatFill, AreAProblemAboveEightyPercentAndOverBelowSeventyFive) {
  EXPECT_EQ(store(74), "");
  EXPECT_EQ(store(75), "as it was");
  EXPECT_EQ(store(80), "as it was");
  EXPECT_EQ(store(81),
            "the store uses 81.0 % of the 100.0 MiB that it may grow to: keep less history "
            "([retention]); when it is full the aggregator stops");
}

TEST(Deliveries, FailWhereEveryChannelThatWasTriedHasFailedForAnHour) {
  const Instant now{std::chrono::hours(24 * 20'000)};
  const auto failing_for = [&](std::optional<Duration> email, std::optional<Duration> mobile) {
    core::State state;
    const auto add = [&](core::Channel channel, const std::optional<Duration>& failing) {
      core::ChannelHealth health{.channel = channel};
      if (failing) health.failing_since = now - *failing;
      core::evolve(state, core::Put{health});
    };
    add(core::Channel::email, email);
    if (mobile != Duration::min()) add(core::Channel::mobile, mobile);
    return state;
  };
  constexpr auto kUntried = Duration::min();
  const auto hour = std::chrono::hours(1);
  EXPECT_FALSE(are_deliveries_failing(core::State(), now));
  EXPECT_FALSE(are_deliveries_failing(failing_for({}, kUntried), now));
  EXPECT_FALSE(are_deliveries_failing(failing_for(hour - std::chrono::seconds(1), kUntried), now));
  EXPECT_TRUE(are_deliveries_failing(failing_for(hour, kUntried), now));
  EXPECT_FALSE(are_deliveries_failing(failing_for(hour, std::nullopt), now));
  EXPECT_TRUE(are_deliveries_failing(failing_for(hour, 2 * hour), now));
}

class Looks : public testing::Test {
 protected:
  // The topics of what was posted, with "!" where there is a problem.
  std::vector<std::string> turn(Steady now) {
    said.clear();
    const auto ok = upkeep.turn(now);
    EXPECT_TRUE(ok.has_value());
    return said;
  }

  support::TemporaryFolder folder;
  std::unique_ptr<storage::Store> store = *storage::Store::open(folder.path(), kMiB);
  board::Board board;
  std::vector<std::string> said;
  Upkeep upkeep{{.store = store->environment(),
                 .folder = folder.path(),
                 .board = board,
                 .post = [this](const core::Command& command) {
                   const auto& checked = std::get<core::SelfChecked>(command);
                   if (checked.topic == "store") {
                     said.push_back(checked.topic + (checked.problem.empty() ? "" : "!"));
                   }
                   return true;
                 }}};
};

TEST_F(Looks, ComeAtOnceAndOnceAMinute) {
  const Steady begin(std::chrono::hours(7));
  EXPECT_EQ(turn(begin), std::vector<std::string>{"store"});
  EXPECT_EQ(turn(begin + std::chrono::seconds(59)), std::vector<std::string>{});
  EXPECT_EQ(turn(begin + std::chrono::seconds(60)), std::vector<std::string>{"store"});
  EXPECT_GT(board.disk_bytes.load(), 0U);
  EXPECT_LE(board.disk_free_bytes.load(), board.disk_bytes.load());
}

TEST_F(Looks, FindAStoreThatIsNearlyFullAndThatThereIsRoomAgain) {
  const Steady begin(std::chrono::hours(7));
  const auto share = [&] {
    const auto usage = *store->environment().usage();
    return static_cast<double>(usage.used_bytes) / static_cast<double>(usage.map_bytes);
  };
  std::uint64_t last = 0;
  while (share() < 0.82) {
    core::Run run{.id = {++last}, .client = {1}, .job = {1}, .received_at = {}, .report = {}};
    run.report.output = std::string(7000, 'x');
    ASSERT_TRUE(store->commit({core::Put{run}}).has_value());
  }
  EXPECT_EQ(turn(begin), std::vector<std::string>{"store!"});
  for (; last > 0; --last) {
    ASSERT_TRUE(store->commit({core::Erase{RunId{last}}}).has_value());
  }
  EXPECT_EQ(turn(begin + Upkeep::kEvery), std::vector<std::string>{"store"});
}

TEST_F(Looks, SayWhatTheyCannotSee) {
  Upkeep blind({.store = store->environment(),
                .folder = folder.path() / "missing",
                .board = board,
                .post = [](const core::Command&) { return true; }});
  EXPECT_EQ(blind.turn(Steady(std::chrono::hours(7))).error().message,
            "the room in the file system of " + (folder.path() / "missing").string() +
                " cannot be seen: No such file or directory");
}

}  // namespace
}  // namespace vaultbell::aggregator
