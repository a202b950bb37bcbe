#include <pty.h>

#include <fmt/format.h>

#include "tests/agent/program/enrolled.hpp"

namespace vaultbell::agent::testing {
namespace {

Words run_words(const State& state, const std::string& script) {
  return Words{"run"} + state.options() + Words{"--job", "nightly", "--", "sh", "-c", script};
}

constexpr const char* kWaits = "echo ready; while :; do sleep 0.05; done";

TEST(RunSignals, ACommandThatKillsItselfIsInterrupted) {
  const Enrolled state;
  EXPECT_EQ(finish(run_words(state, "kill -KILL $$")).exit_code, 137);
  const auto end = state.reports().back();
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.reason, OutcomeReason::interrupted);
  EXPECT_EQ(end.signal, SIGKILL);
  EXPECT_FALSE(end.exit_code);
  EXPECT_EQ(end.message, "interrupted by SIGKILL");
}

TEST(RunSignals, ACommandThatDiesOfSigintWasCancelled) {
  const Enrolled state;
  EXPECT_EQ(finish(run_words(state, "kill -INT $$")).exit_code, 130);
  const auto end = state.reports().back();
  EXPECT_EQ(end.outcome, Outcome::cancelled);
  EXPECT_EQ(end.reason, OutcomeReason::user_cancelled);
  EXPECT_EQ(end.message, "interrupted by SIGINT");
}

TEST(RunSignals, ForwardsWhatItIsSent) {
  struct Case {
    int signal;
    std::string name;
    Outcome outcome;
    OutcomeReason reason;
  };
  for (const auto& [signal, name, outcome, reason] :
       {Case{SIGTERM, "TERM", Outcome::failed, OutcomeReason::interrupted},
        Case{SIGHUP, "HUP", Outcome::failed, OutcomeReason::interrupted},
        Case{SIGINT, "INT", Outcome::cancelled, OutcomeReason::user_cancelled}}) {
    const Enrolled state;
    Program program(
        run_words(state, fmt::format("trap 'echo got {0}; exit 7' {0}; {1}", name, kWaits)));
    ASSERT_TRUE(program.prints("ready"));
    program.kill(signal);
    const auto finished = program.wait();
    EXPECT_EQ(finished.exit_code, 7);
    EXPECT_EQ(finished.out, "ready\ngot " + name + "\n");
    const auto end = state.reports().back();
    EXPECT_EQ(end.outcome, outcome) << name;
    EXPECT_EQ(end.reason, reason) << name;
    EXPECT_EQ(end.exit_code, 7);
    EXPECT_EQ(end.message, "interrupted by SIG" + name);
  }
}

// As a shell starts its background jobs, and nohup everything.
TEST(RunSignals, WhatWeWereToldToIgnoreChangesNothing) {
  const Enrolled state;
  Program program(run_words(state, "echo ready; while [ ! -e \"" + (state / "go").string() +
                                       "\" ]; do sleep 0.05; done; exit 7"),
                  {.before_exec = [] {
                    signal(SIGINT, SIG_IGN);
                    signal(SIGHUP, SIG_IGN);
                  }});
  ASSERT_TRUE(program.prints("ready"));
  program.kill(SIGINT);
  program.kill(SIGHUP);
  state.write("go", "");
  EXPECT_EQ(program.wait().exit_code, 7);
  const auto end = state.reports().back();
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.reason, OutcomeReason::error);
  EXPECT_EQ(end.message, "exit code 7");
}

TEST(RunSignals, ACommandThatSucceedsAllTheSameHasSucceeded) {
  const Enrolled state;
  Program program(run_words(state, std::string("trap 'exit 0' INT; ") + kWaits));
  ASSERT_TRUE(program.prints("ready"));
  program.kill(SIGINT);
  EXPECT_EQ(program.wait().exit_code, 0);
  EXPECT_EQ(state.reports().back().outcome, Outcome::succeeded);
}

TEST(RunSignals, TheCommandHasTheSignalsAsWeGotThem) {
  const Enrolled state;
  const auto finished = finish(run_words(state, "grep -E 'Sig(Blk|Ign)' /proc/self/status"));
  EXPECT_EQ(finished.out.find("SigBlk:\t0000000000000000\n"), 0U) << finished.out;
}

TEST(RunSignals, ASystemThatIgnoresTheEndsOfItsChildrenDoesNotHideTheEnd) {
  const Enrolled state;
  const auto finished =
      finish(run_words(state, "exit 3"), {.before_exec = [] { signal(SIGCHLD, SIG_IGN); }});
  EXPECT_EQ(finished.exit_code, 3);
}

// At a terminal Ctrl-C reaches the whole group: a tool that takes a second SIGINT as "at once" must
// not get one from us.
TEST(RunSignals, WhatTheTerminalSendsIsNotForwardedASecondTime) {
  const Enrolled state;
  auto words = run_words(state,
                         "trap 'echo INT' INT; echo ready; i=0; "
                         "while [ $i -lt 10 ]; do sleep 0.05; i=$((i+1)); done; exit 7");
  std::vector<char*> arguments{const_cast<char*>(VAULTBELL_AGENT)};
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  int terminal = -1;
  const auto pid = forkpty(&terminal, nullptr, nullptr, nullptr);
  ASSERT_GE(pid, 0);
  if (pid == 0) {
    execv(VAULTBELL_AGENT, arguments.data());
    _exit(99);
  }
  std::string shown;
  bool has_interrupted = false;
  char buffer[4096];
  for (auto got = read(terminal, buffer, sizeof buffer); got > 0;
       got = read(terminal, buffer, sizeof buffer)) {
    shown.append(buffer, static_cast<std::size_t>(got));
    if (has_interrupted || shown.find("ready") == std::string::npos) continue;
    has_interrupted = write(terminal, "\x03", 1) == 1;
  }
  close(terminal);
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_EQ(WEXITSTATUS(status), 7);
  const auto first = shown.find("INT");
  ASSERT_NE(first, std::string::npos) << shown;
  EXPECT_EQ(shown.find("INT", first + 1), std::string::npos) << shown;
  const auto end = state.reports().back();
  EXPECT_EQ(end.outcome, Outcome::cancelled);
  EXPECT_EQ(end.trigger, Trigger::user);  // at a terminal
}

}  // namespace
}  // namespace vaultbell::agent::testing
