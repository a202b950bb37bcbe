// Contacts, groups, policies, maintenances and jobs over the API, against the real core and store.

#include <gtest/gtest.h>

#include "tests/support/raw_http.hpp"
#include "tests/support/small_aggregator.hpp"

namespace vaultbell::api {
namespace {

using nlohmann::json;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using support::SmallAggregator;

class People : public ::testing::Test {
 protected:
  json done(std::string_view method, const std::string& target, const json& body = {}) {
    const auto text = body.is_null() ? std::string() : body.dump();
    const auto answer = support::ask(aggregator_.socket(), method, "/api/v1/" + target, text);
    EXPECT_EQ(answer.status, 200U) << target << " " << answer.body;
    return answer.json();
  }

  std::string refused(unsigned status, std::string_view method, const std::string& target,
                      const json& body = {}) {
    const auto text = body.is_null() ? std::string() : body.dump();
    const auto answer = support::ask(aggregator_.socket(), method, "/api/v1/" + target, text);
    EXPECT_EQ(answer.status, status) << target << " " << answer.body;
    return answer.json()["error"]["message"];
  }

  json get(const std::string& target) { return done("GET", target); }

  void add_verified(const std::string& name) {
    const auto address = name + "@example.org";
    done("POST", "contacts", {{"name", name}, {"email", address}});
    done("POST", "contacts/" + name + "/confirm",
         {{"code", aggregator_.code_for({core::Channel::email, address})}});
  }

  json recipients_of(const std::string& client) {
    const auto policies = get("policies");
    for (const auto& item : policies["items"]) {
      if (item["client"] == client) return item["recipients"];
    }
    return {};
  }

  SmallAggregator aggregator_;
};

TEST_F(People, AContactIsReachableOnceItsCodeCameBack) {
  const auto created = done("POST", "contacts", {{"name", "ann"}, {"email", "ann@example.org"}});
  EXPECT_EQ(created["changes"][0]["what"], "contact");
  EXPECT_EQ(created["changes"][0]["after"]["channels"][0]["state"], "code_sent");
  auto channel = get("contacts/ann")["channels"][0];
  EXPECT_EQ(channel["in_use"], nullptr);
  EXPECT_EQ(channel["code_tries_left"], 5);
  const auto code = aggregator_.code_for({core::Channel::email, "ann@example.org"});
  const auto wrong = code == "000000" ? "000001" : "000000";
  EXPECT_EQ(refused(409, "POST", "contacts/ann/confirm", {{"code", wrong}}),
            "the code for ann@example.org is another one; 4 tries are left");
  EXPECT_EQ(get("contacts/ann")["is_reachable"], false);
  done("POST", "contacts/ann/confirm", {{"code", code}});
  channel = get("contacts/ann")["channels"][0];
  EXPECT_EQ(channel["state"], "verified");
  EXPECT_EQ(channel["in_use"], "ann@example.org");
  EXPECT_EQ(get("contacts/ann")["is_reachable"], true);
}

// R7.8
TEST_F(People, AWebhooksAddressIsShownToNobody) {
  const std::string address = "slack+https://hooks.slack.com/services/T0/B0/abcdefgh6Yx2";
  const std::string shown = "slack+https://hooks.slack.com/…6Yx2";
  aggregator_.add_vault("prod");
  const auto client = aggregator_.add_client("db-1", "prod");
  const auto created = done("POST", "contacts", {{"name", "chat"}, {"webhook", address}});
  const auto code = aggregator_.code_for({core::Channel::webhook, address});
  done("POST", "contacts/chat/confirm", {{"code", code}});
  const auto channel = get("contacts/chat")["channels"][0];
  EXPECT_EQ(channel["address"], shown);
  EXPECT_EQ(channel["in_use"], shown);
  EXPECT_EQ(get("contacts/chat/webhook-secret")["address"], shown);
  done("PUT", "vaults/prod/policy", {{"mode", "custom"}, {"contacts", {"chat"}}});
  EXPECT_EQ(recipients_of("db-1"), json({shown}));
  aggregator_.report(client, {.outcome = Outcome::failed});
  aggregator_.pass(2h);
  std::string said = created.dump() + get("alerts/1").dump() + get("explain/alert/1").dump();
  for (const auto* target :
       {"contacts", "deliveries", "audit", "policies", "channels",
        "explain/client/db-1?kind=backup_failed", "check", "clients/db-1/timeline"}) {
    said += get(target).dump();
  }
  EXPECT_EQ(said.find("abcdefgh"), std::string::npos) << said;
  EXPECT_EQ(refused(404, "GET", "contacts/nobody/webhook-secret"),
            "there is no contact \"nobody\"");
}

TEST_F(People, AChangedAddressIsUsedWhenItIsVerified) {
  add_verified("ann");
  done("PATCH", "contacts/ann", {{"email", "ann@example.net"}});
  EXPECT_EQ(get("contacts/ann")["channels"][0]["in_use"], "ann@example.org");
  done("POST", "contacts/ann/confirm",
       {{"code", aggregator_.code_for({core::Channel::email, "ann@example.net"})}});
  EXPECT_EQ(get("contacts/ann")["channels"][0]["in_use"], "ann@example.net");
}

TEST_F(People, ADryRunOfANewContactShowsTheSame) {
  const json body = {{"name", "ann"}, {"email", "ann@example.org"}};
  const auto dry = done("POST", "contacts?dry_run=true", body);
  EXPECT_EQ(get("contacts")["items"], json::array());
  const auto wet = done("POST", "contacts", body);
  EXPECT_EQ(dry["changes"][0]["after"], wet["changes"][0]["after"]);
}

TEST_F(People, AContactInUseNamesItsUsesAndStays) {
  aggregator_.add_vault("prod");
  add_verified("ann");
  done("POST", "groups", {{"name", "ops"}, {"members", {"ann"}}});
  done("PUT", "vaults/prod/policy", {{"mode", "custom"}, {"contacts", {"ann"}}});
  EXPECT_EQ(get("contacts/ann/uses")["uses"],
            json({{{"what", "group"}, {"name", "ops"}, {"as", "member"}},
                  {{"what", "vault"}, {"name", "prod"}, {"as", "policy"}}}));
  EXPECT_EQ(get("contacts/ann")["uses"], 2);
  EXPECT_EQ(get("contacts/ann")["groups"], json({"ops"}));
  const auto why = refused(409, "DELETE", "contacts/ann");
  EXPECT_NE(why.find("group \"ops\""), std::string::npos) << why;
  EXPECT_NE(why.find("the policy of vault \"prod\""), std::string::npos) << why;
}

TEST_F(People, AGroupIsEditedByNames) {
  add_verified("ann");
  add_verified("bob");
  done("POST", "groups", {{"name", "ops"}, {"members", {"ann"}}});
  done("PATCH", "groups/ops", {{"name", "night"}, {"add", {"bob"}}, {"remove", {"ann"}}});
  EXPECT_EQ(get("groups/night")["members"], json({"bob"}));
  EXPECT_EQ(get("groups/night")["member_count"], 1);
  EXPECT_EQ(refused(404, "PATCH", "groups/night", {{"add", {"an"}}}),
            "add: there is no contact \"an\"");
  done("DELETE", "groups/night");
  EXPECT_EQ(get("groups")["items"], json::array());
}

TEST_F(People, APolicyIsSetWholeAndSaysWhoIsTold) {
  aggregator_.add_vault("prod");
  aggregator_.add_client("db-1", "prod");
  add_verified("ann");
  EXPECT_EQ(recipients_of("db-1"), json({"ops@example.org"}));
  done("PUT", "vaults/prod/policy",
       {{"mode", "custom"},
        {"contacts", {"ann"}},
        {"kinds", {"backup_failed", "backup_missed"}},
        {"notify_after_by_kind", {{"backup_failed", "5m"}}},
        {"frequency", "daily"},
        {"quiet_hours", "22:00-07:00"},
        {"quiet_zone", "Europe/Berlin"}});
  const auto policy = get("vaults/prod/policy");
  EXPECT_EQ(policy["contacts"], json({"ann"}));
  EXPECT_EQ(policy["notify_after_by_kind"], json({{"backup_failed", "5m"}}));
  EXPECT_EQ(policy["do_critical_pass"], true);
  EXPECT_EQ(recipients_of("db-1"), json({"ann@example.org"}));
  done("PUT", "clients/db-1/policy", {{"mode", "off"}});
  EXPECT_EQ(recipients_of("db-1"), json::array());
  EXPECT_EQ(get("policies?nobody=true")["items"].size(), 1U);
  done("PUT", "vaults/prod/policy", {{"mode", "default"}});
  EXPECT_EQ(get("vaults/prod/policy")["frequency"], nullptr);
}

TEST_F(People, APolicyThatCannotBeMeantIsRefused) {
  aggregator_.add_vault("prod");
  EXPECT_EQ(refused(400, "PUT", "vaults/prod/policy", {{"mode", "custom"}}),
            "the policy of vault \"prod\" would be custom without anybody: name at least one "
            "contact or group, or set it to default or off");
  EXPECT_EQ(refused(400, "PUT", "vaults/prod/policy", json::object()), "mode is missing");
  EXPECT_EQ(refused(400, "PUT", "vaults/prod/policy",
                    {{"mode", "default"}, {"quiet_zone", "Europe/Berlin"}}),
            "quiet_zone: it needs quiet_hours beside it");
  EXPECT_EQ(refused(404, "PUT", "vaults/prod/policy", {{"mode", "custom"}, {"contacts", {"x"}}}),
            "contacts: there is no contact \"x\"");
}

TEST_F(People, WhatIsExpectedOfAJobIsSetAndShown) {
  aggregator_.add_vault("prod");
  aggregator_.add_client("db-1", "prod");
  done("POST", "clients/db-1/jobs", {{"name", "nightly"}, {"every", "1h"}, {"grace", "10m"}});
  auto job = get("clients/db-1/jobs/nightly");
  EXPECT_EQ(job["settings"]["every"], "1h");
  EXPECT_EQ(job["last_outcome"], nullptr);
  EXPECT_EQ(job["next_due_at"], "2026-03-01T03:00:00Z");
  EXPECT_EQ(job["missed_at"], "2026-03-01T03:10:00Z");
  done("PUT", "clients/db-1/jobs/nightly/settings", {{"max_age", "26h"}});
  job = get("clients/db-1/jobs/nightly");
  EXPECT_EQ(job["settings"]["every"], nullptr);
  EXPECT_EQ(job["overdue_at"], "2026-03-02T04:00:00Z");
  EXPECT_EQ(refused(400, "PUT", "clients/db-1/jobs/nightly/settings", {{"zone", "UTC"}}),
            "zone: it needs cron beside it");
  done("DELETE", "clients/db-1/jobs/nightly");
  EXPECT_EQ(get("jobs")["items"], json::array());
}

TEST_F(People, AMaintenanceHoldsAnAlertAndSaysSo) {
  aggregator_.add_vault("prod");
  const auto client = aggregator_.add_client("db-1", "prod");
  done("POST", "maintenances", {{"client", "db-1"}, {"for", "3h"}, {"why", "new disks"}});
  aggregator_.report(client, {.outcome = Outcome::failed});
  aggregator_.pass(2h);
  const auto alert = get("alerts/1");
  EXPECT_EQ(alert["held_by"], "maintenance");
  EXPECT_EQ(alert["notifies_at"], "2026-03-01T05:00:00Z");
  const auto maintenance = get("maintenances")["items"][0];
  EXPECT_EQ(maintenance["is_active"], true);
  EXPECT_EQ(maintenance["why"], "new disks");
  done("POST", "maintenances/1/end");
  EXPECT_EQ(get("maintenances")["items"], json::array());
  EXPECT_EQ(get("maintenances?all=true")["items"].size(), 1U);
  aggregator_.pass(1min);
  EXPECT_EQ(get("alerts/1")["decision"]["reason"], "notified");
}

TEST_F(People, AnAlertIsClaimedCommentedAndToldAtOnce) {
  aggregator_.add_vault("prod");
  aggregator_.report(aggregator_.add_client("db-1", "prod"), {.outcome = Outcome::failed});
  done("POST", "alerts/1/comment", {{"text", "the disk again"}});
  done("POST", "alerts/1/notify-now");
  aggregator_.pass({});
  EXPECT_EQ(get("alerts/1")["told_so_far"], "waiting");
  done("POST", "alerts/1/acknowledge", {{"why", "mine"}});
  const auto alert = get("alerts/1");
  EXPECT_EQ(alert["comments"][0]["text"], "the disk again");
  EXPECT_EQ(alert["acknowledgement"]["why"], "mine");
  EXPECT_EQ(get("alerts?state=acknowledged")["items"].size(), 1U);
  done("POST", "alerts/1/inactivate");
  done("POST", "alerts/1/reactivate", {{"why", "not yet"}});
  EXPECT_EQ(get("alerts/1")["state"], "acknowledged");  // it is claimed still
}

TEST_F(People, WhatIsGatheredIsSeenAndSentByHand) {
  aggregator_.add_vault("prod");
  done("PUT", "vaults/prod/policy", {{"mode", "default"}, {"frequency", "daily"}});
  aggregator_.report(aggregator_.add_client("db-1", "prod"), {.outcome = Outcome::failed});
  aggregator_.pass(1h);
  const auto digest = get("digests")["items"][0];
  EXPECT_EQ(digest["address"], "ops@example.org");
  EXPECT_EQ(digest["due_at"], "2026-03-01T08:00:00Z");
  EXPECT_EQ(digest["alerts"][0]["alert"], 1);
  done("POST", "digests/send", {{"address", "ops@example.org"}, {"channel", "email"}});
  aggregator_.pass({});
  EXPECT_EQ(get("digests")["items"], json::array());
  EXPECT_EQ(get("channels")["items"][0]["sending"], 1);
}

// R9.4
TEST_F(People, TheAuditLogSaysWhoChangedWhat) {
  aggregator_.add_vault("prod");
  done("PUT", "vaults/prod/policy", {{"mode", "off"}});
  const auto entry = get("audit?action=set_policy")["items"][0];
  EXPECT_FALSE(entry["actor"].get<std::string>().empty());
  EXPECT_EQ(entry["changes"][0]["before"]["own_policy"]["mode"], "default");
  EXPECT_EQ(entry["changes"][0]["after"]["own_policy"]["mode"], "off");
  EXPECT_EQ(get("audit?actor=nobody-else")["items"], json::array());
}

TEST_F(People, ClientsAndVaultsMoveAndGetOtherNames) {
  aggregator_.add_vault("prod");
  aggregator_.add_vault("lab");
  aggregator_.add_client("db-1", "prod");
  done("POST", "clients/db-1/move", {{"vault", "lab"}});
  EXPECT_EQ(get("clients/db-1")["vault"], "lab");
  const auto renamed = done("POST", "clients/db-1/rename", {{"name", "db-2"}});
  EXPECT_EQ(renamed["changes"][0]["before"]["name"], "db-1");
  done("POST", "vaults/lab/rename", {{"name", "test"}});
  EXPECT_EQ(get("clients/db-2")["vault"], "test");
  done("POST", "clients/db-2/retire");
  EXPECT_EQ(get("clients")["items"], json::array());
}

}  // namespace
}  // namespace vaultbell::api
