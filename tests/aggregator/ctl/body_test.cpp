// How flags become the fields of an order.

#include "aggregator/ctl/body.hpp"

#include <gtest/gtest.h>

namespace vaultbell::ctl {
namespace {

using Words = std::vector<std::string>;

constexpr BodyField kFields[] = {{"max-age", "max_age", As::text, "none"},
                                 {"tolerate-failures", "tolerate_failures", As::number, "none"},
                                 {"bands", "has_bands", As::yes_no}};

Expected<Json> body_typed(Words flags) {
  Words words = {"job", "edit", "db-1", "nightly"};
  words.insert(words.end(), flags.begin(), flags.end());
  const auto typed = understand(words);
  EXPECT_TRUE(typed);
  return body_of(*typed, kFields);
}

TEST(Body, HasTheFieldsOfTheFlagsThatWereGiven) {
  EXPECT_EQ(*body_typed({}), Json::object());
  EXPECT_EQ(*body_typed({"--max-age", "26h", "--tolerate-failures", "2", "--bands", "no"}),
            Json::parse(R"({"max_age":"26h","tolerate_failures":2,"has_bands":false})"));
  EXPECT_EQ(*body_typed({"--bands", "yes"}), Json::parse(R"({"has_bands":true})"));
}

TEST(Body, HasNullForTheWordThatMeansNothing) {
  EXPECT_EQ(*body_typed({"--max-age", "none", "--tolerate-failures", "none"}),
            Json::parse(R"({"max_age":null,"tolerate_failures":null})"));
  EXPECT_EQ(body_typed({"--bands", "none"}).error().message,
            "--bands: \"none\" is neither yes nor no");
}

TEST(Body, TakesListsAndFlagsWithoutAValue) {
  constexpr BodyField kPolicy[] = {{"contact", "contacts", As::texts},
                                   {"no-recovery", "tells_recovery", As::absent},
                                   {"quiet-critical", "waits", As::present}};
  const auto typed = understand({"policy", "set", "vault", "prod", "custom", "--contact", "a",
                                 "--no-recovery", "--contact", "b", "--quiet-critical"});
  ASSERT_TRUE(typed);
  EXPECT_EQ(*body_of(*typed, kPolicy),
            Json::parse(R"({"contacts":["a","b"],"tells_recovery":false,"waits":true})"));
}

TEST(Body, RefusesWhatIsNoNumber) {
  const auto wrong = body_typed({"--tolerate-failures", "two"});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().exit, ExitCode::usage);
  EXPECT_EQ(wrong.error().message, "--tolerate-failures: \"two\" is not a number");
}

}  // namespace
}  // namespace vaultbell::ctl
