#include <map>

#include "tests/agent/program/enrolled.hpp"

namespace vaultbell::agent::testing {
namespace {

using Variables = std::map<std::string, std::string>;

Finished hook(const State& state, const Words& words, const Variables& variables = {}) {
  return finish(Words{"hook"} + words + state.options(), {.before_exec = [variables] {
                  for (const auto& [name, value] : variables) {
                    setenv(name.c_str(), value.c_str(), 1);
                  }
                }});
}

void expect_kept(const Finished& finished) {
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(finished.out + finished.err, "");
}

TEST(Hook, SystemdsStartAndEndAreOneRun) {
  const Enrolled state;
  const std::string invocation = "0f8fad5bd9cb469fa16570867728950e";
  expect_kept(hook(state, {"systemd", "--start", "--job", "a"}, {{"INVOCATION_ID", invocation}}));
  expect_kept(hook(state, {"systemd", "--job", "a"},
                   {{"INVOCATION_ID", invocation},
                    {"SERVICE_RESULT", "success"},
                    {"EXIT_CODE", "exited"},
                    {"EXIT_STATUS", "0"}}));
  const auto reports = state.reports();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(to_text(reports[0].run), "0f8fad5b-d9cb-469f-a165-70867728950e");
  EXPECT_EQ(reports[1].run, reports[0].run);
  EXPECT_EQ(reports[1].started_at, reports[0].started_at);
  EXPECT_EQ(reports[1].outcome, Outcome::succeeded);
  EXPECT_EQ(state.open_spool().usage()->open_runs, 0U);
}

TEST(Hook, ASigtermFromSystemdIsAnInterruption) {
  const Enrolled state;
  expect_kept(
      hook(state, {"systemd", "--job", "a"},
           {{"SERVICE_RESULT", "success"}, {"EXIT_CODE", "killed"}, {"EXIT_STATUS", "TERM"}}));
  const auto end = state.reports().at(0);
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.reason, OutcomeReason::interrupted);
  EXPECT_EQ(end.signal, SIGTERM);
}

TEST(Hook, AMonitoredUnitIsTheJob) {
  const Enrolled state;
  expect_kept(hook(state, {"systemd"},
                   {{"MONITOR_UNIT", "backup.service"},
                    {"MONITOR_SERVICE_RESULT", "exit-code"},
                    {"MONITOR_EXIT_CODE", "exited"},
                    {"MONITOR_EXIT_STATUS", "2"},
                    {"MONITOR_INVOCATION_ID", "0f8fad5bd9cb469fa16570867728950e"}}));
  const auto end = state.reports().at(0);
  EXPECT_EQ(end.job, "backup");
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.exit_code, 2);
  EXPECT_EQ(end.message, "exit code 2");
}

TEST(Hook, TheToolOfAJobJudgesWhatSystemdSays) {
  const Enrolled state;
  state.write("agent.toml", "state_dir = \"" + state.path().string() +
                                "\"\n[[job]]\nname = \"a\"\ntool = \"rsync\"\n");
  expect_kept(
      hook(state, {"systemd", "--job", "a", "--config", (state / "agent.toml").string()},
           {{"SERVICE_RESULT", "exit-code"}, {"EXIT_CODE", "exited"}, {"EXIT_STATUS", "24"}}));
  const auto end = state.reports().at(0);
  EXPECT_EQ(end.outcome, Outcome::warning);
  EXPECT_EQ(end.tool, "rsync");
}

TEST(Hook, VzdumpReportsEachGuest) {
  const Enrolled state;
  for (const auto* phase : {"job-start", "backup-start", "pre-stop", "backup-end", "log-end"}) {
    expect_kept(hook(state, {"vzdump", phase, "snapshot", "101"}, {{"TARGET", "/dump/101"}}));
  }
  const auto reports = state.reports();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[1].job, "vzdump-101");
  EXPECT_EQ(reports[1].run, reports[0].run);
  EXPECT_EQ(reports[1].snapshot, "/dump/101");
}

TEST(Hook, DuplicatiAndBaculaReport) {
  const Enrolled state;
  expect_kept(hook(state, {"duplicati", "--job", "a"},
                   {{"DUPLICATI__EVENTNAME", "AFTER"},
                    {"DUPLICATI__OPERATIONNAME", "Backup"},
                    {"DUPLICATI__PARSED_RESULT", "Warning"}}));
  expect_kept(hook(state, {"bacula", "--job", "b", "--operation", "verify", "Fatal Error"}));
  const auto reports = state.reports();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].outcome, Outcome::warning);
  EXPECT_EQ(reports[1].outcome, Outcome::failed);
  EXPECT_EQ(reports[1].operation, Operation::verify);
}

// In vzdump's hook, and in ExecStartPre=, anything but 0 would stop the backup.
TEST(Hook, AStartThatIsNotKeptStopsNoBackup) {
  const State nobody;
  const auto finished = hook(nobody, {"vzdump", "backup-start", "snapshot", "101"});
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_NE(finished.err.find("the start of this run is not reported: this host is not enrolled"),
            std::string::npos)
      << finished.err;
}

TEST(Hook, AnEndThatIsNotKeptIsAnError) {
  const State nobody;
  const auto finished = hook(nobody, {"vzdump", "backup-end", "snapshot", "101"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_NE(finished.err.find("the end of this run is not reported: "), std::string::npos);
  EXPECT_EQ(
      hook(nobody, {"duplicati", "--job", "a"}, {{"DUPLICATI__EVENTNAME", "AFTER"}}).exit_code, 4);
}

TEST(Hook, WrongUsageIsSaid) {
  const Enrolled state;
  for (const auto& [words, said] : std::vector<std::pair<Words, std::string>>{
           {{}, "whose hook is this?"},
           {{"systmd"}, "unknown hook \"systmd\"; did you mean \"systemd\"?"},
           {{"systemd", "--job", "a"}, "there is neither $SERVICE_RESULT"},
           {{"bacula", "OK"}, "--job is missing"},
           {{"bacula", "OK", "--job", " a"}, "job name"},
           {{"bacula", "OK", "--job", "a", "--operation", "x"}, "--operation"}}) {
    const auto finished = hook(state, words);
    EXPECT_EQ(finished.exit_code, 2) << said;
    EXPECT_NE(finished.err.find(said), std::string::npos) << finished.err;
  }
  EXPECT_TRUE(state.reports().empty());
}

}  // namespace
}  // namespace vaultbell::agent::testing
