// The small parts: versions, amounts, lines, fields.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "agent/classify/amount.hpp"
#include "agent/classify/fields.hpp"
#include "agent/classify/lines.hpp"
#include "agent/classify/version.hpp"

namespace vaultbell::agent::classify {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

bool contains(const std::string& range, const std::string& version) {
  return parse_version_range(range)->contains(*parse_version(version));
}

TEST(Versions, CompareByNumbersAndMissingOnesAreZero) {
  EXPECT_LT(*parse_version("0.9"), *parse_version("0.18.0"));
  EXPECT_EQ(*parse_version("1.4"), *parse_version("1.4.0.0"));
  EXPECT_GT(*parse_version("2"), *parse_version("1.75.2"));
}

TEST(Versions, WhatIsNoneIsRefused) {
  for (const auto* text : {"", "v1", "1.", ".1", "1..2", "1.2.3.4.5", "1.2-rc1", "99999999999"}) {
    EXPECT_FALSE(parse_version(text)) << text;
  }
  EXPECT_EQ(parse_version("x").error().message, "\"x\" is no version (example: \"0.18.0\")");
}

TEST(Versions, ARangeHoldsWhereAllComparisonsDo) {
  EXPECT_TRUE(contains(">=0.17 <0.19", "0.18.1"));
  EXPECT_FALSE(contains(">=0.17 <0.19", "0.19"));
  EXPECT_FALSE(contains(">=0.17 <0.19", "0.16.9"));
  EXPECT_TRUE(contains("=1.4", "1.4.0"));
  EXPECT_TRUE(contains("<=1.4  >1", "1.4"));
}

TEST(Versions, ARangeThatCannotBeReadIsRefused) {
  EXPECT_EQ(parse_version_range("").error().message,
            "no version is compared (example: \">=0.17 <0.19\")");
  EXPECT_EQ(parse_version_range("0.17").error().message,
            "\"0.17\" begins with none of < <= = >= > (example: \">=0.17 <0.19\")");
  EXPECT_EQ(parse_version_range(">=new").error().message,
            "\"new\" is no version (example: \"0.18.0\")");
  EXPECT_EQ(parse_version_range("<9 <9 <9 <9 <9 <9 <9 <9 <9").error().message,
            "more than 8 comparisons");
}

TEST(Amounts, AreReadAsToolsPrintThem) {
  EXPECT_EQ(parse_amount("100,006"), 100006U);
  EXPECT_EQ(parse_amount("97.662 KiB"), 100005U);
  EXPECT_EQ(parse_amount(" 0 B "), 0U);
  EXPECT_EQ(parse_amount("100.50 kB"), 100500U);
  EXPECT_EQ(parse_amount("22.1MB"), 22100000U);
  EXPECT_EQ(parse_amount("22.1MB", Thousand::binary), 23173529U);
  EXPECT_EQ(parse_amount("1.5G"), 1500000000U);
  EXPECT_EQ(parse_amount("1 TiB"), 1ULL << 40U);
  EXPECT_EQ(parse_amount("9223372036854775807"), INT64_MAX);
}

TEST(Amounts, WhatCannotBeOneIsNone) {
  for (const auto* text :
       {"", "-9223372036.854776", "-1", "12 parsecs", "KiB", "1e9", "9223372036854775808",
        "99999999999999 EiB", "1.2.3", "0001-01-01T00:00:00Z", "nan", "12 KiBB"}) {
    EXPECT_FALSE(parse_amount(text)) << text;
  }
  EXPECT_FALSE(parse_amount(std::string(1000, '1')));
}

std::vector<std::string> lines_of(const std::vector<std::string>& parts) {
  std::vector<std::string> found;
  const auto take = [&](std::string_view line) { found.emplace_back(line); };
  Lines lines;
  for (const auto& part : parts) lines.feed(part, take);
  lines.finish(take);
  return found;
}

TEST(Lines, EndWithALineFeedOrACarriageReturnWhereverTheyAreCut) {
  EXPECT_THAT(lines_of({"on", "e\ntw", "o\r", "\n\n", "thr", "ee"}),
              ElementsAre("one", "two", "three"));
  EXPECT_THAT(lines_of({"10%\r20%\rdone\n"}), ElementsAre("10%", "20%", "done"));
  EXPECT_THAT(lines_of({"", "\n"}), IsEmpty());
}

TEST(Lines, AreCutWhereTheyAreTooLong) {
  const auto found = lines_of({std::string(50'000, 'a'), std::string(50'000, 'b'), "\nnext\n"});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].size(), kLineBytesMax);
  EXPECT_EQ(found[1], "next");
}

TEST(Fields, AreFoundByTheirPath) {
  const auto json = *parse_json(R"({"a":{"b":[{"c":"text"},7]},"yes":true,"none":null,"list":[]})");
  EXPECT_EQ(field_of(json, "a.b.0.c"), "text");
  EXPECT_EQ(field_of(json, "a.b.1"), "7");
  EXPECT_EQ(field_of(json, "a.b"), "2");
  EXPECT_EQ(field_of(json, "yes"), "true");
  EXPECT_EQ(field_of(json, "none"), "null");
  EXPECT_EQ(field_of(json, "list"), "0");
  for (const auto* path : {"x", "a.x", "a.b.2", "a.b.-1", "a.b.0x", "yes.x", "a.b.0.c.d"}) {
    EXPECT_FALSE(field_of(json, path)) << path;
  }
}

TEST(Fields, TextThatIsNoJsonHasNone) {
  EXPECT_FALSE(parse_json("{\"a\":"));
  EXPECT_FALSE(parse_json("[0:00] 100.00%  4 / 4 packs"));
  EXPECT_FALSE(parse_json("{\"a\":\"\xff\"}"));
  EXPECT_FALSE(parse_json(std::string(100'000, '[')));
}

}  // namespace
}  // namespace vaultbell::agent::classify
