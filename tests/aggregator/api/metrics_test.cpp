// What Prometheus is shown: every metric that docs/metrics.md names, no other, and no name of a
// host.
#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/base/files.hpp"
#include "tests/support/raw_http.hpp"
#include "tests/support/small_aggregator.hpp"

namespace vaultbell::api {
namespace {

using support::SmallAggregator;
using ::testing::HasSubstr;
using ::testing::Not;

std::string metrics(const SmallAggregator& aggregator) {
  const auto answer = support::ask(aggregator.socket(), "GET", "/metrics");
  EXPECT_EQ(answer.status, 200U) << answer.body;
  return answer.body;
}

std::set<std::string> names_in(const std::string& text, const std::string& pattern) {
  std::set<std::string> names;
  const std::regex name(pattern);
  for (auto it = std::sregex_iterator(text.begin(), text.end(), name); it != std::sregex_iterator();
       ++it) {
    names.insert((*it)[1].str());
  }
  return names;
}

std::set<std::string> shown_names(const std::string& text) {
  return names_in(text, "# TYPE (vaultbell_[a-z_]+) ");
}

TEST(Metrics, CountWhatIsGoingOn) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  const auto db = aggregator.add_client("db-1", "prod");
  aggregator.report(db, {.outcome = Outcome::failed});
  aggregator.pass(std::chrono::minutes(2));
  aggregator.board().heartbeats = 7;
  const auto text = metrics(aggregator);
  EXPECT_THAT(text, HasSubstr("\nvaultbell_clients{state=\"online\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\nvaultbell_clients{state=\"disconnected\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("\nvaultbell_runs_last_day{outcome=\"failed\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\nvaultbell_active_alerts{severity=\"critical\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\nvaultbell_heartbeats_total 7\n"));
  EXPECT_THAT(text, HasSubstr("\nvaultbell_check_state{finding=\"outbox_age\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("vaultbell_build_info{version=\"9.9.9\"} 1\n"));
}

TEST(Metrics, AreCountedOnceASecond) {
  SmallAggregator aggregator;
  aggregator.board().heartbeats = 7;
  const auto first = metrics(aggregator);
  aggregator.board().heartbeats = 8;
  aggregator.clock().advance(std::chrono::milliseconds(999));
  EXPECT_EQ(metrics(aggregator), first);
  aggregator.clock().advance(std::chrono::milliseconds(1));
  EXPECT_THAT(metrics(aggregator), HasSubstr("\nvaultbell_heartbeats_total 8\n"));
}

TEST(Metrics, HoldNoNames) {
  SmallAggregator aggregator;
  aggregator.add_vault("a-secret-vault");
  const auto db = aggregator.add_client("a-secret-host", "a-secret-vault");
  aggregator.report(db, {.job = "a-secret-job", .outcome = Outcome::failed});
  EXPECT_THAT(metrics(aggregator), Not(HasSubstr("secret")));
}

TEST(Metrics, AreThoseThatTheDocumentNames) {
  const SmallAggregator aggregator;
  const auto document = read_file(VAULTBELL_DOCS "/metrics.md", 1U << 20U);
  ASSERT_TRUE(document);
  const auto documented =
      names_in(document->substr(document->find("| metric |")), "`(vaultbell_[a-z_]+)`");
  EXPECT_EQ(shown_names(metrics(aggregator)), documented);
}

TEST(Metrics, AreAllThatRulesAndDashboardAskFor) {
  const SmallAggregator aggregator;
  const auto shown = shown_names(metrics(aggregator));
  for (const auto* file : {"/prometheus-rules.yml", "/grafana-dashboard.json"}) {
    const auto text = read_file(std::string(VAULTBELL_DOCS) + file, 1U << 20U);
    ASSERT_TRUE(text) << file;
    const auto asked = names_in(*text, "(vaultbell_[a-z_]+)");
    EXPECT_GT(asked.size(), 4U) << file;
    for (const auto& name : asked) EXPECT_TRUE(shown.contains(name)) << file << ": " << name;
  }
}

TEST(Metrics, AreOnlyRead) {
  const SmallAggregator aggregator;
  const auto answer = support::ask(aggregator.socket(), "POST", "/metrics");
  EXPECT_EQ(answer.status, 405U);
}

}  // namespace
}  // namespace vaultbell::api
