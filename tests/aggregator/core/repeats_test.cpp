// Reminders and escalation: telling again as long as nobody has claimed an alert (R6.4).
#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using support::a_report;
using support::at;
using support::Lines;

const std::string kFailedBackup = "critical: backup of db on web1 failed";
const std::string kRecovered = "recovered: backup of db on web1";

class Repeats : public support::InWorld {
 protected:
  support::Host& web1 = world.host("web1");
  const VaultId prod = world.vault("prod");
  const ContactId alice = world.contact("alice", "alice@example.org");
  const ContactId boss = world.contact("boss", "boss@example.org");

  void set_vault(Policy policy) {
    EXPECT_EQ(remark(SetPolicy{.holder = {.vault = prod}, .policy = std::move(policy)}), "");
  }
  static Policy custom(Audience audience) {
    return {.mode = PolicyMode::custom, .audience = std::move(audience)};
  }
  void fail() { world.report(web1, a_report("db").failed()); }
  void succeed() { world.report(web1, a_report("db").succeeded()); }
  Lines mails_until(Instant when) {
    world.pass_until(when);
    return world.take_mail_lines();
  }
  // The newest notification of this event.
  [[nodiscard]] Notification newest(NotificationEvent event) const {
    Notification found;
    for (const auto& [id, row] : world.rows().all<Notification>()) {
      if (row.event == event) found = row;
    }
    return found;
  }
};

using Reminders = Repeats;

TEST_F(Reminders, ComeEveryTimeUntilTheAlertIsOver) {
  set_vault({.remind_every = 2h});
  fail();
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{"ops: " + kFailedBackup});
  EXPECT_EQ(mails_until(at("03-01 04:59:59")), Lines{});
  EXPECT_EQ(mails_until(at("03-01 05:00")), Lines{"ops: still " + kFailedBackup});
  EXPECT_EQ(mails_until(at("03-01 07:00")), Lines{"ops: still " + kFailedBackup});
  EXPECT_EQ(world.last_alert(AlertKind::backup_failed)->reminders, 2U);
  succeed();
  EXPECT_EQ(mails_until(at("03-01 12:00")), Lines{"ops: " + kRecovered});
}

TEST_F(Reminders, StopWhenSomebodyHasClaimedTheAlert) {
  set_vault({.remind_every = 2h});
  fail();
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{"ops: " + kFailedBackup});
  EXPECT_EQ(remark(AcknowledgeAlert{{1}, "looking"}), "");
  EXPECT_EQ(mails_until(at("03-02 03:00")), Lines{});
  succeed();
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: " + kRecovered});
}

TEST_F(Reminders, AreNotAskedOfOccurrences) {
  set_vault({.remind_every = 2h});
  fail();
  EXPECT_EQ(mails_until(at("03-01 04:00")), Lines{"ops: " + kFailedBackup});
  fail();
  EXPECT_EQ(mails_until(at("03-01 05:00")), Lines{"ops: still " + kFailedBackup});
}

TEST_F(Reminders, BeginWhenThePolicyAsksForThemAndCountFromTheTelling) {
  fail();
  EXPECT_EQ(mails_until(at("03-01 04:00")), Lines{"ops: " + kFailedBackup});
  set_vault({.remind_every = 2h});
  EXPECT_EQ(mails_until(at("03-01 05:00")), Lines{"ops: still " + kFailedBackup});
  set_vault({.remind_every = 30min});
  EXPECT_EQ(mails_until(at("03-01 05:30")), Lines{"ops: still " + kFailedBackup});
  set_vault({});
  EXPECT_EQ(mails_until(at("03-01 09:00")), Lines{});
}

TEST_F(Reminders, GoOnAfterARestart) {
  set_vault({.remind_every = 2h});
  fail();
  EXPECT_EQ(mails_until(at("03-01 03:30")), Lines{"ops: " + kFailedBackup});
  world.stop();
  world.pass(10min);
  world.start();
  EXPECT_EQ(mails_until(at("03-01 05:00")), Lines{"ops: still " + kFailedBackup});
}

TEST_F(Reminders, ThatWereDueWhileTheAggregatorWasAwayComeOnce) {
  set_vault({.remind_every = 30min});
  fail();
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{"ops: " + kFailedBackup});
  world.stop();
  world.pass(5h);
  world.start();
  EXPECT_EQ(mails_until(at("03-01 08:01")), Lines{"ops: still " + kFailedBackup});
}

TEST_F(Reminders, WaitForQuietHoursAndMaintenances) {
  set_vault({.remind_every = 2h, .quiet = QuietHours{{4h, 6h}, "UTC", false}});
  fail();
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{"ops: " + kFailedBackup});
  EXPECT_EQ(mails_until(at("03-01 05:59:59")), Lines{});
  EXPECT_EQ(mails_until(at("03-01 06:00")), Lines{"ops: still " + kFailedBackup});
  EXPECT_EQ(remark(StartMaintenance{
                .scope = {.vault = prod}, .until = at("03-01 10:00"), .why = "new disks"}),
            "");
  EXPECT_EQ(mails_until(at("03-01 09:59:59")), Lines{});
  EXPECT_EQ(mails_until(at("03-01 10:00")), Lines{"ops: still " + kFailedBackup});
}

TEST_F(Reminders, ThatWereDueWhileTheAggregatorWasAwayWaitForTheWindowThatIsOpenThen) {
  set_vault({.remind_every = 2h});
  fail();
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{"ops: " + kFailedBackup});
  EXPECT_EQ(remark(StartMaintenance{.scope = {.vault = prod},
                                    .from = at("03-01 05:30"),
                                    .until = at("03-01 08:00"),
                                    .why = "new disks"}),
            "");
  world.stop();
  world.pass(3h);
  world.start();
  EXPECT_EQ(mails_until(at("03-01 07:59:59")), Lines{});
  EXPECT_EQ(mails_until(at("03-01 08:00")), Lines{"ops: still " + kFailedBackup});
}

TEST_F(Reminders, AreNeverInADigest) {
  set_vault({.frequency = Frequency::hourly, .remind_every = 2h});
  fail();
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{"ops: digest: " + kFailedBackup});
  EXPECT_EQ(mails_until(at("03-01 12:00")), Lines{});
}

TEST_F(Reminders, AreNotSentOfWhatNobodyWasToldOf) {
  set_vault({.mode = PolicyMode::off, .remind_every = 2h});
  fail();
  EXPECT_EQ(mails_until(at("03-01 12:00")), Lines{});
}

TEST_F(Reminders, GoToThoseWhomThePolicyNamesNowWhoThenHearOfTheRecoveryToo) {
  auto policy = custom({.contacts = {alice}});
  policy.remind_every = 2h;
  set_vault(policy);
  fail();
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{"alice: " + kFailedBackup});
  policy.audience = {.contacts = {boss}};
  set_vault(policy);
  EXPECT_EQ(mails_until(at("03-01 05:00")), Lines{"boss: still " + kFailedBackup});
  succeed();
  EXPECT_EQ(world.take_mail_lines(), (Lines{"alice: " + kRecovered, "boss: " + kRecovered}));
}

TEST_F(Reminders, ReachWhoCouldNotBeToldAndThenTheRecoveryDoesToo) {
  set_vault({.remind_every = 2h});
  world.receivers.next("ops@example.org", {support::refusal()});
  fail();
  // What could not be delivered is an alert of its own, of which there is nobody else to tell.
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{});
  EXPECT_EQ(mails_until(at("03-01 05:00")), Lines{"ops: still " + kFailedBackup});
  succeed();
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: " + kRecovered});
}

TEST_F(Reminders, ThatCouldNotBeDeliveredChangeNothingForTheRecovery) {
  set_vault({.remind_every = 2h});
  fail();
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{"ops: " + kFailedBackup});
  world.receivers.next("ops@example.org", {support::refusal()});
  EXPECT_EQ(mails_until(at("03-01 05:00")), Lines{});
  succeed();
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: " + kRecovered});
}

TEST_F(Reminders, AreLeftOutWhereAnEarlierMessageIsStillUnderWayAndItIsSaidWhy) {
  auto policy = custom({.contacts = {alice, boss}});
  policy.remind_every = 2h;
  set_vault(policy);
  world.receivers.always("boss@example.org", support::try_later());
  fail();
  EXPECT_EQ(mails_until(at("03-01 05:00")),
            (Lines{"alice: " + kFailedBackup, "alice: still " + kFailedBackup}));
  const auto left_out = newest(NotificationEvent::reminder);
  EXPECT_EQ(left_out.recipient.name, "boss");
  EXPECT_EQ(left_out.state, NotificationState::cancelled);
  EXPECT_EQ(left_out.end_reason, EndReason::earlier_under_way);
  EXPECT_EQ(left_out.ended_at, at("03-01 05:00"));
  world.receivers.always("boss@example.org", {});
  EXPECT_EQ(mails_until(at("03-01 06:00")), Lines{"boss: " + kFailedBackup});
  EXPECT_EQ(mails_until(at("03-01 07:00")),
            (Lines{"alice: still " + kFailedBackup, "boss: still " + kFailedBackup}));
}

// The limit lets one mail through in an hour, so that the other two alerts are told in a digest,
// which is refused.
TEST_F(Reminders, ReachWhomADigestCouldNotTellAndThenTheRecoveryDoesToo) {
  auto settings = world.settings();
  settings.email.limits = {{1, 1h}};
  world.reconfigure(settings);
  set_vault({.remind_every = 3h});
  world.receivers.next("ops@example.org", {{}, support::refusal()});
  fail();
  world.report(web1, a_report("files").failed());
  world.report(web1, a_report("mail").failed());
  EXPECT_EQ(mails_until(at("03-01 05:59")), Lines{"ops: " + kFailedBackup});
  EXPECT_EQ(mails_until(at("03-01 07:00")),
            (Lines{"ops: still " + kFailedBackup,
                   "ops: digest: still critical: backup of files on web1 failed; still critical: "
                   "backup of mail on web1 failed"}));
  world.report(web1, a_report("files").succeeded());
  EXPECT_EQ(mails_until(at("03-01 08:00")), Lines{"ops: recovered: backup of files on web1"});
}

TEST_F(Reminders, EndAfterAHundred) {
  set_vault({.remind_every = 5min});
  fail();
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{"ops: " + kFailedBackup});
  EXPECT_EQ(mails_until(at("03-02 12:00")).size(), 100U);
}

TEST_F(Reminders, OfManyAlertsForManyPeopleComeInSlices) {
  std::vector<ContactId> many;
  for (int i = 0; i < 60; ++i) {
    const auto name = "contact" + std::to_string(i);
    many.push_back(world.contact(name, name + "@example.org"));
  }
  auto policy = custom({.contacts = many});
  policy.remind_every = 2h;
  set_vault(policy);
  fail();
  world.report(web1, a_report("files").failed());
  EXPECT_EQ(mails_until(at("03-01 03:00")).size(), 120U);
  EXPECT_EQ(mails_until(at("03-01 05:00")).size(), 120U);
}

TEST_F(Reminders, ThatALimitGathersTellNobodyTwiceOfTheEnd) {
  auto settings = world.settings();
  settings.email.limits = {{2, 1h}};
  world.reconfigure(settings);
  set_vault({.remind_every = 10min});
  fail();
  world.report(web1, a_report("files").failed());
  EXPECT_EQ(mails_until(at("03-01 03:59")).size(), 2U);
  EXPECT_FALSE(mails_until(at("03-01 04:00")).empty());  // a digest of the reminders
  EXPECT_EQ(remark(AcknowledgeAlert{{2}, ""}), "");
  succeed();
  std::size_t ends = 0;
  for (const auto& line : mails_until(at("03-01 12:00"))) {
    for (auto at = line.find(kRecovered); at != Lines::value_type::npos; ++ends) {
      at = line.find(kRecovered, at + 1);
    }
  }
  EXPECT_EQ(ends, 1U);
}

using Escalation = Repeats;

TEST_F(Escalation, TellsOthersOnceNobodyHasClaimedTheAlertInTime) {
  set_vault({.escalate_after = 30min, .escalation = {.contacts = {boss}}});
  fail();
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{"ops: " + kFailedBackup});
  EXPECT_EQ(mails_until(at("03-01 03:29:59")), Lines{});
  EXPECT_EQ(mails_until(at("03-01 03:30")), Lines{"boss: escalated " + kFailedBackup});
  EXPECT_EQ(mails_until(at("03-01 12:00")), Lines{});
  succeed();
  EXPECT_EQ(world.take_mail_lines(), (Lines{"boss: " + kRecovered, "ops: " + kRecovered}));
}

TEST_F(Escalation, NeverComesWhereSomebodyHasClaimedTheAlertOrItIsOver) {
  set_vault({.escalate_after = 30min, .escalation = {.contacts = {boss}}});
  fail();
  world.report(web1, a_report("files").failed());
  EXPECT_EQ(mails_until(at("03-01 03:00")).size(), 2U);
  EXPECT_EQ(remark(AcknowledgeAlert{{1}, ""}), "");
  world.report(web1, a_report("files").succeeded());
  EXPECT_EQ(mails_until(at("03-01 12:00")), Lines{"ops: recovered: backup of files on web1"});
}

TEST_F(Escalation, TellsNobodyTwice) {
  auto policy = custom({.contacts = {alice}});
  policy.escalate_after = 30min;
  policy.escalation = {.contacts = {alice, boss}};
  set_vault(policy);
  fail();
  EXPECT_EQ(mails_until(at("03-01 03:30")),
            (Lines{"alice: " + kFailedBackup, "boss: escalated " + kFailedBackup}));
}

TEST_F(Escalation, WhoWasToHearByADigestIsToldOnceAndOfTheEndOnce) {
  auto policy = custom({.contacts = {alice}});
  policy.frequency = Frequency::hourly;
  policy.escalate_after = 30min;
  policy.escalation = {.contacts = {alice}};
  set_vault(policy);
  world.pass_until(at("03-01 02:05"));
  fail();
  EXPECT_EQ(mails_until(at("03-01 03:35")), Lines{"alice: escalated " + kFailedBackup});
  EXPECT_EQ(mails_until(at("03-01 04:30")), Lines{});
  succeed();
  EXPECT_EQ(mails_until(at("03-01 12:00")).size(), 1U);
}

TEST_F(Escalation, NeverComesWhereNobodyWasTold) {
  set_vault({.mode = PolicyMode::off, .escalate_after = 30min, .escalation = {.contacts = {boss}}});
  fail();
  EXPECT_EQ(mails_until(at("03-01 12:00")), Lines{});
}

TEST_F(Escalation, WaitsForQuietHours) {
  set_vault({.escalate_after = 30min,
             .escalation = {.contacts = {boss}},
             .quiet = QuietHours{{3h + 15min, 6h}, "UTC", false}});
  fail();
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{"ops: " + kFailedBackup});
  EXPECT_EQ(mails_until(at("03-01 05:59:59")), Lines{});
  EXPECT_EQ(mails_until(at("03-01 06:00")), Lines{"boss: escalated " + kFailedBackup});
}

TEST_F(Escalation, ComesBesideTheReminders) {
  set_vault({.remind_every = 30min, .escalate_after = 30min, .escalation = {.contacts = {boss}}});
  fail();
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{"ops: " + kFailedBackup});
  EXPECT_EQ(mails_until(at("03-01 03:30")),
            (Lines{"boss: escalated " + kFailedBackup, "ops: still " + kFailedBackup}));
  EXPECT_EQ(mails_until(at("03-01 04:00")), Lines{"ops: still " + kFailedBackup});
}

TEST_F(Escalation, GoesOnAfterARestartAndComesOnce) {
  set_vault({.escalate_after = 30min, .escalation = {.contacts = {boss}}});
  fail();
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{"ops: " + kFailedBackup});
  world.stop();
  world.pass(1h);
  world.start();
  EXPECT_EQ(mails_until(at("03-01 05:00")), Lines{"boss: escalated " + kFailedBackup});
  world.stop();
  world.start();
  EXPECT_EQ(mails_until(at("03-01 06:00")), Lines{});
}

TEST_F(Escalation, ToSixtyPeopleOfAnAlertThatSixtyWereToldOfFitsOneDecisionEach) {
  std::vector<ContactId> first;
  std::vector<ContactId> second;
  for (int i = 0; i < 60; ++i) {
    const auto name = "contact" + std::to_string(i);
    first.push_back(world.contact(name, name + "@example.org"));
    second.push_back(world.contact(name + "b", name + "b@example.org"));
  }
  auto policy = custom({.contacts = first});
  policy.escalate_after = 30min;
  policy.escalation = {.contacts = second};
  set_vault(policy);
  fail();
  world.report(web1, a_report("files").failed());
  EXPECT_EQ(mails_until(at("03-01 03:30")).size(), 240U);
  succeed();
  world.report(web1, a_report("files").succeeded());
  EXPECT_EQ(world.take_mail_lines().size(), 240U);
}

}  // namespace
}  // namespace vaultbell::core
