// What can be changed, against the real core: each order done, dry, refused and unanswered.

#include <gtest/gtest.h>

#include "shared/crypto/join_token.hpp"
#include "tests/support/raw_http.hpp"
#include "tests/support/small_aggregator.hpp"

namespace vaultbell::api {
namespace {

using nlohmann::json;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""ms;
using support::RawAnswer;
using support::SmallAggregator;

class Orders : public ::testing::Test {
 protected:
  RawAnswer ask(std::string_view method, std::string_view target, std::string_view body = {}) {
    return support::ask(aggregator_.socket(), method, target, body);
  }

  json done(std::string_view method, std::string_view target, std::string_view body = {}) {
    const auto answer = ask(method, target, body);
    EXPECT_EQ(answer.status, 200U) << target << " " << answer.body;
    return answer.json();
  }

  json refused(unsigned status, std::string_view method, std::string_view target,
               std::string_view body = {}) {
    const auto answer = ask(method, target, body);
    EXPECT_EQ(answer.status, status) << target << " " << answer.body;
    return answer.json()["error"];
  }

  json get(std::string_view target) { return done("GET", target); }

  SmallAggregator aggregator_;
};

TEST_F(Orders, AVaultIsCreatedAndSeenAtOnce) {
  const auto answer =
      done("POST", "/api/v1/vaults", R"({"name":"prod","policy":"off","disconnect_after":"5m"})");
  EXPECT_EQ(answer["api_version"], 1);
  EXPECT_EQ(answer["is_dry_run"], false);
  EXPECT_EQ(answer["remark"], nullptr);
  ASSERT_EQ(answer["changes"].size(), 1U);
  const auto change = answer["changes"][0];
  EXPECT_EQ(change["action"], "create");
  EXPECT_EQ(change["what"], "vault");
  EXPECT_EQ(change["id"], 1);
  EXPECT_EQ(change["name"], "prod");
  EXPECT_EQ(change["before"], nullptr);
  EXPECT_EQ(change["after"]["own_policy"]["mode"], "off");
  EXPECT_EQ(change["after"]["own_timing"]["disconnect_after"], "5m");
  EXPECT_EQ(get("/api/v1/vaults/prod")["timing"]["disconnect_after"], "5m");
}

// R9.2
TEST_F(Orders, ADryRunShowsTheSameAndChangesNothing) {
  const auto body = R"({"name":"prod"})";
  const auto dry = done("POST", "/api/v1/vaults?dry_run=true", body);
  EXPECT_EQ(dry["is_dry_run"], true);
  EXPECT_EQ(get("/api/v1/vaults")["items"], json::array());
  const auto wet = done("POST", "/api/v1/vaults", body);
  EXPECT_EQ(dry["changes"], wet["changes"]);
}

TEST_F(Orders, AnEditShowsBeforeAndAfter) {
  aggregator_.add_vault("prod");
  const auto answer = done("PUT", "/api/v1/vaults/prod/policy", R"({"mode":"off"})");
  const auto change = answer["changes"][0];
  EXPECT_EQ(change["action"], "update");
  EXPECT_EQ(change["before"]["own_policy"]["mode"], "default");
  EXPECT_EQ(change["after"]["own_policy"]["mode"], "off");
  EXPECT_EQ(get("/api/v1/vaults/prod")["policy"], "off");
}

TEST_F(Orders, AnEditThatChangesNothingSaysSo) {
  aggregator_.add_vault("prod");
  const auto answer = done("PUT", "/api/v1/vaults/prod/policy", R"({"mode":"default"})");
  EXPECT_EQ(answer["changes"], json::array());
  EXPECT_EQ(answer["remark"], "nothing to change");
}

TEST_F(Orders, AClientsTimesAreEdited) {
  aggregator_.add_vault("prod");
  aggregator_.add_client("db-1", "prod");
  const auto dry = done("PATCH", "/api/v1/clients/db-1?dry_run=true", R"({"offline_grace":"2h"})");
  EXPECT_EQ(dry["changes"][0]["after"]["own_timing"]["offline_grace"], "2h");
  EXPECT_EQ(get("/api/v1/clients/db-1")["timing"]["offline_grace"], "1h");
  done("PATCH", "/api/v1/clients/db-1", R"({"offline_grace":"2h"})");
  EXPECT_EQ(get("/api/v1/clients/db-1")["timing"]["offline_grace"], "2h");
}

TEST_F(Orders, WhatTheCoreRefusesIsRefused) {
  aggregator_.add_vault("prod");
  auto error = refused(409, "POST", "/api/v1/vaults", R"({"name":"prod"})");
  EXPECT_EQ(error["code"], "refused");
  EXPECT_EQ(error["message"], "there is already a vault named \"prod\"");
  error = refused(400, "PATCH", "/api/v1/vaults/prod",
                  R"({"heartbeat_every":"1m","disconnect_after":"90s"})");
  EXPECT_EQ(error["code"], "invalid");
  EXPECT_EQ(refused(400, "POST", "/api/v1/vaults", R"({"name":" prod"})")["message"],
            "vault name \" prod\": begins or ends with white space");
}

TEST_F(Orders, WhatIsMissingOrMisspeltIsInvalid) {
  aggregator_.add_vault("prod");
  EXPECT_EQ(refused(400, "POST", "/api/v1/vaults", "{}")["message"], "name is missing");
  EXPECT_EQ(refused(400, "POST", "/api/v1/vaults", R"({"nmae":"x"})")["hint"],
            "did you mean \"name\"?");
  EXPECT_EQ(refused(400, "PUT", "/api/v1/vaults/prod/policy", R"({"mode":"of"})")["hint"],
            "did you mean \"off\"?");
  EXPECT_EQ(refused(400, "PATCH", "/api/v1/vaults/prod", "nonsense")["message"],
            "the body is not a JSON object");
  EXPECT_EQ(refused(400, "POST", "/api/v1/vaults?dryrun=true", R"({"name":"x"})")["hint"],
            "did you mean \"dry_run\"?");
  EXPECT_EQ(get("/api/v1/vaults")["items"].size(), 1U);
}

TEST_F(Orders, UnknownSubjectsAreNotFound) {
  for (const auto& [method, target] : std::vector<std::pair<const char*, const char*>>{
           {"PATCH", "/api/v1/vaults/x"},
           {"PATCH", "/api/v1/clients/x"},
           {"POST", "/api/v1/clients/x/retire"},
           {"PUT", "/api/v1/vaults/x/policy"},
           {"PUT", "/api/v1/clients/x/policy"},
           {"POST", "/api/v1/clients/x/jobs"},
           {"DELETE", "/api/v1/contacts/x"},
           {"POST", "/api/v1/contacts/x/verify"},
           {"DELETE", "/api/v1/groups/x"},
           {"POST", "/api/v1/maintenances/7/end"},
           {"POST", "/api/v1/alerts/7/acknowledge"},
           {"POST", "/api/v1/alerts/7/notify-now"},
           {"POST", "/api/v1/alerts/7/inactivate"},
           {"POST", "/api/v1/deliveries/7/retry"},
           {"DELETE", "/api/v1/enrolment/tokens/7"},
           {"POST", "/api/v1/enrolment/requests/7/approve"},
           {"POST", "/api/v1/enrolment/requests/7/reject"}}) {
    EXPECT_EQ(refused(404, method, target)["code"], "not_found") << target;
  }
  EXPECT_EQ(refused(404, "POST", "/api/v1/enrolment/tokens", R"({"vault":"x"})")["code"],
            "not_found");
}

TEST_F(Orders, AnAlertIsInactivatedWithWhoAndWhy) {
  aggregator_.add_vault("prod");
  aggregator_.fall_silent(aggregator_.add_client("db-1", "prod"));
  const auto dry = done("POST", "/api/v1/alerts/1/inactivate?dry_run=true", R"({"why":"move"})");
  EXPECT_EQ(dry["changes"][0]["after"]["state"], "inactive");
  EXPECT_EQ(get("/api/v1/alerts/1")["state"], "active");
  const auto answer = done("POST", "/api/v1/alerts/1/inactivate", R"({"why":"move"})");
  EXPECT_EQ(answer["changes"][0]["what"], "alert");
  EXPECT_EQ(answer["changes"][0]["before"]["state"], "active");
  const auto inactivation = get("/api/v1/alerts/1")["inactivation"];
  EXPECT_EQ(inactivation["reason"], "by_operator");
  EXPECT_EQ(inactivation["why"], "move");
  EXPECT_FALSE(inactivation["who"].get<std::string>().empty());
}

TEST_F(Orders, InactivatingAnInactiveAlertIsDoneAlready) {
  aggregator_.add_vault("prod");
  aggregator_.fall_silent(aggregator_.add_client("db-1", "prod"));
  done("POST", "/api/v1/alerts/1/inactivate");
  const auto answer = done("POST", "/api/v1/alerts/1/inactivate");
  EXPECT_EQ(answer["changes"], json::array());
  EXPECT_EQ(answer["remark"], "it was already inactive");
  EXPECT_EQ(answer["is_dry_run"], false);
}

TEST_F(Orders, AGivenUpDeliveryIsQueuedAgain) {
  aggregator_.add_vault("prod");
  aggregator_.fall_silent(aggregator_.add_client("db-1", "prod"));
  aggregator_.pass(2h);
  EXPECT_EQ(refused(409, "POST", "/api/v1/deliveries/1/retry")["message"],
            "it is being sent right now");
  aggregator_.end_delivery({1}, core::AttemptResult::permanent_failure, "550 no");
  const auto dry = done("POST", "/api/v1/deliveries/1/retry?dry_run=true");
  EXPECT_EQ(get("/api/v1/deliveries/1")["state"], "given_up");
  const auto changes = done("POST", "/api/v1/deliveries/1/retry")["changes"];
  EXPECT_EQ(changes, dry["changes"]);
  ASSERT_EQ(changes.size(), 2U);  // whoever is told of the alert now is told of its recovery
  EXPECT_EQ(changes[0]["what"], "alert");
  const auto& change = changes[1];
  EXPECT_EQ(change["action"], "update");
  EXPECT_EQ(change["what"], "delivery");
  EXPECT_EQ(change["before"]["state"], "given_up");
  EXPECT_EQ(change["after"]["state"], "pending");
  EXPECT_EQ(get("/api/v1/deliveries/1")["state"], "pending");
}

TEST_F(Orders, ADeliveredOneIsNotSentAgain) {
  aggregator_.add_vault("prod");
  aggregator_.fall_silent(aggregator_.add_client("db-1", "prod"));
  aggregator_.pass(2h);
  aggregator_.end_delivery({1}, core::AttemptResult::delivered, "250 ok");
  EXPECT_EQ(refused(409, "POST", "/api/v1/deliveries/1/retry")["message"], "it was delivered");
}

TEST_F(Orders, ATokenIsShownOnceAndOnlyItsHashIsKept) {
  aggregator_.add_vault("prod");
  const auto answer = done("POST", "/api/v1/enrolment/tokens",
                           R"({"vault":"prod","uses":3,"expires_in":"2h","needs_approval":false})");
  const auto text = answer["token"].get<std::string>();
  const auto token = crypto::parse_join_token(text);
  ASSERT_TRUE(token) << token.error().message;
  EXPECT_EQ(token->enrolment_endpoint, "tcp://vaultbell.example.org:8482");
  EXPECT_EQ(token->vault, "prod");
  EXPECT_EQ(token->expires_at, aggregator_.clock().wall() + 2h);
  EXPECT_EQ(answer["changes"][0]["after"]["uses_max"], 3);
  EXPECT_EQ(answer["changes"][0]["after"]["needs_approval"], false);
  const auto snapshot = storage::Snapshot::take(aggregator_.store().environment());
  EXPECT_EQ((*snapshot->get<core::Token>({1}))->hash, crypto::hash_of(*token));
  EXPECT_EQ(get("/api/v1/enrolment/tokens")["items"].dump().find(text), std::string::npos);
}

TEST_F(Orders, ADryRunMakesNoToken) {
  aggregator_.add_vault("prod");
  const auto answer = done("POST", "/api/v1/enrolment/tokens?dry_run=true", R"({"vault":"prod"})");
  EXPECT_FALSE(answer.contains("token"));
  EXPECT_EQ(answer["changes"][0]["what"], "token");
  EXPECT_EQ(get("/api/v1/enrolment/tokens")["items"], json::array());
}

TEST_F(Orders, ATokenHasLimits) {
  aggregator_.add_vault("prod");
  const auto message = [&](const char* body) {
    return refused(400, "POST", "/api/v1/enrolment/tokens", body)["message"];
  };
  EXPECT_EQ(message(R"({"vault":"prod","uses":0})"), "a token has 1 to 10000 uses");
  EXPECT_EQ(message(R"({"vault":"prod","uses":99999999999})"), "a token has 1 to 10000 uses");
  EXPECT_EQ(message(R"({"vault":"prod","expires_in":"400d"})"),
            "expires_in: 400d is longer than 365d");
  EXPECT_EQ(message(R"({"vault":"prod","expires_in":"0"})"),
            "the token would already have expired");
  for (const auto* body : {"{}", R"({"vault":"prod","client":"db-1"})"}) {
    EXPECT_EQ(message(body),
              "a token is either for a vault (vault), or for a client whose host has lost its key "
              "(client)");
  }
}

TEST_F(Orders, ATokenForAClientIsOfItsVault) {
  aggregator_.add_vault("prod");
  aggregator_.add_client("db-1", "prod");
  const auto answer = done("POST", "/api/v1/enrolment/tokens", R"({"client":"db-1"})");
  const auto token = crypto::parse_join_token(answer["token"].get<std::string>());
  ASSERT_TRUE(token) << token.error().message;
  EXPECT_EQ(token->vault, "prod");
  EXPECT_EQ(answer["changes"][0]["after"]["client"], "db-1");
  EXPECT_EQ(answer["changes"][0]["after"]["vault"], "prod");
  EXPECT_EQ(refused(404, "POST", "/api/v1/enrolment/tokens", R"({"client":"db-2"})")["code"],
            "not_found");
}

TEST_F(Orders, WithoutEnrolmentThereAreNoTokens) {
  auto facts = SmallAggregator::usual_facts();
  facts.enrolment_endpoint.clear();
  SmallAggregator closed(facts);
  closed.add_vault("prod");
  const auto answer =
      support::ask(closed.socket(), "POST", "/api/v1/enrolment/tokens", R"({"vault":"prod"})");
  EXPECT_EQ(answer.status, 409U);
  EXPECT_EQ(answer.json()["error"]["message"], "enrolment is off: set [enrolment] listen");
}

TEST_F(Orders, ATokenIsRevoked) {
  aggregator_.add_vault("prod");
  done("POST", "/api/v1/enrolment/tokens", R"({"vault":"prod"})");
  const auto change = done("DELETE", "/api/v1/enrolment/tokens/1")["changes"][0];
  EXPECT_EQ(change["before"]["state"], "usable");
  EXPECT_EQ(change["after"]["state"], "revoked");
  EXPECT_EQ(done("DELETE", "/api/v1/enrolment/tokens/1")["remark"], "it was already revoked");
}

TEST_F(Orders, AWaitingHostIsApproved) {
  aggregator_.add_vault("prod");
  aggregator_.ask_to_enrol("web-1", "prod");
  const auto changes = done("POST", "/api/v1/enrolment/requests/1/approve")["changes"];
  std::map<std::string, std::string> actions;
  for (const auto& change : changes) actions[change["what"]] = change["action"];
  EXPECT_EQ(actions,
            (std::map<std::string, std::string>{
                {"client", "create"}, {"enrolment request", "delete"}, {"token", "update"}}));
  for (const auto& change : changes) {
    const bool is_new = change["action"] == "create";
    const bool is_gone = change["action"] == "delete";
    EXPECT_EQ(change["before"].is_null(), is_new) << change;
    EXPECT_EQ(change["after"].is_null(), is_gone) << change;
  }
  EXPECT_EQ(get("/api/v1/clients/web-1")["state"], "invited");
  EXPECT_EQ(get("/api/v1/enrolment/requests")["items"], json::array());
}

TEST_F(Orders, AWaitingHostIsRejected) {
  aggregator_.add_vault("prod");
  aggregator_.ask_to_enrol("web-1", "prod");
  done("POST", "/api/v1/enrolment/requests/1/reject");
  EXPECT_EQ(get("/api/v1/enrolment/requests")["items"][0]["state"], "rejected");
  EXPECT_EQ(done("POST", "/api/v1/enrolment/requests/1/reject")["remark"],
            "it was already rejected");
}

TEST_F(Orders, WhileTheInboxIsFullNothingIsTaken) {
  aggregator_.refuse_orders();
  const auto answer = ask("POST", "/api/v1/vaults", R"({"name":"prod"})");
  EXPECT_EQ(answer.status, 503U);
  EXPECT_NE(answer.head.find("Retry-After: 1\r\n"), std::string::npos) << answer.head;
  EXPECT_EQ(answer.json()["error"]["code"], "unavailable");
  EXPECT_EQ(answer.json()["error"]["hint"], "try again in a moment");
  EXPECT_EQ(get("/api/v1/vaults")["items"], json::array());
}

TEST_F(Orders, AnOrderThatIsNotAnsweredInTimeMayStillBeCarriedOut) {
  SmallAggregator silent(SmallAggregator::usual_facts(), {.answer_deadline = 200ms});
  silent.ignore_orders();
  const auto answer = support::ask(silent.socket(), "POST", "/api/v1/vaults", R"({"name":"prod"})");
  EXPECT_EQ(answer.status, 504U);
  EXPECT_EQ(answer.json()["error"]["hint"],
            "an order may still be carried out: look before you repeat it");
  EXPECT_EQ(support::ask(silent.socket(), "GET", "/api/v1/vaults/prod").status, 200U);
}

TEST_F(Orders, AReplyThatNobodyWaitsForIsIgnored) {
  aggregator_.server().answer(core::Reply{4711, core::OrderDone{}});
  EXPECT_EQ(get("/api/v1/vaults")["items"], json::array());
}

TEST_F(Orders, AServerEndsWhileOrdersAreUnderWay) {
  auto ending = std::make_unique<SmallAggregator>();
  ending->ignore_orders();
  support::RawHttp http(ending->socket());
  http.send(
      "POST /api/v1/vaults HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: "
      "12\r\n\r\n{\"name\":\"a\"}");
  ending->add_vault("b");  // decided behind the order
  ending.reset();
  EXPECT_TRUE(http.is_closed());
}

TEST_F(Orders, GoToTheCoreInTheNameOfTheUser) {
  done("POST", "/api/v1/vaults", R"({"name":"prod"})");
  done("POST", "/api/v1/enrolment/tokens", R"({"vault":"prod"})");
  const auto who = get("/api/v1/enrolment/tokens")["items"][0]["created_by"].get<std::string>();
  EXPECT_FALSE(who.empty());
  EXPECT_NE(who, "test");
}

}  // namespace
}  // namespace vaultbell::api
