// The outbox: R7.3 to R7.5, and who hears of a recovery (R4.12).
#include "aggregator/core/deliveries.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using support::a_report;
using support::effects_of;
using support::Lines;
using support::refusal;
using support::rows_of;
using support::try_later;

const std::string kOps = "ops@example.org";
const std::string kBoss = "boss@example.org";
const std::string kOpsFails = "boss: critical: delivery to ops@example.org by email fails";

class Deliveries : public support::InWorld {
 protected:
  support::Host& web1 = world.host("web1");

  void owned_by(std::vector<std::string> owners) {
    auto settings = world.settings();
    settings.owners = std::move(owners);
    world.reconfigure(settings);
  }
  // An alert that is told at once.
  void destroy(const std::string& job) {
    world.report(web1, a_report(job).of(Operation::delete_backup).succeeded());
  }
  void fail_and_wait() {
    world.report(web1, a_report("db").failed());
    world.pass(1h);
  }
  [[nodiscard]] Notification notification(std::uint64_t id) const {
    return *world.rows().get<Notification>({id});
  }
  [[nodiscard]] NotificationState state(std::uint64_t id) const { return notification(id).state; }
  void expect_refused(NotificationId id, const std::string& message) {
    const auto result = world.order(RetryDelivery{notification(id.value)});
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error(), (Error{ErrorCode::refused, message}));
  }
};

// ---- one delivery (R7.3, R7.6)

TEST_F(Deliveries, ANotificationIsARowBeforeItIsSentAndKeepsWhatTheRemoteSaid) {
  world.receivers.are_answering = false;
  destroy("db");
  EXPECT_EQ(state(1), NotificationState::sending);
  EXPECT_EQ(notification(1).attempting_since, world.now());

  world.pass(3s);
  world.submit(DeliveryEnded{.notification = {1},
                             .attempt = 1,
                             .result = AttemptResult::delivered,
                             .answer = "250 queued as 7"});

  const auto delivered = notification(1);
  EXPECT_EQ(delivered.state, NotificationState::delivered);
  EXPECT_EQ(delivered.end_reason, EndReason::accepted_by_remote);
  EXPECT_EQ(delivered.ended_at, world.now());
  EXPECT_EQ(delivered.last_answer, "250 queued as 7");
  const Attempt expected{.notification = {1},
                         .number = 1,
                         .started_at = world.now() - 3s,
                         .ended_at = world.now(),
                         .result = AttemptResult::delivered,
                         .answer = "250 queued as 7"};
  EXPECT_EQ(world.rows().get<Attempt>({{1}, 1}), expected);
}

TEST_F(Deliveries, AResultThatComesTwiceOrForAnOlderAttemptIsIgnored) {
  world.receivers.are_answering = false;
  destroy("db");
  const DeliveryEnded failed{
      .notification = {1}, .attempt = 1, .result = AttemptResult::temporary_failure};
  world.submit(failed);
  EXPECT_EQ(world.submit(failed).changes, WriteSet{});

  world.pass(30s);
  EXPECT_EQ(notification(1).attempts, 2U);
  EXPECT_EQ(world.submit(failed).changes, WriteSet{});
  EXPECT_EQ(world.submit(DeliveryEnded{.notification = {77}, .attempt = 1}).changes, WriteSet{});
}

// ---- repeating (R7.4)

TEST_F(Deliveries, ATemporaryFailureIsRepeatedUntilItIsDelivered) {
  world.receivers.next(kOps, {try_later("450 greylisted"), try_later("450 greylisted")});
  destroy("db");
  EXPECT_EQ(state(1), NotificationState::pending);
  EXPECT_EQ(notification(1).last_answer, "450 greylisted");
  EXPECT_EQ(world.take_mail_lines(), Lines{});

  world.pass(2min);

  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup data of db on web1 was deleted"});
  EXPECT_EQ(notification(1).attempts, 3U);
}

TEST_F(Deliveries, WhoseAnswerWasLostIsRepeatedAndMarked) {
  world.receivers.next(kOps, {{AttemptResult::unknown, "connection lost"}});
  destroy("db");
  EXPECT_EQ(state(1), NotificationState::pending);
  EXPECT_TRUE(notification(1).is_doubtful);

  world.pass(30s);

  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup data of db on web1 was deleted"});
  EXPECT_EQ(world.rows().get<Attempt>({{1}, 1})->result, AttemptResult::unknown);
}

TEST_F(Deliveries, ARefusalByTheRemoteIsGivenUpAtOnceAndVisibly) {
  world.receivers.always(kOps, refusal("550 no such user"));
  destroy("db");

  const auto given_up = notification(1);
  EXPECT_EQ(given_up.state, NotificationState::given_up);
  EXPECT_EQ(given_up.end_reason, EndReason::refused_by_remote);
  EXPECT_EQ(given_up.last_answer, "550 no such user");
  EXPECT_EQ(given_up.attempts, 1U);
}

TEST_F(Deliveries, WhatFailsForADayIsGivenUpAndNotBefore) {
  world.receivers.always(try_later("no route to host"));
  destroy("db");

  world.pass(24h - 1s);
  EXPECT_EQ(state(1), NotificationState::pending);
  world.pass(31min);
  EXPECT_EQ(state(1), NotificationState::given_up);
  EXPECT_EQ(notification(1).end_reason, EndReason::tried_too_long);
}

TEST_F(Deliveries, WhatIsDeliveredAfterAnOutageOfAlmostADayIsNotLost) {
  world.receivers.always(try_later("no route to host"));
  destroy("db");
  world.pass(23h);
  world.receivers.always({});
  world.pass(30min);

  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup data of db on web1 was deleted"});
}

TEST(Backoff, DoublesFromTheFirstWaitToTheLongest) {
  const RetrySettings settings{.first = 30s, .longest = 30min, .give_up_after = 24h};
  const std::array<Duration, 9> longest = {30s, 60s, 2min, 4min, 8min, 16min, 30min, 30min, 30min};
  for (std::uint32_t i = 0; i < longest.size(); ++i) {
    for (std::uint64_t id = 1; id <= 1000; ++id) {
      const auto wait = backoff(settings, {id}, i + 1);
      ASSERT_LE(wait, longest.at(i));
      ASSERT_GT(wait, longest.at(i) * 3 / 4);
    }
  }
}

TEST(Backoff, SpreadsNotificationsApart) {
  std::set<Duration> waits;
  for (std::uint64_t id = 1; id <= 100; ++id) waits.insert(backoff({}, {id}, 5));
  EXPECT_GT(waits.size(), 95U);
}

RC_GTEST_PROP(Backoff, IsTheSameForTheSameArgumentsAndWithinItsBounds, ()) {
  const auto milliseconds = [](std::int64_t count) { return Duration(count); };
  const RetrySettings settings{
      .first = milliseconds(*rc::gen::inRange<std::int64_t>(1, 3'600'000)),
      .longest = milliseconds(*rc::gen::inRange<std::int64_t>(1, 86'400'000)),
      .give_up_after = 24h};
  const NotificationId id{*rc::gen::arbitrary<std::uint64_t>()};
  const auto attempts = *rc::gen::arbitrary<std::uint32_t>();
  const auto wait = backoff(settings, id, attempts);
  RC_ASSERT(wait == backoff(settings, id, attempts));
  RC_ASSERT(wait > Duration::zero());
  RC_ASSERT(wait <= settings.longest);
}

// ---- order and limits (R7.5)

TEST_F(Deliveries, OneRecipientGetsOneDeliveryAtATimeInTheOrderInWhichTheyWereOwed) {
  world.receivers.are_answering = false;
  destroy("db");
  destroy("files");
  EXPECT_EQ(state(1), NotificationState::sending);
  EXPECT_EQ(state(2), NotificationState::pending);

  world.submit(DeliveryEnded{.notification = {1}, .attempt = 1});
  world.settle();

  EXPECT_EQ(state(2), NotificationState::sending);
}

TEST_F(Deliveries, ARecipientThatCannotBeReachedDelaysNobodyElse) {
  owned_by({kOps, kBoss});
  world.receivers.always(kBoss, try_later());
  destroy("db");
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup data of db on web1 was deleted"});
}

TEST_F(Deliveries, AMessageThatIsToBeRepeatedDelaysNoOtherToTheSameRecipient) {
  world.receivers.next(kOps, {try_later()});
  destroy("db");
  destroy("files");
  EXPECT_EQ(world.take_mail_lines(),
            Lines{"ops: critical: backup data of files on web1 was deleted"});
  world.pass(30s);
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup data of db on web1 was deleted"});
}

TEST_F(Deliveries, NoMoreAreOpenAtOnceThanTheLimit) {
  std::vector<std::string> first(kOwnersMax);
  std::vector<std::string> second(kOwnersMax);
  for (std::size_t i = 0; i < kOwnersMax; ++i) {
    first[i] = "first" + std::to_string(i) + "@example.org";
    second[i] = "second" + std::to_string(i) + "@example.org";
  }
  world.receivers.are_answering = false;
  owned_by(first);
  destroy("db");
  owned_by(second);
  destroy("files");

  EXPECT_EQ(world.state().queues.at(Channel::email).sending_count, kSendingMax);
  EXPECT_EQ(next_deadline(world.state()), std::nullopt);

  world.submit(DeliveryEnded{.notification = {1}, .attempt = 1});
  EXPECT_EQ(next_deadline(world.state()), world.now());
  world.settle();
  EXPECT_EQ(world.state().queues.at(Channel::email).sending_count, kSendingMax);
  EXPECT_EQ(state(17), NotificationState::sending);
}

// ---- recoveries (R4.12)

TEST_F(Deliveries, ARecoveryWaitsForTheRaiseOfItsAlert) {
  world.receivers.next(kOps, {try_later()});
  fail_and_wait();
  world.report(web1, a_report("db").succeeded());
  EXPECT_EQ(world.take_mail_lines(), Lines{});

  world.pass(30s);

  EXPECT_EQ(world.take_mail_lines(), (Lines{"ops: critical: backup of db on web1 failed",
                                            "ops: recovered: backup of db on web1"}));
}

TEST_F(Deliveries, TheRecoveryOfARaiseThatWasNeverDeliveredIsCancelled) {
  owned_by({kBoss, kOps});
  world.receivers.next(kOps, {try_later(), refusal()});
  fail_and_wait();
  world.report(web1, a_report("db").succeeded());
  world.pass(1min);

  EXPECT_EQ(world.take_mail_lines(), (Lines{"boss: critical: backup of db on web1 failed",
                                            "boss: recovered: backup of db on web1", kOpsFails}));
  EXPECT_EQ(state(2), NotificationState::given_up);
  EXPECT_EQ(state(4), NotificationState::cancelled);
  EXPECT_EQ(notification(4).end_reason, EndReason::recipient_not_told_of_alert);
}

TEST_F(Deliveries, WhoCouldNotBeToldOfAnAlertIsNotToldOfItsRecovery) {
  owned_by({kBoss, kOps});
  world.receivers.next(kOps, {refusal()});
  fail_and_wait();
  EXPECT_EQ(world.take_mail_lines(),
            (Lines{"boss: critical: backup of db on web1 failed", kOpsFails}));

  world.report(web1, a_report("db").succeeded());

  EXPECT_EQ(world.take_mail_lines(), Lines{"boss: recovered: backup of db on web1"});
}

// ---- a crash (R7.3)

TEST_F(Deliveries, AnAttemptThatWasOpenWhenTheAggregatorEndedIsRepeatedAndMarked) {
  world.receivers.are_answering = false;
  destroy("db");
  world.stop();
  world.pass(10min);
  world.receivers.are_answering = true;
  world.start();

  EXPECT_TRUE(notification(1).is_doubtful);
  const auto first = *world.rows().get<Attempt>({{1}, 1});
  EXPECT_EQ(first.result, AttemptResult::unknown);
  EXPECT_EQ(first.answer, "the aggregator ended while this attempt was open");
  EXPECT_EQ(world.take_notes(),
            Lines{"notification 1 to ops@example.org may have arrived before the restart; it is "
                  "sent again with the same Message-ID or Idempotency-Key"});
  world.settle();
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup data of db on web1 was deleted"});
  EXPECT_EQ(notification(1).attempts, 2U);
}

TEST_F(Deliveries, WhatWasDeliveredBeforeARestartIsNotRepeated) {
  destroy("db");
  EXPECT_EQ(world.take_mail_lines().size(), 1U);
  world.stop();
  world.start();
  world.pass(1h);
}

TEST_F(Deliveries, WhatWaitsIsSentAfterARestart) {
  world.receivers.next(kOps, {try_later()});
  destroy("db");
  world.stop();
  world.pass(1h);
  world.start();
  world.settle();
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup data of db on web1 was deleted"});
}

// ---- again by hand (R7.4)

TEST_F(Deliveries, AGivenUpNotificationCanBeSentAgainByHand) {
  world.receivers.next(kOps, {refusal("550 mailbox full")});
  destroy("db");
  EXPECT_EQ(state(1), NotificationState::given_up);
  world.pass(48h);

  EXPECT_TRUE(world.order(RetryDelivery{notification(1)}).has_value());

  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup data of db on web1 was deleted"});
  const auto again = notification(1);
  EXPECT_EQ(again.state, NotificationState::delivered);
  EXPECT_EQ(again.attempts, 2U);
}

TEST_F(Deliveries, AnAlertThatIsOverIsNotToldByHand) {
  world.receivers.next(kOps, {refusal()});
  fail_and_wait();
  EXPECT_EQ(state(1), NotificationState::given_up);
  world.report(web1, a_report("db").succeeded());

  const auto done = world.order(RetryDelivery{notification(1)});

  EXPECT_EQ(done.error().message, "its alert is over: there is nothing to tell any more");
  EXPECT_EQ(world.take_mail_lines(), Lines{});
}

// So that a mail program still shows it with its alert.
TEST_F(Deliveries, ARecoverySentAgainByHandStillNamesItsRaise) {
  fail_and_wait();
  world.receivers.next(kOps, {refusal()});
  world.report(web1, a_report("db").succeeded());
  EXPECT_EQ(state(2), NotificationState::given_up);

  EXPECT_TRUE(world.order(RetryDelivery{notification(2)}).has_value());

  EXPECT_EQ(world.take_mail_lines(), (Lines{"ops: critical: backup of db on web1 failed",
                                            "ops: recovered: backup of db on web1"}));
  EXPECT_EQ(notification(2).follows, NotificationId{1});
}

TEST_F(Deliveries, SentAgainByHandItIsRepeatedForAnotherDay) {
  world.receivers.next(kOps, {refusal()});
  destroy("db");
  world.pass(48h);
  world.receivers.always(try_later());
  EXPECT_TRUE(world.order(RetryDelivery{notification(1)}).has_value());

  world.pass(24h - 1s);
  EXPECT_EQ(state(1), NotificationState::pending);
  world.pass(31min);
  EXPECT_EQ(state(1), NotificationState::given_up);
}

TEST_F(Deliveries, OneThatWaitsCanBeSentAtOnceByHand) {
  world.receivers.next(kOps, {try_later()});
  destroy("db");

  EXPECT_TRUE(world.order(RetryDelivery{notification(1)}).has_value());

  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup data of db on web1 was deleted"});
}

TEST_F(Deliveries, OneThatIsBeingSentOrWasDeliveredIsNotSentAgainByHand) {
  world.receivers.are_answering = false;
  destroy("db");
  expect_refused({1}, "it is being sent right now");
  world.submit(DeliveryEnded{.notification = {1}, .attempt = 1});
  expect_refused({1}, "it was delivered");
}

// The order brings the row as some snapshot of the store had it.
TEST_F(Deliveries, AnOrderThatIsOutOfDateSendsNothingTwice) {
  world.receivers.are_answering = false;
  destroy("db");
  const auto as_shown = notification(1);
  world.submit(DeliveryEnded{.notification = {1}, .attempt = 1});

  const auto result = world.order(RetryDelivery{as_shown});

  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error(), (Error{ErrorCode::refused, "it has just ended; look at it again"}));
}

TEST_F(Deliveries, ACancelledRecoveryIsNotSentByHandEither) {
  world.receivers.next(kOps, {try_later(), refusal()});
  fail_and_wait();
  world.report(web1, a_report("db").succeeded());
  world.pass(1min);

  expect_refused({2}, "it was cancelled: there is no more reason to send it");
}

TEST_F(Deliveries, WhoIsToldOfAnAlertByHandIsToldOfItsRecoveryToo) {
  world.receivers.next(kOps, {refusal()});
  fail_and_wait();
  EXPECT_TRUE(world.order(RetryDelivery{notification(1)}).has_value());
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup of db on web1 failed"});

  world.report(web1, a_report("db").succeeded());

  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: recovered: backup of db on web1"});
}

}  // namespace
}  // namespace vaultbell::core
