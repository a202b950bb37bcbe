#include "aggregator/wording/alert.hpp"

#include <gtest/gtest.h>

#include "tests/aggregator/wording/facts.hpp"

namespace vaultbell::wording {
namespace {

using core::AlertKind;
using core::NotificationEvent;
using support::facts_of;

struct Row {
  AlertKind kind;
  std::string_view headline;
  std::string_view subject;
  std::string_view raised;
  std::string_view recovered;
};

class EachKind : public testing::TestWithParam<Row> {};

TEST_P(EachKind, HasOneHeadline) {
  EXPECT_EQ(headline(facts_of(GetParam().kind)), GetParam().headline);
}

TEST_P(EachKind, HasOneSubject) {
  EXPECT_EQ(mail_subject(facts_of(GetParam().kind), NotificationEvent::raised), GetParam().subject);
}

TEST_P(EachKind, IsResolvedInTheSameWords) {
  const auto resolved = mail_subject(facts_of(GetParam().kind), NotificationEvent::recovered);
  const auto words = GetParam().subject.substr(GetParam().subject.find(']'));
  const std::string mark = GetParam().kind == AlertKind::test ? "[TEST " : "[";
  EXPECT_EQ(resolved, mark + "RESOLVED" + std::string(words));
}

TEST_P(EachKind, IsOnAPhoneWhatItIsInAMailbox) {
  const auto facts = facts_of(GetParam().kind);
  for (const auto event : {NotificationEvent::raised, NotificationEvent::recovered}) {
    auto subject = mail_subject(facts, event);
    std::erase(subject, '[');
    std::erase(subject, ']');
    EXPECT_EQ(sms_text(facts, event), subject);
  }
}

TEST_P(EachKind, HasALineForScenarios) {
  const auto facts = facts_of(GetParam().kind);
  EXPECT_EQ(scenario_line(facts, NotificationEvent::raised), GetParam().raised);
  EXPECT_EQ(scenario_line(facts, NotificationEvent::recovered), GetParam().recovered);
}

TEST_P(EachKind, SaysInTwoOrThreeSentencesWhatToLookAt) {
  const auto steps = next_steps(GetParam().kind);
  EXPECT_GE(steps.size(), 2U);
  EXPECT_LE(steps.size(), 3U);
  for (const auto step : steps) EXPECT_TRUE(step.ends_with('.')) << step;
}

INSTANTIATE_TEST_SUITE_P(
    Alerts, EachKind,
    testing::Values(
        Row{AlertKind::backup_failed, R"(backup of "nightly" on db-1 failed)",
            R"([CRITICAL] db-1: backup "nightly" failed (vault prod))",
            "critical: backup of nightly on db-1 failed", "recovered: backup of nightly on db-1"},
        Row{AlertKind::restore_failed, R"(restore of "nightly" on db-1 failed)",
            R"([CRITICAL] db-1: restore "nightly" failed (vault prod))",
            "critical: restore of nightly on db-1 failed", "recovered: restore of nightly on db-1"},
        Row{AlertKind::operation_failed, R"(verification of "nightly" on db-1 failed)",
            R"([WARNING] db-1: verify "nightly" failed (vault prod))",
            "warning: verification of nightly on db-1 failed",
            "recovered: verification of nightly on db-1"},
        Row{AlertKind::backup_warning, R"(backup of "nightly" on db-1 ended with warnings)",
            R"([WARNING] db-1: backup "nightly" ended with warnings (vault prod))",
            "warning: backup of nightly on db-1 ended with warnings",
            "recovered: backup of nightly on db-1"},
        Row{AlertKind::protection_stopped, R"(protection of "nightly" on db-1 was stopped)",
            R"([WARNING] db-1: protection of "nightly" was stopped (vault prod))",
            "warning: protection of nightly on db-1 was stopped",
            "recovered: protection of nightly on db-1"},
        Row{AlertKind::backup_data_deleted, R"(backup data of "nightly" on db-1 was deleted)",
            R"([CRITICAL] db-1: backup data of "nightly" was deleted (vault prod))",
            "critical: backup data of nightly on db-1 was deleted",
            "recovered: backup data of nightly on db-1"},
        Row{AlertKind::client_disconnected, "db-1 is disconnected",
            "[CRITICAL] db-1: disconnected (vault prod)", "critical: db-1 is disconnected",
            "recovered: db-1"},
        Row{AlertKind::spool_full, "the spool of db-1 is full",
            "[CRITICAL] db-1: spool full (vault prod)", "critical: the spool of db-1 is full",
            "recovered: the spool of db-1"},
        Row{AlertKind::vault_outage, "vault prod is out: most of its clients are silent",
            "[CRITICAL] vault prod: most clients are silent",
            "critical: vault prod is out: most of its clients are silent", "recovered: vault prod"},
        Row{AlertKind::backup_missed, R"(backup of "nightly" on db-1 was missed)",
            R"([CRITICAL] db-1: backup "nightly" was missed (vault prod))",
            "critical: backup of nightly on db-1 was missed",
            "recovered: backup of nightly on db-1"},
        Row{AlertKind::backup_overdue, R"(backup of "nightly" on db-1 is overdue)",
            R"([CRITICAL] db-1: backup "nightly" is overdue (vault prod))",
            "critical: backup of nightly on db-1 is overdue",
            "recovered: backup of nightly on db-1"},
        Row{AlertKind::run_too_long, R"(run of "nightly" on db-1 takes too long)",
            R"([WARNING] db-1: run "nightly" takes too long (vault prod))",
            "warning: run of nightly on db-1 takes too long", "recovered: run of nightly on db-1"},
        Row{AlertKind::backup_blocked, R"(backup of "nightly" on db-1 is blocked)",
            R"([WARNING] db-1: backup "nightly" is blocked (vault prod))",
            "warning: backup of nightly on db-1 is blocked",
            "recovered: backup of nightly on db-1"},
        Row{AlertKind::verify_overdue, R"(verification of "nightly" on db-1 is overdue)",
            R"([WARNING] db-1: verification "nightly" is overdue (vault prod))",
            "warning: verification of nightly on db-1 is overdue",
            "recovered: verification of nightly on db-1"},
        Row{AlertKind::duration_anomaly, R"(duration of "nightly" on db-1 is unusual)",
            R"([WARNING] db-1: duration of "nightly" is unusual (vault prod))",
            "warning: duration of nightly on db-1 is unusual",
            "recovered: duration of nightly on db-1"},
        Row{AlertKind::size_anomaly, R"(size of "nightly" on db-1 is unusual)",
            R"([WARNING] db-1: size of "nightly" is unusual (vault prod))",
            "warning: size of nightly on db-1 is unusual", "recovered: size of nightly on db-1"},
        Row{AlertKind::cloned_client, "the key of db-1 is used by two hosts",
            "[WARNING] db-1: two hosts use its key (vault prod)",
            "warning: the key of db-1 is used by two hosts", "recovered: the key of db-1"},
        Row{AlertKind::never_connected, "db-1 has never connected",
            "[INFORMATIONAL] db-1: never connected (vault prod)",
            "informational: db-1 has never connected", "recovered: db-1"},
        Row{AlertKind::delivery_failing, "delivery to ops@example.org by email fails",
            "[CRITICAL] Vaultbell: delivery to ops@example.org by email fails",
            "critical: delivery to ops@example.org by email fails",
            "recovered: delivery to ops@example.org by email"},
        Row{AlertKind::self, "Vaultbell's clock is in trouble",
            "[CRITICAL] Vaultbell: trouble with the clock",
            "critical: Vaultbell's clock is in trouble", "recovered: Vaultbell's clock"},
        Row{AlertKind::test, "a test alert for db-1 was raised",
            "[TEST INFORMATIONAL] db-1: a test alert (vault prod)",
            "informational: a test alert for db-1 was raised", "recovered: a test alert for db-1"}),
    [](const auto& row) { return std::string(to_text(row.param.kind)); });

TEST(Alerts, EveryKindIsInTheTableAbove) {
  EXPECT_EQ(kEnumText<AlertKind>.size(), 21U);
}

TEST(Alerts, AReminderAndAnEscalationSaySoInFront) {
  const auto facts = facts_of(AlertKind::backup_failed);
  const std::string rest = R"(] db-1: backup "nightly" failed (vault prod))";
  EXPECT_EQ(mail_subject(facts, NotificationEvent::reminder), "[STILL CRITICAL" + rest);
  EXPECT_EQ(mail_subject(facts, NotificationEvent::escalated), "[ESCALATED CRITICAL" + rest);
  EXPECT_EQ(scenario_line(facts, NotificationEvent::reminder),
            "still critical: backup of nightly on db-1 failed");
  EXPECT_EQ(scenario_line(facts, NotificationEvent::escalated),
            "escalated critical: backup of nightly on db-1 failed");
}

TEST(Alerts, AClientThatFlapsIsCalledSo) {
  auto facts = facts_of(AlertKind::client_disconnected);
  facts.alert.is_flapping = true;
  EXPECT_EQ(headline(facts), "db-1 comes and goes (flapping)");
}

TEST(Alerts, ProtectionThatEndsForAWholeHostIsItsUnenrolment) {
  auto facts = facts_of(AlertKind::protection_stopped);
  facts.job.clear();
  EXPECT_EQ(headline(facts), "db-1 was unenrolled");
  EXPECT_EQ(mail_subject(facts, NotificationEvent::raised),
            "[WARNING] db-1: unenrolled (vault prod)");
}

TEST(Alerts, ATestOfAVaultNamesIt) {
  auto facts = facts_of(AlertKind::test);
  facts.client.clear();
  EXPECT_EQ(headline(facts), "a test alert for vault prod was raised");
  EXPECT_EQ(mail_subject(facts, NotificationEvent::raised),
            "[TEST INFORMATIONAL] vault prod: a test alert");
}

TEST(Alerts, OnAPhoneItSaysWhatStateItIsIn) {
  const auto facts = facts_of(AlertKind::backup_failed);
  EXPECT_EQ(sms_text(facts, NotificationEvent::raised),
            R"(CRITICAL db-1: backup "nightly" failed (vault prod))");
  EXPECT_EQ(sms_text(facts, NotificationEvent::recovered),
            R"(RESOLVED db-1: backup "nightly" failed (vault prod))");
}

TEST(Alerts, OnAPhoneTheVaultIsLeftOutWhereItDoesNotFit) {
  auto facts = facts_of(AlertKind::client_disconnected);
  facts.client.clear();
  for (int i = 0; i < 124; ++i) facts.client += "ü";  // counted as characters, not as bytes
  facts.vault = "prod";
  const auto full = sms_text(facts, NotificationEvent::raised);
  EXPECT_EQ(full, "CRITICAL " + facts.client + ": disconnected (vault prod)");
  facts.vault = "prod1";
  EXPECT_EQ(sms_text(facts, NotificationEvent::raised),
            "CRITICAL " + facts.client + ": disconnected");
}

TEST(Alerts, AFailedOperationIsCalledByItsName) {
  auto facts = facts_of(AlertKind::operation_failed);
  const std::vector<std::pair<Operation, std::string>> nouns = {
      {Operation::configure, "configuration"},
      {Operation::prune, "pruning"},
      {Operation::delete_backup, "deletion of backups"},
      {Operation::stop_protection_retain, "end of protection"},
      {Operation::stop_protection_delete, "end of protection"},
  };
  for (const auto& [operation, noun] : nouns) {
    facts.alert.operation = operation;
    EXPECT_EQ(headline(facts), noun + R"( of "nightly" on db-1 failed)");
  }
}

}  // namespace
}  // namespace vaultbell::wording
