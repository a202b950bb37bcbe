// The main thread's turn: one commit, and effects only behind it.
#include "aggregator/loop.hpp"

#include <deque>
#include <ranges>

#include <gtest/gtest.h>

#include "aggregator/core/deadlines.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/memory_journal.hpp"

namespace vaultbell::aggregator {
namespace {

using support::a_report;
using support::uuid;

class FakeClock final : public Clock {
 public:
  [[nodiscard]] Instant wall() const override { return wall_now; }
  [[nodiscard]] Steady steady() const override { return steady_now; }
  void pass(Duration time) {
    wall_now += time;
    steady_now += time;
  }
  Instant wall_now = support::at("03-01 12:00");
  Steady steady_now = Steady(std::chrono::hours(9));
};

// A journal whose answers can be set; what is not set is durable.
class ScriptedJournal final : public core::Journal {
 public:
  Result<core::Committed> commit(const core::WriteSet& changes) override {
    asked.push_back(changes);
    if (answers.empty()) return rows.commit(changes);
    auto answer = answers.front();
    answers.pop_front();
    return answer;
  }
  [[nodiscard]] bool may_act() const override { return true; }

  std::deque<Result<core::Committed>> answers;
  std::vector<core::WriteSet> asked;
  support::MemoryJournal rows;
};

class LoopTest : public testing::Test {
 protected:
  LoopTest()
      : loop(state(), journal, inbox, clock, board, [this](const core::Effect& effect) {
          commits_before_effect.push_back(journal.asked.size());
          effects.push_back(effect);
        }) {
    listen();
    post(Inbox::Lane::loop, core::Started{});
    turn();
  }

  // One vault, one enrolled client, an owner who was greeted.
  static core::State state() {
    core::State state;
    core::evolve(state, core::Remember{support::ordinary_settings()});
    core::evolve(state, core::Put{core::Counters{.vault = 1, .client = 1}});
    core::evolve(state, core::Put{core::Vault{.id = {1}, .name = "prod"}});
    core::evolve(state, core::Put{core::Address{.address = "ops@example.org",
                                                .welcomed_at = support::at("03-01 00:00")}});
    core::evolve(state, core::Put{core::Client{.id = {1}, .vault = {1}, .name = "db-1"}});
    return state;
  }

  void post(Inbox::Lane lane, core::Command command) {
    ASSERT_TRUE(inbox.post(lane, std::move(command)));
  }
  void report_failure(std::uint64_t sequence) {
    post(Inbox::Lane::reports,
         core::ReportReceived{{1}, uuid(5), sequence, a_report("db").run(sequence).failed()});
  }
  // Whether the youngest alert of a failed backup was told to anybody.
  [[nodiscard]] bool is_last_failure_told() const {
    for (const auto& [id, alert] : std::views::reverse(loop.state().alerts)) {
      if (alert.kind == core::AlertKind::backup_failed) return !alert.told.empty();
    }
    return false;
  }
  void listen() { board.listened_at_ms = clock.steady_now.time_since_epoch().count(); }
  void turn() {
    const auto ok = loop.turn();
    ASSERT_TRUE(ok) << ok.error().message;
  }
  template <class E>
  [[nodiscard]] std::size_t count() const {
    return static_cast<std::size_t>(
        std::count_if(effects.begin(), effects.end(),
                      [](const auto& effect) { return std::holds_alternative<E>(effect); }));
  }

  FakeClock clock;
  ScriptedJournal journal;
  Inbox inbox;
  board::Board board;
  std::vector<core::Effect> effects;
  std::vector<std::size_t> commits_before_effect;
  Loop loop;
};

TEST_F(LoopTest, ABatchIsCommittedOnceAndAcknowledgedBehindIt) {
  const auto before = journal.asked.size();
  report_failure(1);
  report_failure(2);
  turn();
  EXPECT_EQ(journal.asked.size(), before + 1);
  EXPECT_EQ(count<core::SendAck>(), 2U);
  for (const auto commits : commits_before_effect) EXPECT_EQ(commits, before + 1);
}

TEST_F(LoopTest, APlanIsMadeOfTheStateAsItIsAndCommittedAtOnce) {
  const auto before = journal.asked.size();
  const auto plan = [&](const core::State& state, Instant now) {
    EXPECT_EQ(&state, &loop.state());
    EXPECT_EQ(now, clock.wall_now);
    return std::vector<core::Command>{core::Order{.what = core::CreateVault{.name = "lab"}},
                                      core::Order{.what = core::CreateGroup{.name = "ops"}}};
  };
  ASSERT_TRUE(loop.carry_out(plan));
  EXPECT_EQ(journal.asked.size(), before + 1);
  EXPECT_EQ(count<core::Reply>(), 2U);
  EXPECT_TRUE(loop.state().vault_by_name.contains("lab"));
  EXPECT_TRUE(loop.state().group_by_name.contains("ops"));

  journal.answers.push_back(fail("No space left on device"));
  EXPECT_FALSE(loop.carry_out([](const core::State&, Instant) {
    return std::vector<core::Command>{core::Order{.what = core::CreateVault{.name = "more"}}};
  }));
  EXPECT_EQ(count<core::Reply>(), 2U);
}

TEST_F(LoopTest, AFailedCommitEndsTheTurnAndNothingIsAcknowledged) {
  report_failure(1);
  journal.answers.push_back(fail("No space left on device"));
  const auto ok = loop.turn();
  ASSERT_FALSE(ok);
  EXPECT_EQ(ok.error().message, "commit failed: No space left on device");
  EXPECT_EQ(count<core::SendAck>(), 0U);
}

TEST_F(LoopTest, AnUnknownCommitIsAskedAgainWithTheSameWriteSet) {
  report_failure(1);
  journal.answers.push_back(core::Committed::unknown);
  const auto before = journal.asked.size();
  turn();
  ASSERT_EQ(journal.asked.size(), before + 2);
  EXPECT_EQ(journal.asked[before], journal.asked[before + 1]);
  EXPECT_EQ(count<core::SendAck>(), 1U);
}

TEST_F(LoopTest, AFencedCommitEndsTheTurn) {
  report_failure(1);
  journal.answers.push_back(core::Committed::fenced);
  const auto ok = loop.turn();
  ASSERT_FALSE(ok);
  EXPECT_EQ(ok.error().message, "another aggregator has taken over this state");
  EXPECT_EQ(count<core::SendAck>(), 0U);
}

TEST_F(LoopTest, ATurnWithoutChangesCommitsNothing) {
  const auto before = journal.asked.size();
  turn();
  EXPECT_EQ(journal.asked.size(), before);
}

TEST_F(LoopTest, WhatIsDueIsDecidedWithoutACommand) {
  report_failure(1);
  turn();
  clock.pass(std::chrono::hours(1));
  listen();
  turn();
  EXPECT_EQ(count<core::Deliver>(), 1U);
}

TEST_F(LoopTest, NothingIsJudgedWhileTheGatewayDoesNotListen) {
  report_failure(1);
  turn();
  clock.pass(std::chrono::hours(1));  // and the gateway has not been seen since
  turn();
  EXPECT_EQ(count<core::Deliver>(), 0U);
  EXPECT_EQ(loop.patience(), Loop::kTurnEvery);
}

TEST_F(LoopTest, AGapThatWaitsInTheInboxIsKnownBeforeAnythingIsJudged) {
  report_failure(1);
  turn();
  clock.pass(std::chrono::hours(1));
  post(Inbox::Lane::connections, core::ListeningResumed{std::chrono::hours(1)});
  listen();
  turn();
  EXPECT_EQ(count<core::Deliver>(), 0U);
  clock.pass(std::chrono::seconds(90));
  listen();
  turn();
  EXPECT_EQ(count<core::Deliver>(), 1U);
}

TEST_F(LoopTest, TheLastTurnBeginsNothingNew) {
  report_failure(1);
  turn();
  clock.pass(std::chrono::hours(1));
  listen();
  report_failure(2);
  EXPECT_TRUE(loop.finish().has_value());
  EXPECT_EQ(count<core::SendAck>(), 2U);
  EXPECT_EQ(count<core::Deliver>(), 0U);
}

TEST_F(LoopTest, NothingIsJudgedBeforeEveryConnectionCommandWasSeen) {
  report_failure(1);
  turn();
  clock.pass(std::chrono::hours(1));
  listen();
  for (std::size_t i = 0; i < 2 * Loop::kBatchMax; ++i) {
    post(Inbox::Lane::connections, core::ClientHeard{{1}});
  }
  turn();
  EXPECT_EQ(count<core::Deliver>(), 0U);
  for (int i = 0; i < 10; ++i) turn();
  EXPECT_EQ(count<core::Deliver>(), 1U);
}

// The step itself is told at once (kind `self`); the hold of a report is not touched by it.
TEST_F(LoopTest, AStepOfTheWallClockNeitherHurriesNorDelaysAHold) {
  std::uint64_t sequence = 0;
  for (const auto step : {std::chrono::hours(5), std::chrono::hours(-3)}) {
    const auto job = "db" + std::to_string(++sequence);
    post(Inbox::Lane::reports,
         core::ReportReceived{{1}, uuid(5), sequence, a_report(job).run(sequence).failed()});
    turn();
    clock.wall_now += step;
    turn();
    turn();
    EXPECT_FALSE(is_last_failure_told());
    clock.pass(std::chrono::minutes(59));
    listen();
    turn();
    EXPECT_FALSE(is_last_failure_told());
    clock.pass(std::chrono::minutes(1));
    listen();
    turn();
    EXPECT_TRUE(is_last_failure_told());
  }
}

TEST_F(LoopTest, WaitsUntilTheNextDeadlineAndNotLonger) {
  EXPECT_EQ(loop.patience(), Loop::kTurnEvery);
  report_failure(1);
  turn();
  clock.pass(std::chrono::hours(1) - std::chrono::milliseconds(120));
  listen();
  EXPECT_EQ(loop.patience(), std::chrono::milliseconds(120));
  clock.pass(std::chrono::seconds(1));
  listen();
  EXPECT_EQ(loop.patience(), Duration::zero());
}

}  // namespace
}  // namespace vaultbell::aggregator
