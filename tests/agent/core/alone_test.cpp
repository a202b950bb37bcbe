#include <gtest/gtest.h>

#include "tests/agent/core/bench.hpp"

namespace vaultbell::agent::core {
namespace {

constexpr Duration kAfter = 4h;

// An agent with a command for being alone, whose command succeeds unless a test says otherwise.
class AloneBench : public Bench {
 public:
  // With what an earlier life has kept.
  Effects start(const AloneRow& row = {}, bool is_same_boot = true) {
    return do_(Started{{}, 1, setting, row, is_same_boot});
  }
  Effects connect() {
    do_(LinkUp{});
    return do_(Welcomed{.client = "db-1", .vault = "prod", .heartbeat_every = 30s});
  }
  // Answers every heartbeat for so long.
  void beat_for(Duration duration) {
    for (const auto end = now + duration; now < end;) {
      wait(30s);
      do_(HeartbeatAnswered{});
    }
  }
  Effects end(const std::string& failure = "", std::optional<std::int32_t> exit_code = 0) {
    return do_(AloneCommandEnded{exit_code, failure});
  }
  // As after a crash at this moment: another process, with what was kept.
  Effects restart(bool is_same_boot = true) {
    const auto row = state.alone.kept;
    state = {};
    return start(row, is_same_boot);
  }

  AloneSetting setting{kAfter, true};
};

std::vector<RunAloneCommand> runs_in(const Effects& effects) {
  return only<RunAloneCommand>(effects);
}

AloneEvent event_in(const Effects& effects) {
  const auto runs = runs_in(effects);
  EXPECT_EQ(runs.size(), 1U);
  return runs.empty() ? AloneEvent{} : runs.front().event;
}

TEST(Alone, NobodyAsksSoNothingIsDone) {
  Bench agent;
  agent.do_(Started{});
  const auto effects = agent.wait(5h);
  EXPECT_TRUE(runs_in(effects).empty());
  EXPECT_EQ(count_of<KeepAlone>(effects), 0U);
}

TEST(Alone, TheCommandRunsWhenNobodyWasReachedForSoLong) {
  AloneBench agent;
  const auto began = agent.wall();
  agent.start();
  EXPECT_TRUE(runs_in(agent.wait(kAfter - 1ms)).empty());
  EXPECT_EQ(runs_in(agent.wait(1ms)),
            (std::vector{RunAloneCommand{AloneEvent::alone, began, kAfter}}));
  EXPECT_TRUE(agent.state.alone.is_alone);
}

TEST(Alone, TheCommandRunsOnceForAPeriod) {
  AloneBench agent;
  agent.start();
  agent.wait(kAfter);
  agent.end();
  EXPECT_TRUE(runs_in(agent.wait(100h)).empty());
  EXPECT_FALSE(next_alone_call(agent.state.alone));
}

TEST(Alone, WhatIsToBeToldIsKeptBeforeItIsTold) {
  AloneBench agent;
  agent.start();
  const auto effects = agent.wait(kAfter);
  const auto kept = only<KeepAlone>(effects).back().row;
  ASSERT_TRUE(kept.call);
  EXPECT_TRUE(kept.call->is_open);
  EXPECT_EQ(kept.call->attempts, 1U);
  ASSERT_GE(effects.size(), 2U);
  EXPECT_EQ(effects[effects.size() - 2], Effect{KeepAlone{kept}});
  EXPECT_TRUE(std::holds_alternative<RunAloneCommand>(effects.back()));
}

TEST(Alone, ContactIsToldWithThePeriodThatIsOver) {
  AloneBench agent;
  agent.start();
  agent.connect();
  agent.beat_for(10min);
  const auto last = agent.wall();
  agent.wait(5h);
  agent.end();
  const auto effects = agent.connect();
  EXPECT_EQ(runs_in(effects), (std::vector{RunAloneCommand{AloneEvent::back, last, 5h}}));
  EXPECT_EQ(only<Note>(effects).back(), (Note{false, "contact is back after 5 h"}));
  agent.end();
  EXPECT_FALSE(only<KeepAlone>(effects).back().row.since);
  EXPECT_TRUE(runs_in(agent.connect()).empty());
}

TEST(Alone, ContactIsAWelcomeOrAnAnsweredHeartbeatAndNothingElse) {
  const std::vector<Command> others = {LinkUp{},     TurnedAway{"no"},   LinkRefused{"no"},
                                       Heard{},      HelloWanted{},      Acknowledged{},
                                       Retimed{30s}, HeartbeatAnswered{}};
  AloneBench agent;
  agent.start();
  for (int i = 0; i < 4 * 60; ++i) {
    agent.do_(others.at(static_cast<std::size_t>(i) % others.size()));
    agent.wait(1min);
  }
  EXPECT_TRUE(agent.state.alone.is_alone);
}

TEST(Alone, AnAnsweredHeartbeatEndsItAndAnotherAnswerDoesNot) {
  AloneBench agent;
  agent.setting.after = 30min;
  agent.start();
  agent.connect();
  agent.do_(Retimed{kHeartbeatEveryMax});  // so that the socket is not made anew meanwhile
  EXPECT_EQ(event_in(agent.wait(2h)), AloneEvent::alone);
  agent.end();
  EXPECT_TRUE(runs_in(agent.do_(Heard{})).empty());
  EXPECT_EQ(event_in(agent.do_(HeartbeatAnswered{})), AloneEvent::back);
}

TEST(Alone, ContactInTimeBeginsTheCountAnew) {
  AloneBench agent;
  agent.start();
  agent.wait(kAfter - 1s);
  agent.connect();
  EXPECT_TRUE(runs_in(agent.wait(kAfter - 1s)).empty());
  EXPECT_EQ(event_in(agent.wait(1min)), AloneEvent::alone);
}

TEST(Alone, AnAggregatorThatAnswersKeepsItAway) {
  AloneBench agent;
  agent.start();
  agent.connect();
  agent.beat_for(48h);
  EXPECT_FALSE(agent.state.alone.is_alone);
  EXPECT_FALSE(agent.state.alone.kept.since);
}

// The time between two heartbeats that nobody misses is no time without contact.
TEST(Alone, AWaitShorterThanTheHeartbeatsIsNoReason) {
  AloneBench agent;
  agent.setting.after = 1s;
  agent.start();
  agent.connect();
  EXPECT_TRUE(runs_in(agent.wait(30s)).empty());
  agent.wait(9s);
  EXPECT_TRUE(agent.state.alone.has_contact);
  agent.do_(HeartbeatAnswered{});
  EXPECT_TRUE(runs_in(agent.wait(30'999ms)).empty());
  EXPECT_TRUE(runs_in(agent.wait(1ms)).empty());  // missed: the count begins
  EXPECT_EQ(event_in(agent.wait(1s)), AloneEvent::alone);
}

TEST(Alone, AStepOfTheWallClockDecidesNothing) {
  AloneBench agent;
  agent.start();
  agent.wait(1h);
  agent.wall_ahead = 1'000h;
  EXPECT_TRUE(runs_in(agent.wait(2h)).empty());
  agent.wall_ahead = -1'000h;
  EXPECT_TRUE(runs_in(agent.wait(1h - 1ms)).empty());
  const auto runs = runs_in(agent.wait(1ms));
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs.front().lasted, kAfter);
}

// ---- asleep

TEST(Alone, AHostThatSleptIsNotAlone) {
  AloneBench agent;
  agent.start();
  agent.connect();
  agent.beat_for(1min);
  agent.now += 10h;
  EXPECT_TRUE(runs_in(agent.do_(Tick{})).empty());
  EXPECT_TRUE(runs_in(agent.wait(kAfter - 1min)).empty());
  EXPECT_EQ(event_in(agent.wait(2min)), AloneEvent::alone);
}

TEST(Alone, TheTimeAsleepDoesNotCountButTheTimeAwakeDoes) {
  AloneBench agent;
  agent.start();
  agent.wait(3h);
  agent.now += 10h;
  EXPECT_TRUE(runs_in(agent.wait(59min)).empty());
  const auto runs = runs_in(agent.wait(1min));
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs.front().lasted, 14h);  // since the last contact all the same
}

TEST(Alone, AfterASleepThereIsAFreshChance) {
  AloneBench agent;
  agent.start();
  agent.wait(kAfter - 1s);
  agent.now += 10h;
  agent.do_(Tick{});
  EXPECT_TRUE(runs_in(agent.wait(kFreshChance - 1ms)).empty());
  EXPECT_EQ(event_in(agent.wait(1ms)), AloneEvent::alone);
}

TEST(Alone, TheFreshChanceCanBeTaken) {
  AloneBench agent;
  agent.start();
  agent.wait(kAfter - 1s);
  agent.now += 10h;
  agent.do_(Tick{});
  agent.wait(kFreshChance - 1s);
  EXPECT_TRUE(runs_in(agent.connect()).empty());
  EXPECT_TRUE(runs_in(agent.wait(1h)).empty());
}

TEST(Alone, ItIsToldOfOnceThoughTheHostSleepsInBetween) {
  AloneBench agent;
  agent.start();
  agent.wait(kAfter);
  agent.end();
  agent.now += 10h;
  EXPECT_TRUE(runs_in(agent.wait(20h)).empty());
  EXPECT_EQ(event_in(agent.connect()), AloneEvent::back);
}

// ---- restarts

TEST(Alone, ARestartDoesNotRepeatTheCall) {
  AloneBench agent;
  agent.start();
  agent.wait(kAfter);
  agent.end();
  EXPECT_TRUE(runs_in(agent.restart()).empty());
  EXPECT_TRUE(runs_in(agent.wait(100h)).empty());
}

TEST(Alone, ARestartDoesNotForgetThatContactIsToBeTold) {
  for (const bool is_same_boot : {true, false}) {
    AloneBench agent;
    const auto began = agent.wall();
    agent.start();
    agent.wait(kAfter);
    agent.end();
    agent.now += 1h;
    agent.restart(is_same_boot);
    EXPECT_EQ(runs_in(agent.connect()),
              (std::vector{RunAloneCommand{AloneEvent::back, began, kAfter + 1h}}));
    agent.end();
    agent.restart();
    EXPECT_TRUE(runs_in(agent.connect()).empty());
  }
}

TEST(Alone, ACallThatARestartCutsShortIsNotRepeatedAndContactIsToldAllTheSame) {
  AloneBench agent;
  agent.start();
  agent.wait(kAfter);
  EXPECT_EQ(warnings_in(agent.restart()),
            std::vector<std::string>{"the command of [alone] is not repeated; how it ended is not "
                                     "known: the agent was killed while it ran"});
  EXPECT_TRUE(runs_in(agent.wait(100h)).empty());
  EXPECT_EQ(event_in(agent.connect()), AloneEvent::back);
}

TEST(Alone, ACallThatWentDownWithTheHostIsTriedAgain) {
  AloneBench agent;
  agent.start();
  agent.wait(kAfter);
  EXPECT_EQ(warnings_in(agent.restart(false)),
            std::vector<std::string>{"the command of [alone] has failed: the host went down while "
                                     "it ran; it is tried again in 10 s"});
  EXPECT_TRUE(runs_in(agent.wait(kFreshChance - 1ms)).empty());
  EXPECT_EQ(event_in(agent.wait(1ms)), AloneEvent::alone);
}

TEST(Alone, ACallThatHadFailedBeforeTheRestartIsTriedAgain) {
  AloneBench agent;
  agent.start();
  agent.wait(kAfter);
  agent.end("exit code 1", 1);
  agent.restart();
  EXPECT_TRUE(runs_in(agent.wait(kFreshChance - 1ms)).empty());
  EXPECT_EQ(event_in(agent.wait(1ms)), AloneEvent::alone);
  EXPECT_EQ(agent.state.alone.call->attempts, 2U);
}

TEST(Alone, RestartsDoNotBeginTheCountAnew) {
  AloneBench agent;
  const auto began = agent.wall();
  agent.start();
  std::vector<RunAloneCommand> runs;
  for (int i = 0; i < 5; ++i) {
    const auto some = runs_in(agent.wait(1h));
    runs.insert(runs.end(), some.begin(), some.end());
    agent.end();
    agent.restart(i % 2 == 0);
  }
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs.front().since, began);
}

TEST(Alone, AStopKeepsTheCount) {
  AloneBench agent;
  agent.start();
  agent.wait(5s);
  const auto kept = only<KeepAlone>(agent.do_(Stopping{}));
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept.front().row.counted, 5s);
}

TEST(Alone, AStopInContactHasNothingToKeep) {
  AloneBench agent;
  agent.start();
  agent.connect();
  EXPECT_EQ(count_of<KeepAlone>(agent.do_(Stopping{})), 0U);
}

TEST(Alone, HowTheCommandEndsIsKeptThoughTheAgentStops) {
  AloneBench agent;
  agent.start();
  agent.wait(kAfter);
  agent.do_(Stopping{});
  const auto effects = agent.end("killed by SIGTERM", 143);
  const auto kept = only<KeepAlone>(effects);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_FALSE(kept.front().row.call->is_open);
  EXPECT_EQ(kept.front().row.call->exit_code, 143);
  EXPECT_FALSE(next_deadline(agent.state));
}

TEST(Alone, AShortLossOfContactIsNotWritten) {
  AloneBench agent;
  agent.start();
  agent.connect();
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(count_of<KeepAlone>(agent.do_(LinkDown{})), 0U);
    EXPECT_EQ(count_of<KeepAlone>(agent.wait(10min)), 0U);
    EXPECT_EQ(count_of<KeepAlone>(agent.connect()), 0U);
  }
}

TEST(Alone, ALongLossIsWrittenAFewTimesAndItsEndOnce) {
  AloneBench agent;
  agent.start();
  EXPECT_EQ(count_of<KeepAlone>(agent.wait(kAfter - 1s)), 15U);
  EXPECT_EQ(only<KeepAlone>(agent.connect()), (std::vector{KeepAlone{}}));
  agent.beat_for(1h);
  EXPECT_EQ(agent.state.alone.kept, AloneRow{});
}

// ---- a command that fails

TEST(Alone, ACommandThatFailsIsTriedAgainLaterAndLaterAndThenGivenUp) {
  AloneBench agent;
  agent.start();
  agent.wait(kAfter);
  for (const auto& [pause, words] : {std::pair<Duration, std::string>{10s, "10 s"},
                                     {1min, "1 min"},
                                     {6min, "6 min"},
                                     {36min, "36 min"}}) {
    EXPECT_EQ(warnings_in(agent.end("exit code 3", 3)),
              std::vector<std::string>{"the command of [alone] has failed: exit code 3; it is "
                                       "tried again in " +
                                       words});
    EXPECT_EQ(*next_alone_call(agent.state.alone), agent.now + pause);
    EXPECT_TRUE(runs_in(agent.wait(pause - 1ms)).empty());
    EXPECT_EQ(event_in(agent.wait(1ms)), AloneEvent::alone);
  }
  EXPECT_EQ(warnings_in(agent.end("exit code 3", 3)),
            std::vector<std::string>{"the command of [alone] has failed: exit code 3; given up "
                                     "after 5 attempts"});
  EXPECT_TRUE(runs_in(agent.wait(100h)).empty());
  EXPECT_EQ(event_in(agent.connect()), AloneEvent::back);
}

TEST(Alone, ACommandThatSucceedsInTheEndIsOver) {
  AloneBench agent;
  agent.start();
  agent.wait(kAfter);
  agent.end("exit code 3", 3);
  agent.wait(10s);
  agent.end();
  EXPECT_TRUE(agent.state.alone.call->is_over);
  EXPECT_EQ(agent.state.alone.call->failure, "");
  EXPECT_TRUE(runs_in(agent.wait(100h)).empty());
}

TEST(Alone, ContactOvertakesACallThatHasFailed) {
  AloneBench agent;
  agent.start();
  agent.wait(kAfter);
  agent.end("exit code 3", 3);
  EXPECT_EQ(event_in(agent.connect()), AloneEvent::back);
  agent.end();
  EXPECT_TRUE(runs_in(agent.wait(1h)).empty());
}

TEST(Alone, ContactWhileTheCommandRunsIsToldWhenItHasEnded) {
  AloneBench agent;
  agent.start();
  agent.wait(kAfter);
  EXPECT_TRUE(runs_in(agent.connect()).empty());
  EXPECT_EQ(event_in(agent.end()), AloneEvent::back);
}

TEST(Alone, ContactIsNotToldWhileItIsGoneAgain) {
  AloneBench agent;
  agent.start();
  agent.wait(kAfter);
  agent.end();
  EXPECT_EQ(event_in(agent.connect()), AloneEvent::back);
  agent.end("exit code 3", 3);
  agent.do_(LinkDown{});
  EXPECT_TRUE(runs_in(agent.wait(1h)).empty());
  EXPECT_EQ(event_in(agent.connect()), AloneEvent::back);
  EXPECT_EQ(agent.state.alone.call->attempts, 2U);
}

TEST(Alone, ANewPeriodIsToldAnew) {
  AloneBench agent;
  agent.start();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(event_in(agent.wait(kAfter + 1min)), AloneEvent::alone);
    agent.end();
    EXPECT_EQ(event_in(agent.connect()), AloneEvent::back);
    agent.end();
  }
}

// ---- without a command

TEST(Alone, WithoutACommandItIsWrittenToTheLogAndNothingIsKept) {
  AloneBench agent;
  agent.setting.has_command = false;
  agent.start();
  const auto effects = agent.wait(100h);
  EXPECT_TRUE(runs_in(effects).empty());
  EXPECT_EQ(count_of<KeepAlone>(effects), 0U);
  EXPECT_EQ(warnings_in(effects).back(),
            "no aggregator has been reached since 2026-03-01T02:20:00Z; [alone] has no command to "
            "run");
  EXPECT_TRUE(agent.state.alone.is_alone);
  EXPECT_FALSE(next_alone_call(agent.state.alone));
}

TEST(Alone, ACommandThatWasTakenAwayOwesNothing) {
  AloneBench agent;
  agent.start();
  agent.wait(kAfter);
  agent.end();
  agent.setting.has_command = false;
  EXPECT_EQ(only<KeepAlone>(agent.restart()), (std::vector{KeepAlone{}}));
  EXPECT_TRUE(runs_in(agent.connect()).empty());
}

// What is run must have been kept just before; a first attempt is a call.
void note_calls(const Effects& effects, std::vector<AloneEvent>& calls) {
  const AloneCall* kept = nullptr;
  for (const auto& effect : effects) {
    if (const auto* keep = std::get_if<KeepAlone>(&effect)) {
      kept = keep->row.call ? &*keep->row.call : nullptr;
    } else if (const auto* run = std::get_if<RunAloneCommand>(&effect)) {
      ASSERT_NE(kept, nullptr);
      EXPECT_TRUE(kept->is_open);
      EXPECT_EQ(kept->event, run->event);
      if (kept->attempts == 1) calls.push_back(run->event);
    }
  }
}

// Whatever arrives, ticking at the deadline moves the deadline on: the loop never spins. What is
// told alternates, and is only told when it was kept.
TEST(Alone, WhateverArrivesTheCallsAlternate) {
  const std::vector<Command> commands = {LinkUp{},
                                         Welcomed{.heartbeat_every = 30s},
                                         LinkDown{},
                                         Tick{},
                                         AloneCommandEnded{0, ""},
                                         TurnedAway{"no"},
                                         HelloWanted{},
                                         AloneCommandEnded{1, "exit code 1"},
                                         HeartbeatAnswered{},
                                         Heard{},
                                         AloneCommandEnded{std::nullopt, "gone"},
                                         LinkRefused{"no"},
                                         Retimed{30min}};
  AloneBench agent;
  agent.setting.after = 10min;
  agent.start();
  std::vector<AloneEvent> calls;
  std::uint64_t mixed = 1;
  for (int i = 0; i < 5'000; ++i) {
    mixed = mixed * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    const auto& command = commands[(mixed >> 33U) % commands.size()];
    std::vector<Effects> some = {i % 97 == 0 ? agent.restart() : agent.do_(command)};
    agent.now = std::max(agent.now, *next_deadline(agent.state));
    some.push_back(agent.do_(Tick{}));
    ASSERT_GT(*next_deadline(agent.state), agent.now) << i;
    if (i % 50 == 0) some.push_back(agent.wait(20min));
    for (const auto& effects : some) note_calls(effects, calls);
  }
  EXPECT_GT(calls.size(), 20U);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    ASSERT_EQ(calls[i], i % 2 == 0 ? AloneEvent::alone : AloneEvent::back) << i;
  }
}

}  // namespace
}  // namespace vaultbell::agent::core
