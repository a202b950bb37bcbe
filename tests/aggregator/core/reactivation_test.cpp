// Alerts that an operator makes active again: who hears of them, and of their end (R4.4, R4.12).
#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using support::a_report;
using support::Lines;
using support::refusal;
using support::try_later;

const std::string kOwner = "ops@example.org";
const std::string kToldOfFailure = "critical: backup of db on web1 failed";
const std::string kToldOfRecovery = "recovered: backup of db on web1";

class Reactivation : public support::InWorld {
 protected:
  support::Host& web1 = world.host("web1");

  void owned_by(std::vector<std::string> owners) {
    auto settings = world.settings();
    settings.owners = std::move(owners);
    world.reconfigure(settings);
  }
  void fail() { world.report(web1, a_report("db").failed()); }
  void succeed() { world.report(web1, a_report("db").succeeded()); }
  Lines mails_after(Duration duration) {
    world.pass(duration);
    return world.take_mail_lines();
  }
  void inactivate() { EXPECT_EQ(remark(InactivateAlert{{1}, "known"}), ""); }
  // The order as whoever looks at the store now would give it.
  [[nodiscard]] ReactivateAlert reactivation() const {
    ReactivateAlert order{*world.rows().get<Alert>({1}), "", {}};
    for (const auto& told : order.alert.told) {
      order.messages.push_back(*world.rows().get<Notification>(told.notification));
    }
    return order;
  }
};

TEST_F(Reactivation, TellsNobodyAnewWhoWasTold) {
  fail();
  EXPECT_EQ(mails_after(1h), Lines{"ops: " + kToldOfFailure});
  inactivate();
  EXPECT_EQ(remark(reactivation()), "");
  EXPECT_EQ(mails_after(3h), Lines{});
  succeed();
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: " + kToldOfRecovery});
}

TEST_F(Reactivation, WhoseMessageWasGivenUpMeanwhileDoesNotHearOfTheEnd) {
  owned_by({"boss@example.org", kOwner});
  world.receivers.always(kOwner, try_later());
  fail();
  EXPECT_EQ(mails_after(1h), Lines{"boss: " + kToldOfFailure});
  inactivate();
  EXPECT_EQ(mails_after(25h), Lines{"boss: critical: delivery to ops@example.org by email fails"});
  world.receivers.always(kOwner, {});

  EXPECT_EQ(remark(reactivation()), "");
  succeed();

  EXPECT_EQ(world.take_mail_lines(), Lines{"boss: " + kToldOfRecovery});
}

TEST_F(Reactivation, WhoseMessageIsStillUnderWayHearsOfTheEndBehindIt) {
  world.receivers.next(kOwner, {try_later()});
  fail();
  EXPECT_EQ(mails_after(1h), Lines{});
  inactivate();
  EXPECT_EQ(remark(reactivation()), "");
  succeed();
  EXPECT_EQ(mails_after(1h), (Lines{"ops: " + kToldOfFailure, "ops: " + kToldOfRecovery}));
}

TEST_F(Reactivation, OfWhatNobodyHeardOfIsToldAnewAfterAnotherHold) {
  world.receivers.next(kOwner, {refusal()});
  fail();
  EXPECT_EQ(mails_after(1h), Lines{});
  inactivate();
  EXPECT_EQ(remark(reactivation()), "");
  EXPECT_EQ(mails_after(1h - std::chrono::seconds(1)), Lines{});
  EXPECT_EQ(mails_after(std::chrono::seconds(1)), Lines{"ops: " + kToldOfFailure});
}

TEST_F(Reactivation, IsRefusedWhereAMessageHasEndedSinceItWasLookedAt) {
  world.receivers.are_answering = false;
  fail();
  EXPECT_EQ(mails_after(1h), Lines{});
  inactivate();
  const auto as_shown = reactivation();
  world.submit(DeliveryEnded{{1}, 1, AttemptResult::permanent_failure, "550 no such user"});
  world.settle();
  expect_refused(as_shown, ErrorCode::refused,
                 "a message about it has just ended; look at it again");
  EXPECT_EQ(remark(reactivation()), "");
}

using ByHand = Reactivation;

TEST_F(ByHand, WhoWasRemindedAndIsThenToldByHandHearsOfTheEndOnce) {
  EXPECT_EQ(
      remark(SetPolicy{.holder = {.vault = world.vault("prod")}, .policy = {.remind_every = 2h}}),
      "");
  world.receivers.next(kOwner, {refusal()});
  fail();
  EXPECT_EQ(mails_after(3h), Lines{"ops: still " + kToldOfFailure});
  EXPECT_EQ(remark(RetryDelivery{*world.rows().get<Notification>({1})}), "");
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: " + kToldOfFailure});
  succeed();
  EXPECT_EQ(mails_after(3h), Lines{"ops: " + kToldOfRecovery});
}

TEST_F(ByHand, WhoIsToldByAReminderThatIsSentAgainHearsOfTheEnd) {
  EXPECT_EQ(
      remark(SetPolicy{.holder = {.vault = world.vault("prod")}, .policy = {.remind_every = 2h}}),
      "");
  world.receivers.next(kOwner, {refusal(), refusal()});
  fail();
  EXPECT_EQ(mails_after(4h), Lines{});
  Notification reminder;
  for (const auto& [id, row] : world.rows().all<Notification>()) {
    if (row.event == NotificationEvent::reminder) reminder = row;
  }
  EXPECT_EQ(remark(RetryDelivery{reminder}), "");
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: still " + kToldOfFailure});
  succeed();
  EXPECT_EQ(mails_after(1h), Lines{"ops: " + kToldOfRecovery});
}

}  // namespace
}  // namespace vaultbell::core
