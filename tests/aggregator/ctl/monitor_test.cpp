// `vaultbell check`: the monitor's contract.

#include <gtest/gtest.h>

#include "tests/aggregator/ctl/program_fixture.hpp"

namespace vaultbell::ctl {
namespace {

using std::chrono_literals::operator""h;

class Monitor : public Program {};

TEST_F(Monitor, ChecksLikeANagiosPlugin) {
  aggregator_.add_vault("prod");
  const auto client = aggregator_.add_client("db-1", "prod");
  const auto good = run({"check"});
  EXPECT_EQ(good.exit, 0);
  EXPECT_TRUE(
      good.out.starts_with("VAULTBELL OK - silence can be trusted | "
                           "clients_disconnected=0;;0 clients_never_connected=0;0 "
                           "clock_skew=0;0 outbox_age=0s;600;3600 "
                           "deliveries_given_up=0;;0 owners=1 policies=1 mail=1 store=0."))
      << good.out;
  EXPECT_EQ(good.out.find("e-"), std::string::npos) << good.out;  // no exponent
  EXPECT_EQ(std::ranges::count(good.out, '\n'), 1);
  aggregator_.say_hello(client, 2h);
  const auto warning = run({"check"});
  EXPECT_EQ(warning.exit, 1);
  EXPECT_TRUE(warning.out.starts_with(
      "VAULTBELL WARNING - 1 client with a clock more than 60 s off: db-1 | "))
      << warning.out;
  aggregator_.fall_silent(client);
  const auto critical = run({"check"});
  EXPECT_EQ(critical.exit, 2);
  EXPECT_TRUE(critical.out.starts_with("VAULTBELL CRITICAL - 1 client disconnected: db-1; "))
      << critical.out;
  EXPECT_EQ(run({"check", "-o", "json"}).json()["state"], "critical");
  EXPECT_NE(run({"check", "-o", "table"}).out.find("\n▲ critical  1 client disconnected"),
            std::string::npos);
}

TEST_F(Monitor, DoesNotKnowWhenTheAggregatorIsAway) {
  const auto ran = run_program({"check", "--socket", "/no-such-folder"});
  EXPECT_EQ(ran.exit, 3);
  EXPECT_EQ(ran.out,
            "VAULTBELL UNKNOWN - cannot reach the aggregator at /no-such-folder: No such file or "
            "directory\n");
  const auto flag_first = run_program({"--socket", "/no-such-folder", "check"});
  EXPECT_EQ(flag_first.exit, 3);
  EXPECT_EQ(flag_first.out, ran.out);
}

// Exit 2 would be an alarm.
TEST_F(Monitor, DoesNotKnowWhenTheMonitorCallsItWrongly) {
  for (const auto& words : std::vector<Words>{{"check", "--bogus"},
                                              {"check", "now"},
                                              {"check", "--timeout", "soon"},
                                              {"--timeout", "soon", "check"},
                                              {"--bogus", "check"},
                                              {"-qo", "tsv", "check", "now"},
                                              {"check", "-o", "json", "--socket", "/x"}}) {
    EXPECT_EQ(run(words).exit, 3) << words[1];
  }
  EXPECT_EQ(run({"check", "--bogus"}).out, "VAULTBELL UNKNOWN - unknown flag \"--bogus\"\n");
}

TEST_F(Monitor, KeepsTheLineOfTheMonitorWhole) {
  aggregator_.add_vault("prod");
  aggregator_.fall_silent(aggregator_.add_client("a|b", "prod"));
  const auto ran = run({"check"});
  EXPECT_EQ(std::ranges::count(ran.out, '|'), 1) << ran.out;
}

}  // namespace
}  // namespace vaultbell::ctl
