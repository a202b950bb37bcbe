// What the tools leave behind of runs that nobody wrapped: their logs and lists of backups, as the
// captures hold them.
#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "agent/classify/fields.hpp"
#include "agent/watch/log_reader.hpp"
#include "agent/watch/newest_backup.hpp"
#include "tests/agent/adapters/captures.hpp"

namespace vaultbell::agent::adapters::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What a capture holds of the tool's own log, behind its standard output.
std::vector<std::string> log_in(const Capture& capture) {
  std::vector<std::string> lines;
  bool is_inside = false;
  std::istringstream all(capture.out);
  for (std::string line; std::getline(all, line);) {
    if (is_inside) lines.push_back(line);
    is_inside |= line == "[logfile]" || line == "[transaction_log]";
  }
  return lines;
}

// The same for the rows of its log: a line of the capture fits that row first.
std::vector<std::string> unproved_log_rows(const classify::Adapter& adapter) {
  std::vector<std::string> complaints;
  for (const auto& row : adapter.log.rows) {
    if (row.proof.starts_with("source: ")) continue;
    const auto lines =
        row.proof.empty() ? std::vector<std::string>() : log_in(read_capture(row.proof));
    const bool is_proved = std::ranges::any_of(lines, [&](const std::string& line) {
      const auto& rows = adapter.log.rows;
      const auto first = std::ranges::find_if(
          rows, [&](const classify::LogRow& one) { return one.pattern.find(line).has_value(); });
      return first != rows.end() && first->name == row.name;
    });
    if (!is_proved) complaints.push_back(adapter.tool + ": " + row.name + " is not proved");
  }
  return complaints;
}

TEST(LogRows, EachIsProvedByACaptureOrNamesItsSource) {
  for (const auto& tool : shipped_tools()) {
    EXPECT_THAT(unproved_log_rows(adapter_of(tool)), IsEmpty());
  }
}

TEST(LogRows, AMissingOrWrongProofIsRefused) {
  auto adapter = adapter_of("rsnapshot");
  adapter.log.rows[0].proof = "";
  adapter.log.rows[1].proof = "rsnapshot-1.4.5/01-success";
  EXPECT_THAT(unproved_log_rows(adapter), ElementsAre("rsnapshot: a run begins is not proved",
                                                      "rsnapshot: another run is not proved"));
}

// A log as one run: what it ends as, and its message.
std::string told_by_log(const std::string& capture_name) {
  const auto capture = read_capture(capture_name);
  const watch::LoggedJob job{.name = "nightly", .tool = capture.tool};
  watch::LogReader reader(adapter_of(capture.tool).log, job, {});
  for (const auto& line : log_in(capture)) reader.take(line, Instant(std::chrono::days(30'000)));
  std::string told;
  for (const auto& report : reader.reports()) {
    if (report.outcome == Outcome::running) continue;
    if (report.operation != Operation::backup)
      told += std::string(to_text(report.operation)) + ": ";
    const auto reason = report.reason ? std::string(to_text(*report.reason)) : std::string("-");
    told += std::string(to_text(report.outcome)) + " " + reason + " " + report.message + "\n";
  }
  return told;
}

TEST(Logs, OfRsnapshotTellHowItsRunsEnded) {
  EXPECT_EQ(told_by_log("rsnapshot-1.4.5/01-success"), "succeeded - \n");
  EXPECT_EQ(
      told_by_log("rsnapshot-1.4.5/02-unreadable"),
      "warning - Some files and/or directories in /srv/lab/misc/src/ only transferred partially "
      "during rsync operation\n");
  EXPECT_THAT(told_by_log("rsnapshot-1.4.5/03-missing-source"),
              HasSubstr("failed error Errors were"));
  EXPECT_THAT(told_by_log("rsnapshot-1.4.5/05-locked"),
              HasSubstr("failed another_run_in_progress Lockfile /srv/lab/misc/rs.pid"));
  EXPECT_THAT(told_by_log("rsnapshot-1.4.5/06-stale-lock"), HasSubstr("warning - Removing stale"));
  EXPECT_EQ(told_by_log("rsnapshot-1.4.5/07-backup-script-fails"),
            "failed error backup_script /srv/lab/misc/bs.sh returned 3\n");
}

TEST(Logs, OfBtrbkTellHowItsRunsEnded) {
  EXPECT_EQ(told_by_log("btrbk-0.32.5/02-success-raw"), "succeeded - \n");
  EXPECT_EQ(told_by_log("btrbk-0.32.5/03-target-missing"),
            "failed error Failed to fetch subvolume detail\n");
  EXPECT_THAT(told_by_log("btrbk-0.32.5/08-nospace"), HasSubstr("failed error send-receive ERROR"));
}

// Its prune and clean end with the same word in the same log.
TEST(Logs, OfBtrbkSayWhetherAnythingWasBackedUp) {
  const watch::LoggedJob job{.name = "nightly", .tool = "btrbk"};
  watch::LogReader reader(adapter_of("btrbk").log, job, {});
  const auto now = Instant(std::chrono::days(30'000));
  reader.take("2026-11-20T14:15:34+0000 startup v0.32.5 - - - # btrbk command line client", now);
  reader.take("2026-11-20T14:15:35+0000 delete_target success /backup/data.20261101 - - -", now);
  reader.take("2026-11-20T14:15:36+0000 finished success - - - -", now);
  ASSERT_EQ(reader.reports().size(), 2U);
  EXPECT_EQ(reader.reports()[1].outcome, Outcome::succeeded);
  EXPECT_EQ(reader.reports()[1].operation, Operation::prune);
}

std::optional<watch::FoundBackup> newest_in(const std::string& capture_name) {
  const auto capture = read_capture(capture_name);
  const auto document = classify::parse_json(capture.out);
  if (!document) return std::nullopt;
  return watch::newest_backup(*adapter_of(capture.tool).backups, *document,
                              Instant(std::chrono::days(30'000)))
      .value_or(std::nullopt);
}

TEST(BackupLists, EachIsProvedByACaptureOrNamesItsSource) {
  for (const auto& tool : shipped_tools()) {
    const auto& list = adapter_of(tool).backups;
    if (!list || list->proof.starts_with("source: ")) continue;
    const auto found = newest_in(list->proof);
    ASSERT_TRUE(found) << tool;
    EXPECT_NE(found->id, "") << tool;
    EXPECT_TRUE(found->started_at) << tool;
    EXPECT_TRUE(found->statistics.bytes_total) << tool;
  }
}

TEST(BackupLists, ShowTheNewestBackup) {
  const auto restic = newest_in("restic-0.19.1/50-snapshots-latest1");
  EXPECT_EQ(to_iso(restic->started_at.value()), "2026-11-20T14:06:17.824Z");
  const auto old_restic = newest_in("restic-0.14.0/50-snapshots-latest1");
  EXPECT_EQ(to_iso(old_restic->ended_at), "2026-11-20T14:02:39.562Z");
  const auto pgbackrest = newest_in("pgbackrest-2.45/06-info-json");
  EXPECT_EQ(pgbackrest->id, "20261120-141759F_20261120-141802I");
  EXPECT_EQ(pgbackrest->ended_at, Instant(std::chrono::seconds(1795184283)));
  EXPECT_FALSE(newest_in("pgbackrest-2.45/17-repo-missing"));
}

}  // namespace
}  // namespace vaultbell::agent::adapters::testing
