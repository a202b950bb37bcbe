#include <set>

#include <gtest/gtest.h>

#include "tests/agent/core/bench.hpp"

namespace vaultbell::agent::core {
namespace {

const SpoolRange kRange{uuid(1), 4, 9};

TEST(Link, OpensASocketAtTheStartAndGreetsWhenItIsConnected) {
  Bench agent;
  EXPECT_EQ(agent.do_(Started{{{kRange}}, 1}), Effects{OpenLink{}});
  EXPECT_EQ(agent.do_(LinkUp{}), Effects{SendHello{{kRange}}});
}

TEST(Link, SaysNothingBeforeItIsConnected) {
  Bench agent;
  agent.do_(Started{{{kRange}}, 1});
  EXPECT_TRUE(agent.wait(19s).empty());
}

TEST(Link, GreetsAgainWhenTheLinkComesBack) {
  Bench agent;
  agent.be_welcomed();
  EXPECT_EQ(warnings_in(agent.do_(LinkDown{})),
            std::vector<std::string>{"the connection to the aggregator was lost"});
  EXPECT_EQ(agent.do_(LinkUp{}), Effects{SendHello{}});
}

TEST(Link, GreetsAgainEveryTenSecondsUntilItIsWelcome) {
  Bench agent;
  agent.do_(Started{});
  agent.do_(LinkUp{});
  EXPECT_TRUE(agent.wait(9'999ms).empty());
  EXPECT_EQ(agent.wait(1ms), Effects{SendHello{}});
  EXPECT_EQ(agent.wait(10s), Effects{SendHello{}});
  agent.do_(Welcomed{.heartbeat_every = 30s});
  EXPECT_EQ(count_of<SendHello>(agent.wait(29s)), 0U);
}

TEST(Link, GreetsAgainWhenTheAggregatorHasForgottenIt) {
  Bench agent;
  agent.be_welcomed({kRange});
  EXPECT_EQ(agent.do_(HelloWanted{}), Effects{SendHello{{kRange}}});
  // Every message that was under way is answered so; one hello is enough.
  EXPECT_TRUE(agent.do_(HelloWanted{}).empty());
}

TEST(Link, KeepsWhatTheWelcomeSays) {
  Bench agent;
  agent.do_(Started{});
  agent.do_(LinkUp{});
  EXPECT_FALSE(is_in_contact(agent.state.link, agent.now));
  const auto effects = agent.do_(
      Welcomed{.client = "db-1", .vault = "prod", .heartbeat_every = 7s, .clock_ahead = 250ms});
  EXPECT_EQ(effects, (Effects{Note{false, "connected as client \"db-1\" of vault \"prod\""}}));
  EXPECT_EQ(agent.state.link.client, "db-1");
  EXPECT_EQ(agent.state.link.vault, "prod");
  EXPECT_EQ(agent.state.link.clock_ahead, 250ms);
  EXPECT_EQ(agent.state.link.welcomed_at, agent.now);
  EXPECT_TRUE(is_in_contact(agent.state.link, agent.now));
}

TEST(Link, BeatsAsOftenAsTheWelcomeAsks) {
  Bench agent;
  agent.be_welcomed({}, 7s);
  EXPECT_EQ(agent.wait(6'999ms), Effects{});
  EXPECT_EQ(agent.wait(1ms), Effects{SendHeartbeat{}});
  EXPECT_EQ(agent.wait(7s), Effects{SendHeartbeat{}});
}

TEST(Link, AssumesThirtySecondsUntilItIsTold) {
  Bench agent;
  agent.do_(Started{});
  EXPECT_EQ(agent.state.link.heartbeat_every, 30s);
  EXPECT_EQ(agent.wait(89'999ms), Effects{});
  EXPECT_EQ(count_of<OpenLink>(agent.wait(1ms)), 1U);  // three heartbeats without a word
}

TEST(Link, AChangedIntervalCountsAtOnce) {
  Bench agent;
  agent.be_welcomed({}, 30s);
  agent.wait(5s);
  agent.do_(Retimed{6s});
  EXPECT_EQ(agent.wait(1s), Effects{SendHeartbeat{}});
}

TEST(Link, BringsAnAbsurdIntervalInsideItsLimits) {
  Bench agent;
  agent.be_welcomed({}, 0s);
  EXPECT_EQ(agent.state.link.heartbeat_every, kHeartbeatEveryMin);
  agent.do_(Retimed{Duration::max()});
  EXPECT_EQ(agent.state.link.heartbeat_every, kHeartbeatEveryMax);
}

TEST(Link, AHeartbeatTellsHowFullTheSpoolIs) {
  Bench agent;
  agent.be_welcomed();
  agent.do_(SpoolRead{{.used_bytes = 4711}});
  EXPECT_EQ(agent.wait(30s), Effects{(SendHeartbeat{4711, false})});
}

TEST(Link, TellsAtOnceThatTheSpoolIsFullAndThatItHasRoomAgain) {
  Bench agent;
  agent.be_welcomed();
  EXPECT_EQ(agent.do_(SpoolRead{{.used_bytes = 100, .is_full = true}}),
            (Effects{Note{true, "the spool is full: new reports are refused"},
                     SendHeartbeat{100, true}}));
  EXPECT_TRUE(agent.do_(SpoolRead{{.used_bytes = 100, .is_full = true}}).empty());
  EXPECT_EQ(agent.do_(SpoolRead{{.used_bytes = 50}}),
            (Effects{Note{false, "the spool has room again"}, SendHeartbeat{50, false}}));
}

TEST(Link, TellsANewConnectionThatTheSpoolIsFull) {
  Bench agent;
  agent.do_(Started{{.used_bytes = 100, .is_full = true}, 1});
  agent.do_(LinkUp{});
  const auto effects = agent.do_(Welcomed{.heartbeat_every = 30s});
  EXPECT_EQ(only<SendHeartbeat>(effects), (std::vector{SendHeartbeat{100, true}}));
}

TEST(Link, MakesTheSocketAnewWhenNothingIsHeardForThreeHeartbeats) {
  Bench agent;
  agent.be_welcomed({}, 10s);
  EXPECT_EQ(count_of<OpenLink>(agent.wait(29'999ms)), 0U);
  const auto effects = agent.wait(1ms);
  EXPECT_EQ(count_of<CloseLink>(effects), 1U);
  EXPECT_EQ(count_of<OpenLink>(effects), 1U);
  EXPECT_EQ(warnings_in(effects),
            std::vector<std::string>{
                "nothing is heard from the aggregator; it is tried again and again"});
  EXPECT_EQ(agent.state.link.state, LinkState::connecting);
}

TEST(Link, WaitsAtLeastTwentySecondsBeforeItMakesTheSocketAnew) {
  Bench agent;
  agent.be_welcomed({}, 1s);
  EXPECT_EQ(count_of<OpenLink>(agent.wait(19'999ms)), 0U);
  EXPECT_EQ(count_of<OpenLink>(agent.wait(1ms)), 1U);
}

TEST(Link, AnyAnswerPutsOffTheSilence) {
  const std::vector<Command> answers = {HeartbeatAnswered{}, Acknowledged{}, Retimed{10s}, Heard{}};
  for (const auto& answer : answers) {
    Bench agent;
    agent.be_welcomed({}, 10s);
    agent.wait(29s);
    agent.do_(answer);
    EXPECT_EQ(count_of<OpenLink>(agent.wait(29s)), 0U) << answer.index();
  }
}

TEST(Link, WritesOfALongSilenceOnce) {
  Bench agent;
  agent.be_welcomed({}, 10s);
  const auto effects = agent.wait(60min);
  EXPECT_EQ(warnings_in(effects).size(), 1U);
  EXPECT_EQ(count_of<OpenLink>(effects), 120U);
}

TEST(Link, AConnectionThatWasJustMadeIsNotSilent) {
  Bench agent;
  agent.do_(Started{});
  agent.wait(89s);
  agent.do_(LinkUp{});
  EXPECT_EQ(count_of<OpenLink>(agent.wait(89s)), 0U);
}

TEST(Link, ARefusedHandshakeIsTriedAgainLaterAndLater) {
  Bench agent;
  agent.do_(Started{{}, 42});
  std::vector<Duration> waits;
  for (int i = 0; i < 8; ++i) {
    const auto effects = agent.do_(LinkRefused{"the key is not enrolled"});
    EXPECT_EQ(count_of<CloseLink>(effects), 1U);
    waits.push_back(*next_deadline(agent.state) - agent.now);
    EXPECT_EQ(agent.wait(waits.back()), Effects{OpenLink{}});
  }
  const std::vector<Duration> longest = {2s, 4s, 8s, 16s, 32s, 60s, 60s, 60s};
  for (std::size_t i = 0; i < waits.size(); ++i) {
    EXPECT_GE(waits[i], longest[i] / 2) << i;
    EXPECT_LT(waits[i], longest[i]) << i;
  }
}

TEST(Link, AgentsThatAreRefusedTogetherComeBackApart) {
  std::set<Duration> waits;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Bench agent;
    agent.do_(Started{{}, seed});
    agent.do_(LinkRefused{"no"});
    waits.insert(*next_deadline(agent.state) - agent.now);
  }
  EXPECT_GT(waits.size(), 80U);
}

TEST(Link, ShowsWhyItIsNotLetInUntilItIs) {
  Bench agent;
  agent.do_(Started{});
  EXPECT_EQ(warnings_in(agent.do_(LinkRefused{"the key is not enrolled"})),
            std::vector<std::string>{"the aggregator does not let us in: the key is not enrolled"});
  EXPECT_EQ(agent.state.link.trouble, "the key is not enrolled");
  agent.wait(2s);
  EXPECT_TRUE(warnings_in(agent.do_(LinkRefused{"the key is not enrolled"})).empty());
  agent.wait(4s);
  agent.do_(LinkUp{});
  agent.do_(Welcomed{.heartbeat_every = 30s});
  EXPECT_EQ(agent.state.link.trouble, "");
  EXPECT_EQ(agent.state.link.times_refused, 0U);
}

TEST(Link, BeingTurnedAwayAfterTheHandshakeIsTheSame) {
  Bench agent;
  agent.do_(Started{});
  agent.do_(LinkUp{});
  EXPECT_EQ(count_of<CloseLink>(agent.do_(TurnedAway{"this key is not enrolled here"})), 1U);
  EXPECT_EQ(agent.state.link.trouble, "this key is not enrolled here");
  EXPECT_EQ(agent.wait(2s), Effects{OpenLink{}});
}

TEST(Link, AnotherKeyNeedsAnotherSocketAtOnce) {
  Bench agent;
  agent.be_welcomed();
  EXPECT_EQ(agent.do_(KeyChanged{}), (Effects{CloseLink{}, OpenLink{}}));
  // Also while it waits after a refusal.
  agent.do_(LinkRefused{"this host's key is not enrolled there"});
  EXPECT_EQ(agent.do_(KeyChanged{}), Effects{OpenLink{}});
}

TEST(Link, IsOutOfContactFromTheFirstHeartbeatThatIsNotAnswered) {
  Bench agent;
  agent.be_welcomed({}, 30s);
  agent.wait(30s);  // the heartbeat
  agent.wait(9'999ms);
  EXPECT_TRUE(is_in_contact(agent.state.link, agent.now));
  agent.wait(1ms);
  EXPECT_FALSE(is_in_contact(agent.state.link, agent.now));
  agent.do_(HeartbeatAnswered{-3s});
  EXPECT_TRUE(is_in_contact(agent.state.link, agent.now));
  EXPECT_EQ(agent.state.link.clock_ahead, -3s);
}

TEST(Link, IsOutOfContactWhileTheLinkIsDown) {
  Bench agent;
  agent.be_welcomed();
  agent.do_(LinkDown{});
  EXPECT_FALSE(is_in_contact(agent.state.link, agent.now));
}

TEST(Link, SaysGoodbyeOnceAndThenNothingMore) {
  Bench agent;
  agent.be_welcomed({kRange});
  EXPECT_EQ(agent.do_(Stopping{GoodbyeReason::host_shutdown}),
            (Effects{SendGoodbye{GoodbyeReason::host_shutdown}, CloseLink{}}));
  EXPECT_FALSE(next_deadline(agent.state));
  EXPECT_TRUE(agent.do_(Stopping{}).empty());
  EXPECT_TRUE(agent.do_(LinkUp{}).empty());
  EXPECT_TRUE(agent.do_(SpoolRead{{{kRange}}}).empty());
}

TEST(Link, SaysNoGoodbyeWhereNobodyListens) {
  Bench agent;
  agent.do_(Started{});
  EXPECT_EQ(agent.do_(Stopping{}), Effects{CloseLink{}});
  Bench refused;
  refused.do_(Started{});
  refused.do_(LinkRefused{"no"});
  EXPECT_TRUE(refused.do_(Stopping{}).empty());
}

}  // namespace
}  // namespace vaultbell::agent::core
