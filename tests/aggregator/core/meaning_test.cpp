// What each end of a run means for alerts: the table of section 4 and the exceptions of R4.1.
#include <array>
#include <set>

#include <gtest/gtest.h>

#include "aggregator/core/alerts.hpp"
#include "tests/support/builders.hpp"

namespace vaultbell::core {
namespace {

using support::a_report;

constexpr std::array kReasons = {OutcomeReason::error,
                                 OutcomeReason::user_cancelled,
                                 OutcomeReason::another_run_in_progress,
                                 OutcomeReason::source_gone,
                                 OutcomeReason::interrupted,
                                 OutcomeReason::timeout};

// "raises backup_failed", "recovers operation_failed", or the verdict where there is neither.
std::string in_words(const RunMeaning& meaning) {
  std::string text;
  if (meaning.raises) text += "raises " + std::string(to_text(*meaning.raises));
  for (const auto kind : meaning.recovers) {
    if (!text.empty()) text += ", ";
    text += "recovers " + std::string(to_text(kind));
  }
  return text.empty() ? std::string(to_text(meaning.verdict)) : text;
}

std::string meaning(Operation operation, Outcome outcome,
                    std::optional<OutcomeReason> reason = std::nullopt) {
  RunReport report = a_report("db").of(operation).ended(outcome);
  report.reason = reason;
  return in_words(meaning_of(report));
}

struct Row {
  Operation operation;
  std::string_view succeeded;
  std::string_view warning;
  std::string_view failed;
};

constexpr std::string_view kBackupRecovers = "recovers backup_failed, recovers backup_warning";
constexpr std::string_view kBackupWarns = "raises backup_warning, recovers backup_failed";
constexpr std::string_view kRecovers = "recovers operation_failed";
constexpr std::string_view kFails = "raises operation_failed";
constexpr std::string_view kStops = "raises protection_stopped, recovers operation_failed";
constexpr std::string_view kDeletes = "raises backup_data_deleted, recovers operation_failed";

constexpr std::array kTable = {
    Row{Operation::configure, kRecovers, kRecovers, kFails},
    Row{Operation::backup, kBackupRecovers, kBackupWarns, "raises backup_failed"},
    Row{Operation::log_backup, kBackupRecovers, kBackupWarns, "raises backup_failed"},
    Row{Operation::restore, "ended_well", "ended_well", "raises restore_failed"},
    Row{Operation::verify, kRecovers, kRecovers, kFails},
    Row{Operation::prune, kRecovers, kRecovers, kFails},
    Row{Operation::delete_backup, kDeletes, kDeletes, kFails},
    Row{Operation::stop_protection_retain, kStops, kStops, kFails},
    Row{Operation::stop_protection_delete, kDeletes, kDeletes, kFails},
};

// R3.1 R3.2
TEST(MeaningOfARun, IsTheTableOfSection4) {
  static_assert(kTable.size() == kEnumText<Operation>.size());
  for (const auto& row : kTable) {
    SCOPED_TRACE(to_text(row.operation));
    EXPECT_EQ(meaning(row.operation, Outcome::running), "still_running");
    EXPECT_EQ(meaning(row.operation, Outcome::succeeded), row.succeeded);
    EXPECT_EQ(meaning(row.operation, Outcome::warning), row.warning);
    EXPECT_EQ(meaning(row.operation, Outcome::failed), row.failed);
    EXPECT_EQ(meaning(row.operation, Outcome::cancelled), "not_alerted_user_cancelled");
  }
}

TEST(MeaningOfARun, AFailureThatNobodyNeedsToHearOfRaisesNothing) {
  for (const auto& row : kTable) {
    SCOPED_TRACE(to_text(row.operation));
    const auto failed_because = [&](OutcomeReason reason) {
      return meaning(row.operation, Outcome::failed, reason);
    };
    EXPECT_EQ(failed_because(OutcomeReason::user_cancelled), "not_alerted_user_cancelled");
    EXPECT_EQ(failed_because(OutcomeReason::another_run_in_progress), "not_alerted_another_run");
    EXPECT_EQ(failed_because(OutcomeReason::source_gone), "not_alerted_source_gone");
    EXPECT_EQ(failed_because(OutcomeReason::error), row.failed);
    EXPECT_EQ(failed_because(OutcomeReason::interrupted), row.failed);
    EXPECT_EQ(failed_because(OutcomeReason::timeout), row.failed);
  }
}

TEST(MeaningOfARun, AReasonChangesNothingWhereTheRunDidNotFail) {
  for (const auto& row : kTable) {
    for (const auto reason : kReasons) {
      SCOPED_TRACE(std::string(to_text(row.operation)) + " " + std::string(to_text(reason)));
      EXPECT_EQ(meaning(row.operation, Outcome::running, reason), "still_running");
      EXPECT_EQ(meaning(row.operation, Outcome::succeeded, reason), row.succeeded);
      EXPECT_EQ(meaning(row.operation, Outcome::warning, reason), row.warning);
      EXPECT_EQ(meaning(row.operation, Outcome::cancelled, reason), "not_alerted_user_cancelled");
    }
  }
}

TEST(Severities, AreThoseOfSection4) {
  EXPECT_EQ(severity_of(AlertKind::backup_failed), Severity::critical);
  EXPECT_EQ(severity_of(AlertKind::restore_failed), Severity::critical);
  EXPECT_EQ(severity_of(AlertKind::operation_failed), Severity::warning);
  EXPECT_EQ(severity_of(AlertKind::backup_warning), Severity::warning);
  EXPECT_EQ(severity_of(AlertKind::protection_stopped), Severity::warning);
  EXPECT_EQ(severity_of(AlertKind::backup_data_deleted), Severity::critical);
  EXPECT_EQ(severity_of(AlertKind::client_disconnected), Severity::critical);
  EXPECT_EQ(severity_of(AlertKind::spool_full), Severity::critical);
}

TEST(Holds, AreNotifyAfterButForTheKindsThatAreToldAtOnce) {
  Settings settings;
  settings.notify_after = std::chrono::minutes(20);
  for (const auto& [kind, text] : kEnumText<AlertKind>) {
    const std::set<AlertKind> told_at_once = {
        AlertKind::backup_data_deleted, AlertKind::protection_stopped, AlertKind::delivery_failing,
        AlertKind::self, AlertKind::test};
    EXPECT_EQ(hold_of(settings, {}, {PolicyMode::same_as_vault}, kind),
              told_at_once.contains(kind) ? Duration::zero() : Duration(std::chrono::minutes(20)))
        << text;
  }
}

TEST(Subjects, AreOfTheJobTheOperationOrTheClient) {
  const ClientId client{1};
  const JobId job{2};
  const auto about = [&](AlertKind kind) {
    return subject_about(kind, client, job, Operation::verify);
  };
  const auto verify = Operation::verify;
  EXPECT_EQ(about(AlertKind::backup_failed), (Subject{AlertKind::backup_failed, client, job, {}}));
  EXPECT_EQ(about(AlertKind::operation_failed),
            (Subject{AlertKind::operation_failed, client, job, verify}));
  EXPECT_EQ(about(AlertKind::backup_data_deleted),
            (Subject{AlertKind::backup_data_deleted, client, job, verify}));
  EXPECT_EQ(about(AlertKind::client_disconnected),
            (Subject{AlertKind::client_disconnected, client, {}, {}}));
}

}  // namespace
}  // namespace vaultbell::core
