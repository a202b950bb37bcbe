// Orders by the real program: what it says of what they changed.

#include <gtest/gtest.h>

#include "tests/aggregator/ctl/program_fixture.hpp"

namespace vaultbell::ctl {
namespace {

using std::chrono_literals::operator""h;

class Changing : public Program {};

TEST_F(Changing, MakesAndEditsVaults) {
  EXPECT_EQ(out({"vault", "create", "prod", "--policy", "off"}), "created vault prod\n");
  EXPECT_EQ(out({"policy", "set", "vault", "prod", "default"}),
            "updated vault prod\n  own_policy.mode: off -> default\n");
  EXPECT_EQ(out({"vault", "edit", "prod", "--disconnect-after", "5m"}),
            "updated vault prod\n  own_timing.disconnect_after:  -> 5m\n");
  const auto nothing = run({"policy", "set", "vault", "prod", "default"});
  EXPECT_EQ(nothing.exit, kDone);
  EXPECT_EQ(nothing.err, "nothing to change\n");
}

TEST_F(Changing, EditsAClient) {
  play_a_little();
  EXPECT_EQ(out({"client", "edit", "db-1", "--offline-grace", "2h"}),
            "updated client db-1\n  own_timing.offline_grace:  -> 2h\n");
  const auto nothing = run({"client", "edit", "db-1"});
  EXPECT_EQ(nothing.exit, kUsage);
  EXPECT_NE(nothing.err.find("nothing to change was given"), std::string::npos);
}

TEST_F(Changing, ADryRunChangesNothingAndCanSayByItsExitWhetherItWould) {
  EXPECT_EQ(out({"vault", "create", "prod", "--dry-run"}), "would create vault prod\n");
  EXPECT_EQ(run({"vault", "create", "prod", "--dry-run", "--exit-code"}).exit, kDifferences);
  EXPECT_EQ(json_of({"vault", "list"}), json::array());
  aggregator_.add_vault("prod");
  EXPECT_EQ(run({"policy", "set", "vault", "prod", "default", "--dry-run", "--exit-code"}).exit,
            kDone);
  EXPECT_EQ(json_of({"vault", "create", "lab", "--dry-run"})["is_dry_run"], true);
}

TEST_F(Changing, InactivatesSeveralAlerts) {
  play_a_little();
  EXPECT_EQ(run({"alert", "inactivate", "1", "2", "3", "-m", "moved"}).exit, kDone);
  EXPECT_EQ(json_of({"alert", "list"}), json::array());
  EXPECT_EQ(json_of({"alert", "show", "2"})["inactivation"]["why"], "moved");
  const auto again = run({"alert", "inactivate", "1"});
  EXPECT_EQ(again.exit, kDone);
  EXPECT_EQ(again.err, "alert 1: it was already inactive\n");
}

TEST_F(Changing, SaysWhichOfSeveralCouldNotBeDone) {
  play_a_little();
  const auto ran = run({"alert", "inactivate", "1", "99"});
  EXPECT_EQ(ran.exit, kPartlyDone);
  EXPECT_EQ(ran.err, "there is no alert 99\n");
  const auto in_json = run({"alert", "inactivate", "1", "99", "-o", "json"});
  EXPECT_EQ(in_json.exit, kPartlyDone);
  EXPECT_EQ(in_json.json()[0]["result"], "nothing_to_do");
  EXPECT_EQ(in_json.json()[1]["result"], "failed");
  EXPECT_EQ(in_json.json()[1]["error"]["code"], "not_found");
  EXPECT_EQ(run({"alert", "inactivate", "98", "99"}).exit, kNotFound);
}

TEST_F(Changing, SaysWhatAnInactivationChangesInWords) {
  play_a_little();
  const auto would = out({"alert", "inactivate", "2", "-m", "moved", "--dry-run"});
  EXPECT_TRUE(would.starts_with("would update alert 2\n")) << would;
  EXPECT_NE(would.find("\n  inactivation.reason:  -> by_operator\n"), std::string::npos) << would;
  EXPECT_NE(would.find("\n  inactivation.why:  -> moved\n"), std::string::npos) << would;
  EXPECT_EQ(would.find('{'), std::string::npos) << would;
}

TEST_F(Changing, GivesIdentitiesAsNumbers) {
  play_a_little();
  EXPECT_EQ(run({"alert", "inactivate", "1", "x", "-o", "json"}).json()[0]["id"], 1);
  EXPECT_EQ(run({"alert", "inactivate", "1", "x", "-o", "json"}).json()[1]["id"], "x");
}

TEST_F(Changing, TellsTheErrorOfEachOrderOnce) {
  play_a_little();
  EXPECT_EQ(run({"alert", "inactivate", "99"}).err, "vaultbell: there is no alert 99\n");
  EXPECT_EQ(run({"alert", "inactivate", "98", "99"}).err,
            "there is no alert 99\nvaultbell: there is no alert 98\n");
}

TEST_F(Changing, SaysWhatCanBeSentAgain) {
  aggregator_.add_vault("prod");
  aggregator_.fall_silent(aggregator_.add_client("db-1", "prod"));
  aggregator_.pass(1h);
  aggregator_.end_delivery({1}, core::AttemptResult::delivered, "250 ok");
  const auto ran = run({"delivery", "retry", "1"});
  EXPECT_EQ(ran.exit, kRefused);
  EXPECT_EQ(ran.err,
            "vaultbell: delivery 1: it was delivered\n"
            "  only what waits or was given up is sent again; what became of it: vaultbell "
            "delivery show 1\n");
}

TEST_F(Changing, SendsADeliveryAgain) {
  play_a_little();
  EXPECT_NE(out({"delivery", "retry", "1"}).find("state: given_up -> pending"), std::string::npos);
  EXPECT_EQ(json_of({"delivery", "show", "1"})["state"], "pending");
}

}  // namespace
}  // namespace vaultbell::ctl
