// Raising, consolidating, recovering and inactivating alerts: R4.1 to R4.5.
#include "aggregator/core/alerts.hpp"

#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using support::a_report;
using support::Lines;
using Alerts = support::InWorld;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;

TEST_F(Alerts, AFailedBackupRaisesOneCriticalAlert) {
  world.report(world.host("web1"), a_report("db").failed("disk full"));

  EXPECT_EQ(world.alerts(), Lines{"backup_failed db on web1"});
  const auto alert = world.last_alert(AlertKind::backup_failed);
  EXPECT_EQ(alert->severity, Severity::critical);
  EXPECT_EQ(alert->message, "disk full");
  EXPECT_EQ(alert->run, world.last_run().id);
}

TEST_F(Alerts, AnAlertIsToldWhenItsHoldEndsAndNotBefore) {
  world.report(world.host("web1"), a_report("db").failed());

  world.pass(1h - 1s);
  EXPECT_EQ(world.take_mail_lines(), Lines{});
  world.pass(1s);
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup of db on web1 failed"});
}

}  // namespace
}  // namespace vaultbell::core
