// The main job with real programs: what fails reaches the inbox, what recovers too, and nothing
// else does.
#include <csignal>

#include <gtest/gtest.h>

#include "shared/base/clock.hpp"
#include "tests/integration/installation.hpp"

namespace vaultbell::integration {
namespace {

using Lines = std::vector<std::string>;

TEST(MainJob, AFailedBackupIsToldAndSoIsItsRecovery) {
  Installation all;
  all.start_aggregator();
  all.enrol("db-1");
  const auto failed = all.agent("db-1", {"run", "--job", "nightly", "--", "sh", "-c",
                                         "echo reading; echo disk full >&2; exit 3"});
  EXPECT_EQ(failed.exit_code, 3);
  EXPECT_EQ(failed.out, "reading\n");
  EXPECT_EQ(failed.err, "disk full\n");
  EXPECT_TRUE(until([&] { return all.subjects().size() == 1; }));
  EXPECT_EQ(all.active_alerts(), Lines{"backup_failed"});
  const auto run = all.vaultbell({"run", "show", "1"});
  EXPECT_EQ(run.at("outcome"), "failed");
  EXPECT_EQ(run.at("exit_code"), 3);
  EXPECT_EQ(all.agent("db-1", {"run", "--job", "nightly", "--", "true"}).exit_code, 0);
  EXPECT_TRUE(until([&] { return all.subjects().size() == 2; }));
  EXPECT_EQ(all.subjects(), (Lines{R"([CRITICAL] db-1: backup "nightly" failed (vault prod))",
                                   R"([RESOLVED] db-1: backup "nightly" failed (vault prod))"}));
  EXPECT_EQ(all.active_alerts(), Lines{});
}

TEST(MainJob, ATestGoesTheWholeWayAndRingsTheAlarmWhenItShall) {
  Installation all;
  all.start_aggregator();
  all.enrol("db-1");
  const auto failed = all.agent("db-1", {"test", "--fail"});
  EXPECT_EQ(failed.exit_code, 0) << failed.out << failed.err;
  EXPECT_NE(failed.out.find("a failed run of job \"vaultbell-test\" was acknowledged"),
            std::string::npos)
      << failed.out;
  EXPECT_TRUE(until([&] { return all.subjects().size() == 1; }));
  EXPECT_EQ(all.active_alerts(), Lines{"backup_failed"});
  EXPECT_EQ(all.agent("db-1", {"test"}).exit_code, 0);
  EXPECT_TRUE(until([&] { return all.subjects().size() == 2; }));
  EXPECT_EQ(all.active_alerts(), Lines{});
}

TEST(MainJob, AnOwnerIsGreetedOnce) {
  Installation all;
  all.start_aggregator();
  // Delivered, not only received: what is open when the aggregator is killed is sent again (R7.3).
  EXPECT_TRUE(until([&] { return !all.smtp.mails().empty() && all.has_delivered_everything(); }));
  all.kill_aggregator();
  all.start_aggregator();
  EXPECT_TRUE(until([&] { return all.has_delivered_everything(); }));
  EXPECT_EQ(all.smtp.mails().size(), 1U);
  EXPECT_EQ(all.vaultbell({"delivery", "list"}).at(0).at("event"), "welcome");
}

TEST(MainJob, AHostThatVanishesIsToldAndOneThatSaysGoodbyeIsNot) {
  Installation all({.disconnect_after = "5s"});
  all.start_aggregator();
  all.enrol("db-1");
  all.enrol("web-1");
  all.stop_agent("web-1");
  EXPECT_TRUE(until([&] { return all.state_of("web-1") == "offline"; }));
  all.kill_agent("db-1");
  EXPECT_TRUE(until([&] { return all.subjects().size() == 1; }));
  EXPECT_EQ(all.state_of("db-1"), "disconnected");
  all.start_agent("db-1");
  EXPECT_TRUE(until([&] { return all.subjects().size() == 2; }));
  EXPECT_EQ(all.subjects(), (Lines{"[CRITICAL] db-1: disconnected (vault prod)",
                                   "[RESOLVED] db-1: disconnected (vault prod)"}));
  EXPECT_EQ(all.state_of("web-1"), "offline");
}

TEST(MainJob, NobodyIsDisconnectedByARestartThatTookLongerThanTheLimit) {
  Installation all({.disconnect_after = "5s"});
  all.start_aggregator();
  all.enrol("db-1");
  all.kill_aggregator();
  // The limit passes while nobody listens; the agent itself goes on.
  const auto report = [&] {
    return all.agent("db-1", {"report", "--job", "meanwhile", "--outcome", "succeeded"}).exit_code;
  };
  const SystemClock clock;
  const auto down_until = clock.steady() + std::chrono::seconds(6);
  EXPECT_TRUE(until([&] { return report() == 0 && clock.steady() > down_until; }));
  all.start_aggregator();
  EXPECT_TRUE(until([&] { return all.vaultbell({"run", "list"}).size() > 0; }));  // it is back
  EXPECT_EQ(all.state_of("db-1"), "online");
  EXPECT_EQ(all.vaultbell({"alert", "list", "--all"}), json::array());
  EXPECT_EQ(all.subjects(), Lines{});
}

TEST(MainJob, NobodyIsDisconnectedByASuspendedAggregator) {
  Installation all({.disconnect_after = "5s"});
  all.start_aggregator();
  all.enrol("db-1");
  all.aggregator->send(SIGSTOP);
  const SystemClock clock;
  const auto stopped_until = clock.steady() + std::chrono::seconds(7);
  EXPECT_TRUE(until([&] { return clock.steady() > stopped_until; }));
  all.aggregator->send(SIGCONT);
  // Two reports later everything that waited has been read.
  for (const auto* job : {"one", "two"}) {
    EXPECT_EQ(all.agent("db-1", {"report", "--job", job, "--outcome", "succeeded"}).exit_code, 0);
  }
  EXPECT_TRUE(until([&] { return all.vaultbell({"run", "list"}).size() == 2; }));
  EXPECT_EQ(all.vaultbell({"alert", "list", "--all"}), json::array());
  EXPECT_EQ(all.subjects(), Lines{});
}

TEST(MainJob, AChangedIntervalReachesAConnectedAgent) {
  Installation all({.heartbeat_every = "2s", .disconnect_after = "20s"});
  all.start_aggregator();
  all.enrol("db-1");
  all.vaultbell({"vault", "edit", "prod", "--heartbeat-every", "200ms"});
  const auto heartbeats = [&] {
    return all.vaultbell({"status"}).at("gateway").at("heartbeats").get<int>();
  };
  const int before = heartbeats();
  const SystemClock clock;
  const auto begin = clock.steady();
  EXPECT_TRUE(until([&] { return heartbeats() >= before + 10; }));
  EXPECT_LT(clock.steady() - begin, std::chrono::seconds(15));  // 20 s at the old interval
}

TEST(MainJob, ARunWhoseWrapperIsKilledEndsAsInterrupted) {
  Installation all;
  all.start_aggregator();
  all.enrol("db-1");
  Program run(all.agent_words("db-1", {"run", "--job", "long", "--", "sleep", "3600"}));
  EXPECT_TRUE(until([&] { return all.vaultbell({"run", "list"}).size() == 1; }));
  EXPECT_EQ(all.vaultbell({"run", "show", "1"}).at("outcome"), "running");
  run.send(SIGKILL);
  run.wait();
  EXPECT_TRUE(until([&] { return all.vaultbell({"run", "show", "1"}).at("outcome") == "failed"; }));
  EXPECT_EQ(all.vaultbell({"run", "show", "1"}).at("reason"), "interrupted");
}

TEST(MainJob, ExplainSaysWhoIsToldAndWhyARunRaisedNothing) {
  Installation all;
  all.start_aggregator();
  all.enrol("db-1");
  EXPECT_EQ(all.agent("db-1", {"report", "--job", "nightly", "--outcome", "failed", "--reason",
                               "another_run_in_progress"})
                .exit_code,
            0);
  EXPECT_TRUE(until([&] { return all.vaultbell({"run", "list"}).size() == 1; }));
  EXPECT_EQ(all.vaultbell({"run", "show", "1"}).at("verdict"), "not_alerted_another_run");
  const auto who = all.vaultbell({"explain", "client", "db-1", "--kind", "backup_failed"});
  EXPECT_NE(who.dump().find("ok@example.org"), std::string::npos);
}

}  // namespace
}  // namespace vaultbell::integration
