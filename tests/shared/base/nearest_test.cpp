// "did you mean".
#include "shared/base/nearest.hpp"

#include <array>

#include <gtest/gtest.h>

#include "shared/domain/run.hpp"

namespace vaultbell {
namespace {

constexpr std::array<std::string_view, 4> kWords = {"grace", "every", "zone", "max_age"};

TEST(Nearest, IsTheWordWithTheFewestEdits) {
  EXPECT_EQ(nearest("grase", kWords), "grace");
  EXPECT_EQ(nearest("gracee", kWords), "grace");
  EXPECT_EQ(nearest("grce", kWords), "grace");
  EXPECT_EQ(nearest("garce", kWords), "grace");  // two neighbours swapped are one edit
  EXPECT_EQ(nearest("maxage", kWords), "max_age");
  EXPECT_EQ(nearest("GRACE", kWords), "grace");
}

TEST(Nearest, IsNothingWhereNothingIsNear) {
  EXPECT_EQ(nearest("colour", kWords), std::nullopt);
  EXPECT_EQ(nearest("grabs", kWords), std::nullopt);
  EXPECT_EQ(nearest("", kWords), std::nullopt);
  EXPECT_EQ(nearest(std::string(65, 'g'), kWords), std::nullopt);
  EXPECT_EQ(nearest("grace", {}), std::nullopt);
}

TEST(Nearest, IsTheFirstOfTwoThatAreEquallyNear) {
  constexpr std::array<std::string_view, 2> kPair = {"cat", "car"};
  EXPECT_EQ(nearest("caz", kPair), "cat");
}

TEST(DidYouMean, IsAHintOrNothing) {
  EXPECT_EQ(did_you_mean("zonne", kWords), "; did you mean \"zone\"?");
  EXPECT_EQ(did_you_mean("colour", kWords), "");
}

TEST(EnumText, GivesEachValueItsWordAndEachWordItsValue) {
  for (const auto& [value, text] : kEnumText<Operation>) {
    EXPECT_EQ(to_text(value), text);
    EXPECT_EQ(parse_enum<Operation>("operation", text), value);
  }
}

TEST(EnumText, HintsAtTheNearestWordOrListsThemAll) {
  EXPECT_EQ(
      parse_enum<Outcome>("outcome", "succeded").error(),
      (Error{ErrorCode::invalid, "unknown outcome \"succeded\"; did you mean \"succeeded\"?"}));
  EXPECT_EQ(parse_enum<Outcome>("outcome", "great").error(),
            (Error{ErrorCode::invalid,
                   "unknown outcome \"great\" (one of: running succeeded warning failed "
                   "cancelled)"}));
}

TEST(EnumTextDeathTest, AValueOutsideTheListIsABug) {
  EXPECT_DEATH(to_text(static_cast<Outcome>(99)), "every value of an enumeration has a text");
}

}  // namespace
}  // namespace vaultbell
