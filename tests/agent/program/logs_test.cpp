// Runs that nobody reports: the daemon reads the log of their tool.
#include <fstream>
#include <optional>

#include <gmock/gmock.h>

#include "tests/agent/program/enrolled.hpp"

namespace vaultbell::agent::testing {
namespace {

using ::testing::HasSubstr;

class Logs : public ::testing::Test {
 protected:
  void start() {
    state.write("agent.toml",
                "state_dir = \"" + state.path().string() +
                    "\"\n[[job]]\nname = \"nightly\"\ntool = \"rsnapshot\"\nlog = \"" +
                    log.string() + "\"\nlog_match = 'alpha'\n");
    agent.emplace(Words{"serve", "--config", (state / "agent.toml").string()});
    ASSERT_TRUE(agent->prints("starts; the aggregator is at"));
  }
  void stop() {
    agent->kill(SIGTERM);
    EXPECT_EQ(agent->wait().exit_code, 0);
    agent.reset();
  }
  void write(const std::string& text) const {
    std::ofstream(log, std::ios::app) << "[2026-03-01T02:20:00] rsnapshot " << text << "\n";
  }
  bool comes_true(const std::function<bool()>& condition) {
    const SystemClock clock;
    const auto end = clock.steady() + kPatience;
    while (!condition()) {
      if (clock.steady() >= end) return false;
      agent->take_output();
    }
    return true;
  }
  // Until what is in the log has been read to its end.
  bool is_read() {
    return comes_true([&] {
      const auto position = *state.open_spool().log_position("nightly");
      return position && position->inode != 0 &&
             position->offset == std::filesystem::file_size(log);
    });
  }
  bool has_reports(std::size_t count) {
    return comes_true([&] { return state.reports().size() >= count; });
  }

  Enrolled state;
  std::filesystem::path log = state / "rsnapshot.log";
  std::optional<Program> agent;
};

TEST_F(Logs, TellOfRunsThatNobodyReports) {
  write("alpha: started");
  write("alpha: completed successfully");  // history
  start();
  ASSERT_TRUE(is_read());
  write("alpha: started");
  ASSERT_TRUE(has_reports(1));
  write("alpha: ERROR: all is lost");
  write("alpha: completed, but with some errors");
  ASSERT_TRUE(has_reports(2));
  const auto reports = state.reports();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].job, "nightly");
  EXPECT_EQ(reports[0].outcome, Outcome::running);
  EXPECT_EQ(reports[1].run, reports[0].run);
  EXPECT_EQ(reports[1].outcome, Outcome::failed);
  EXPECT_EQ(reports[1].message, "all is lost");
  EXPECT_EQ(reports[1].tool, "rsnapshot");
  EXPECT_TRUE(reports[1].utc_offset_minutes);
}

TEST_F(Logs, AreReadOnWhereTheAgentStoppedAlsoThroughARotation) {
  write("beta: started");
  start();
  ASSERT_TRUE(is_read());
  write("alpha: started");
  ASSERT_TRUE(has_reports(1));
  stop();
  write("alpha: completed successfully");
  std::filesystem::rename(log, state / "rsnapshot.log.1");
  write("alpha: started");
  start();
  ASSERT_TRUE(has_reports(3));
  EXPECT_TRUE(is_read());
  const auto reports = state.reports();
  ASSERT_EQ(reports.size(), 3U);
  EXPECT_EQ(reports[1].run, reports[0].run);
  EXPECT_EQ(reports[1].outcome, Outcome::succeeded);
  EXPECT_NE(reports[2].run, reports[0].run);
}

TEST_F(Logs, ThatAreRotatedWhileTheyAreReadLoseNothing) {
  write("beta: started");
  start();
  ASSERT_TRUE(is_read());
  write("alpha: started");
  std::filesystem::rename(log, state / "rsnapshot.log.1");
  write("alpha: completed successfully");
  ASSERT_TRUE(has_reports(2));
  EXPECT_EQ(state.reports()[1].outcome, Outcome::succeeded);
}

TEST_F(Logs, NobodysKillLosesOrDoublesAReport) {
  write("beta: started");
  start();
  ASSERT_TRUE(is_read());
  for (std::size_t i = 1; i <= 5; ++i) {
    write("alpha: started");
    write("alpha: completed successfully");
    agent->kill(SIGKILL);
    agent->wait();
    start();
    ASSERT_TRUE(has_reports(2 * i));
    EXPECT_EQ(state.reports().size(), 2 * i);
  }
}

TEST_F(Logs, ThatAreNotThereAreSaidOnceAndReadWhenTheyCome) {
  start();
  ASSERT_TRUE(agent->prints("the log of job \"nightly\" is not read: there is no " + log.string() +
                            "; trying again"));
  write("alpha: started");
  EXPECT_TRUE(has_reports(1));
}

TEST_F(Logs, WithAnyBytesEndNoAgent) {
  write("beta: started");
  start();
  ASSERT_TRUE(is_read());
  write("alpha: started");
  for (int i = 0; i < 400; ++i) write("rsync: \xfc\xff M\xc3\xbcnchen \xc3 " + std::to_string(i));
  ASSERT_TRUE(has_reports(1));
  ASSERT_TRUE(is_read());
  agent->kill(SIGKILL);
  agent->wait();
  start();
  write("alpha: completed successfully");
  ASSERT_TRUE(has_reports(2));
  EXPECT_EQ(state.reports()[1].outcome, Outcome::succeeded);
}

TEST_F(Logs, ThatAreReadNoMoreEndWhatWasOpenInThem) {
  write("beta: started");
  start();
  ASSERT_TRUE(is_read());
  write("alpha: started");
  ASSERT_TRUE(has_reports(1));
  state.write("agent.toml", "state_dir = \"" + state.path().string() + "\"\n");
  agent->kill(SIGHUP);
  ASSERT_TRUE(has_reports(2));
  EXPECT_EQ(state.reports()[1].reason, OutcomeReason::interrupted);
}

TEST_F(Logs, ThatAreNotReadAreInTheStatus) {
  start();
  ASSERT_TRUE(agent->prints("is not read: there is no "));
  const auto shown = state.status();
  EXPECT_THAT(shown.out, HasSubstr("  log          of job \"nightly\" is not read: there is no " +
                                   log.string() + "\n"));
}

TEST_F(Logs, OfAToolThatKeepsNoneThatWeKnowAreAMistake) {
  state.write("agent.toml",
              "[[job]]\nname = \"a\"\ntool = \"restic\"\nlog = \"/var/log/restic.log\"\n");
  const auto file = (state / "agent.toml").string();
  const auto finished = finish({"check-config", "--config", file});
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_THAT(
      finished.err,
      HasSubstr(file + ": [[job]] \"a\": log: the adapter for restic does not know its log"));
}

TEST_F(Logs, AreNamedByTheirWholePathAndWithTheirTool) {
  state.write("agent.toml",
              "[[job]]\nname = \"a\"\nlog = \"x.log\"\n[[job]]\nname = \"b\"\nlog_match = \"(\"\n"
              "[[job]]\nname = \"c\"\ntool = \"restic\"\npoll = [\"restic\"]\n");
  const auto finished = finish({"check-config", "--config", (state / "agent.toml").string()});
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_THAT(finished.err, HasSubstr(":3:7: log in [[job]]: \"x.log\" is not a whole path"));
  EXPECT_THAT(finished.err, HasSubstr(":3:7: log in [[job]]: it needs tool beside it"));
  EXPECT_THAT(finished.err, HasSubstr(":6:13: log_match in [[job]]: "));
  EXPECT_THAT(finished.err, HasSubstr(":10:8: poll in [[job]]: \"restic\" is not the whole path"));
}

}  // namespace
}  // namespace vaultbell::agent::testing
