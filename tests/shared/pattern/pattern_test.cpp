// Patterns: what is caught, and what is refused.
#include "shared/pattern/pattern.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vaultbell::pattern {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Patterns, FindTheirGroupOrAllThatMatches) {
  EXPECT_EQ(Pattern::compile("PID (\\d+)")->find("locked by PID 17 on vm"), "17");
  EXPECT_EQ(Pattern::compile("PID \\d+")->find("locked by PID 17 on vm"), "PID 17");
  EXPECT_EQ(Pattern::compile("a(b)?")->find("xa"), "");
  EXPECT_EQ(Pattern::compile("^PID")->find("locked by PID 17"), std::nullopt);
}

TEST(Patterns, AWholeMatchIsFromTheFirstByteToTheLast) {
  EXPECT_TRUE(Pattern::compile("a|ab")->is_whole("ab"));
  EXPECT_FALSE(Pattern::compile("a")->is_whole("ab"));
  EXPECT_TRUE(Pattern::compile("")->is_whole(""));
}

TEST(Patterns, MatchBytesThatAreNoText) {
  EXPECT_EQ(Pattern::compile("^(.*): no$")->find("\xff\xfe: no"), "\xff\xfe");
}

TEST(Patterns, WhatIsNoneIsRefusedWithItsReason) {
  EXPECT_EQ(Pattern::compile("a(").error().message,
            "\"a(\" is no regular expression: missing ): a(");
  EXPECT_EQ(
      Pattern::compile("(a)(b)").error().message,
      "\"(a)(b)\" has 2 groups, at most 1 can be used (write (?:...) for what is only grouped)");
  EXPECT_FALSE(Pattern::compile("(a)\\1"));  // RE2 has no back references: time stays linear
}

TEST(PatternSets, TellWhichPatternsMatch) {
  const PatternSet set({*Pattern::compile("^a"), *Pattern::compile("b"), *Pattern::compile("c$")});
  EXPECT_THAT(set.matching("abc"), ElementsAre(0, 1, 2));
  EXPECT_THAT(set.matching("cb"), ElementsAre(1));
  EXPECT_THAT(set.matching("x"), IsEmpty());
  EXPECT_THAT(PatternSet({}).matching("abc"), IsEmpty());
}

// Together these need more memory than a set may have.
TEST(PatternSets, WithoutMemoryForAllAtOnceTheyAreTriedOneByOne) {
  std::vector<Pattern> patterns;
  patterns.reserve(130);
  for (int i = 0; i < 130; ++i) {
    patterns.push_back(*Pattern::compile(std::to_string(i) + ".{900}.{900}z"));
  }
  const auto text = "77" + std::string(1800, '-') + "z";
  EXPECT_THAT(PatternSet(patterns).matching(text), ElementsAre(7, 77));
}

}  // namespace
}  // namespace vaultbell::pattern
