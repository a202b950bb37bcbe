// Everything that happened to one client, in one list.

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

class Timelines : public ::testing::Test {
 protected:
  json get(std::string_view target) {
    const auto answer = support::ask(aggregator_.socket(), "GET", target);
    EXPECT_EQ(answer.status, 200U) << target << " " << answer.body;
    return answer.json();
  }

  std::string refusal(std::string_view target) {
    const auto answer = support::ask(aggregator_.socket(), "GET", target);
    EXPECT_GE(answer.status, 400U) << target << " " << answer.body;
    return answer.json()["error"]["message"];
  }

  // "02:00 alert 1 raised", for each moment.
  static Lines in_short(const json& list) {
    Lines lines;
    for (const auto& item : list["items"]) {
      lines.push_back(item["at"].get<std::string>().substr(11, 5) + " " +
                      item["kind"].get<std::string>() + " " +
                      std::to_string(item["id"].get<std::uint64_t>()) + " " +
                      item["what"].get<std::string>());
    }
    return lines;
  }
  Lines timeline(std::string_view query = {}) {
    return in_short(get("/api/v1/clients/db-1/timeline" + std::string(query)));
  }

  // A failed run, of which the owner is told an hour later and which somebody claims; then a good
  // one. Beside it another client.
  void play_a_little() {
    aggregator_.add_vault("prod");
    const auto client = aggregator_.add_client("db-1", "prod");
    const auto other = aggregator_.add_client("web-1", "prod");
    aggregator_.report(client, {.outcome = Outcome::failed, .message = "disk full"});
    aggregator_.report(other, {.outcome = Outcome::failed});
    aggregator_.pass(1h);
    aggregator_.end_delivery({1}, core::AttemptResult::delivered, "250 ok");
    aggregator_.clock().advance(10min);
    const auto claim = support::ask(aggregator_.socket(), "POST", "/api/v1/alerts/1/acknowledge",
                                    R"({"why":"mine"})");
    EXPECT_EQ(claim.status, 200U) << claim.body;
    aggregator_.clock().advance(10min);
    aggregator_.report(client, {});
    aggregator_.pass({});
  }

  SmallAggregator aggregator_;
};

TEST_F(Timelines, HaveRunsAlertsDeliveriesAndChangesInOneListTheNewestFirst) {
  play_a_little();
  EXPECT_EQ(timeline(),
            (Lines{"03:20 delivery 3 pending", "03:20 alert 1 inactivated", "03:20 run 3 succeeded",
                   "03:10 change 4 acknowledge_alert", "03:10 alert 1 acknowledged",
                   "03:00 delivery 1 delivered", "02:00 alert 1 raised", "02:00 run 1 failed"}));
}

TEST_F(Timelines, TellEachMomentInASentence) {
  play_a_little();
  const auto list = get("/api/v1/clients/db-1/timeline");
  const auto audit = get("/api/v1/audit");
  const std::string me = audit["items"][0]["actor"];
  Lines sentences;
  for (const auto& item : list["items"]) sentences.push_back(item["sentence"]);
  EXPECT_EQ(
      sentences,
      (Lines{"delivery 3 (recovered of alert 1) to ops@example.org by email: It waits for its "
             "next attempt.",
             "alert 1: It is over because a later run ended well.",
             "backup of \"nightly\" succeeded", me + ": acknowledge alert",
             "alert 1 was acknowledged by " + me + ": mine",
             "delivery 1 (raised of alert 1) to ops@example.org by email: It was delivered.",
             "alert 1: backup of \"nightly\" on db-1 failed",
             "backup of \"nightly\" failed: disk full"}));
  EXPECT_EQ(list["items"][5]["alert"], 1);
}

TEST_F(Timelines, AreFilteredByKindAndTime) {
  play_a_little();
  EXPECT_EQ(timeline("?kind=run"), (Lines{"03:20 run 3 succeeded", "02:00 run 1 failed"}));
  EXPECT_EQ(timeline("?kind=delivery"),
            (Lines{"03:20 delivery 3 pending", "03:00 delivery 1 delivered"}));
  EXPECT_EQ(timeline("?since=5m&kind=change"), Lines{});
  EXPECT_EQ(timeline("?since=15m&kind=alert"),
            (Lines{"03:20 alert 1 inactivated", "03:10 alert 1 acknowledged"}));
  EXPECT_EQ(timeline("?until=2026-03-01T02:30:00Z"),
            (Lines{"02:00 alert 1 raised", "02:00 run 1 failed"}));
  EXPECT_EQ(refusal("/api/v1/clients/db-1/timeline?kind=mail"),
            "unknown kind \"mail\" (one of: run alert delivery change)");
  EXPECT_EQ(refusal("/api/v1/clients/db-2/timeline"), "there is no client \"db-2\"");
}

TEST_F(Timelines, ComePageAfterPageWithoutLosingOrRepeatingAMoment) {
  play_a_little();
  const auto whole = timeline();
  Lines found;
  std::string cursor;
  while (true) {
    const auto page = get("/api/v1/clients/db-1/timeline?limit=3" + cursor);
    for (const auto& line : in_short(page)) found.push_back(line);
    if (page["next"].is_null()) break;
    cursor = "&cursor=" + page["next"].get<std::string>();
  }
  EXPECT_EQ(found, whole);
}

// R3.8
TEST_F(Timelines, LeaveLogBackupsOutUnlessAllIsAskedFor) {
  aggregator_.add_vault("prod");
  const auto client = aggregator_.add_client("db-1", "prod");
  aggregator_.report(client, {.job = "wal", .operation = Operation::log_backup});
  EXPECT_EQ(timeline(), Lines{});
  EXPECT_EQ(timeline("?all=true"), (Lines{"02:00 run 1 succeeded"}));
}

TEST_F(Timelines, OfALongRunStandWhereItEnded) {
  aggregator_.add_vault("prod");
  const auto client = aggregator_.add_client("db-1", "prod");
  core::WriteSet history;
  const auto at = aggregator_.clock().wall();
  for (std::uint64_t id = 1; id <= 5; ++id) {
    core::Run run{.id = {id}, .client = client, .job = {1}, .received_at = at};
    run.received_at = at + std::chrono::minutes(id == 1 ? 50 : id);
    run.report.outcome = Outcome::succeeded;
    history.push_back(core::Put{run});
  }
  ASSERT_TRUE(aggregator_.store().commit(history));
  EXPECT_EQ(timeline("?limit=2"), (Lines{"02:50 run 1 succeeded", "02:05 run 5 succeeded"}));
}

TEST_F(Timelines, HaveTheGapsInWhichNothingWasHeard) {
  aggregator_.add_vault("prod");
  const auto client = aggregator_.add_client("db-1", "prod");
  EXPECT_EQ(get("/api/v1/clients/db-1/gaps")["items"], json::array());
  aggregator_.clock().advance(1h);
  aggregator_.fall_silent(client);
  const auto open = get("/api/v1/clients/db-1/gaps")["items"];
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0], (json{{"from", "2026-03-01T03:00:00Z"},
                           {"until", nullptr},
                           {"why", "nothing is heard of it"}}));
  aggregator_.clock().advance(1h);
  aggregator_.say_hello(client);
  const auto gaps = get("/api/v1/clients/db-1/gaps")["items"];
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0]["from"], "2026-03-01T03:00:00Z");
  EXPECT_EQ(gaps[0]["until"], "2026-03-01T04:00:00Z");
  aggregator_.clock().advance(31 * 24h);
  EXPECT_EQ(get("/api/v1/clients/db-1/gaps")["items"], json::array());
}

}  // namespace
}  // namespace vaultbell::api
