// How a request's target and fields are read.

#include <gtest/gtest.h>

#include "aggregator/api/problem.hpp"
#include "aggregator/api/routes.hpp"
#include "aggregator/api/target.hpp"

namespace vaultbell::api {
namespace {

Fields query(std::string_view text) {
  auto target = parse_target("/x?" + std::string(text));
  EXPECT_TRUE(target) << target.error().message;
  return std::move(target->query);
}

Fields body(std::string_view json) {
  auto fields = Fields::parse_json("application/json", json);
  EXPECT_TRUE(fields) << fields.error().message;
  return std::move(*fields);
}

TEST(Target, IsSplitBeforeItIsDecoded) {
  const auto target = parse_target("/api/v1/clients/a%2Fb%3Fc?x=1%262&y=");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, (std::vector<std::string>{"api", "v1", "clients", "a/b?c"}));
  auto fields = target->query;
  EXPECT_EQ(fields.text("x"), "1&2");
  EXPECT_EQ(fields.text("y"), "");
}

TEST(Target, TakesAPlusForItself) {
  EXPECT_EQ(query("a=1+2").text("a"), "1+2");
}

TEST(Target, RefusesMalformedEscapes) {
  for (const auto* text : {"/%", "/%4", "/%zz", "/%-1", "/a?b=%4"}) {
    const auto target = parse_target(text);
    ASSERT_FALSE(target) << text;
    EXPECT_EQ(target.error().code, ErrorCode::invalid);
  }
}

TEST(Target, RefusesWhatIsNotUtf8) {
  const auto target = parse_target("/%ff");
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().message, "the request's target is not UTF-8");
}

TEST(Target, RefusesAParameterThatIsGivenTwice) {
  const auto target = parse_target("/x?a=1&a=2");
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().message, "\"a\" is given twice");
}

TEST(Fields, AreReadByTheirType) {
  auto fields = body(R"({"a":"90s","b":true,"c":7,"d":"x"})");
  EXPECT_EQ(fields.duration("a"), std::chrono::seconds(90));
  EXPECT_EQ(fields.boolean("b"), true);
  EXPECT_EQ(fields.number("c"), 7U);
  EXPECT_EQ(fields.text("d"), "x");
  EXPECT_EQ(fields.text("e"), std::nullopt);
  EXPECT_TRUE(fields.finish());
}

TEST(Fields, AreTextInAQuery) {
  auto fields = query("a=90s&b=true&c=7");
  EXPECT_EQ(fields.duration("a"), std::chrono::seconds(90));
  EXPECT_EQ(fields.boolean("b"), true);
  EXPECT_EQ(fields.number("c"), 7U);
}

TEST(Fields, KeepTheFirstMistake) {
  auto fields = body(R"({"a":"soon","b":"also wrong"})");
  EXPECT_EQ(fields.duration("a"), std::nullopt);
  EXPECT_EQ(fields.number("b"), std::nullopt);
  EXPECT_EQ(fields.finish().error().message,
            "a: \"soon\" is not a duration (examples: \"45m\", \"26h\")");
}

TEST(Fields, SayWhatTheyAreNot) {
  auto fields = body(R"({"a":1.5})");
  fields.number("a");
  EXPECT_EQ(fields.finish().error().message, "a: 1.5 is not a whole number");
  fields = body(R"({"a":"1"})");
  fields.number("a");
  EXPECT_EQ(fields.finish().error().message, "a: \"1\" is not a whole number");
  fields = body(R"({"a":"true"})");
  fields.boolean("a");
  EXPECT_EQ(fields.finish().error().message, "a: \"true\" is not true or false");
  fields = body(R"({"a":true})");
  fields.text("a");
  EXPECT_EQ(fields.finish().error().message, "a: true is not text");
}

TEST(Fields, RefuseWhatNobodyAskedFor) {
  auto fields = query("clinet=db-1");
  fields.text("client");
  EXPECT_EQ(fields.finish().error().message, "unknown field \"clinet\"; did you mean \"client\"?");
}

TEST(Fields, ReadATimeOrADurationBackFromNow) {
  const Instant now = *parse_iso("2026-03-01T02:00:00Z");
  EXPECT_EQ(query("since=2h").since("since", now), now - std::chrono::hours(2));
  EXPECT_EQ(query("since=2026-03-01T01:00:00+01:00").since("since", now),
            now - std::chrono::hours(2));
  auto wrong = query("since=yesterday");
  EXPECT_EQ(wrong.since("since", now), std::nullopt);
  EXPECT_EQ(wrong.finish().error().message,
            "since: \"yesterday\" is neither a duration (\"24h\") nor a time "
            "(\"2026-03-01T02:20:00Z\")");
}

struct WrongBody {
  const char* type;
  std::string json;
  const char* message;
};

class WrongBodies : public ::testing::TestWithParam<WrongBody> {};

TEST_P(WrongBodies, AreRefused) {
  const auto fields = Fields::parse_json(GetParam().type, GetParam().json);
  ASSERT_FALSE(fields);
  EXPECT_EQ(fields.error().code, ErrorCode::invalid);
  EXPECT_EQ(fields.error().message, GetParam().message);
}

constexpr const char* kNoObject = "the body is not a JSON object";
constexpr const char* kJson = "application/json";

INSTANTIATE_TEST_SUITE_P(
    Bodies, WrongBodies,
    ::testing::Values(
        WrongBody{"text/plain", "{}",
                  "the body's type is not JSON (send \"Content-Type: application/json\")"},
        WrongBody{"", "{}",
                  "the body's type is not JSON (send \"Content-Type: application/json\")"},
        WrongBody{kJson, "[1]", kNoObject}, WrongBody{kJson, "7", kNoObject},
        WrongBody{kJson, "{", kNoObject}, WrongBody{kJson, "{}x", kNoObject},
        WrongBody{kJson, "{\"a\":\"\xff\"}", kNoObject},
        WrongBody{kJson, "{\"a\":1e999}", kNoObject},
        WrongBody{kJson, std::string(60'000, '['), kNoObject},
        WrongBody{kJson, "{\"a\":" + std::string(30'000, '[') + std::string(30'000, ']') + "}",
                  "a: array is neither a plain value, a list of texts nor an object of texts"},
        WrongBody{kJson, "{\"a\":{\"b\":1}}",
                  "a: object is neither a plain value, a list of texts nor an object of texts"}));

TEST(Fields, ReadListsAndObjectsOfTexts) {
  auto fields =
      *Fields::parse_json(kJson, R"({"names":["a","b"],"holds":{"x":"1h"},"none":null,"one":"a"})");
  EXPECT_EQ(fields.texts("names"), (Fields::Texts{"a", "b"}));
  EXPECT_EQ(fields.text_by_name("holds"), (Fields::TextByName{{"x", "1h"}}));
  EXPECT_EQ(fields.text("none"), std::nullopt);
  EXPECT_TRUE(fields.is_null("none"));
  EXPECT_FALSE(fields.is_null("one"));
  EXPECT_FALSE(fields.is_null("other"));
  EXPECT_TRUE(fields.finish());
  EXPECT_EQ(fields.texts("one"), std::nullopt);
  EXPECT_EQ(fields.finish().error().message, "one: \"a\" is not a list of texts");
}

TEST(Fields, SayWhatIsMissing) {
  auto fields = *Fields::parse_json(kJson, "{}");
  EXPECT_EQ(fields.required_text("name"), "");
  EXPECT_EQ(fields.finish().error().message, "name is missing");
}

TEST(Routes, AreFoundByTheirForm) {
  const auto found = match("GET", {"api", "v1", "clients", "db-1", "jobs", "nightly"});
  ASSERT_TRUE(std::holds_alternative<Matched>(found));
  EXPECT_EQ(std::get<Matched>(found).names, (std::vector<std::string>{"db-1", "nightly"}));
}

TEST(Routes, KnowWhichMethodsAPathHas) {
  const auto found = match("DELETE", {"api", "v1", "vaults"});
  ASSERT_TRUE(std::holds_alternative<WrongMethod>(found));
  EXPECT_EQ(std::get<WrongMethod>(found).allowed, "GET, POST");
}

TEST(Routes, AreNotFoundByLess) {
  for (const auto& path :
       std::vector<std::vector<std::string>>{{},
                                             {""},
                                             {"api"},
                                             {"api", "v1"},
                                             {"api", "v2", "vaults"},
                                             {"api", "v1", "vaults", ""},
                                             {"api", "v1", "vaults", "a", "b"}}) {
    EXPECT_TRUE(std::holds_alternative<NoSuchPath>(match("GET", path)));
  }
}

TEST(Problem, HasTheStatusOfItsCode) {
  EXPECT_EQ(problem_of({ErrorCode::failed, ""}).status, 500U);
  EXPECT_EQ(problem_of({ErrorCode::invalid, ""}).status, 400U);
  EXPECT_EQ(problem_of({ErrorCode::not_found, ""}).status, 404U);
  EXPECT_EQ(problem_of({ErrorCode::refused, ""}).status, 409U);
  EXPECT_EQ(problem_of({ErrorCode::full, ""}).status, 429U);
  EXPECT_EQ(problem_of({ErrorCode::unavailable, ""}).status, 503U);
}

TEST(Problem, TakesTheHintOutOfTheMessage) {
  const auto problem =
      problem_of({ErrorCode::not_found, "there is no client \"db\"; did you mean \"db-1\"?"});
  EXPECT_EQ(problem.message, "there is no client \"db\"");
  EXPECT_EQ(problem.hint, "did you mean \"db-1\"?");
}

}  // namespace
}  // namespace vaultbell::api
