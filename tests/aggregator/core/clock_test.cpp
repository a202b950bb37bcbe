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

// ---- what is expected of clients and jobs (R4.9, R4.11)

class ClockStepsAndJobs : public ClockSteps {
 protected:
  void expect_of_db(const JobSettings& settings) {
    EXPECT_EQ(remark(CreateJob{web1.client, "db", settings}), "");
  }
  // The clock was wrong by this when the client connected.
  void connect_by_a_clock_that_is_wrong_by(Duration by) {
    world.say_goodbye(web1);
    world.step_clock(by);
    world.settle();
    world.connect(web1);
  }
  // What it says of itself by the clock of its host, which differs from ours.
  void say_hello_with_a_clock_that_differs_by(Duration by) {
    auto hello = support::hello_of(web1, world.now());
    hello.client_time += by;
    world.submit(hello);
    world.settle();
  }
  Lines alerts_of_jobs() {
    auto lines = world.alerts();
    std::erase(lines, "self clock");
    return lines;
  }
  void step(Duration by) {
    world.step_clock(by);
    world.settle();
    (void)mails();
  }
  // The mails since the last call that are about the job.
  Lines about_db() {
    auto lines = world.take_mail_lines();
    std::erase_if(lines, [](const auto& line) { return line.find(" db ") == std::string::npos; });
    return lines;
  }
  void TearDown() override {
    (void)world.take_mail_lines();
    ClockSteps::TearDown();
  }
};

TEST_F(ClockStepsAndJobs, BackwardsHideNoMissedBackupOfAClientThatConnectedBefore) {
  connect_by_a_clock_that_is_wrong_by(kYear);
  expect_of_db({.schedule = Schedule{.every = 2h, .grace = 30min}});
  step(-kYear);
  world.pass(2h + 29min);
  EXPECT_EQ(alerts_of_jobs(), Lines{});
  world.pass(2min);
  EXPECT_EQ(alerts_of_jobs(), Lines{"backup_missed db on web1"});
}

TEST_F(ClockStepsAndJobs, ForwardsHideNoMissedBackupOfAClientThatConnectsInTheSameMoment) {
  world.say_goodbye(web1);
  expect_of_db({.schedule = Schedule{.every = 2h, .grace = 30min}});
  world.step_clock(kYear);
  world.submit(support::hello_of(web1, world.now()));
  world.connect(web1);
  (void)mails();
  world.pass(2h + 29min);
  EXPECT_EQ(alerts_of_jobs(), Lines{});
  world.pass(2min);
  EXPECT_EQ(alerts_of_jobs(), Lines{"backup_missed db on web1"});
}

TEST_F(ClockStepsAndJobs, MakeNoRunTooLongAndHideNone) {
  expect_of_db({.max_duration = 2h});
  for (const auto by : {Duration(5h), Duration(-5h)}) {
    const auto run = by > 0h ? 71U : 72U;
    world.report(web1, a_report("db").run(run).started());
    world.pass(1h);
    step(by);
    world.pass(59min);
    EXPECT_EQ(alerts_of_jobs(), Lines{});
    world.pass(2min);
    EXPECT_EQ(alerts_of_jobs(), Lines{"run_too_long db on web1"});
    world.report(web1, a_report("db").run(run).succeeded());
    EXPECT_EQ(alerts_of_jobs(), Lines{});
  }
}

// A clock of ours that was behind and is right now: the hosts' clocks have been right all the time.
TEST_F(ClockStepsAndJobs, ChangeHowFarTheClocksOfHostsAreFromOurs) {
  expect_of_db({.max_age = 3h});
  say_hello_with_a_clock_that_differs_by(5h);
  step(5h);
  EXPECT_EQ(world.client(web1).clock_skew, 0h);
  RunReport report = a_report("db").succeeded();
  report.started_at = world.now() - 10min;
  report.ended_at = world.now();
  world.report(web1, report);
  EXPECT_EQ(world.rows().get<Job>({1})->last_good_at, world.now());
  world.pass(2h);
  EXPECT_EQ(alerts_of_jobs(), Lines{});
}

TEST_F(ClockStepsAndJobs, AreKnownToAReportThatComesBeforeTheyAreWorkedOff) {
  expect_of_db({.schedule = Schedule{.every = 2h, .grace = 30min}, .max_age = 4h});
  world.pass(1h);
  world.step_clock(-3h);
  RunReport report = a_report("db").run(99).succeeded();
  report.started_at = world.now() - 10min;
  report.ended_at = world.now();
  // The step is noticed with this command, and worked off after it.
  world.submit(support::hello_of(web1, world.now()));
  world.submit(ReportReceived{web1.client, web1.spool, ++web1.sequence, report});
  world.settle();
  EXPECT_EQ(world.rows().get<Job>({1})->last_good_at, world.now());
  EXPECT_EQ(world.rows().get<Job>({1})->expected_after, world.now() - 10min);
  world.pass(2h);
  EXPECT_EQ(alerts_of_jobs(), Lines{});
}

// ---- who is told (R6.4, R7.4, R7.11)

TEST_F(ClockStepsAndJobs, NeitherHurryNorDelayReminders) {
  const Policy policy{.notify_after = 0min, .remind_every = 2h};
  EXPECT_EQ(remark(SetPolicy{.holder = {.vault = world.vault("prod")}, .policy = policy}), "");
  world.report(web1, a_report("db").failed());
  EXPECT_EQ(mails(), Lines{"ops: critical: backup of db on web1 failed"});
  for (const auto by : {-kYear, kYear}) {
    world.pass(1h);
    step(by);
    world.pass(59min);
    EXPECT_EQ(about_db(), Lines{});
    world.pass(1min);
    EXPECT_EQ(about_db(), Lines{"ops: still critical: backup of db on web1 failed"});
  }
}

TEST_F(ClockStepsAndJobs, BackwardsHoldNoMessageBackForLongerThanTheLimitSays) {
  auto settings = world.settings();
  settings.notify_after = 0min;
  settings.email.limits = {{3, 1h}};
  world.reconfigure(settings);
  for (const auto* job : {"a", "b", "c"}) world.report(web1, a_report(job).failed());
  EXPECT_EQ(mails().size(), 3U);
  world.pass(10min);
  world.step_clock(-kYear);
  world.report(web1, a_report("d").failed());
  world.pass(59min);
  EXPECT_EQ(mails(), Lines{});
  world.pass(2min);
  const auto late = mails();
  ASSERT_EQ(late.size(), 1U);
  EXPECT_NE(late[0].find("critical: backup of d on web1 failed"), std::string::npos);
}

TEST_F(ClockStepsAndJobs, BackwardsHideNoChannelThatFails) {
  auto settings = world.settings();
  settings.notify_after = 0min;
  world.reconfigure(settings);
  world.receivers.always(try_later());
  world.report(web1, a_report("db").failed());
  world.pass(10min);
  world.step_clock(-kYear);
  world.pass(61min);
  const auto failing = world.last_alert(AlertKind::delivery_failing);
  ASSERT_TRUE(failing.has_value());
  EXPECT_EQ(failing->topic, "email");
  world.receivers.always({});
  world.pass(1h);
}

}  // namespace
}  // namespace vaultbell::core
