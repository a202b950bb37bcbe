// Checks and repairs of text from outside.
#include "shared/base/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace vaultbell {
namespace {

TEST(Utf8, IsWellFormedAsRfc3629Says) {
  for (const auto* text : {"", "plain", "g\xC3\xBCnstig", "\xE2\x82\xAC", "\xF0\x9F\x94\x94",
                           "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\xEE\x80\x80"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
}

TEST(Utf8, IsNotWhatIsOverlongASurrogateTooHighOrCutOff) {
  for (const auto* text :
       {"\x80", "\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xED\xA0\x80",
        "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF", "\xE2\x82", "\xE2(\xAC", "a\xC3("}) {
    EXPECT_FALSE(is_utf8(text));
  }
}

TEST(Utf8, IsMadeByReplacingEachMalformedByte) {
  EXPECT_EQ(to_utf8("ok"), "ok");
  EXPECT_EQ(to_utf8("a\xFFz"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(to_utf8("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(to_utf8("\xC3\xBC"), "\xC3\xBC");
}

RC_GTEST_PROP(Utf8, IsMadeOfAnyBytes, (const std::string& bytes)) {
  const auto text = to_utf8(bytes);
  RC_ASSERT(is_utf8(text));
  RC_ASSERT(is_utf8(bytes) == (text == bytes));
}

TEST(Controls, AreFoundWhereverTheyWouldDisturbALine) {
  EXPECT_FALSE(has_control("an ordinary name, g\xC3\xBCnstig \xF0\x9F\x94\x94"));
  for (const auto* text :
       {"a\nb", "a\tb", "\x1B[31m", "\x7F", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9",
        "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x80\x8F", "\xD8\x9C", "\xFF"}) {
    EXPECT_TRUE(has_control(text));
  }
  EXPECT_TRUE(has_control(std::string_view("a\0b", 3)));
}

TEST(Parts, AreCutBetweenCharacters) {
  constexpr std::string_view kText = "ab\xE2\x82\xAC";  // "ab" and the euro sign
  EXPECT_EQ(first_part(kText, 5), kText);
  EXPECT_EQ(first_part(kText, 4), "ab");
  EXPECT_EQ(first_part(kText, 2), "ab");
  EXPECT_EQ(first_part(kText, 0), "");
  EXPECT_EQ(last_part(kText, 5), kText);
  EXPECT_EQ(last_part(kText, 4), "b\xE2\x82\xAC");
  EXPECT_EQ(last_part(kText, 3), "\xE2\x82\xAC");
  EXPECT_EQ(last_part(kText, 2), "");
}

RC_GTEST_PROP(Parts, OfUtf8AreUtf8AndShortEnough, (const std::string& bytes)) {
  const auto text = to_utf8(bytes);
  const auto size = *rc::gen::inRange<std::size_t>(0, text.size() + 2);
  RC_ASSERT(is_utf8(first_part(text, size)));
  RC_ASSERT(is_utf8(last_part(text, size)));
  RC_ASSERT(first_part(text, size).size() <= size);
  RC_ASSERT(last_part(text, size).size() <= size);
}

TEST(Trimmed, HasNoWhiteSpaceAtEitherEnd) {
  EXPECT_EQ(trimmed(" a b\t\r\n"), "a b");
  EXPECT_EQ(trimmed(" \n"), "");
  EXPECT_EQ(trimmed(""), "");
}

}  // namespace
}  // namespace vaultbell
