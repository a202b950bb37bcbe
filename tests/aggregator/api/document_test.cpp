// docs/api.md describes what there is: every route, every code, every field, and nothing else.

#include "tests/support/document.hpp"

#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aggregator/api/problem.hpp"
#include "aggregator/api/routes.hpp"
#include "tests/support/raw_http.hpp"
#include "tests/support/small_aggregator.hpp"

namespace vaultbell::api {
namespace {

using nlohmann::json;
using std::chrono_literals::operator""h;
using Lines = std::vector<std::string>;

Lines every_route() {
  Lines lines;
  for (const auto& route : routes())
    lines.push_back(fmt::format("`{} {}`", route.method, route.path));
  return lines;
}

// The names of all fields, at any depth.
void collect(const json& value, std::set<std::string>& names) {
  for (const auto& [name, inner] : value.items()) {
    if (value.is_object()) names.insert(name);
    if (inner.is_structured()) collect(inner, names);
  }
}

// What is looked at in the story.
constexpr const char* kTargets[] = {"status",
                                    "check",
                                    "system",
                                    "search?q=n",
                                    "vaults",
                                    "vaults/prod",
                                    "clients",
                                    "clients/db-1",
                                    "clients/db-1/timeline",
                                    "clients/db-1/gaps",
                                    "clients/db-1/jobs/nightly",
                                    "jobs",
                                    "runs",
                                    "runs/1",
                                    "alerts",
                                    "alerts/1",
                                    "deliveries",
                                    "deliveries/1",
                                    "deliveries/1/message",
                                    "enrolment/tokens",
                                    "enrolment/requests",
                                    "contacts",
                                    "contacts/ann",
                                    "contacts/ann/uses",
                                    "groups",
                                    "groups/ops",
                                    "policies",
                                    "vaults/prod/policy",
                                    "maintenances",
                                    "digests",
                                    "channels",
                                    "audit",
                                    "config",
                                    "config/diff",
                                    "access",
                                    "nights",
                                    "session",
                                    "config/export",
                                    "explain/client/db-1",
                                    "explain/alert/1",
                                    "explain/run/1",
                                    "nothing"};

// Every answer that a little story gives.
std::set<std::string> every_field() {
  support::SmallAggregator aggregator;
  aggregator.add_vault("prod");
  const auto client = aggregator.add_client("db-1", "prod");
  aggregator.ask_to_enrol("web-1", "prod");
  aggregator.report(client, {.outcome = Outcome::failed, .message = "disk full"});
  aggregator.pass(1h);
  aggregator.end_delivery({1}, core::AttemptResult::delivered, "250 ok");
  aggregator.report(client, {});
  const auto order = [&](std::string_view method, std::string_view target, std::string_view body) {
    const auto path = fmt::format("/api/v1/{}", target);
    const auto answer = support::ask(aggregator.socket(), method, path, body);
    EXPECT_EQ(answer.status, 200U) << target << answer.body;
  };
  order("POST", "contacts", R"({"name":"ann","email":"ann@example.org"})");
  order("POST", "groups", R"({"name":"ops","members":[]})");
  order("PUT", "vaults/prod/policy", R"({"mode":"default","frequency":"hourly"})");
  order("POST", "maintenances", R"({"vault":"prod","for":"2h","why":"move"})");
  aggregator.report(client, {.outcome = Outcome::failed, .message = "disk full"});
  order("POST", "alerts/2/comment", R"({"text":"I look at it"})");
  order("POST", "alerts/2/acknowledge", R"({"why":"mine"})");
  std::set<std::string> names;
  for (const auto* target : kTargets) {
    const auto path = fmt::format("/api/v1/{}", target);
    collect(support::ask(aggregator.socket(), "GET", path).json(), names);
  }
  const auto body = R"({"vault":"prod"})";
  collect(support::ask(aggregator.socket(), "POST", "/api/v1/enrolment/tokens", body).json(),
          names);
  return names;
}

// R9.1
TEST(ApiDocument, DescribesEveryRoute) {
  EXPECT_EQ(support::undescribed(support::document("api.md"), every_route()), Lines{});
}

TEST(ApiDocument, DescribesNoRouteThatThereIsNot) {
  const auto described =
      support::quoted(support::document("api.md"), {"GET ", "POST ", "PATCH ", "PUT ", "DELETE "});
  const auto there_are = every_route();
  ASSERT_FALSE(described.empty());
  for (const auto& route : described) {
    EXPECT_NE(std::ranges::find(there_are, "`" + route + "`"), there_are.end()) << route;
  }
}

TEST(ApiDocument, DescribesEveryErrorCode) {
  Lines codes;
  for (const auto code : {ErrorCode::failed, ErrorCode::invalid, ErrorCode::not_found,
                          ErrorCode::refused, ErrorCode::full, ErrorCode::unavailable}) {
    const auto problem = problem_of({code, ""});
    codes.push_back(fmt::format("| {} | `{}` |", problem.status, problem.code));
  }
  codes.insert(codes.end(), {"`method_not_allowed`", "`too_large`", "`no_answer`",
                             "| 422 | `invalid_configuration` |"});
  EXPECT_EQ(support::undescribed(support::document("api.md"), codes), Lines{});
}

TEST(ApiDocument, DescribesEveryField) {
  const auto document = support::document("api.md");
  for (const auto& name : every_field()) {
    const bool is_described = document.find(fmt::format("`{}`", name)) != std::string::npos ||
                              document.find(fmt::format("\"{}\":", name)) != std::string::npos;
    EXPECT_TRUE(is_described) << name;
  }
}

// The canaries: a document that leaves something out is refused.
TEST(ApiDocument, IsRefusedWhenItLeavesARouteOut) {
  auto document = support::document("api.md");
  const std::string route = "`GET /api/v1/runs/{id}`";
  document.erase(document.find(route), route.size());
  EXPECT_EQ(support::undescribed(document, every_route()), Lines{route});
}

TEST(ApiDocument, HasAllTheFieldsOfTheStory) {
  const auto fields = every_field();
  for (const auto* name : {"notifies_at", "attempt_count", "why_sentence", "token", "is_dry_run",
                           "last_turn_age", "warning_from", "story"}) {
    EXPECT_TRUE(fields.contains(name)) << name;
  }
}

}  // namespace
}  // namespace vaultbell::api
