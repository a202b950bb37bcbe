// Steps of the wall clock: what was counted against it moves along, so that nobody is told too
// early or too late.
#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using support::a_report;
using support::Lines;
using support::try_later;

constexpr Duration kYear = std::chrono::hours(365 * 24);

class ClockSteps : public support::InWorld {
 protected:
  support::Host& web1 = world.host("web1");

  // Alerts of so many jobs, all raised now; written at once, because decisions would take long.
  void begin_with_alerts(std::uint64_t count) {
    WriteSet rows;
    auto counters = world.state().counters;
    counters.job = counters.alert = count;
    rows.emplace_back(Put{counters});
    for (std::uint64_t i = 1; i <= count; ++i) {
      rows.emplace_back(
          Put{Job{.id = {i}, .client = web1.client, .name = "job" + std::to_string(i)}});
      rows.emplace_back(Put{Alert{.id = {i},
                                  .vault = world.client(web1).vault,
                                  .client = web1.client,
                                  .job = {i},
                                  .first_at = world.now(),
                                  .last_at = world.now(),
                                  .hold_from = world.now()}});
    }
    world.seed(rows);
  }
  // When each of the alerts was decided; one entry means all at the same moment.
  [[nodiscard]] std::set<Instant> decided_at() const {
    std::set<Instant> moments;
    for (const auto& [id, alert] : world.rows().all<Alert>()) {
      if (alert.decision && alert.client.is_set()) moments.insert(alert.decision->at);
    }
    return moments;
  }
  // The mails since the last call, but for those about the clock itself.
  Lines mails() {
    auto lines = world.take_mail_lines();
    std::erase_if(lines, [](const auto& line) { return line.ends_with("clock is in trouble"); });
    return lines;
  }
  // Half an hour of the hold before the step, the other half after it.
  void step_during_the_hold(Duration by) {
    world.pass(30min);
    world.step_clock(by);
    world.pass(30min - 1s);
    EXPECT_EQ(mails(), Lines{});
    world.pass(1s);
  }
};

TEST_F(ClockSteps, AreToldToTheOwnersAtOnceAndAreOverAfterAnHour) {
  world.step_clock(-2h);
  world.settle();
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: Vaultbell's clock is in trouble"});
  EXPECT_EQ(world.last_alert(AlertKind::self)->message,
            "the aggregator's clock was stepped backwards by 2 h");
  world.pass(1h);
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: recovered: Vaultbell's clock"});
}

TEST_F(ClockSteps, ThatAreSmallerThanAMinuteAreNobodysBusiness) {
  world.step_clock(59s);
  world.settle();
  EXPECT_EQ(world.alerts(), Lines{});
}

TEST_F(ClockSteps, ForwardsMakeNoAlertEarly) {
  world.report(web1, a_report("db").failed());
  step_during_the_hold(5 * kYear);
  EXPECT_EQ(mails().size(), 1U);
}

TEST_F(ClockSteps, BackwardsMakeNoAlertLate) {
  world.report(web1, a_report("db").failed());
  step_during_the_hold(-5h);
  EXPECT_EQ(mails().size(), 1U);
}

TEST_F(ClockSteps, AreWorkedOffInSlicesWhereThereIsMuchToMove) {
  begin_with_alerts(250);
  const auto decision = world.submit(ClockStepped{.by = 3h});
  EXPECT_EQ(next_deadline(world.state()), Instant::min());
  EXPECT_EQ(support::rows_of<Alert>(decision.changes).size(), 1U);  // of the clock itself

  std::size_t slices = 0;
  while (!world.state().clock_shifts.empty() && slices < 100) {
    world.submit(Tick{});
    ++slices;
  }
  EXPECT_EQ(slices, 6U);  // 250 alerts, then 250 jobs
  world.settle();
  EXPECT_EQ(mails(), Lines{});
}

TEST_F(ClockSteps, MoveEveryOneOfManyAlertsExactlyOnce) {
  world.order(SetPolicy{.holder = {.vault = world.vault("prod")}, .policy = {PolicyMode::off}});
  begin_with_alerts(250);
  world.pass(30min);
  world.step_clock(7h);
  world.pass(50min);
  EXPECT_EQ(decided_at(), std::set{support::at("03-01 10:00")});
  EXPECT_EQ(mails(), Lines{});
}

TEST_F(ClockSteps, OfWhichASecondComesBeforeTheFirstIsWorkedOffAddUp) {
  world.order(SetPolicy{.holder = {.vault = world.vault("prod")}, .policy = {PolicyMode::off}});
  begin_with_alerts(150);
  world.step_clock(3h);
  world.submit(ClientHeard{web1.client});
  world.step_clock(-1h);
  world.submit(ClientHeard{web1.client});
  EXPECT_EQ(world.state().clock_shifts.size(), 2U);
  world.pass(50min);
  EXPECT_EQ(mails(), Lines{});
  world.pass(70min);
  EXPECT_EQ(decided_at(), std::set{support::at("03-01 05:00")});
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: recovered: Vaultbell's clock"});
}

TEST_F(ClockSteps, AreWorkedOffAfterARestart) {
  begin_with_alerts(150);
  world.submit(ClockStepped{.by = 3h});
  world.submit(Tick{});
  world.stop();
  world.start();
  world.settle();

  EXPECT_TRUE(world.rows().all<ClockShift>().empty());
  for (const auto& [id, alert] : world.rows().all<Alert>()) {
    if (!alert.client.is_set()) continue;
    EXPECT_EQ(alert.hold_from, support::at("03-01 05:00"));
  }
  EXPECT_EQ(mails(), Lines{});
}

TEST_F(ClockSteps, DoNotTouchAlertsThatAreRaisedAfterThem) {
  world.report(web1, a_report("db").failed());
  world.submit(ClockStepped{.by = 3h});
  world.report(web1, a_report("later").failed());

  EXPECT_EQ(world.rows().get<Alert>({1})->hold_from, support::at("03-01 05:00"));
  EXPECT_EQ(world.rows().get<Alert>({2})->hold_from, support::at("03-01 02:00"));
}

TEST_F(ClockSteps, MoveTheDeliveriesThatWait) {
  world.receivers.next("ops@example.org", {try_later()});
  world.report(web1, a_report("db").of(Operation::delete_backup).succeeded());
  const auto before = *world.rows().get<Notification>({1});

  world.step_clock(kYear);
  world.settle();

  const auto after = *world.rows().get<Notification>({1});
  EXPECT_EQ(after.next_attempt_at, before.next_attempt_at + kYear);
  EXPECT_EQ(after.give_up_at, before.give_up_at + kYear);
  world.pass(30s);
  EXPECT_EQ(mails().size(), 1U);
}

// A result may be decided between the step and the slices that work it off: what it counts by the
// new clock must not be moved again.
TEST_F(ClockSteps, DoNotDelayADeliveryWhoseResultComesRightAfterThem) {
  world.receivers.are_answering = false;
  world.report(web1, a_report("db").of(Operation::delete_backup).succeeded());
  world.step_clock(kYear);
  world.submit(
      DeliveryEnded{.notification = {1}, .attempt = 1, .result = AttemptResult::temporary_failure});
  world.receivers.are_answering = true;
  world.pass(30s);

  EXPECT_EQ(mails().size(), 1U);
}

TEST_F(ClockSteps, DoNotDelayADeliveryThatIsRepeatedByHandRightAfterThem) {
  world.receivers.next("ops@example.org", {try_later()});
  world.report(web1, a_report("db").of(Operation::delete_backup).succeeded());
  world.step_clock(kYear);
  EXPECT_TRUE(world.order(RetryDelivery{*world.rows().get<Notification>({1})}).has_value());

  EXPECT_EQ(mails().size(), 1U);
}

TEST_F(ClockSteps, DoNotDelayADeliveryThatIsRepeatedAfterARestartRightAfterThem) {
  world.receivers.are_answering = false;
  world.report(web1, a_report("db").of(Operation::delete_backup).succeeded());
  world.step_clock(kYear);
  world.submit(ClientHeard{web1.client});
  world.stop();
  world.receivers.are_answering = true;
  world.start();
  world.pass(1s);

  EXPECT_EQ(mails().size(), 1U);
  EXPECT_EQ(world.take_notes().size(), 1U);
}

TEST_F(ClockSteps, AreNotHeldAgainstAnAlertThatWaitsForListening) {
  world.go_silent(web1);
  world.pass(10min);
  world.stop();
  world.pass(5h);
  world.start();
  world.step_clock(2h);

  world.pass(89s);
  EXPECT_EQ(mails(), Lines{});
  world.pass(1s);
  EXPECT_EQ(mails(), Lines{"ops: critical: web1 is disconnected"});
}

}  // namespace
}  // namespace vaultbell::core
