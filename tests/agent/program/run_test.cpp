#include <fstream>
#include <sstream>

#include "tests/agent/program/enrolled.hpp"

namespace vaultbell::agent::testing {
namespace {

Words run_words(const State& state, const Words& options, const Words& command) {
  return Words{"run"} + state.options() + Words{"--job", "nightly"} + options + Words{"--"} +
         command;
}

Finished run(const State& state, const std::string& script, const Words& options = {}) {
  return finish(run_words(state, options, {"sh", "-c", script}));
}

std::string content_of(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

// Waits until that file is there.
bool comes(const std::filesystem::path& file) {
  const SystemClock clock;
  const auto end = clock.steady() + kPatience;
  while (!std::filesystem::exists(file)) {
    if (clock.steady() >= end) return false;
    poll(nullptr, 0, static_cast<int>(kLook.count()));
  }
  return true;
}

TEST(Run, ReportsStartAndEndAndPassesTheExitCodeThrough) {
  const Enrolled state;
  const auto before = SystemClock().wall();
  EXPECT_EQ(run(state, "exit 0").exit_code, 0);
  const auto reports = state.reports();
  ASSERT_EQ(reports.size(), 2U);
  const auto& start = reports[0];
  const auto& end = reports[1];
  EXPECT_EQ(start.outcome, Outcome::running);
  EXPECT_EQ(start.job, "nightly");
  EXPECT_EQ(start.operation, Operation::backup);
  EXPECT_EQ(start.trigger, Trigger::scheduled);  // no terminal
  EXPECT_EQ(start.tool, "sh");
  EXPECT_GE(*start.started_at, before);
  EXPECT_EQ(end.run, start.run);
  EXPECT_EQ(end.outcome, Outcome::succeeded);
  EXPECT_FALSE(end.reason);
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_GE(*end.ended_at, *start.started_at);
  EXPECT_EQ(end.message, "");
}

TEST(Run, AnyOtherExitCodeIsAFailure) {
  const Enrolled state;
  for (const int code : {1, 3, 255}) {
    EXPECT_EQ(run(state, "exit " + std::to_string(code)).exit_code, code);
    const auto end = state.reports().back();
    EXPECT_EQ(end.outcome, Outcome::failed);
    EXPECT_EQ(end.reason, OutcomeReason::error);
    EXPECT_EQ(end.exit_code, code);
    EXPECT_EQ(end.message, "exit code " + std::to_string(code));
  }
}

TEST(Run, AMapSaysWhatAnExitCodeMeans) {
  const Words map = {"--map",       "0=warning", "--map",       "3=warning", "--map",
                     "4=cancelled", "--map",     "5=succeeded", "--map",     "6=failed"};
  struct Case {
    int code;
    Outcome outcome;
    std::optional<OutcomeReason> reason;
  };
  const Enrolled state;
  for (const auto& [code, outcome, reason] :
       {Case{0, Outcome::warning, std::nullopt}, Case{3, Outcome::warning, std::nullopt},
        Case{4, Outcome::cancelled, OutcomeReason::user_cancelled},
        Case{5, Outcome::succeeded, std::nullopt},
        Case{6, Outcome::failed, OutcomeReason::error}}) {
    EXPECT_EQ(run(state, "exit " + std::to_string(code), map).exit_code, code);
    EXPECT_EQ(state.reports().back().outcome, outcome) << code;
    EXPECT_EQ(state.reports().back().reason, reason) << code;
  }
}

TEST(Run, TakesItsOptions) {
  const Enrolled state;
  run(state, "true", {"--operation", "prune", "--tool", "restic", "--trigger", "user"});
  const auto reports = state.reports();
  for (const auto& report : reports) {
    EXPECT_EQ(report.operation, Operation::prune);
    EXPECT_EQ(report.tool, "restic");
    EXPECT_EQ(report.trigger, Trigger::user);
  }
}

TEST(Run, TakesToolAndOperationFromTheJobsConfiguration) {
  const Enrolled state;
  state.write("agent.toml",
              "[[job]]\nname = \"db\"\ntool = \"pg_dump\"\noperation = \"log_backup\"\n");
  const auto run_job = [&](const std::string& job) {
    const auto config = (state / "agent.toml").string();
    finish(Words{"run"} + state.options() + Words{"--config", config, "--job", job, "--", "true"});
    return state.reports().back();
  };
  EXPECT_EQ(run_job("db").tool, "pg_dump");
  EXPECT_EQ(run_job("db").operation, Operation::log_backup);
  EXPECT_EQ(run_job("files").tool, "true");
  EXPECT_EQ(run_job("files").operation, Operation::backup);
}

TEST(Run, TheStartIsKeptBeforeTheCommandRuns) {
  const Enrolled state;
  const auto finished =
      finish(run_words(state, {}, Words{VAULTBELL_AGENT, "status"} + state.options()));
  EXPECT_NE(finished.out.find("1 report to send"), std::string::npos) << finished.out;
}

TEST(Run, PassesBothStreamsThroughByteForByte) {
  const Enrolled state;
  ASSERT_EQ(std::system(("head -c 1000000 /dev/urandom > " + (state / "one").string() +
                         "; head -c 700001 /dev/urandom > " + (state / "two").string())
                            .c_str()),
            0);
  const auto finished =
      run(state, "cat " + (state / "one").string() + "; cat " + (state / "two").string() + " >&2");
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_TRUE(finished.out == content_of(state / "one"));
  EXPECT_TRUE(finished.err == content_of(state / "two"));
}

TEST(Run, PassesOutputOnAsItComes) {
  const Enrolled state;
  Program program(run_words(state, {}, {"sh", "-c", "echo now; read line; echo later"}));
  EXPECT_TRUE(program.prints("now"));
  EXPECT_EQ(program.wait().out, "now\nlater\n");
}

TEST(Run, KeepsTheLastPartOfTheOutputOfBothStreams) {
  const Enrolled state;
  const auto finished = run(state,
                            "i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done; echo "
                            "last words >&2");
  const auto output = state.reports().back().output;
  EXPECT_LE(output.size(), 8192U);
  EXPECT_GT(output.size(), 8000U);
  EXPECT_TRUE(output.ends_with("line 2999\nlast words\n")) << output.substr(output.size() - 50);
  EXPECT_EQ(finished.err, "last words\n");
}

TEST(Run, OutputThatIsNoTextIsMadeOne) {
  const Enrolled state;
  run(state, "printf 'a\\377b'");
  EXPECT_EQ(state.reports().back().output,
            "a\xEF\xBF\xBD"
            "b");
}

TEST(Run, TheCommandReadsOurStandardInput) {
  const Enrolled state;
  EXPECT_EQ(finish(run_words(state, {}, {"cat"}), {.input = "hello"}).out, "hello");
}

TEST(Run, ACommandThatIsNotThereIsAFailedRun) {
  const Enrolled state;
  const auto finished = finish(run_words(state, {}, {"/no/such/tool"}));
  EXPECT_EQ(finished.exit_code, 127);
  EXPECT_EQ(finished.err,
            "vaultbell-agent: cannot start /no/such/tool: No such file or directory\n");
  const auto end = state.reports().back();
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.reason, OutcomeReason::error);
  EXPECT_EQ(end.exit_code, 127);
  EXPECT_EQ(end.message, "cannot start /no/such/tool: No such file or directory");
}

TEST(Run, ACommandThatCannotBeExecutedIsAFailedRun) {
  const Enrolled state;
  const auto finished = finish(run_words(state, {}, {"/etc/passwd"}));
  EXPECT_EQ(finished.exit_code, 126);
  EXPECT_EQ(state.reports().back().message, "cannot start /etc/passwd: Permission denied");
}

TEST(Run, ACommandWhoseTimeIsUpIsTerminated) {
  const Enrolled state;
  EXPECT_EQ(finish(run_words(state, {"--timeout", "200ms"}, {"sleep", "60"})).exit_code, 143);
  const auto end = state.reports().back();
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.reason, OutcomeReason::timeout);
  EXPECT_EQ(end.signal, SIGTERM);
  EXPECT_FALSE(end.exit_code);
  EXPECT_EQ(end.message, "ended after 200ms, as --timeout says");
}

TEST(Run, ASuccessAfterTheTimeWasUpIsNone) {
  const Enrolled state;
  EXPECT_EQ(run(state, "trap 'exit 0' TERM; while :; do sleep 0.05; done", {"--timeout", "200ms"})
                .exit_code,
            1);
  EXPECT_EQ(state.reports().back().reason, OutcomeReason::timeout);
}

TEST(Run, ACommandThatIgnoresTheEndOfItsTimeIsKilled) {
  const Enrolled state;
  EXPECT_EQ(
      run(state, "trap '' TERM; while :; do sleep 0.05; done", {"--timeout", "200ms"}).exit_code,
      137);
  EXPECT_EQ(state.reports().back().signal, SIGKILL);
  EXPECT_EQ(state.reports().back().reason, OutcomeReason::timeout);
}

TEST(Run, AProcessLeftBehindWithTheOutputOpenIsNotWaitedFor) {
  const Enrolled state;
  // Long enough to outlive every patience of this test.
  const auto finished = run(state, "sleep 600 & echo $!");
  EXPECT_EQ(finished.exit_code, 0);
  const auto left_behind = static_cast<pid_t>(std::stoi(finished.out));
  EXPECT_EQ(kill(left_behind, SIGKILL), 0);
  EXPECT_EQ(state.reports().back().outcome, Outcome::succeeded);
}

// It prints faster than anybody reads, on both streams.
TEST(Run, AProcessLeftBehindThatPrintsWithoutEndIsNotWaitedForEither) {
  const Enrolled state;
  const auto finished =
      finish(run_words(state, {}, {"sh", "-c", "yes & sleep 0.1; yes >&2 & sleep 0.1; exit 7"}),
             {.before_exec = [] {
               const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
               dup2(nowhere, STDOUT_FILENO);
               dup2(nowhere, STDERR_FILENO);
               alarm(static_cast<unsigned>(kPatience / std::chrono::seconds(1)));
             }});
  EXPECT_EQ(finished.exit_code, 7);
}

// Both streams are one pipe that has room for one write, and nobody reads.
TEST(Run, IsNotStuckInAPipeThatBothStreamsShare) {
  const Enrolled state;
  const auto file = [&](const std::string& name) { return (state / name).string(); };
  const auto script =
      "trap 'touch \"" + file("ended") + "\"; exit 7' TERM; echo > \"" + file("ready") +
      "\"; while [ ! -e \"" + file("go") +
      "\" ]; do sleep 0.05; done; head -c 4096 /dev/zero; head -c 4096 /dev/zero >&2; touch \"" +
      file("printed") + "\"; while :; do sleep 0.05; done";
  Program program(run_words(state, {}, {"sh", "-c", script}), {.before_exec = [] {
                    fcntl(STDOUT_FILENO, F_SETPIPE_SZ, 4096);
                    dup2(STDOUT_FILENO, STDERR_FILENO);
                  }});
  ASSERT_TRUE(comes(state / "ready"));
  program.kill(SIGSTOP);  // so that it finds something on both streams at once
  state.write("go", "");
  ASSERT_TRUE(comes(state / "printed"));
  program.kill(SIGCONT);
  program.kill(SIGTERM);
  EXPECT_TRUE(comes(state / "ended"));
  const auto finished = program.wait();
  EXPECT_EQ(finished.exit_code, 7);
  EXPECT_EQ(finished.out.size(), 8192U);
}

TEST(Run, ASlowReaderGetsEverything) {
  const Enrolled state;
  Program program(run_words(state, {}, {"sh", "-c", "head -c 400000 /dev/zero; echo end >&2"}));
  EXPECT_TRUE(program.prints("end"));
  EXPECT_EQ(program.wait().out.size(), 400'000U);
}

TEST(Run, GoesOnWhenNobodyReadsItsOutput) {
  const Enrolled state;
  Program program(run_words(state, {},
                            {"sh", "-c", "read line; head -c 500000 /dev/zero; echo done > \"$0\"",
                             (state / "mark").string()}));
  program.close_output();
  EXPECT_EQ(program.wait().exit_code, 0);
  EXPECT_EQ(content_of(state / "mark"), "done\n");
  EXPECT_EQ(state.reports().back().outcome, Outcome::succeeded);
}

TEST(Run, GoesOnWhenNobodyReadsWhatItComplainsOf) {
  const Enrolled state;
  state.write("agent.toml", "nonsense = 1\n");
  const auto finished = finish({"run", "--config", (state / "agent.toml").string(), "--job", "x",
                                "--", "touch", (state / "mark").string()},
                               {.before_exec = [] {
                                 Pipe pipe;
                                 pipe.from.reset();
                                 dup2(pipe.to.get(), STDERR_FILENO);
                               }});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_TRUE(std::filesystem::exists(state / "mark"));
}

TEST(Run, GoesOnWithItsStandardStreamsClosed) {
  const Enrolled state;
  const auto finished =
      finish(run_words(state, {}, {"sh", "-c", "echo out; echo err >&2"}), {.before_exec = [] {
               for (const int fd : {0, 1, 2}) close(fd);
             }});
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_EQ(state.reports().back().output, "out\nerr\n");
}

TEST(Run, WithAFullSpoolTheBackupRunsAndASuccessIsNotSilent) {
  const Enrolled state;
  state.fill();
  const auto words = [&](const std::string& script) {
    return Words{"run"} + state.small_spool() + Words{"--job", "x", "--", "sh", "-c", script};
  };
  const auto good = finish(words("echo backup; exit 0"));
  EXPECT_EQ(good.exit_code, 1);
  EXPECT_EQ(good.out, "backup\n");
  const std::string why =
      "the spool is full: 1.0 MiB of reports wait for the aggregator, and [spool] max_size is "
      "1.0 MiB; see vaultbell-agent status\n";
  EXPECT_EQ(good.err, "vaultbell-agent: the start of this run is not reported: " + why +
                          "vaultbell-agent: the end of this run is not reported: " + why);
  EXPECT_EQ(finish(words("exit 7")).exit_code, 7);
}

TEST(Run, WithAWrongConfigurationTheBackupRunsAndASuccessIsNotSilent) {
  const Enrolled state;
  state.write("agent.toml", "nonsense = 1\n");
  const auto finished = finish(
      {"run", "--config", (state / "agent.toml").string(), "--job", "x", "--", "echo", "backup"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_EQ(finished.out, "backup\n");
}

TEST(Run, OnAHostThatIsNotEnrolledTheBackupRunsAndASuccessIsNotSilent) {
  const State state;
  const auto finished = run(state, "echo backup");
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_EQ(finished.out, "backup\n");
  const auto why = "this host is not enrolled: there is no " + (state / "enrolment.toml").string() +
                   "; ask the administrator for a join token, then: vaultbell-agent enrol\n";
  EXPECT_EQ(finished.err, "vaultbell-agent: the start of this run is not reported: " + why +
                              "vaultbell-agent: the end of this run is not reported: " + why);
  EXPECT_TRUE(std::filesystem::is_empty(state.path()));
  EXPECT_EQ(run(state, "exit 7").exit_code, 7);
}

TEST(Run, AMistypedStateFolderIsNotMadeAndASuccessIsNotSilent) {
  const State state;
  const auto missing = (state / "missing").string();
  const auto finished =
      finish({"run", "--state-dir", missing, "--job", "x", "--", "echo", "backup"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_EQ(finished.out, "backup\n");
  EXPECT_NE(finished.err.find("there is no state folder " + missing), std::string::npos)
      << finished.err;
  EXPECT_FALSE(std::filesystem::exists(missing));
}

TEST(Run, AnEndIsKeptThoughItsStartWasNot) {
  const Enrolled state;
  state.fill();
  // The command makes room, as an acknowledgement might.
  const auto finished = finish(Words{"run"} + state.small_spool() +
                               Words{"--job", "x", "--", "rm", "-r", (state / "spool").string()});
  EXPECT_EQ(finished.exit_code, 1);  // the start is missing
  const auto reports = state.reports();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].outcome, Outcome::succeeded);
}

TEST(Run, SaysThatTheAgentTookItForInterrupted) {
  const Enrolled state;
  const auto finished =
      run(state, "rm -r " + (state / "spool").string());  // as if somebody had ended it
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_EQ(finished.err,
            "vaultbell-agent: the end of this run is not reported: the agent took this run for "
            "interrupted and has already ended it as failed\n");
}

}  // namespace
}  // namespace vaultbell::agent::testing
