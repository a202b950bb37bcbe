// The list of clients, the worst first; and one that is out of service.

#include <gtest/gtest.h>

#include "tests/support/raw_http.hpp"
#include "tests/support/small_aggregator.hpp"

namespace vaultbell::api {
namespace {

using nlohmann::json;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using support::SmallAggregator;
using Lines = std::vector<std::string>;

class Clients : public ::testing::Test {
 protected:
  json get(std::string_view target) {
    const auto answer = support::ask(aggregator_.socket(), "GET", target);
    EXPECT_EQ(answer.status, 200U) << target << " " << answer.body;
    return answer.json();
  }

  Lines names(std::string_view query) {
    Lines found;
    const auto list = get("/api/v1/clients" + std::string(query));
    for (const auto& item : list["items"]) found.push_back(item["name"]);
    return found;
  }

  std::string refusal(std::string_view query) {
    const auto target = "/api/v1/clients" + std::string(query);
    const auto answer = support::ask(aggregator_.socket(), "GET", target);
    EXPECT_EQ(answer.status, 400U) << target << " " << answer.body;
    return answer.json()["error"]["message"];
  }

  void order(std::string_view method, std::string_view target, std::string_view body) {
    const auto answer = support::ask(aggregator_.socket(), method, target, body);
    EXPECT_EQ(answer.status, 200U) << target << " " << answer.body;
  }

  // Two that are online, one invited, two disconnected, of which "gone" for longer.
  void play_a_little() {
    aggregator_.add_vault("prod");
    aggregator_.add_vault("lab");
    aggregator_.add_client("web-1", "prod");
    aggregator_.pass(1min);
    aggregator_.add_client("Web-2", "lab");
    aggregator_.enrol("new", "prod");
    const auto gone = aggregator_.add_client("gone", "prod");
    const auto away = aggregator_.add_client("away", "lab");
    aggregator_.fall_silent(gone);
    aggregator_.pass(1min);
    aggregator_.fall_silent(away);
  }

  SmallAggregator aggregator_;
};

TEST_F(Clients, AreListedTheWorstFirstAndThenWhoeverIsSoForLongest) {
  play_a_little();
  EXPECT_EQ(names(""), (Lines{"gone", "away", "new", "web-1", "Web-2"}));
  EXPECT_EQ(names("?vault=lab"), (Lines{"away", "Web-2"}));
  EXPECT_EQ(names("?state=online"), (Lines{"web-1", "Web-2"}));
  EXPECT_EQ(names("?state=invited&vault=lab"), Lines{});
}

TEST_F(Clients, AreListedPageAfterPage) {
  play_a_little();
  Lines found;
  std::string cursor;
  for (int pages = 0; pages < 3; ++pages) {
    const auto page = get("/api/v1/clients?limit=2" + cursor);
    for (const auto& item : page["items"]) found.push_back(item["name"]);
    if (page["next"].is_string()) cursor = "&cursor=" + page["next"].get<std::string>();
    EXPECT_EQ(page["next"].is_null(), pages == 2);
  }
  EXPECT_EQ(found, (Lines{"gone", "away", "new", "web-1", "Web-2"}));
  EXPECT_EQ(refusal("?cursor=12"), "cursor: \"12\" is not what next was");
  EXPECT_EQ(refusal("?cursor=1-2-x"), "cursor: \"1-2-x\" is not what next was");
}

TEST_F(Clients, AreFoundByAPartOfTheirName) {
  play_a_little();
  EXPECT_EQ(names("?q=WEB"), (Lines{"web-1", "Web-2"}));
  EXPECT_EQ(names("?q=w"), (Lines{"away", "new", "web-1", "Web-2"}));
  EXPECT_EQ(names("?q=w&vault=prod"), (Lines{"new", "web-1"}));
  EXPECT_EQ(refusal("?q="), "q: it is empty: a part of a name is needed");
}

TEST_F(Clients, AreFilteredByWhatIsUnusualAboutThem) {
  play_a_little();
  order("PUT", "/api/v1/clients/web-1/policy", R"({"mode":"off"})");
  EXPECT_EQ(names("?policy=differs"), (Lines{"web-1"}));
  EXPECT_EQ(names("?policy=same&state=online"), (Lines{"Web-2"}));
  EXPECT_EQ(names("?outdated=true"), (Lines{"gone", "away", "web-1", "Web-2"}));
  EXPECT_EQ(names("?outdated=false"), (Lines{"new"}));  // it never said
  EXPECT_EQ(refusal("?policy=custom"), "unknown policy \"custom\" (one of: differs same)");
  EXPECT_EQ(refusal("?stale=soon"),
            "stale: \"soon\" is not a duration (examples: \"45m\", \"26h\")");
}

TEST_F(Clients, AreStaleWithoutAGoodBackupForThatLong) {
  aggregator_.add_vault("prod");
  const auto good = aggregator_.add_client("good", "prod");
  const auto bad = aggregator_.add_client("bad", "prod");
  aggregator_.add_client("never", "prod");
  aggregator_.report(good, {.job = "a", .outcome = Outcome::failed});
  aggregator_.report(good, {.job = "b"});
  aggregator_.report(bad, {});
  aggregator_.clock().advance(2h);
  aggregator_.report(good, {.job = "b"});
  aggregator_.report(bad, {.outcome = Outcome::failed});
  EXPECT_EQ(names("?stale=1h"), (Lines{"bad", "never"}));
  EXPECT_EQ(names("?stale=3h"), (Lines{"never"}));
}

TEST_F(Clients, ShowWhatTheirJobsSaidLast) {
  aggregator_.add_vault("prod");
  const auto id = aggregator_.add_client("db-1", "prod");
  EXPECT_EQ(get("/api/v1/clients/db-1")["last_run_at"], nullptr);
  aggregator_.report(id, {.job = "a"});
  aggregator_.clock().advance(1h);
  aggregator_.report(id, {.job = "b", .outcome = Outcome::failed});
  const auto list = get("/api/v1/clients");
  const auto& client = list["items"][0];
  EXPECT_EQ(client["last_job"], "b");
  EXPECT_EQ(client["last_run"], 2);
  EXPECT_EQ(client["last_outcome"], "failed");
  EXPECT_EQ(client["last_run_at"], "2026-03-01T03:00:00Z");
  EXPECT_EQ(client["last_good_at"], "2026-03-01T02:00:00Z");
  EXPECT_EQ(client["is_outdated"], true);
  EXPECT_EQ(client["active_alerts"], 1);
}

TEST_F(Clients, ThatAreRetiredAreStillShownUntilAnotherHasTheirName) {
  aggregator_.add_vault("prod");
  const auto first = aggregator_.add_client("db-1", "prod");
  aggregator_.report(first, {.job = "nightly"});
  order("POST", "/api/v1/clients/db-1/retire", "{}");
  EXPECT_EQ(get("/api/v1/clients/db-1")["state"], "retired");
  EXPECT_EQ(get("/api/v1/clients/db-1/jobs/nightly")["last_outcome"], "succeeded");
  EXPECT_EQ(get("/api/v1/runs?client=db-1")["items"].size(), 1U);
  const auto again =
      support::ask(aggregator_.socket(), "POST", "/api/v1/clients/db-1/retire", "{}");
  EXPECT_EQ(again.status, 404U);
  const auto quiet = support::ask(aggregator_.socket(), "POST", "/api/v1/maintenances",
                                  R"({"client":"db-1","for":"2h","why":"move"})");
  EXPECT_EQ(quiet.status, 404U);
  aggregator_.add_client("db-1", "prod");
  EXPECT_EQ(get("/api/v1/clients/db-1")["state"], "online");
  EXPECT_EQ(get("/api/v1/runs?client=db-1")["items"].size(), 0U);
}

}  // namespace
}  // namespace vaultbell::api
