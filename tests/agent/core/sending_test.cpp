#include <gtest/gtest.h>

#include "tests/agent/core/bench.hpp"

namespace vaultbell::agent::core {
namespace {

const Uuid kOld = uuid(1);
const Uuid kNew = uuid(2);

using Sent = std::vector<SendReports>;

Sent sent_in(const Effects& effects) {
  return only<SendReports>(effects);
}

TEST(Sending, NothingIsSentBeforeTheWelcome) {
  Bench agent;
  EXPECT_TRUE(sent_in(agent.do_(Started{{{{kNew, 1, 5}}}, 1})).empty());
  EXPECT_TRUE(sent_in(agent.do_(LinkUp{})).empty());
  EXPECT_EQ(sent_in(agent.do_(Welcomed{.heartbeat_every = 30s})), (Sent{{{kNew, 0}, 5}}));
}

TEST(Sending, AWelcomeThatKnowsMoreSavesWhatItKnows) {
  Bench agent;
  agent.do_(Started{{{{kNew, 1, 5}}}, 1});
  agent.do_(LinkUp{});
  const auto effects = agent.do_(Welcomed{.heartbeat_every = 30s, .acks = {{kNew, 3}}});
  EXPECT_EQ(only<Discard>(effects), (std::vector{Discard{{kNew, 3}}}));
  EXPECT_EQ(sent_in(effects), (Sent{{{kNew, 3}, 2}}));
}

TEST(Sending, OlderIncarnationsAreSentFirst) {
  Bench agent;
  agent.do_(Started{{{{kOld, 8, 9}, {kNew, 1, 3}}}, 1});
  agent.do_(LinkUp{});
  EXPECT_EQ(sent_in(agent.do_(Welcomed{.heartbeat_every = 30s})), (Sent{{{kOld, 7}, 2}}));
}

// The start of a run may stand in the older one and its end in the newer.
TEST(Sending, AnIncarnationWaitsUntilTheOlderOneIsAcknowledgedWhole) {
  Bench agent;
  agent.be_welcomed({{kOld, 8, 9}, {kNew, 1, 3}});
  EXPECT_TRUE(sent_in(agent.do_(Acknowledged{{kOld, 8}})).empty());
  EXPECT_EQ(sent_in(agent.wait(10s)), (Sent{{{kOld, 8}, 1}}));
  EXPECT_EQ(sent_in(agent.do_(Acknowledged{{kOld, 9}})), (Sent{{{kNew, 0}, 3}}));
}

TEST(Sending, NewReportsAreSentAsSoonAsTheyAreSeen) {
  Bench agent;
  agent.be_welcomed({{kNew, 1, 2}});
  EXPECT_EQ(sent_in(agent.do_(SpoolRead{{{{kNew, 1, 4}}}})), (Sent{{{kNew, 2}, 2}}));
  EXPECT_TRUE(sent_in(agent.do_(SpoolRead{{{{kNew, 1, 4}}}})).empty());
}

TEST(Sending, NoMoreThanTheWindowIsInFlight) {
  Bench agent;
  agent.do_(Started{{{{kNew, 1, 100}}}, 1});
  agent.do_(LinkUp{});
  EXPECT_EQ(sent_in(agent.do_(Welcomed{.heartbeat_every = 30s})), (Sent{{{kNew, 0}, 64}}));
  EXPECT_EQ(sent_in(agent.do_(Acknowledged{{kNew, 10}})), (Sent{{{kNew, 64}, 10}}));
}

TEST(Sending, WhatIsAcknowledgedIsDiscarded) {
  Bench agent;
  agent.be_welcomed({{kNew, 1, 5}});
  EXPECT_EQ(agent.do_(Acknowledged{{kNew, 2}}), Effects{(Discard{{kNew, 2}})});
  EXPECT_TRUE(agent.do_(Acknowledged{{kNew, 2}}).empty());
  EXPECT_TRUE(agent.do_(Acknowledged{{kNew, 1}}).empty());
  EXPECT_TRUE(agent.do_(Acknowledged{{uuid(99), 1}}).empty());
}

TEST(Sending, AStaleLookAtTheSpoolDoesNotUndoAnAcknowledgement) {
  Bench agent;
  agent.be_welcomed({{kNew, 1, 5}});
  agent.do_(Acknowledged{{kNew, 5}});
  EXPECT_TRUE(sent_in(agent.do_(SpoolRead{{{{kNew, 1, 5}}}})).empty());
  EXPECT_EQ(sent_in(agent.do_(SpoolRead{{{{kNew, 1, 6}}}})), (Sent{{{kNew, 5}, 1}}));
}

TEST(Sending, WithoutAnAcknowledgementOneReportIsSentAgainEveryTenSeconds) {
  Bench agent;
  agent.be_welcomed({{kNew, 1, 5}});
  EXPECT_TRUE(sent_in(agent.wait(9'999ms)).empty());
  EXPECT_EQ(sent_in(agent.wait(1ms)), (Sent{{{kNew, 0}, 1}}));
  EXPECT_EQ(sent_in(agent.wait(10s)), (Sent{{{kNew, 0}, 1}}));
}

TEST(Sending, TheFirstAcknowledgementAfterThatOpensTheWindowAgain) {
  Bench agent;
  agent.be_welcomed({{kNew, 1, 100}});
  agent.wait(10s);
  EXPECT_EQ(sent_in(agent.do_(Acknowledged{{kNew, 1}})), (Sent{{{kNew, 1}, 64}}));
}

TEST(Sending, AnAcknowledgementPutsOffSendingAgain) {
  Bench agent;
  agent.be_welcomed({{kNew, 1, 5}});
  agent.wait(9s);
  agent.do_(Acknowledged{{kNew, 1}});
  EXPECT_TRUE(sent_in(agent.wait(9'999ms)).empty());
  EXPECT_EQ(sent_in(agent.wait(1ms)), (Sent{{{kNew, 1}, 1}}));
}

TEST(Sending, NothingIsSentWhileTheLinkIsDownAndEverythingAgainAfterTheNextWelcome) {
  Bench agent;
  agent.be_welcomed({{kNew, 1, 5}});
  agent.do_(Acknowledged{{kNew, 1}});
  agent.do_(LinkDown{});
  EXPECT_TRUE(sent_in(agent.do_(SpoolRead{{{{kNew, 2, 6}}}})).empty());
  EXPECT_TRUE(sent_in(agent.wait(20s)).empty());
  EXPECT_EQ(only<SendHello>(agent.do_(LinkUp{})), (std::vector{SendHello{{{kNew, 2, 6}}}}));
  const auto effects = agent.do_(Welcomed{.heartbeat_every = 30s, .acks = {{kNew, 2}}});
  EXPECT_EQ(sent_in(effects), (Sent{{{kNew, 2}, 4}}));
}

TEST(Sending, OutOfOrderIsSentAgainFromWhereTheAggregatorStands) {
  Bench agent;
  agent.be_welcomed({{kNew, 1, 10}});
  const auto effects = agent.do_(OutOfOrder{.sequence = 5, .ack = {kNew, 3}});
  EXPECT_EQ(only<Discard>(effects), (std::vector{Discard{{kNew, 3}}}));
  EXPECT_EQ(sent_in(effects), (Sent{{{kNew, 3}, 7}}));
}

// The whole window is refused report by report.
TEST(Sending, ManyRefusalsForOneGapLeadToOneResending) {
  Bench agent;
  agent.be_welcomed({{kNew, 1, 10}});
  EXPECT_EQ(sent_in(agent.do_(OutOfOrder{2, {kNew, 0}})), (Sent{{{kNew, 0}, 10}}));
  for (std::uint64_t i = 3; i <= 10; ++i) {
    EXPECT_TRUE(agent.do_(OutOfOrder{i, {kNew, 0}}).empty()) << i;
  }
  agent.do_(Acknowledged{{kNew, 1}});
  EXPECT_EQ(sent_in(agent.do_(OutOfOrder{3, {kNew, 1}})), (Sent{{{kNew, 1}, 9}}));
}

TEST(Sending, WhenTheAggregatorWantsWhatIsGoneAHelloTellsItSo) {
  Bench agent;
  agent.be_welcomed({{kNew, 8, 10}});
  EXPECT_EQ(only<SendHello>(agent.do_(OutOfOrder{8, {kNew, 2}})),
            (std::vector{SendHello{{{kNew, 8, 10}}}}));
  EXPECT_TRUE(agent.do_(OutOfOrder{9, {kNew, 2}}).empty());
}

TEST(Sending, ARefusalOfWhatIsNotInFlightIsIgnored) {
  Bench agent;
  agent.be_welcomed({{kNew, 1, 3}});
  agent.do_(Acknowledged{{kNew, 2}});
  EXPECT_TRUE(agent.do_(OutOfOrder{2, {kNew, 0}}).empty());
  EXPECT_TRUE(agent.do_(OutOfOrder{4, {kNew, 2}}).empty());
  EXPECT_TRUE(agent.do_(OutOfOrder{3, {uuid(99), 0}}).empty());
}

TEST(Sending, AReportThatIsRefusedForGoodIsSetAsideAndPassedBy) {
  Bench agent;
  agent.be_welcomed({{kNew, 1, 3}});
  EXPECT_EQ(agent.do_(ReportRefused{1, {kNew, 1}, "too many jobs"}),
            (Effects{Note{true,
                          "the aggregator refused report 1, which is set aside: too many "
                          "jobs"},
                     SetAside{{kNew, 1}, "too many jobs"}, Discard{{kNew, 1}}}));
  EXPECT_EQ(agent.do_(Acknowledged{{kNew, 3}}), Effects{(Discard{{kNew, 3}})});
}

TEST(Sending, AReportThatTheAggregatorCannotReadIsSetAsideAndAHelloPassesItBy) {
  Bench agent;
  agent.be_welcomed({{kNew, 1, 3}});
  const auto effects = agent.do_(NotUnderstood{1, "not a known value"});
  EXPECT_EQ(only<SetAside>(effects), (std::vector{SetAside{{kNew, 1}, "not a known value"}}));
  EXPECT_EQ(only<Discard>(effects), (std::vector{Discard{{kNew, 1}}}));
  EXPECT_EQ(only<SendHello>(effects), (std::vector{SendHello{{{kNew, 2, 3}}}}));
  EXPECT_EQ(warnings_in(effects),
            (std::vector<std::string>{
                "the aggregator cannot read a message of this agent: not a known value",
                "report 1 cannot be delivered and is set aside: not a known value"}));
  EXPECT_EQ(sent_in(agent.do_(Welcomed{.heartbeat_every = 30s})), (Sent{{{kNew, 1}, 2}}));
}

// The ones before it may still be refused, or be lost: it comes round again as the oldest.
TEST(Sending, OnlyTheOldestReportInFlightIsSetAsideAsUnreadable) {
  Bench agent;
  agent.be_welcomed({{kNew, 1, 3}});
  EXPECT_EQ(count_of<SetAside>(agent.do_(NotUnderstood{2, "no"})), 0U);
  EXPECT_EQ(count_of<SetAside>(agent.do_(NotUnderstood{0, "no"})), 0U);  // a hello or a heartbeat
}

TEST(Sending, ADamagedReportIsSetAsideInTheSameWay) {
  Bench agent;
  agent.be_welcomed({{kNew, 1, 3}});
  const auto effects = agent.do_(ReportUnreadable{{kNew, 1}, "report 1 cannot be read"});
  EXPECT_EQ(only<SetAside>(effects), (std::vector{SetAside{{kNew, 1}, "report 1 cannot be read"}}));
  EXPECT_EQ(count_of<SendHello>(effects), 1U);
}

// Every incarnation counts from 1.
TEST(Sending, ADamagedReportDoesNotTakeItsNamesakeOfAnOlderIncarnationAlong) {
  Bench agent;
  agent.be_welcomed({{kOld, 1, 1}, {kNew, 1, 2}});
  EXPECT_TRUE(agent.do_(ReportUnreadable{{kNew, 1}, "damaged"}).empty());
  EXPECT_EQ(sent_in(agent.do_(Acknowledged{{kOld, 1}})), (Sent{{{kNew, 0}, 2}}));
  EXPECT_EQ(only<SetAside>(agent.do_(ReportUnreadable{{kNew, 1}, "damaged"})),
            (std::vector{SetAside{{kNew, 1}, "damaged"}}));
}

TEST(Sending, AnUnreadableReportOfAnOlderIncarnationIsGivenUpAndTheNewerOneFollows) {
  Bench agent;
  agent.be_welcomed({{kOld, 1, 1}, {kNew, 1, 2}});
  EXPECT_EQ(only<SetAside>(agent.do_(NotUnderstood{1, "no"})),
            (std::vector{SetAside{{kOld, 1}, "no"}}));
  EXPECT_EQ(sent_in(agent.do_(Welcomed{.heartbeat_every = 30s})), (Sent{{{kNew, 0}, 2}}));
}

TEST(Sending, ASpoolThatWasRestoredFromAnOlderCopyCountsOnUnderANewIdentity) {
  Bench agent;
  agent.do_(Started{{{{kOld, 5, 6}}}, 1});
  agent.do_(LinkUp{});
  const auto effects = agent.do_(Welcomed{.heartbeat_every = 30s, .acks = {{kOld, 20}}});
  EXPECT_EQ(only<Renew>(effects), (std::vector{Renew{kOld}}));
  EXPECT_EQ(warnings_in(effects),
            std::vector<std::string>{"the spool was restored from an older copy: it counts on "
                                     "under a new identity, and what it holds is sent again"});
  EXPECT_EQ(sent_in(agent.do_(SpoolRead{{{{kNew, 5, 6}}}})), (Sent{{{kNew, 4}, 2}}));
}

TEST(Sending, ANewConnectionForgetsTheOldRefusals) {
  Bench agent;
  agent.be_welcomed({{kNew, 1, 3}});
  agent.do_(OutOfOrder{2, {kNew, 0}});
  agent.do_(LinkDown{});
  agent.do_(LinkUp{});
  agent.do_(Welcomed{.heartbeat_every = 30s});
  EXPECT_EQ(sent_in(agent.do_(OutOfOrder{2, {kNew, 0}})), (Sent{{{kNew, 0}, 3}}));
}

TEST(Core, TheSameArgumentsGiveTheSameDecision) {
  Bench agent;
  agent.be_welcomed({{kNew, 1, 3}});
  const Command command = Acknowledged{{kNew, 2}};
  const Moment now{agent.now, agent.wall()};
  EXPECT_EQ(decide(agent.state, now, command), decide(agent.state, now, command));
}

// Whatever arrives, ticking at the deadline moves the deadline on: the loop never spins.
TEST(Core, ATickAtItsDeadlineAlwaysMovesTheDeadline) {
  const std::vector<Command> commands = {LinkUp{},
                                         LinkDown{},
                                         LinkRefused{"no"},
                                         Welcomed{.heartbeat_every = 1s},
                                         Retimed{},
                                         Heard{},
                                         HelloWanted{},
                                         OutOfOrder{1, {kNew, 0}},
                                         Tick{},
                                         Acknowledged{{kNew, 1}},
                                         TurnedAway{"no"}};
  Bench agent;
  agent.do_(Started{{{{kNew, 1, 100}}}, 1});
  for (int i = 0; i < 2000; ++i) {
    agent.do_(commands[static_cast<std::size_t>(i * 7919 + i / 11) % commands.size()]);
    const auto deadline = next_deadline(agent.state);
    ASSERT_TRUE(deadline) << i;
    agent.now = std::max(agent.now, *deadline);
    agent.do_(Tick{});
    ASSERT_GT(*next_deadline(agent.state), agent.now) << i;
  }
}

}  // namespace
}  // namespace vaultbell::agent::core
