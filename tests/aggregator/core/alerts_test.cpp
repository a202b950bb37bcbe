// Raising, consolidating, recovering and inactivating alerts: R4.1 to R4.5 and R4.12.
#include "aggregator/core/alerts.hpp"

#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using support::a_report;
using support::Lines;
using support::rows_of;

class Alerts : public support::InWorld {
 protected:
  support::Host& web1 = world.host("web1");

  Settings settings_with_hold(Duration notify_after) const {
    auto settings = world.settings();
    settings.notify_after = notify_after;
    return settings;
  }
};

// ---- raising (R4.2)

TEST_F(Alerts, AFailedBackupRaisesOneCriticalAlert) {
  world.report(web1, a_report("db").failed("disk full"));

  EXPECT_EQ(world.alerts(), Lines{"backup_failed db on web1"});
  const auto run = world.last_run();
  const Alert expected{.id = {1},
                       .kind = AlertKind::backup_failed,
                       .severity = Severity::critical,
                       .vault = {1},
                       .client = web1.client,
                       .job = run.job,
                       .first_at = world.now(),
                       .last_at = world.now(),
                       .run = run.id,
                       .message = "disk full",
                       .hold_from = world.now()};
  EXPECT_EQ(world.last_alert(AlertKind::backup_failed), expected);
  EXPECT_EQ(run.verdict, RunVerdict::raised_alert);
  EXPECT_EQ(run.alert, expected.id);
}

TEST_F(Alerts, WithoutAMessageTheAlertSaysWhatElseIsKnownOfTheFailure) {
  const auto message_of = [&](RunReport report) {
    world.report(web1, std::move(report));
    return world.last_alert(AlertKind::backup_failed)->message;
  };
  auto with_signal = a_report("db").failed().because(OutcomeReason::error);
  with_signal.report().signal = 9;
  with_signal.report().exit_code = 137;
  auto with_exit_code = a_report("db").failed().because(OutcomeReason::error);
  with_exit_code.report().exit_code = 3;

  EXPECT_EQ(message_of(with_signal), "killed by signal 9");
  EXPECT_EQ(message_of(with_exit_code), "exit code 3");
  EXPECT_EQ(message_of(a_report("db").failed().because(OutcomeReason::timeout)), "timeout");
  EXPECT_EQ(message_of(a_report("db").failed()), "");
}

TEST_F(Alerts, EveryJobAndEveryClientHasAlertsOfItsOwn) {
  world.report(web1, a_report("db").failed());
  world.report(web1, a_report("files").failed());
  world.report(world.host("web2"), a_report("db").failed());

  EXPECT_EQ(world.alerts(), (Lines{"backup_failed db on web1", "backup_failed files on web1",
                                   "backup_failed db on web2"}));
}

TEST_F(Alerts, EveryOperationThatFailsHasAnAlertOfItsOwn) {
  world.report(web1, a_report("db").of(Operation::verify).failed());
  world.report(web1, a_report("db").of(Operation::prune).failed());
  world.report(web1, a_report("db").of(Operation::verify).succeeded());

  EXPECT_EQ(world.alerts(), Lines{"operation_failed prune of db on web1"});
}

// ---- consolidation (R4.3)

TEST_F(Alerts, SecondFailureAddsAnOccurrenceAndNotifiesNobody) {
  world.report(web1, a_report("db").failed("disk full"));
  world.pass(1h);
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup of db on web1 failed"});

  world.report(web1, a_report("db").failed("still full"));
  world.pass(2h);

  EXPECT_EQ(world.alerts(), Lines{"backup_failed db on web1 x2"});
  const auto alert = world.last_alert(AlertKind::backup_failed);
  EXPECT_EQ(alert->first_at, world.now() - 3h);
  EXPECT_EQ(alert->last_at, world.now() - 2h);
  EXPECT_EQ(alert->message, "still full");
  EXPECT_EQ(alert->run, world.last_run().id);
  EXPECT_EQ(world.last_run().verdict, RunVerdict::added_occurrence);
}

TEST_F(Alerts, AnOccurrenceDuringTheHoldDoesNotProlongIt) {
  world.report(web1, a_report("db").failed());
  world.pass(30min);
  world.report(web1, a_report("db").failed());
  world.pass(30min);

  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup of db on web1 failed"});
}

TEST_F(Alerts, OnceInactiveTheNextOccurrenceIsANewAlertAndNotifiesAgain) {
  world.report(web1, a_report("db").failed());
  world.pass(1h);
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup of db on web1 failed"});
  EXPECT_TRUE(world.order(InactivateAlert{.alert = {1}}).has_value());

  world.report(web1, a_report("db").failed());
  world.pass(1h);

  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup of db on web1 failed"});
  EXPECT_EQ(world.last_alert(AlertKind::backup_failed)->id, AlertId{2});
}

// ---- the hold (R4.5)

TEST_F(Alerts, AnAlertIsToldWhenItsHoldEndsAndNotBefore) {
  world.report(web1, a_report("db").failed());

  world.pass(1h - 1s);
  EXPECT_EQ(world.take_mail_lines(), Lines{});
  world.pass(1s);
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup of db on web1 failed"});
  const NotifyDecision expected{NotifyReason::notified, world.now()};
  EXPECT_EQ(world.last_alert(AlertKind::backup_failed)->decision, expected);
}

TEST_F(Alerts, WithoutAHoldItIsToldByTheNextTickOfTheSameTurn) {
  world.reconfigure(settings_with_hold(0s));

  const auto decision = world.submit(ReportReceived{.client = web1.client,
                                                    .spool = web1.spool,
                                                    .sequence = 1,
                                                    .report = a_report("db").run(1).failed()});

  EXPECT_EQ(support::effects_of<SendAck>(decision).size(), 1U);
  EXPECT_EQ(rows_of<Alert>(decision.changes).size(), 1U);
  EXPECT_EQ(next_deadline(world.state()), world.now());
  const auto tick = world.submit(Tick{});
  EXPECT_EQ(rows_of<Alert>(tick.changes).front().decision->reason, NotifyReason::notified);
  EXPECT_EQ(rows_of<Notification>(tick.changes).size(), 1U);  // R7.3
  world.settle();
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup of db on web1 failed"});
}

TEST_F(Alerts, DestroyedDataAndStoppedProtectionAreToldAtOnce) {
  world.report(web1, a_report("db").of(Operation::stop_protection_retain).succeeded());
  world.report(web1, a_report("db").of(Operation::delete_backup).succeeded());
  world.report(web1, a_report("db").of(Operation::stop_protection_delete).warned());

  EXPECT_EQ(world.take_mail_lines(),
            (Lines{"ops: warning: protection of db on web1 was stopped",
                   "ops: critical: backup data of db on web1 was deleted",
                   "ops: critical: backup data of db on web1 was deleted"}));
}

TEST_F(Alerts, AShorterHoldCountsForAlertsThatAreHeldAlready) {
  world.report(web1, a_report("db").failed());
  world.pass(10min);

  world.reconfigure(settings_with_hold(20min));

  world.pass(10min - 1s);
  EXPECT_EQ(world.take_mail_lines(), Lines{});
  world.pass(1s);
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup of db on web1 failed"});
}

// ---- recovery (R4.4, R4.12)

TEST_F(Alerts, ASuccessRecoversBothBackupAlertsAndIsToldToThoseWhoWereTold) {
  world.report(web1, a_report("db").failed());
  world.report(web1, a_report("db").warned());
  EXPECT_EQ(world.alerts(), Lines{"backup_warning db on web1"});
  world.report(web1, a_report("db").failed());
  world.pass(1h);
  EXPECT_EQ(world.take_mail_lines(),
            (Lines{"ops: warning: backup of db on web1 ended with warnings",
                   "ops: critical: backup of db on web1 failed"}));

  world.report(web1, a_report("db").succeeded());

  EXPECT_EQ(world.alerts(), Lines{});
  EXPECT_EQ(world.take_mail_lines(), (Lines{"ops: recovered: backup of db on web1",
                                            "ops: recovered: backup of db on web1"}));
  const auto run = world.last_run();
  EXPECT_EQ(run.verdict, RunVerdict::recovered_alert);
  const Inactivation expected{
      .reason = InactiveReason::recovered_by_run, .at = world.now(), .run = run.id};
  EXPECT_EQ(world.last_alert(AlertKind::backup_failed)->inactivation, expected);
}

TEST_F(Alerts, AWarningRecoversAFailureAndRaisesAnAlertOfItsOwn) {
  world.report(web1, a_report("db").failed());
  world.report(web1, a_report("db").warned("2 files could not be read"));

  EXPECT_EQ(world.alerts(), Lines{"backup_warning db on web1"});
  EXPECT_EQ(world.last_run().verdict, RunVerdict::raised_alert);
  EXPECT_EQ(world.last_alert(AlertKind::backup_warning)->message, "2 files could not be read");
}

TEST_F(Alerts, AFailureDoesNotRecoverAWarning) {
  world.report(web1, a_report("db").warned());
  world.report(web1, a_report("db").failed());

  EXPECT_EQ(world.alerts(), (Lines{"backup_warning db on web1", "backup_failed db on web1"}));
}

TEST_F(Alerts, RecoveryDuringTheHoldIsToldToNobodyAndTheAlertSaysWhy) {
  world.report(web1, a_report("db").failed());
  world.pass(59min);
  world.report(web1, a_report("db").succeeded());
  world.pass(2h);

  EXPECT_EQ(world.take_mail_lines(), Lines{});
  EXPECT_EQ(world.last_alert(AlertKind::backup_failed)->decision->reason,
            NotifyReason::resolved_during_hold);
}

TEST_F(Alerts, NobodyHearsOfTheRecoveryOfAnAlertThatNobodyWasToldOf) {
  const auto prod = world.vault("prod");
  EXPECT_TRUE(
      world.order(SetPolicy{.holder = {.vault = prod}, .policy = {PolicyMode::off}}).has_value());
  world.report(web1, a_report("db").failed());
  world.pass(1h);
  EXPECT_TRUE(
      world.order(SetPolicy{.holder = {.vault = prod}, .policy = {PolicyMode::default_recipients}})
          .has_value());

  world.report(web1, a_report("db").succeeded());
  world.pass(1h);

  EXPECT_EQ(world.take_mail_lines(), Lines{});
}

TEST_F(Alerts, RecoveryIsToldToThoseWhoWereToldEvenWhenTheyAreNoLongerOwners) {
  world.report(web1, a_report("db").failed());
  world.pass(1h);
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup of db on web1 failed"});
  auto settings = world.settings();
  settings.owners = {"boss@example.org"};
  world.reconfigure(settings);

  world.report(web1, a_report("db").succeeded());

  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: recovered: backup of db on web1"});
}

TEST_F(Alerts, ARestoreThatFailedAndDestroyedDataNeverRecoverByThemselves) {
  world.report(web1, a_report("db").of(Operation::restore).failed());
  world.report(web1, a_report("db").of(Operation::stop_protection_retain).succeeded());
  world.report(web1, a_report("db").of(Operation::delete_backup).succeeded());
  const Lines raised{"restore_failed db on web1", "protection_stopped db on web1",
                     "backup_data_deleted delete_backup of db on web1"};
  EXPECT_EQ(world.alerts(), raised);

  world.report(web1, a_report("db").of(Operation::restore).succeeded());
  world.report(web1, a_report("db").succeeded());

  EXPECT_EQ(world.alerts(), raised);
  EXPECT_EQ(world.take_mail_lines().size(), 2U);
}

TEST_F(Alerts, ADestructiveOperationThatFailedRecoversWhenItSucceedsWhichIsAnAlertOfItsOwn) {
  world.report(web1, a_report("db").of(Operation::delete_backup).failed());
  EXPECT_EQ(world.alerts(), Lines{"operation_failed delete_backup of db on web1"});

  world.report(web1, a_report("db").of(Operation::delete_backup).succeeded());

  EXPECT_EQ(world.alerts(), Lines{"backup_data_deleted delete_backup of db on web1"});
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup data of db on web1 was deleted"});
}

// ---- exceptions (R4.1)

TEST_F(Alerts, AnExceptionRaisesNothingRecoversNothingAndIsKeptWithTheRun) {
  world.report(web1, a_report("db").failed("disk full"));
  const auto verdict_of = [&](RunReport report) {
    world.report(web1, std::move(report));
    return world.last_run().verdict;
  };

  EXPECT_EQ(verdict_of(a_report("db").cancelled()), RunVerdict::not_alerted_user_cancelled);
  EXPECT_EQ(verdict_of(a_report("db").failed().because(OutcomeReason::another_run_in_progress)),
            RunVerdict::not_alerted_another_run);
  EXPECT_EQ(verdict_of(a_report("db").failed().because(OutcomeReason::source_gone)),
            RunVerdict::not_alerted_source_gone);
  EXPECT_EQ(world.alerts(), Lines{"backup_failed db on web1"});
}

// ---- inactivation by hand (R4.4)

TEST_F(Alerts, AnOperatorInactivatesAnAlertAndWhoWhenAndWhyAreKept) {
  world.report(web1, a_report("db").failed());
  world.pass(1h);
  EXPECT_EQ(world.take_mail_lines().size(), 1U);

  EXPECT_TRUE(world.order(InactivateAlert{.alert = {1}, .why = "known, disk ordered"}).has_value());

  const Inactivation expected{.reason = InactiveReason::by_operator,
                              .at = world.now(),
                              .who = "alice",
                              .why = "known, disk ordered"};
  EXPECT_EQ(world.last_alert(AlertKind::backup_failed)->inactivation, expected);
  EXPECT_EQ(world.alerts(), Lines{});
  EXPECT_EQ(world.take_mail_lines(), Lines{});
}

TEST_F(Alerts, InactivatedDuringTheHoldNobodyIsToldAndTheAlertSaysWhy) {
  world.report(web1, a_report("db").failed());
  EXPECT_TRUE(world.order(InactivateAlert{.alert = {1}}).has_value());
  world.pass(2h);

  EXPECT_EQ(world.last_alert(AlertKind::backup_failed)->decision->reason,
            NotifyReason::inactivated_during_hold);
}

// ---- a full spool (R3.6)

TEST_F(Alerts, AFullSpoolIsOneAlertUntilThereIsSpaceAgain) {
  world.spool_full(web1, true);
  world.spool_full(web1, true);
  EXPECT_EQ(world.alerts(), Lines{"spool_full web1"});
  EXPECT_EQ(world.last_alert(AlertKind::spool_full)->message,
            "the agent's spool is full: it refuses new reports");

  world.spool_full(web1, false);
  world.spool_full(web1, false);

  EXPECT_EQ(world.alerts(), Lines{});
  EXPECT_EQ(world.last_alert(AlertKind::spool_full)->inactivation->reason,
            InactiveReason::recovered_by_space);
}

// ---- limits

TEST_F(Alerts, ManyAlertsThatAreDueAtOnceAreToldInSlicesWithinTheSameMoment) {
  auto settings = settings_with_hold(1h);
  settings.owners.clear();
  for (int i = 0; i < 15; ++i) {
    settings.owners.push_back("owner" + std::to_string(i) + "@example.org");
  }
  world.reconfigure(settings);
  for (int i = 0; i < 14; ++i) world.report(web1, a_report("job" + std::to_string(i)).failed());
  world.receivers.next("owner3@example.org", {support::try_later()});

  world.pass(1h);
  EXPECT_EQ(world.take_mail_lines().size(), 14U * 15U - 1U);
  world.pass(1min);
  EXPECT_EQ(world.take_mail_lines().size(), 1U);
}

}  // namespace
}  // namespace vaultbell::core
