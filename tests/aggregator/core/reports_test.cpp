// Booking reports exactly once and in order: R3.2 to R3.7.
#include "aggregator/core/reports.hpp"

#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using support::a_report;
using support::effects_of;
using support::Lines;
using support::uuid;

class Reports : public support::InWorld {
 protected:
  support::Host& web1 = world.host("web1");
  const Uuid spool = uuid(500);

  ReportReceived received(std::uint64_t sequence, RunReport report) const {
    if (!report.run.is_set()) report.run = uuid(10'000 + sequence);
    return {.client = web1.client, .spool = spool, .sequence = sequence, .report = report};
  }
  [[nodiscard]] std::size_t runs() const { return world.rows().all<core::Run>().size(); }
  [[nodiscard]] Job job() const { return world.rows().all<Job>().rbegin()->second; }
  SpoolAck hello_with(const SpoolRange& range) {
    auto hello = support::hello_of(web1, world.now());
    hello.spools = {range};
    return effects_of<SendWelcome>(world.submit(hello)).at(0).acks.at(0);
  }
};

// ---- once and in order (R3.6)

TEST_F(Reports, AReportIsBookedAndAcknowledged) {
  const auto decision = world.submit(received(1, a_report("db").run(7).succeeded()));

  EXPECT_EQ(effects_of<SendAck>(decision), (std::vector{SendAck{web1.client, {spool, 1}}}));
  const auto run = world.last_run();
  EXPECT_EQ(run.report.run, uuid(7));
  EXPECT_EQ(run.client, web1.client);
  EXPECT_EQ(run.received_at, world.now());
  EXPECT_EQ(run.verdict, RunVerdict::ended_well);
}

TEST_F(Reports, AReportThatIsSentAgainIsAcknowledgedAndNotBookedAgain) {
  const auto report = received(1, a_report("db").failed());
  world.submit(report);
  world.submit(received(2, a_report("db").succeeded()));

  const auto decision = world.submit(report);

  EXPECT_EQ(decision.changes, WriteSet{});
  EXPECT_EQ(effects_of<SendAck>(decision), (std::vector{SendAck{web1.client, {spool, 2}}}));
  EXPECT_EQ(runs(), 2U);
}

TEST_F(Reports, AReportThatComesTooEarlyIsAskedForInOrder) {
  world.submit(received(1, a_report("db").succeeded()));

  const auto decision = world.submit(received(3, a_report("db").succeeded()));

  EXPECT_EQ(decision.changes, WriteSet{});
  const SendReportRefused expected{.client = web1.client,
                                   .sequence = 3,
                                   .is_out_of_order = true,
                                   .message = "expected report 2",
                                   .ack = {spool, 1}};
  EXPECT_EQ(effects_of<SendReportRefused>(decision), std::vector{expected});
}

TEST_F(Reports, EverySpoolIncarnationCountsFromOne) {
  world.submit(received(1, a_report("db").succeeded()));
  auto other = received(1, a_report("db").succeeded());
  other.spool = uuid(501);
  world.submit(other);

  EXPECT_EQ(runs(), 2U);
  EXPECT_EQ(world.rows().all<SpoolMark>().size(), 2U);
}

TEST_F(Reports, WhatIsKeptWhileTheAggregatorIsAwayIsBookedWhenItIsBack) {
  world.stop();
  world.report(web1, a_report("db").failed());
  world.report(web1, a_report("db").failed());
  world.pass(3h);
  world.start();
  world.pass(1min);

  EXPECT_EQ(world.alerts(), Lines{"backup_failed db on web1 x2"});
  EXPECT_EQ(web1.kept.size(), 0U);
}

TEST_F(Reports, WhatWasCommittedButNotAcknowledgedIsNotBookedTwice) {
  world.commits_take(1min);
  world.report(web1, a_report("db").failed());
  world.stop();
  world.start();
  world.commits_take(Duration(0));
  world.pass(1min);

  EXPECT_EQ(world.alerts(), Lines{"backup_failed db on web1"});
  EXPECT_EQ(runs(), 1U);
  EXPECT_EQ(web1.kept.size(), 0U);
}

TEST_F(Reports, AHelloTellsHowFarASpoolIsBooked) {
  world.submit(received(1, a_report("db").succeeded()));
  world.submit(received(2, a_report("db").succeeded()));

  EXPECT_EQ(hello_with({spool, 1, 5}), (SpoolAck{spool, 2}));
  EXPECT_EQ(hello_with({spool, 3, 2}), (SpoolAck{spool, 2}));
  EXPECT_EQ(hello_with({uuid(777), 1, 1}), (SpoolAck{uuid(777), 0}));
  EXPECT_EQ(world.take_notes(), Lines{});
}

TEST_F(Reports, ReportsThatTheAgentNoLongerHasAreNotWaitedForAndNoted) {
  world.submit(received(1, a_report("db").succeeded()));

  EXPECT_EQ(hello_with({spool, 5, 6}), (SpoolAck{spool, 4}));

  EXPECT_EQ(world.take_notes(),
            Lines{"client \"web1\" no longer has the reports 2 to 4 of its spool " +
                  to_text(spool) + ", which were never booked here"});
  world.submit(received(5, a_report("db").succeeded()));
  EXPECT_EQ(runs(), 2U);
}

TEST_F(Reports, OnlyTheSpoolsUsedLastAreRemembered) {
  for (std::uint64_t i = 1; i <= kSpoolMarksMax + 3; ++i) {
    auto report = received(1, a_report("db").succeeded());
    report.spool = uuid(1000 + i);
    world.submit(report);
    world.pass(1min);
  }

  const auto& marks = world.rows().all<SpoolMark>();
  EXPECT_EQ(marks.size(), kSpoolMarksMax);
  EXPECT_FALSE(marks.contains({web1.client, uuid(1003)}));
  EXPECT_TRUE(marks.contains({web1.client, uuid(1004)}));
}

TEST_F(Reports, AHelloWithManyNewSpoolsDropsAsManyOldOnes) {
  auto hello = support::hello_of(web1, world.now());
  for (std::uint64_t round = 0; round < 3; ++round) {
    hello.spools.clear();
    for (std::uint64_t i = 1; i <= 16; ++i) {
      hello.spools.push_back({uuid(2000 + 100 * round + i), 10, 9});
    }
    world.submit(hello);
    world.pass(1min);
  }

  const auto& marks = world.rows().all<SpoolMark>();
  EXPECT_EQ(marks.size(), kSpoolMarksMax);
  EXPECT_FALSE(marks.contains({web1.client, uuid(2001)}));
  EXPECT_TRUE(marks.contains({web1.client, uuid(2201)}));
  EXPECT_EQ(world.take_notes().size(), 48U);
}

// The World refuses a decision that writes too much; this is the largest that a host can cause.
TEST_F(Reports, AHelloAfterALongAbsenceFitsOneDecisionHoweverMuchItSays) {
  auto settings = world.settings();
  settings.owners.clear();
  for (std::size_t i = 0; i < kOwnersMax; ++i) {
    settings.owners.push_back("owner" + std::to_string(i) + "@example.org");
  }
  world.reconfigure(settings);
  auto hello = support::hello_of(web1, world.now());
  const auto list_new_spools = [&](std::uint64_t from) {
    hello.spools.clear();
    for (std::uint64_t i = 1; i <= 16; ++i) hello.spools.push_back({uuid(from + i), 10, 9});
  };
  for (const auto from : {3000U, 3100U}) {
    list_new_spools(from);
    world.submit(hello);
  }
  world.go_silent(web1);
  world.pass(2h);
  EXPECT_EQ(world.take_mail_lines().size(), kOwnersMax);

  list_new_spools(3200);
  const auto decision = world.submit(hello);

  EXPECT_EQ(support::rows_of<SpoolMark>(decision.changes).size(), 16U);
  world.settle();
  EXPECT_EQ(world.take_mail_lines().size(), kOwnersMax);
  EXPECT_EQ(world.take_notes().size(), 48U);
}

// ---- runs (R3.2, R3.5, R3.7)

TEST_F(Reports, AStartAndItsEndAreOneRun) {
  auto start = a_report("db").run(7).started();
  start.report().started_at = support::at("03-01 01:59");
  world.submit(received(1, start));
  EXPECT_EQ(world.last_run().verdict, RunVerdict::still_running);
  EXPECT_EQ(job().last_outcome, Outcome::running);

  world.pass(10min);
  world.submit(received(2, a_report("db").run(7).succeeded()));

  EXPECT_EQ(runs(), 1U);
  EXPECT_EQ(world.last_run().verdict, RunVerdict::ended_well);
  EXPECT_EQ(world.last_run().received_at, world.now());
  EXPECT_EQ(world.last_run().report.started_at, support::at("03-01 01:59"));
  EXPECT_EQ(world.rows().all<OpenRun>().size(), 0U);
}

TEST_F(Reports, AnEndWithoutAStartIsARunToo) {
  world.submit(received(1, a_report("db").run(7).succeeded()));
  EXPECT_EQ(runs(), 1U);
}

TEST_F(Reports, ARunThatWasInterruptedIsAFailure) {
  world.submit(received(1, a_report("db").run(7).started()));
  world.submit(received(2, a_report("db").run(7).failed().because(OutcomeReason::interrupted)));

  EXPECT_EQ(world.alerts(), Lines{"backup_failed db on web1"});
  EXPECT_EQ(world.last_alert(AlertKind::backup_failed)->message, "interrupted");
}

TEST_F(Reports, TwoClientsMayNameTheirRunsAlike) {
  auto& web2 = world.host("web2");
  world.report(web1, a_report("db").run(7).started());
  world.report(web2, a_report("db").run(7).started());
  world.report(web1, a_report("db").run(7).succeeded());

  EXPECT_EQ(runs(), 2U);
  EXPECT_EQ(world.rows().all<OpenRun>().size(), 1U);
}

TEST_F(Reports, AJobIsMadeWhenItIsFirstReportedAndKnowsItsLastRun) {
  world.submit(received(1, a_report("db").succeeded()));
  const auto good_at = world.now();
  world.pass(1h);
  auto verify = a_report("db").of(Operation::verify).failed();
  verify.report().tool = "restic";
  world.submit(received(2, verify));

  EXPECT_EQ(world.rows().all<Job>().size(), 1U);
  const Job expected{.id = {1},
                     .client = web1.client,
                     .name = "db",
                     .created_at = good_at,
                     .tool = "restic",
                     .last_operation = Operation::verify,
                     .last_outcome = Outcome::failed,
                     .last_run = {2},
                     .last_run_at = world.now(),
                     .last_good_at = good_at,
                     .samples = {RunSample()}};
  EXPECT_EQ(job(), expected);
}

TEST_F(Reports, ABackupWithWarningsIsAGoodOne) {
  world.submit(received(1, a_report("db").warned()));
  EXPECT_EQ(job().last_good_at, world.now());
}

TEST_F(Reports, AGoodVerifyIsNotAGoodBackup) {
  world.submit(received(1, a_report("db").of(Operation::verify).succeeded()));
  EXPECT_EQ(job().last_good_at, std::nullopt);
}

// ---- limits

TEST_F(Reports, AClientThatNeverEndsItsRunsHasTheOldestEndedForIt) {
  for (std::uint64_t i = 1; i <= kOpenRunsPerClientMax; ++i) {
    world.submit(received(i, a_report("db").run(i).started()));
  }
  EXPECT_EQ(world.take_notes(), Lines{});

  world.submit(received(65, a_report("db").run(65).started()));

  EXPECT_EQ(world.rows().all<OpenRun>().size(), kOpenRunsPerClientMax);
  EXPECT_EQ(world.take_notes(),
            Lines{"run 1: ended by the aggregator: too many runs of this client never ended"});
  const auto run = *world.rows().get<core::Run>({1});
  EXPECT_EQ(run.report.outcome, Outcome::failed);
  EXPECT_EQ(run.report.reason, OutcomeReason::interrupted);
  EXPECT_EQ(run.verdict, RunVerdict::not_alerted_end_unknown);
  EXPECT_EQ(run.report.run, uuid(1));
  EXPECT_EQ(run.report.job, "db");
  EXPECT_EQ(world.alerts(), Lines{});
}

TEST_F(Reports, AStartThatIsReportedTwiceEndsNobodysRun) {
  for (std::uint64_t i = 1; i <= kOpenRunsPerClientMax; ++i) {
    world.submit(received(i, a_report("db").run(i).started()));
  }

  world.submit(received(65, a_report("db").run(1).started()));

  EXPECT_EQ(world.take_notes(), Lines{});
  EXPECT_EQ(world.rows().all<OpenRun>().size(), kOpenRunsPerClientMax);
  EXPECT_EQ(runs(), kOpenRunsPerClientMax);
}

TEST_F(Reports, AClientWithTooManyJobsIsToldSoAndTheReportIsPassedBy) {
  WriteSet many;
  for (std::uint64_t i = 1; i <= kJobsPerClientMax; ++i) {
    many.emplace_back(
        Put{Job{.id = {i}, .client = web1.client, .name = "job" + std::to_string(i)}});
  }
  auto counters = world.state().counters;
  counters.job = kJobsPerClientMax;
  many.emplace_back(Put{counters});
  world.seed(many);

  const auto decision = world.submit(received(1, a_report("one more").succeeded()));

  const SendReportRefused expected{.client = web1.client,
                                   .sequence = 1,
                                   .is_out_of_order = false,
                                   .message = "client \"web1\" already has 1000 jobs",
                                   .ack = {spool, 1}};
  EXPECT_EQ(effects_of<SendReportRefused>(decision), std::vector{expected});
  EXPECT_EQ(runs(), 0U);
  world.submit(received(2, a_report("job7").succeeded()));
  EXPECT_EQ(runs(), 1U);
}

}  // namespace
}  // namespace vaultbell::core
