// When an alert is told: the hold of its kind, client, vault and account (R4.5), maintenance (R4.7)
// and quiet hours (R6.4).
#include "aggregator/core/telling.hpp"

#include "aggregator/core/deadlines.hpp"
#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using support::a_report;
using support::at;
using support::Lines;

const Lines kFailed{"ops: critical: backup of db on web1 failed"};
const Lines kWarned{"ops: warning: backup of db on web1 ended with warnings"};

class Telling : public support::InWorld {
 protected:
  Telling() = default;
  explicit Telling(Instant begin) : InWorld(begin) {}

  support::Host& web1 = world.host("web1");
  const VaultId prod = world.vault("prod");

  void set_vault(Policy policy) {
    EXPECT_EQ(remark(SetPolicy{.holder = {.vault = prod}, .policy = std::move(policy)}), "");
  }
  void set_client(Policy policy) {
    EXPECT_EQ(remark(SetPolicy{.holder = {.client = web1.client}, .policy = std::move(policy)}),
              "");
  }
  void fail() { world.report(web1, a_report("db").failed()); }
  void warn() { world.report(web1, a_report("db").warned()); }

  void expect_silence_until(Instant when) {
    world.pass_until(when - 1s);
    EXPECT_EQ(world.take_mail_lines(), Lines{});
    world.pass(1s);
  }
  // What holds the newest alert of this kind back, and until when.
  [[nodiscard]] std::optional<Held> held_now(AlertKind kind) const {
    const auto alert = *world.last_alert(kind);
    return held(alert, telling_of(world.state(), alert));
  }
  void maintain(StartMaintenance order) {
    order.why = "new disks";
    EXPECT_EQ(remark(std::move(order)), "");
  }
};

// ---- the hold (R4.5)

TEST_F(Telling, WaitsForTheHoldOfTheVaultWhereTheClientHasNoneOfItsOwn) {
  set_vault({.notify_after = 20min});
  fail();
  EXPECT_EQ(held_now(AlertKind::backup_failed), (Held{world.now() + 20min, HeldBy::hold}));
  expect_silence_until(at("03-01 02:20"));
  EXPECT_EQ(world.take_mail_lines(), kFailed);
}

TEST_F(Telling, WaitsForTheHoldOfTheKindAtTheNearestLevelThatHasAWord) {
  auto settings = world.settings();
  settings.notify_after_by_kind = {{AlertKind::backup_warning, 3h}};
  world.reconfigure(settings);
  set_vault({.notify_after = 20min});
  set_client({.notify_after_by_kind = {{AlertKind::backup_failed, 5min}}});
  fail();
  expect_silence_until(at("03-01 02:05"));
  EXPECT_EQ(world.take_mail_lines(), kFailed);
  warn();
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: recovered: backup of db on web1"});
  expect_silence_until(at("03-01 02:25"));
  EXPECT_EQ(world.take_mail_lines(), kWarned);
}

TEST_F(Telling, FollowsEveryChangeOfTheHoldWhileAnAlertIsHeld) {
  fail();
  world.pass(5min);
  set_vault({.notify_after = 3h});
  world.pass(1h);
  EXPECT_EQ(world.take_mail_lines(), Lines{});
  set_client({.notify_after = 90min});
  expect_silence_until(at("03-01 03:30"));
  EXPECT_EQ(world.take_mail_lines(), kFailed);
}

TEST_F(Telling, HappensAtOnceWhereTheHoldBecomesShorterThanWhatHasPassed) {
  fail();
  world.pass(30min);
  set_client({.notify_after = 10min});
  EXPECT_EQ(world.take_mail_lines(), kFailed);
}

TEST_F(Telling, FollowsAClientToTheVaultThatItIsMovedTo) {
  EXPECT_TRUE(world.order(CreateVault{.name = "slow", .policy = {.notify_after = 3h}}).has_value());
  fail();
  EXPECT_EQ(remark(MoveClient{web1.client, world.vault("slow")}), "");
  expect_silence_until(at("03-01 05:00"));
  EXPECT_EQ(world.take_mail_lines(), kFailed);
}

TEST_F(Telling, OfDestroyedDataIsAtOnceWhateverThePoliciesSay) {
  const KindHold hold{AlertKind::backup_data_deleted, 3h};
  set_vault({.notify_after = 3h, .notify_after_by_kind = {hold}, .frequency = Frequency::daily});
  set_client({.notify_after = 3h,
              .notify_after_by_kind = {hold},
              .quiet = QuietHours{{0h, 23h}, "UTC", false}});
  world.report(web1, a_report("db").of(Operation::delete_backup).succeeded());
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup data of db on web1 was deleted"});
}

// ---- maintenance (R4.7)

TEST_F(Telling, OfWhatIsRaisedInAMaintenanceWaitsForItsEnd) {
  maintain({.scope = {.client = web1.client}, .until = at("03-01 05:00")});
  fail();
  EXPECT_EQ(world.alerts(), Lines{"backup_failed db on web1"});
  EXPECT_EQ(held_now(AlertKind::backup_failed), (Held{at("03-01 05:00"), HeldBy::maintenance}));
  expect_silence_until(at("03-01 05:00"));
  EXPECT_EQ(world.take_mail_lines(), kFailed);
}

TEST_F(Telling, OfWhatIsOverWithTheMaintenanceNeverHappens) {
  maintain({.scope = {.vault = prod}, .until = at("03-01 05:00")});
  fail();
  world.pass_until(at("03-01 04:59"));
  world.report(web1, a_report("db").succeeded());
  world.pass(1h);
  EXPECT_EQ(world.last_alert(AlertKind::backup_failed)->decision->reason,
            NotifyReason::resolved_during_hold);
}

TEST_F(Telling, WaitsForTheHoldEvenWhenTheMaintenanceIsOverBefore) {
  maintain({.scope = {}, .until = at("03-01 02:30")});
  fail();
  expect_silence_until(at("03-01 03:00"));
  EXPECT_EQ(world.take_mail_lines(), kFailed);
}

TEST_F(Telling, IsStoppedByAMaintenanceThatBeginsDuringTheHold) {
  fail();
  world.pass(59min);
  maintain({.scope = {.kind = AlertKind::backup_failed}, .until = at("03-01 06:00")});
  expect_silence_until(at("03-01 06:00"));
  EXPECT_EQ(world.take_mail_lines(), kFailed);
}

TEST_F(Telling, IsNotStoppedByAMaintenanceAboutSomethingElse) {
  fail();
  const auto db = world.state().job_by_name.at({web1.client, "db"});
  world.report(web1, a_report("files").succeeded());
  const auto files = world.state().job_by_name.at({web1.client, "files"});
  auto& web2 = world.host("web2");
  const auto until = at("03-02 02:00");
  maintain({.scope = {.job = files}, .until = until});
  maintain({.scope = {.client = web2.client}, .until = until});
  maintain({.scope = {.vault = world.vault("test")}, .until = until});
  maintain({.scope = {.kind = AlertKind::backup_warning}, .until = until});
  maintain({.scope = {.client = web2.client, .job = db}, .until = until});
  maintain({.scope = {.job = db}, .from = at("03-01 04:00"), .until = until});
  world.pass(1h);
  EXPECT_EQ(world.take_mail_lines(), kFailed);
}

TEST_F(Telling, WaitsForTheLastOfSeveralMaintenances) {
  maintain({.scope = {.client = web1.client}, .until = at("03-01 04:00")});
  maintain({.scope = {.vault = prod}, .from = at("03-01 03:30"), .until = at("03-01 07:00")});
  fail();
  expect_silence_until(at("03-01 07:00"));
  EXPECT_EQ(world.take_mail_lines(), kFailed);
}

TEST_F(Telling, HappensWhenTheSecondOfSeveralMaintenancesIsEndedByHand) {
  maintain({.scope = {.client = web1.client}, .until = at("03-01 04:00")});
  maintain({.scope = {.vault = prod}, .from = at("03-01 03:30"), .until = at("03-01 07:00")});
  fail();
  expect_silence_until(at("03-01 05:00"));
  EXPECT_EQ(remark(EndMaintenance{{2}}), "");
  EXPECT_EQ(world.take_mail_lines(), kFailed);
}

TEST_F(Telling, HappensWhenTheMaintenanceIsEndedByHand) {
  maintain({.scope = {.client = web1.client}, .until = at("03-02 02:00")});
  fail();
  world.pass(2h);
  EXPECT_EQ(world.take_mail_lines(), Lines{});
  EXPECT_EQ(remark(EndMaintenance{{1}}), "");
  EXPECT_EQ(world.take_mail_lines(), kFailed);
}

TEST_F(Telling, WaitsForAnExtendedMaintenance) {
  maintain({.scope = {.client = web1.client}, .until = at("03-01 04:00")});
  fail();
  world.pass(90min);
  EXPECT_EQ(remark(ExtendMaintenance{{1}, at("03-01 06:00")}), "");
  expect_silence_until(at("03-01 06:00"));
  EXPECT_EQ(world.take_mail_lines(), kFailed);
}

TEST_F(Telling, WaitsForAMaintenanceOverARestart) {
  maintain({.scope = {.client = web1.client}, .until = at("03-01 05:00")});
  fail();
  world.stop();
  world.pass(30min);
  world.start();
  expect_silence_until(at("03-01 05:00"));
  EXPECT_EQ(world.take_mail_lines(), kFailed);
}

TEST_F(Telling, HappensAfterAMaintenanceThatEndedWhileTheAggregatorWasAway) {
  maintain({.scope = {.client = web1.client}, .until = at("03-01 05:00")});
  fail();
  world.pass(10min);
  world.stop();
  world.pass_until(at("03-01 06:00"));
  world.start();
  expect_silence_until(at("03-01 06:01:30"));
  EXPECT_EQ(world.take_mail_lines(), kFailed);
}

TEST_F(Telling, OfDestroyedDataIsStoppedOnlyByAMaintenanceThatNamesIt) {
  const auto until = at("03-01 05:00");
  maintain({.scope = {.client = web1.client}, .until = until});
  world.report(web1, a_report("db").of(Operation::delete_backup).succeeded());
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup data of db on web1 was deleted"});
  maintain({.scope = {.kind = AlertKind::backup_data_deleted}, .until = until});
  world.report(web1, a_report("files").of(Operation::delete_backup).succeeded());
  expect_silence_until(until);
  EXPECT_EQ(world.take_mail_lines(),
            Lines{"ops: critical: backup data of files on web1 was deleted"});
}

TEST_F(Telling, WaitsForTheEndOfARecurringWindowEachTime) {
  maintain({.recurrence = Recurrence{"0 3 * * *", "UTC", 2h}});
  fail();
  expect_silence_until(at("03-01 05:00"));
  EXPECT_EQ(world.take_mail_lines(), kFailed);
  world.report(web1, a_report("db").succeeded());
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: recovered: backup of db on web1"});
  world.pass_until(at("03-02 02:00"));
  fail();
  expect_silence_until(at("03-02 05:00"));
  EXPECT_EQ(world.take_mail_lines(), kFailed);
}

TEST_F(Telling, DoesNotWaitForRecurringWindowsThatAreOverForGood) {
  maintain({.until = at("03-01 04:00"), .recurrence = Recurrence{"0 3 * * *", "UTC", 2h}});
  fail();
  expect_silence_until(at("03-01 04:00"));
  EXPECT_EQ(world.take_mail_lines(), kFailed);
  world.report(web1, a_report("db").succeeded());
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: recovered: backup of db on web1"});
  world.pass_until(at("03-02 02:00"));
  fail();
  expect_silence_until(at("03-02 03:00"));
  EXPECT_EQ(world.take_mail_lines(), kFailed);
}

// Windows that follow each other without a gap for ever would never let anything out: after a
// month of them the alert is told all the same, or is looked at again.
TEST_F(Telling, IsAskedAgainWhereWindowsFollowEachOtherWithoutAGap) {
  maintain({.recurrence = Recurrence{"0 * * * *", "UTC", 1h}});
  fail();
  world.pass(25h);
  EXPECT_EQ(world.take_mail_lines(), Lines{});
  EXPECT_EQ(held_now(AlertKind::backup_failed)->by, HeldBy::maintenance);
}

TEST_F(Telling, RecoveriesAreToldInAMaintenanceToo) {
  fail();
  world.pass(1h);
  EXPECT_EQ(world.take_mail_lines(), kFailed);
  maintain({.scope = {.client = web1.client}, .until = at("03-01 09:00")});
  world.report(web1, a_report("db").succeeded());
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: recovered: backup of db on web1"});
}

// ---- quiet hours (R6.4)

TEST_F(Telling, WaitsForTheEndOfQuietHours) {
  set_vault({.quiet = QuietHours{{22h, 7h}, "Europe/Berlin"}});  // until 06:00 UTC
  warn();
  EXPECT_EQ(held_now(AlertKind::backup_warning), (Held{at("03-01 06:00"), HeldBy::quiet_hours}));
  expect_silence_until(at("03-01 06:00"));
  EXPECT_EQ(world.take_mail_lines(), kWarned);
}

TEST_F(Telling, OfWhatIsCriticalPassesQuietHoursUnlessTheySayOtherwise) {
  set_vault({.quiet = QuietHours{{22h, 7h}, "UTC"}});
  fail();
  expect_silence_until(at("03-01 03:00"));
  EXPECT_EQ(world.take_mail_lines(), kFailed);
  set_vault({.quiet = QuietHours{{22h, 7h}, "UTC", false}});
  world.report(web1, a_report("files").failed());
  expect_silence_until(at("03-01 07:00"));
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup of files on web1 failed"});
}

TEST_F(Telling, HappensAtTheFirstMinuteThatIsNotQuietAndNotAtTheLastThatIs) {
  set_vault({.notify_after = 0s, .quiet = QuietHours{{2h, 3h}, "UTC"}});
  world.pass_until(at("03-01 02:59:59"));
  warn();
  EXPECT_EQ(world.take_mail_lines(), Lines{});
  world.pass(1s);
  EXPECT_EQ(world.take_mail_lines(), kWarned);
  world.report(web1, a_report("files").warned());
  EXPECT_EQ(world.take_mail_lines(),
            Lines{"ops: warning: backup of files on web1 ended with warnings"});
}

TEST_F(Telling, GoesFromQuietHoursToAMaintenanceAndBack) {
  set_vault({.quiet = QuietHours{{2h, 4h}, "UTC"}});
  maintain(
      {.scope = {.client = web1.client}, .from = at("03-01 03:30"), .until = at("03-02 02:30")});
  warn();
  expect_silence_until(at("03-02 04:00"));
  EXPECT_EQ(world.take_mail_lines(), kWarned);
}

TEST_F(Telling, HappensWhenThePolicyLosesItsQuietHours) {
  set_vault({.quiet = QuietHours{{22h, 7h}, "UTC"}});
  warn();
  world.pass(2h);
  EXPECT_EQ(world.take_mail_lines(), Lines{});
  set_vault({});
  EXPECT_EQ(world.take_mail_lines(), kWarned);
}

class TellingInTheNightOfSpring : public Telling {
 protected:
  TellingInTheNightOfSpring() : Telling(at("03-28 22:00")) {}
};

TEST_F(TellingInTheNightOfSpring, EndsQuietHoursAnHourEarlierByUtc) {
  set_vault({.quiet = QuietHours{{22h, 7h}, "Europe/Berlin"}});
  warn();
  expect_silence_until(at("03-29 05:00"));
  EXPECT_EQ(world.take_mail_lines(), kWarned);
}

TEST_F(TellingInTheNightOfSpring, BeginsNoWindowAtATimeThatDoesNotExist) {
  maintain({.recurrence = Recurrence{"30 2 * * *", "Europe/Berlin", 4h}});
  world.pass_until(at("03-29 00:00"));
  fail();
  expect_silence_until(at("03-29 01:00"));
  EXPECT_EQ(world.take_mail_lines(), kFailed);
}

class TellingInTheNightOfAutumn : public Telling {
 protected:
  TellingInTheNightOfAutumn() : Telling(at("10-24 22:00")) {}
};

TEST_F(TellingInTheNightOfAutumn, EndsQuietHoursAnHourLaterByUtc) {
  set_vault({.quiet = QuietHours{{22h, 7h}, "Europe/Berlin"}});
  warn();
  expect_silence_until(at("10-25 06:00"));
  EXPECT_EQ(world.take_mail_lines(), kWarned);
}

TEST_F(TellingInTheNightOfAutumn, BeginsAWindowTwiceAtATimeThatExistsTwice) {
  maintain({.recurrence = Recurrence{"30 2 * * *", "Europe/Berlin", 1h}});
  world.pass_until(at("10-25 00:00"));
  fail();
  // 02:30 is shown at 00:30 and at 01:30 UTC.
  expect_silence_until(at("10-25 02:30"));
  EXPECT_EQ(world.take_mail_lines(), kFailed);
}

}  // namespace
}  // namespace vaultbell::core
