#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "tests/agent/program/enrolled.hpp"

namespace vaultbell::agent::testing {
namespace {

Finished report(const State& state, const Words& words, const Program::Setting& setting = {}) {
  return finish(Words{"report"} + state.options() + words, setting);
}

// R3.4 R3.5
TEST(Report, KeepsEverythingThatWasSaid) {
  const Enrolled state;
  const auto finished = report(state, {"--job",         "nightly",
                                       "--outcome",     "failed",
                                       "--operation",   "log_backup",
                                       "--reason",      "source_gone",
                                       "--message",     "no such database",
                                       "--exit-code",   "-7",
                                       "--bytes-read",  "1",
                                       "--bytes-added", "2",
                                       "--bytes-total", "3",
                                       "--files",       "4",
                                       "--snapshot",    "ab12",
                                       "--tool",        "pgbackrest",
                                       "--trigger",     "user",
                                       "--started-at",  "2026-03-01T02:20:00+01:00",
                                       "--ended-at",    "2026-03-01T01:25:00Z",
                                       "--run",         "0f8fad5b-d9cb-469f-a165-70867728950e"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(finished.out, "");
  const auto reports = state.reports();
  ASSERT_EQ(reports.size(), 1U);
  const RunReport expected{.run = *parse_uuid("0f8fad5b-d9cb-469f-a165-70867728950e"),
                           .job = "nightly",
                           .operation = Operation::log_backup,
                           .outcome = Outcome::failed,
                           .reason = OutcomeReason::source_gone,
                           .trigger = Trigger::user,
                           .started_at = *parse_iso("2026-03-01T01:20:00Z"),
                           .ended_at = *parse_iso("2026-03-01T01:25:00Z"),
                           .utc_offset_minutes = reports[0].utc_offset_minutes,
                           .exit_code = -7,
                           .statistics = {1, 2, 3, 4},
                           .tool = "pgbackrest",
                           .snapshot = "ab12",
                           .message = "no such database"};
  EXPECT_EQ(reports[0], expected);
}

TEST(Report, AnEndIsNowUnlessItIsSaid) {
  const Enrolled state;
  const auto before = SystemClock().wall();
  ASSERT_EQ(report(state, {"--job", "a", "--outcome", "succeeded"}).exit_code, 0);
  const auto kept = state.reports().at(0);
  ASSERT_TRUE(kept.ended_at);
  EXPECT_GE(*kept.ended_at, before);
  EXPECT_FALSE(kept.started_at);
  EXPECT_EQ(kept.trigger, Trigger::scheduled);
  EXPECT_EQ(kept.operation, Operation::backup);
}

TEST(Report, AnEndThatIsStillToComeIsRefused) {
  const Enrolled state;
  const auto refused =
      report(state, {"--job", "a", "--outcome", "succeeded", "--ended-at", "2199-01-01T00:00:00Z"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_TRUE(refused.err.starts_with(
      "vaultbell-agent: --ended-at 2199-01-01T00:00:00Z is in the future: it is 20"))
      << refused.err;
  // Without --ended-at the end is now.
  EXPECT_EQ(
      report(state, {"--job", "a", "--outcome", "failed", "--started-at", "2199-01-01T00:00:00Z"})
          .exit_code,
      2);
  EXPECT_TRUE(state.reports().empty());
}

TEST(Report, AnExitCodeOfZeroAgreesWithASuccess) {
  const Enrolled state;
  EXPECT_EQ(report(state, {"--job", "a", "--outcome", "succeeded", "--exit-code", "0"}).exit_code,
            0);
  EXPECT_EQ(report(state, {"--job", "a", "--outcome", "warning", "--exit-code", "3"}).exit_code, 0);
}

TEST(Report, TheIdentityOfAStartServesForItsEnd) {
  const Enrolled state;
  const auto start = report(state, {"--job", "a", "--outcome", "running"});
  ASSERT_EQ(start.exit_code, 0);
  const auto run = start.out.substr(0, start.out.size() - 1);
  ASSERT_EQ(report(state, {"--job", "a", "--outcome", "succeeded", "--run", run}).exit_code, 0);
  const auto reports = state.reports();
  EXPECT_EQ(to_text(reports.at(0).run) + "\n", start.out);
  EXPECT_TRUE(reports.at(0).started_at);
  EXPECT_EQ(reports.at(0).run, reports.at(1).run);
}

TEST(Report, ReadsAMessageFromStandardInputAndKeepsItsFirstPart) {
  const Enrolled state;
  ASSERT_EQ(report(state, {"--job", "a", "--outcome", "failed", "--message", "-"},
                   {.input = "bad \xFF byte"})
                .exit_code,
            0);
  EXPECT_EQ(state.reports().at(0).message, "bad \xEF\xBF\xBD byte");
  ASSERT_EQ(report(state, {"--job", "a", "--outcome", "failed", "--message", "-"},
                   {.input = std::string(5000, 'x')})
                .exit_code,
            0);
  EXPECT_EQ(state.reports().at(1).message, std::string(1024, 'x'));
}

TEST(Report, PrintsOneObjectAsJson) {
  const Enrolled state;
  const auto finished = report(state, {"--job", "a", "--outcome", "warning", "-o", "json"});
  const auto json = nlohmann::json::parse(finished.out);
  EXPECT_EQ(json.at("api_version"), 1);
  EXPECT_EQ(json.at("run"), to_text(state.reports().at(0).run));
  EXPECT_EQ(json.at("job"), "a");
  EXPECT_EQ(json.at("outcome"), "warning");
}

// R3.6
TEST(Report, IsRefusedWhenTheSpoolIsFull) {
  const Enrolled state;
  state.fill();
  const auto finished =
      finish(Words{"report", "--job", "a", "--outcome", "failed"} + state.small_spool());
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_EQ(finished.out, "");
  EXPECT_EQ(finished.err,
            "vaultbell-agent: the report was not kept: the spool is full: 1.0 MiB of reports "
            "wait for the aggregator, and [spool] max_size is 1.0 MiB; see vaultbell-agent "
            "status\n");
}

TEST(Report, ASpoolThatCannotBeUsedIsNamed) {
  const Enrolled state;
  state.write("spool", "in the way");
  const auto finished = report(state, {"--job", "a", "--outcome", "failed"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_EQ(finished.err,
            "vaultbell-agent: the report was not kept: cannot write to the folder " +
                (state / "spool").string() +
                ": Permission denied; it must belong to the user that runs this program\n");
}

TEST(Report, OfAHostThatIsNotEnrolledIsNotKept) {
  const State state;
  const auto finished = report(state, {"--job", "a", "--outcome", "failed"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_EQ(finished.err,
            "vaultbell-agent: the report was not kept: this host is not enrolled: there is no " +
                (state / "enrolment.toml").string() +
                "; ask the administrator for a join token, then: vaultbell-agent enrol\n");
  EXPECT_TRUE(std::filesystem::is_empty(state.path()));
}

TEST(Report, AMistypedStateFolderIsNotMade) {
  const State state;
  const auto missing = (state / "missing").string();
  const auto finished =
      finish({"report", "--state-dir", missing, "--job", "a", "--outcome", "failed"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_EQ(finished.err, "vaultbell-agent: the report was not kept: there is no state folder " +
                              missing +
                              "; vaultbell-agent enrol makes it, and --state-dir or --config names "
                              "another\n");
  EXPECT_FALSE(std::filesystem::exists(missing));
}

TEST(Report, AWrongConfigurationIsNamed) {
  const Enrolled state;
  state.write("agent.toml", "nonsense = 1\n");
  const auto finished = finish(
      {"report", "--job", "a", "--outcome", "failed", "--config", (state / "agent.toml").string()});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_EQ(finished.err, "vaultbell-agent: the report was not kept: " +
                              (state / "agent.toml").string() + ":1:1: unknown key \"nonsense\"\n");
}

// Root reports for a daemon that runs as somebody else.
TEST(Report, FilesBelongToTheOwnerOfTheStateFolder) {
  constexpr uid_t kSomebody = 65534;
  const Enrolled state;
  if (geteuid() == 0) {
    ASSERT_EQ(chown(state.path().c_str(), kSomebody, kSomebody), 0);
    // The folder for temporary files may be searched by everybody.
  }
  struct stat folder {};
  ASSERT_EQ(stat(state.path().c_str(), &folder), 0);
  ASSERT_EQ(report(state, {"--job", "a", "--outcome", "failed"}).exit_code, 0);
  for (const auto* name : {"spool", "spool/data.mdb", "spool/lock.mdb"}) {
    struct stat facts {};
    ASSERT_EQ(stat((state / name).c_str(), &facts), 0) << name;
    EXPECT_EQ(facts.st_uid, folder.st_uid) << name;
    EXPECT_EQ(facts.st_mode & 0077U, 0U) << name;
  }
}

}  // namespace
}  // namespace vaultbell::agent::testing
