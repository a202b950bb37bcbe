// What whoever looks at the whole fleet asks for: the search, the system, a policy that nobody has
// set yet.

#include <gtest/gtest.h>

#include "tests/support/raw_http.hpp"
#include "tests/support/small_aggregator.hpp"

namespace vaultbell::api {
namespace {

using nlohmann::json;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""s;
using support::SmallAggregator;

class Screens : public ::testing::Test {
 protected:
  json asked(std::string_view method, std::string_view target, std::string_view body = {}) {
    const auto answer = support::ask(aggregator_.socket(), method, target, body);
    EXPECT_EQ(answer.status, 200U) << target << " " << answer.body;
    return answer.json();
  }
  json get(std::string_view target) { return asked("GET", target); }

  std::string refusal(std::string_view method, std::string_view target,
                      std::string_view body = {}) {
    const auto answer = support::ask(aggregator_.socket(), method, target, body);
    EXPECT_GE(answer.status, 400U) << target << " " << answer.body;
    return answer.json()["error"]["message"];
  }

  // "job nightly of db-1", for each that was found.
  std::vector<std::string> found(std::string_view query) {
    std::vector<std::string> lines;
    const auto answer = get("/api/v1/search?q=" + std::string(query));
    for (const auto& item : answer["items"]) {
      auto line = item["what"].get<std::string>() + " " + item["name"].get<std::string>();
      if (item["client"].is_string()) line += " of " + item["client"].get<std::string>();
      lines.push_back(std::move(line));
    }
    return lines;
  }

  SmallAggregator aggregator_;
};

using Lines = std::vector<std::string>;

TEST_F(Screens, ASearchFindsWhateverHasANameByAPartOfIt) {
  aggregator_.add_vault("database");
  aggregator_.report(aggregator_.add_client("big-DB-1", "database"), {.job = "dbdump"});
  asked("POST", "/api/v1/contacts", R"({"name":"dbora","email":"d@example.org"})");
  asked("POST", "/api/v1/groups", R"({"name":"dbas","members":[]})");
  EXPECT_EQ(found("db"),
            (Lines{"client big-DB-1", "contact dbora", "group dbas", "job dbdump of big-DB-1"}));
  EXPECT_EQ(found("ATAb"), (Lines{"vault database"}));
  EXPECT_EQ(found("nothing"), Lines{});
}

TEST_F(Screens, ASearchShowsThoseFirstWhoseNameBeginsSo) {
  for (const auto* name : {"a-web", "web-2", "b-web", "Web-1"}) aggregator_.add_vault(name);
  EXPECT_EQ(found("web"), (Lines{"vault Web-1", "vault web-2", "vault a-web", "vault b-web"}));
}

TEST_F(Screens, ASearchShowsTwentyOfEachKindAtMost) {
  for (int i = 10; i < 35; ++i) aggregator_.add_vault("vault-" + std::to_string(i));
  EXPECT_EQ(found("vault").size(), 20U);
  EXPECT_EQ(found("ault").back(), "vault vault-29");
}

TEST_F(Screens, ASearchFindsNothingOfARetiredClient) {
  aggregator_.add_vault("prod");
  aggregator_.report(aggregator_.add_client("db-1", "prod"), {.job = "db-dump"});
  asked("POST", "/api/v1/clients/db-1/retire", "{}");
  EXPECT_EQ(found("db"), Lines{});
}

TEST_F(Screens, ASearchNeedsAPartOfAName) {
  EXPECT_EQ(refusal("GET", "/api/v1/search"), "q is missing");
  EXPECT_EQ(refusal("GET", "/api/v1/search?q="), "q: it is empty: a part of a name is needed");
  EXPECT_EQ(refusal("GET", "/api/v1/search?q=a&limit=3"), "unknown field \"limit\"");
}

TEST_F(Screens, TheSystemSaysHowTheAggregatorItselfIs) {
  aggregator_.add_vault("prod");
  aggregator_.board().disk_bytes = 1000;
  aggregator_.board().disk_free_bytes = 400;
  aggregator_.clock().advance(7s);
  const auto system = get("/api/v1/system");
  EXPECT_EQ(system["version"], "9.9.9");
  EXPECT_EQ(system["uptime"], "7s");
  EXPECT_EQ(system["loop"]["last_turn_age"], "7s");
  EXPECT_EQ(system["auditor"], (json{{"agreed_age", "7s"}, {"does_disagree", false}}));
  EXPECT_EQ(system["disk"], (json{{"free_bytes", 400}, {"size_bytes", 1000}}));
  EXPECT_EQ(system["web"], (json{{"address", nullptr}, {"problem", nullptr}}));
  EXPECT_EQ(system["channels"].size(), 3U);
  EXPECT_EQ(system["channels"][0]["channel"], "email");
  EXPECT_GT(system["store"]["used_bytes"], 0);
}

TEST_F(Screens, ADiskThatNobodyHasLookedAtIsNotCalledFull) {
  EXPECT_EQ(get("/api/v1/system")["disk"], nullptr);
}

// R6.7
TEST_F(Screens, APolicyThatSomebodyThinksOfIsExplainedAndNotSet) {
  aggregator_.add_vault("prod");
  const auto body =
      R"({"vault":"prod","mode":"default","notify_after":"10m","kind":"backup_failed"})";
  const auto answer = asked("POST", "/api/v1/explain/policy", body);
  EXPECT_EQ(answer["vault"], "prod");
  EXPECT_EQ(answer["client"], nullptr);
  ASSERT_EQ(answer["kinds"].size(), 1U);
  EXPECT_EQ(answer["kinds"][0]["notify_after"], "10m");
  EXPECT_EQ(answer["kinds"][0]["recipients"][0]["address"], "ops@example.org");
  EXPECT_EQ(answer["kinds"][0]["reason_sentence"],
            "ops@example.org would be told 10 min after it was raised, if it is active then.");
  EXPECT_EQ(get("/api/v1/vaults/prod/policy")["notify_after"], nullptr);
  EXPECT_EQ(get("/api/v1/audit")["items"].size(), 1U);  // that the vault was made
}

// R6.2
TEST_F(Screens, AClientsPolicyIsThoughtOfBeforeItsVaults) {
  aggregator_.add_vault("prod");
  aggregator_.add_client("db-1", "prod");
  const auto off = asked("POST", "/api/v1/explain/policy", R"({"client":"db-1","mode":"off"})");
  EXPECT_EQ(off["policy_of"], "client");
  EXPECT_EQ(off["kinds"][0]["reason"], "nobody_policy_off");
  const auto same =
      asked("POST", "/api/v1/explain/policy", R"({"client":"db-1","mode":"same_as_vault"})");
  EXPECT_EQ(same["policy_of"], "vault");
  EXPECT_EQ(same["kinds"], get("/api/v1/explain/client/db-1")["kinds"]);
}

TEST_F(Screens, APolicyThatCouldNotBeSetIsNotExplained) {
  aggregator_.add_vault("prod");
  const auto refused = [&](std::string_view body) {
    return refusal("POST", "/api/v1/explain/policy", body);
  };
  EXPECT_EQ(refused(R"({"mode":"off"})"),
            "either vault or client is needed: whose policy it would be");
  EXPECT_EQ(refused(R"({"vault":"prod","client":"db-1","mode":"off"})"),
            "either vault or client is needed: whose policy it would be");
  EXPECT_EQ(refused(R"({"vault":"prod"})"), "mode is missing");
  EXPECT_EQ(refused(R"({"vault":"prod","mode":"off","colour":"red"})"), "unknown field \"colour\"");
  EXPECT_EQ(refused(R"({"vault":"prod","mode":"custom","contacts":["bob"]})"),
            "contacts: there is no contact \"bob\"");
  EXPECT_EQ(refused(R"({"vault":"prod","mode":"custom"})"),
            "the policy of vault \"prod\" would be custom without anybody: name at least one "
            "contact or group, or set it to default or off");
  EXPECT_EQ(refused(R"({"vault":"prod","mode":"same_as_vault"})"),
            "the policy of vault \"prod\" cannot be same_as_vault: only a client's can");
}

TEST_F(Screens, AMessageIsShownAsItWasSent) {
  aggregator_.add_vault("prod");
  aggregator_.report(aggregator_.add_client("db-1", "prod"), {.outcome = Outcome::failed});
  aggregator_.pass(1h);
  aggregator_.end_delivery({1}, core::AttemptResult::delivered, "250 ok");
  aggregator_.clock().advance(1h);
  const auto message = get("/api/v1/deliveries/1/message");
  EXPECT_EQ(message["delivery"], 1);
  EXPECT_EQ(message["subject"], "something failed");
  EXPECT_EQ(message["text"], "It failed.\nAt 2026-03-01T03:00:00Z.\n");
  EXPECT_EQ(message["html"], "<p>It failed.</p>");
  EXPECT_EQ(message["raw"], "Subject: something failed\r\n");
  EXPECT_EQ(message["problem"], nullptr);
  EXPECT_EQ(refusal("GET", "/api/v1/deliveries/99/message"), "there is no delivery 99");
}

TEST_F(Screens, AMessageThatIsNoLongerKnownIsNull) {
  aggregator_.add_vault("prod");
  const auto client = aggregator_.add_client("db-1", "prod");
  for (const auto* job : {"a", "b"}) {
    aggregator_.report(client, {.job = job, .outcome = Outcome::failed});
  }
  aggregator_.pass(1h);
  const auto message = get("/api/v1/deliveries/2/message");
  for (const auto* field : {"subject", "text", "html", "raw"}) EXPECT_EQ(message[field], nullptr);
  EXPECT_EQ(message["problem"], "its code is not the newest any more");
}

}  // namespace
}  // namespace vaultbell::api
