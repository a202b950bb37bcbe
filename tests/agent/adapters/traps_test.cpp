// The traps: where a tool's exit code says something else than what happened. Each was found by
// running the tool.
#include <gtest/gtest.h>

#include "shared/base/check.hpp"
#include "tests/agent/adapters/captures.hpp"

namespace vaultbell::agent::adapters::testing {
namespace {

constexpr auto kSucceeded = Outcome::succeeded;
constexpr auto kWarning = Outcome::warning;
constexpr auto kFailed = Outcome::failed;
constexpr auto kCancelled = Outcome::cancelled;

classify::Verdict judged(const std::string& capture) {
  static const auto table = parse_table(table_text());
  for (const auto& one : table) {
    if (one.capture != capture) continue;
    return judge(read_capture(capture), one.end,
                 *parse_enum<Operation>("operation", one.operation));
  }
  check(false, "the capture is in the table");
  return {};
}

Outcome outcome_of(const std::string& capture) {
  return judged(capture).outcome;
}

std::optional<OutcomeReason> reason_of(const std::string& capture) {
  return judged(capture).reason;
}

// The same case with each of the three versions of restic.
std::vector<classify::Verdict> of_each_restic(const std::string& name) {
  return {judged("restic-0.14.0/" + name), judged("restic-0.18.0/" + name),
          judged("restic-0.19.1/" + name)};
}

TEST(Traps, ResticExitsWith0ThoughASourceIsMissing) {
  EXPECT_EQ(read_capture("restic-0.18.0/08-missing-one-source").exit_code, 0);
  for (const auto& verdict : of_each_restic("08-missing-one-source")) {
    EXPECT_EQ(verdict.outcome, kWarning);
    EXPECT_EQ(verdict.message, "nosuchdir does not exist and was left out");
    EXPECT_FALSE(verdict.snapshot.empty());
  }
}

TEST(Traps, ResticsCodeOfASignalIsNotAlways130) {
  for (const auto& verdict : of_each_restic("30-sigint")) {
    EXPECT_EQ(verdict.outcome, kCancelled);
    EXPECT_EQ(verdict.reason, OutcomeReason::user_cancelled);
  }
  for (const auto& verdict : of_each_restic("32-sigterm")) {
    EXPECT_EQ(verdict.outcome, kFailed);
    EXPECT_EQ(verdict.reason, OutcomeReason::interrupted);
  }
}

TEST(Traps, ResticsCodesAreNewButMeanTheSame) {
  for (const auto& verdict : of_each_restic("12-wrong-password")) {
    EXPECT_EQ(verdict.message, "wrong password");
  }
  for (const auto& verdict : of_each_restic("14-no-repo")) {
    EXPECT_EQ(verdict.message, "there is no repository");
  }
  for (const auto& verdict : of_each_restic("24-locked-backup")) {
    EXPECT_EQ(verdict.reason, OutcomeReason::another_run_in_progress);
  }
}

TEST(Traps, AStaleLockOfResticLooksLikeAnotherRun) {
  for (const auto& verdict : of_each_restic("28-stale-lock-backup")) {
    EXPECT_EQ(verdict.outcome, kFailed);
    EXPECT_EQ(verdict.reason, OutcomeReason::another_run_in_progress);
  }
  for (const auto& verdict : of_each_restic("20-lock-second-backup")) {
    EXPECT_EQ(verdict.outcome, kSucceeded);
  }
}

TEST(Traps, ResticThatRetriesAnUnwritableRepositoryHasFailed) {
  for (const auto& verdict : of_each_restic("43-readonly-repo")) {
    EXPECT_EQ(verdict.outcome, kFailed);
    EXPECT_EQ(verdict.reason, OutcomeReason::error);
    EXPECT_EQ(verdict.message, "the repository cannot be written: permission denied");
  }
}

TEST(Traps, ResticOnNothing) {
  for (const auto& verdict : of_each_restic("37-stdin-empty")) EXPECT_EQ(verdict.outcome, kFailed);
  EXPECT_EQ(outcome_of("restic-0.18.0/66-excluded"), kFailed);
  EXPECT_EQ(outcome_of("restic-0.19.1/66-excluded"), kWarning);
  EXPECT_EQ(judged("restic-0.19.1/66-excluded").message, "the snapshot holds no files");
  EXPECT_EQ(outcome_of("restic-0.14.0/60-vanished"), kWarning);
  EXPECT_EQ(outcome_of("restic-0.18.0/60-vanished"), kSucceeded);
}

TEST(Traps, NumbersThatCannotBeTrueAreLeftOut) {
  const auto verdict = judged("restic-0.18.0/68-skip-if-unchanged");
  EXPECT_EQ(verdict.outcome, kSucceeded);
  EXPECT_EQ(verdict.statistics,
            (RunStatistics{.bytes_added = 0, .bytes_total = 1000011, .files = 7}));
}

// Nobody but the pipe's shell sees the first: use pipefail, or --stdin-from-command.
TEST(Traps, AProducerThatFailsInAPipeIsASuccessForRestic) {
  EXPECT_EQ(outcome_of("restic-0.19.1/38-stdin-producer-fails"), kSucceeded);
  EXPECT_EQ(outcome_of("restic-0.19.1/39-stdin-from-command"), kFailed);
}

TEST(Traps, ADryRunIsNoBackup) {
  for (const auto& verdict : of_each_restic("63-dryrun-json")) {
    EXPECT_EQ(verdict.operation, Operation::configure);
  }
}

TEST(Traps, BorgsCheckExitsWith1WhereDataIsDamaged) {
  for (const auto* borg : {"borg-1.2.4/", "borg-1.4.0-legacy/", "borg-1.4.0-modern/"}) {
    EXPECT_EQ(read_capture(std::string(borg) + "70-check-corrupt").exit_code, 1);
    EXPECT_EQ(outcome_of(std::string(borg) + "70-check-corrupt"), kFailed);
    EXPECT_EQ(outcome_of(std::string(borg) + "73-extract-corrupt"), kFailed);
    EXPECT_EQ(outcome_of(std::string(borg) + "72-create-corrupt"), kSucceeded);
  }
}

TEST(Traps, BorgMakesAnEmptyArchiveWhereItsOnlySourceIsMissing) {
  for (const auto* borg : {"borg-1.2.4/", "borg-1.4.0-legacy/", "borg-1.4.0-modern/"}) {
    EXPECT_EQ(outcome_of(std::string(borg) + "13-missing-all-source"), kWarning);
    EXPECT_EQ(outcome_of(std::string(borg) + "14-missing-all-plain"), kFailed);
  }
  for (const auto* borgmatic : {"borgmatic-1.7.7/", "borgmatic-2.0.11/"}) {
    EXPECT_EQ(read_capture(std::string(borgmatic) + "06-missing-source").exit_code, 0);
    EXPECT_EQ(outcome_of(std::string(borgmatic) + "06-missing-source"), kWarning);
  }
}

TEST(Traps, BorgsCodesOfSignalsAndOfAFullDisk) {
  for (const auto* borg : {"borg-1.2.4/", "borg-1.4.0-legacy/", "borg-1.4.0-modern/"}) {
    EXPECT_EQ(read_capture(std::string(borg) + "40-sigint").exit_code, 2);
    EXPECT_EQ(outcome_of(std::string(borg) + "40-sigint"), kCancelled);
    EXPECT_EQ(reason_of(std::string(borg) + "42-sigterm"), OutcomeReason::interrupted);
    EXPECT_EQ(reason_of(std::string(borg) + "44-sighup"), OutcomeReason::interrupted);
    EXPECT_EQ(judged(std::string(borg) + "51-nospace").row, "no space left");
  }
}

TEST(Traps, ALockThatCannotBeMadeIsNoOtherRun) {
  for (const auto* borg : {"borg-1.2.4/", "borg-1.4.0-legacy/", "borg-1.4.0-modern/"}) {
    EXPECT_EQ(reason_of(std::string(borg) + "30-locked"), OutcomeReason::another_run_in_progress);
    EXPECT_EQ(reason_of(std::string(borg) + "55-ro"), OutcomeReason::error);
  }
  EXPECT_EQ(reason_of("pgbackrest-2.45/08-locked"), OutcomeReason::another_run_in_progress);
  EXPECT_EQ(reason_of("pgbackrest-2.45/08a-lockfile-permission"), OutcomeReason::error);
}

TEST(Traps, DuplicityExitsWith0ThoughAFileCouldNotBeRead) {
  EXPECT_EQ(read_capture("duplicity-0.8.22/03-unreadable").exit_code, 0);
  const auto verdict = judged("duplicity-0.8.22/03-unreadable");
  EXPECT_EQ(verdict.outcome, kWarning);
  EXPECT_EQ(verdict.message, "src/f3.bin could not be read (1 error)");
}

TEST(Traps, PgbackrestsVerifyExitsWith0WhateverItFinds) {
  EXPECT_EQ(read_capture("pgbackrest-2.45/19-verify-damaged").exit_code, 0);
  EXPECT_EQ(judged("pgbackrest-2.45/19-verify-damaged").message,
            "the repository is damaged: checksum invalid: 1");
  EXPECT_EQ(outcome_of("pgbackrest-2.45/21-verify-damaged-text"), kFailed);
  EXPECT_EQ(outcome_of("pgbackrest-2.45/20-verify-damaged-quiet"), kFailed);
  EXPECT_EQ(outcome_of("pgbackrest-2.45/18-verify-ok"), kSucceeded);
  EXPECT_EQ(judged("pgbackrest-2.45/17-repo-missing").message, "missing stanza path");
}

TEST(Traps, TarExitsWith0WhereItIgnoresFailedReads) {
  EXPECT_EQ(read_capture("tar-1.34/03-unreadable-ignored").exit_code, 0);
  EXPECT_EQ(outcome_of("tar-1.34/03-unreadable-ignored"), kWarning);
  EXPECT_EQ(outcome_of("tar-1.34/02-unreadable"), kWarning);
  EXPECT_EQ(outcome_of("tar-1.34/08-nospace"), kFailed);
}

TEST(Traps, RsyncExitsWith23ForOneFileAndForTheWholeSource) {
  EXPECT_EQ(read_capture("rsync-3.5.0/03-unreadable").exit_code, 23);
  EXPECT_EQ(outcome_of("rsync-3.5.0/03-unreadable"), kWarning);
  EXPECT_EQ(outcome_of("rsync-3.5.0/04-missing-source"), kFailed);
}

TEST(Traps, RsnapshotExitsWith2ForWarningsAndForAStaleLock) {
  EXPECT_EQ(outcome_of("rsnapshot-1.4.5/02-unreadable"), kWarning);
  EXPECT_EQ(outcome_of("rsnapshot-1.4.5/06-stale-lock"), kWarning);
  EXPECT_EQ(reason_of("rsnapshot-1.4.5/05-locked"), OutcomeReason::another_run_in_progress);
}

TEST(Traps, RclonesCodesChangedBetweenItsVersions) {
  for (const auto* rclone : {"rclone-1.60.1/", "rclone-1.75.2/"}) {
    EXPECT_EQ(judged(std::string(rclone) + "08-maxduration").message,
              "not everything was transferred: --max-duration was reached");
    EXPECT_EQ(judged(std::string(rclone) + "09-usage").message, "unknown flag: --nosuch");
    EXPECT_EQ(outcome_of(std::string(rclone) + "03-error-on-no-transfer"), kSucceeded);
  }
}

TEST(Traps, BorgmaticExitsWith0WhereAHookHasSkippedEverything) {
  for (const auto* borgmatic : {"borgmatic-1.7.7/", "borgmatic-2.0.11/"}) {
    EXPECT_EQ(read_capture(std::string(borgmatic) + "11b-hook-75-action").exit_code, 0);
    EXPECT_EQ(outcome_of(std::string(borgmatic) + "11b-hook-75-action"), kCancelled);
    EXPECT_EQ(outcome_of(std::string(borgmatic) + "11-hook-75"), kFailed);
  }
}

TEST(Traps, ABaculaJobWithWarningsHasTheStatusOfASuccess) {
  EXPECT_NE(read_capture("bacula-9.6.7/02-warning").out.find("JobStatus=OK (T)"),
            std::string::npos);
  EXPECT_EQ(outcome_of("bacula-9.6.7/02-warning"), kWarning);
  EXPECT_EQ(outcome_of("bacula-9.6.7/08-verify-damaged"), kFailed);
}

}  // namespace
}  // namespace vaultbell::agent::adapters::testing
