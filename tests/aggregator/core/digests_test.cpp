// Digests: what is gathered into them, and what becomes of what is over meanwhile.
#include "aggregator/core/digests.hpp"

#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using support::a_report;
using support::at;
using support::Lines;
using support::refusal;
using support::try_later;

const std::string kTheOwner = "ops@example.org";

std::string failed(const std::string& job) {
  return "critical: backup of " + job + " on web1 failed";
}
std::string recovered(const std::string& job) {
  return "recovered: backup of " + job + " on web1";
}

class Digests : public support::InWorld {
 protected:
  support::Host& web1 = world.host("web1");

  // From now on every alert is told without a hold, with this frequency. It is 02:01: no digest is
  // due before 03:00.
  void tell(Frequency frequency) {
    const Policy policy{.notify_after = 0min, .frequency = frequency};
    EXPECT_EQ(remark(SetPolicy{.holder = {.vault = world.vault("prod")}, .policy = policy}), "");
    world.pass(1min);
  }
  void limit_mails(std::size_t count, Duration window) {
    auto settings = world.settings();
    settings.email.limits = {{count, window}};
    world.reconfigure(settings);
  }
  void fail(const std::string& job) { world.report(web1, a_report(job).failed()); }
  void succeed(const std::string& job) { world.report(web1, a_report(job).succeeded()); }
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
    EXPECT_TRUE(found.id.is_set()) << "there is no " << to_text(event);
    return found;
  }
  void answer(const Notification& sending, AttemptResult result) {
    world.submit(DeliveryEnded{sending.id, sending.attempts, result, "an answer"});
    world.settle();
  }
};

// ---- when (R7.1)

TEST_F(Digests, AreDueAtTheirMinuteOfTheHourAndAtTheirTimeOfTheDay) {
  Settings settings;
  settings.digest_minute = 20;
  settings.daily_digest_at = 8h;
  settings.daily_digest_zone = "Europe/Berlin";
  EXPECT_EQ(digest_at(settings, Frequency::each, at("03-01 02:00")), std::nullopt);
  EXPECT_EQ(digest_at(settings, Frequency::hourly, at("03-01 02:00")), at("03-01 02:20"));
  EXPECT_EQ(digest_at(settings, Frequency::hourly, at("03-01 02:20")), at("03-01 02:20"));
  EXPECT_EQ(digest_at(settings, Frequency::hourly, at("03-01 02:20:01")), at("03-01 03:20"));
  EXPECT_EQ(digest_at(settings, Frequency::daily, at("03-01 06:59")), at("03-01 07:00"));
  EXPECT_EQ(digest_at(settings, Frequency::daily, at("03-01 07:01")), at("03-02 07:00"));
  EXPECT_EQ(digest_at(settings, Frequency::daily, at("03-29 00:00")), at("03-29 06:00"));
}

TEST_F(Digests, HoldWhatIsInThemAsGatheredAndTellWhoTheyTold) {
  tell(Frequency::hourly);
  fail("db");
  fail("files");
  EXPECT_EQ(mails_until(at("03-01 03:00")),
            Lines{"ops: digest: " + failed("db") + "; " + failed("files")});
  const auto digest = newest(NotificationEvent::digest);
  EXPECT_EQ(digest.why, RecipientReason::has_gathered_alerts);
  const auto raise = newest(NotificationEvent::raised);
  EXPECT_EQ(raise.state, NotificationState::gathered);
  EXPECT_EQ(raise.end_reason, EndReason::part_of_digest);
  EXPECT_EQ(raise.digest, digest.id);
  EXPECT_EQ(world.last_alert(AlertKind::backup_failed)->told.at(0).notification, digest.id);
}

// ---- what is over before its digest (R7.2)

TEST_F(Digests, AreNotSentWhereNothingIsLeftForThem) {
  tell(Frequency::hourly);
  fail("db");
  succeed("db");
  EXPECT_EQ(mails_until(at("03-01 05:00")), Lines{});
  const auto raise = newest(NotificationEvent::raised);
  EXPECT_EQ(raise.state, NotificationState::cancelled);
  EXPECT_EQ(raise.end_reason, EndReason::over_before_digest);
}

// Three mails: the limit lets the first go, and holds the two back that follow; what they say is
// gathered when the hour is over.
TEST_F(Digests, LeaveOutWhatIsOverAndCancelTheRecoveryThatFollowsIt) {
  tell(Frequency::each);
  limit_mails(1, 1h);
  fail("db");
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: " + failed("db")});
  world.pass(1min);
  fail("files");
  fail("mail");
  fail("web");
  world.pass(1min);
  succeed("files");
  const auto recovery = newest(NotificationEvent::recovered);
  EXPECT_EQ(world.rows().get<Notification>(recovery.follows)->state, NotificationState::pending);

  EXPECT_EQ(mails_until(at("03-01 03:01")),
            Lines{"ops: digest: " + failed("mail") + "; " + failed("web")});

  const auto raise = *world.rows().get<Notification>(recovery.follows);
  EXPECT_EQ(raise.state, NotificationState::cancelled);
  EXPECT_EQ(raise.end_reason, EndReason::over_before_digest);
  const auto ended = newest(NotificationEvent::recovered);
  EXPECT_EQ(ended.state, NotificationState::cancelled);
  EXPECT_EQ(ended.end_reason, EndReason::recipient_not_told_of_alert);
  EXPECT_EQ(mails_until(at("03-01 05:00")), Lines{});
}

// In a digest it would come under another Message-ID, and nobody could tell that it is the same.
TEST_F(Digests, TakeInNothingThatMayHaveArrivedItIsRepeatedAsItWas) {
  tell(Frequency::each);
  limit_mails(1, 1h);
  world.receivers.next(kTheOwner, {{AttemptResult::unknown, "connection lost"}});
  fail("db");
  const auto doubtful = newest(NotificationEvent::raised);
  world.pass(10s);
  fail("files");
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: " + failed("files")});
  world.pass(1min);
  fail("mail");
  fail("web");
  EXPECT_EQ(mails_until(at("03-01 03:01:09")), Lines{});
  EXPECT_EQ(mails_until(at("03-01 03:01:10")), Lines{"ops: " + failed("db")});
  EXPECT_EQ(world.rows().get<Notification>(doubtful.id)->state, NotificationState::delivered);
  EXPECT_EQ(mails_until(at("03-01 04:01:10")),
            Lines{"ops: digest: " + failed("mail") + "; " + failed("web")});
  EXPECT_EQ(mails_until(at("03-01 06:00")), Lines{});
}

TEST_F(Digests, LeaveItToTheRepeatedMessageToSayWhatMayHaveBeenHeardThoughItIsOver) {
  tell(Frequency::each);
  limit_mails(1, 1h);
  world.receivers.next(kTheOwner, {{AttemptResult::unknown, "connection lost"}});
  fail("db");
  world.pass(10s);
  fail("files");
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: " + failed("files")});
  world.pass(1min);
  succeed("db");
  EXPECT_EQ(mails_until(at("03-01 03:01:10")), Lines{"ops: " + failed("db")});
  EXPECT_EQ(mails_until(at("03-01 04:01:10")), Lines{"ops: " + recovered("db")});
  EXPECT_EQ(mails_until(at("03-01 06:00")), Lines{});
}

// ---- recoveries (R4.12)

TEST_F(Digests, TakeInTheRecoveryOfWhatTheyAreStillToTell) {
  tell(Frequency::hourly);
  world.receivers.next(kTheOwner, {try_later()});
  fail("db");
  fail("files");
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{});
  const auto digest = newest(NotificationEvent::digest);
  EXPECT_EQ(digest.state, NotificationState::pending);
  EXPECT_EQ(digest.attempts, 1U);

  succeed("db");

  const auto recovery = newest(NotificationEvent::recovered);
  EXPECT_EQ(recovery.state, NotificationState::gathered);
  EXPECT_EQ(recovery.end_reason, EndReason::part_of_digest);
  EXPECT_EQ(recovery.digest, digest.id);
  EXPECT_EQ(recovery.recipient.address, kTheOwner);
  EXPECT_EQ(mails_until(at("03-01 03:01")), Lines{"ops: digest: " + failed("db") + "; " +
                                                  failed("files") + "; " + recovered("db")});
  EXPECT_EQ(mails_until(at("03-01 05:00")), Lines{});
}

TEST_F(Digests, ThatAreGivenUpTakeTheirRecoveriesWithThem) {
  tell(Frequency::hourly);
  world.receivers.next(kTheOwner, {try_later(), refusal()});
  fail("db");
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{});
  succeed("db");
  EXPECT_EQ(mails_until(at("03-01 03:01")), Lines{});
  EXPECT_EQ(newest(NotificationEvent::digest).state, NotificationState::given_up);
  fail("files");
  // The next digest tells what is new, and nothing of what nobody heard of.
  EXPECT_EQ(mails_until(at("03-01 04:00")), Lines{"ops: digest: " + failed("files")});
}

TEST_F(Digests, ThatAreBeingSentAreFollowedByTheRecoveryOfWhatTheyTell) {
  tell(Frequency::hourly);
  fail("db");
  world.receivers.are_answering = false;
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{});
  const auto digest = newest(NotificationEvent::digest);
  EXPECT_EQ(digest.state, NotificationState::sending);

  succeed("db");

  const auto recovery = newest(NotificationEvent::recovered);
  EXPECT_EQ(recovery.state, NotificationState::pending);
  EXPECT_EQ(recovery.follows, digest.id);
  EXPECT_EQ(mails_until(at("03-01 04:30")), Lines{});
  world.receivers.are_answering = true;
  answer(digest, AttemptResult::delivered);
  EXPECT_EQ(mails_until(at("03-01 04:30:01")), Lines{"ops: digest: " + recovered("db")});
}

// Whoever got it the first time drops what comes again under the same Message-ID, whatever is new
// in it.
TEST_F(Digests, ThatMayHaveArrivedAreFollowedByTheRecoveryOfWhatTheyTell) {
  tell(Frequency::hourly);
  world.receivers.next(kTheOwner, {{AttemptResult::unknown, "connection lost"}});
  fail("db");
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{});
  const auto digest = newest(NotificationEvent::digest);
  EXPECT_EQ(digest.state, NotificationState::pending);

  succeed("db");

  const auto recovery = newest(NotificationEvent::recovered);
  EXPECT_EQ(recovery.state, NotificationState::pending);
  EXPECT_EQ(recovery.follows, digest.id);
  EXPECT_EQ(mails_until(at("03-01 05:00")),
            (Lines{"ops: digest: " + failed("db"), "ops: digest: " + recovered("db")}));
}

TEST_F(Digests, ThatFailWhileBeingSentCancelTheRecoveryThatFollows) {
  tell(Frequency::hourly);
  fail("db");
  world.receivers.are_answering = false;
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{});
  succeed("db");
  world.receivers.are_answering = true;
  answer(newest(NotificationEvent::digest), AttemptResult::permanent_failure);
  EXPECT_EQ(mails_until(at("03-01 06:00")), Lines{});
  const auto recovery = newest(NotificationEvent::recovered);
  EXPECT_EQ(recovery.state, NotificationState::cancelled);
  EXPECT_EQ(recovery.end_reason, EndReason::recipient_not_told_of_alert);
}

TEST_F(Digests, ThatWereGivenUpTellNobodyOfRecoveriesUnlessTheyAreSentAfterAll) {
  tell(Frequency::hourly);
  world.receivers.next(kTheOwner, {refusal()});
  fail("db");
  fail("files");
  EXPECT_EQ(mails_until(at("03-01 03:00")), Lines{});
  succeed("db");
  EXPECT_EQ(mails_until(at("03-01 04:10")), Lines{});
  EXPECT_EQ(remark(RetryDelivery{newest(NotificationEvent::digest)}), "");
  EXPECT_EQ(world.take_mail_lines(),
            Lines{"ops: digest: " + failed("db") + "; " + failed("files")});
  succeed("files");
  EXPECT_EQ(mails_until(at("03-01 05:00")), Lines{"ops: digest: " + recovered("files")});
}

// ---- storms (R7.11)

TEST_F(Digests, GatherWhatExceedsALimitAndDropNothing) {
  tell(Frequency::each);
  limit_mails(2, 1h);
  for (int i = 0; i < 100; ++i) fail("job" + std::to_string(100 + i));
  EXPECT_EQ(world.take_mail_lines().size(), 2U);
  const auto mails = mails_until(at("03-01 03:01"));
  ASSERT_EQ(mails.size(), 1U);
  for (int i = 2; i < 100; ++i) {
    EXPECT_NE(mails[0].find(failed("job" + std::to_string(100 + i))), std::string::npos) << i;
  }
  EXPECT_EQ(mails_until(at("03-01 09:00")), Lines{});
}

TEST_F(Digests, AreNotMadeOfOneMessageThatIsHeldBackAlone) {
  tell(Frequency::each);
  limit_mails(1, 1h);
  fail("db");
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: " + failed("db")});
  fail("files");
  EXPECT_EQ(mails_until(at("03-01 03:01")), Lines{"ops: " + failed("files")});
}

}  // namespace
}  // namespace vaultbell::core
