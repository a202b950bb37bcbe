// Cron expressions as people write them.
#include "shared/domain/cron.hpp"

#include <functional>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/shared/domain/any_cron.hpp"
#include "tests/shared/domain/any_place.hpp"

namespace vaultbell {
namespace {

std::string refusal(std::string_view expression) {
  const auto cron = parse_cron(expression);
  if (cron) return "accepted";
  EXPECT_EQ(cron.error().code, ErrorCode::invalid);
  return cron.error().message;
}

Cron parsed(std::string_view expression) {
  return parse_cron(expression).value_or(Cron{});
}

// The message behind the expression.
std::string wrong(const std::string& expression) {
  const auto message = refusal(expression);
  const auto begin = "cron \"" + expression + "\": ";
  return message.starts_with(begin) ? message.substr(begin.size()) : message;
}

constexpr std::uint32_t kAllDays = 0xFFFF'FFFE;
constexpr std::uint16_t kAllMonths = 0x1FFE;
constexpr std::uint8_t kAllWeekdays = 0x7F;

Cron at_two() {
  return {.minutes = 1,
          .hours = 1U << 2U,
          .days = kAllDays,
          .months = kAllMonths,
          .weekdays = kAllWeekdays};
}

Cron at_two_with(const std::function<void(Cron&)>& change) {
  auto cron = at_two();
  change(cron);
  return cron;
}

TEST(CronExpressions, AreBitsOfFiveFields) {
  EXPECT_EQ(parsed("0 2 * * *"), at_two());
  EXPECT_EQ(parsed("  0\t2  * *\t* "), at_two());
  EXPECT_EQ(parsed("00 02 1-31 1-12 0-6"),
            at_two_with([](auto& cron) { cron.is_either_day_fine = true; }));
}

TEST(CronExpressions, HaveListsRangesAndSteps) {
  const auto minutes = [](const std::string& field) { return parsed(field + " 2 * * *").minutes; };
  EXPECT_EQ(minutes("*"), (std::uint64_t{1} << 60U) - 1);
  EXPECT_EQ(minutes("59"), std::uint64_t{1} << 59U);
  EXPECT_EQ(minutes("1,3,5"), 0b10'1010U);
  EXPECT_EQ(minutes("1-4"), 0b1'1110U);
  EXPECT_EQ(minutes("4-4"), 0b1'0000U);
  EXPECT_EQ(minutes("*/15"), std::uint64_t{1} | 1U << 15U | 1U << 30U | std::uint64_t{1} << 45U);
  EXPECT_EQ(minutes("*/60"), 1U);
  EXPECT_EQ(minutes("1-8/3"), 0b1001'0010U);
  EXPECT_EQ(minutes("1-3,3-5,10"), 0b100'0011'1110U);
}

TEST(CronExpressions, HaveNamesOfMonthsAndWeekdays) {
  EXPECT_EQ(parsed("0 2 * jan,MAR-May *"),
            at_two_with([](auto& cron) { cron.months = 0b11'1010; }));
  EXPECT_EQ(parsed("0 2 * * Mon-fri"), at_two_with([](auto& cron) { cron.weekdays = 0b011'1110; }));
  EXPECT_EQ(parsed("0 2 * * sun"), parsed("0 2 * * 0"));
}

TEST(CronExpressions, HaveTwoNumbersForSunday) {
  EXPECT_EQ(parsed("0 2 * * 7"), at_two_with([](auto& cron) { cron.weekdays = 1; }));
  EXPECT_EQ(parsed("0 2 * * 5-7"), at_two_with([](auto& cron) { cron.weekdays = 0b110'0001; }));
  EXPECT_EQ(parsed("0 2 * * 0-7"), at_two());
}

TEST(CronExpressions, MeanEitherDayWhereNeitherFieldBeginsWithAStar) {
  const auto is_either = [](std::string_view text) { return parsed(text).is_either_day_fine; };
  EXPECT_TRUE(is_either("0 2 1 * mon"));
  EXPECT_TRUE(is_either("0 2 1-31 * 0-6"));
  EXPECT_FALSE(is_either("0 2 * * mon"));
  EXPECT_FALSE(is_either("0 2 1 * *"));
  EXPECT_FALSE(is_either("0 2 */2 * mon"));
  EXPECT_FALSE(is_either("0 2 1-7 * */7"));
}

TEST(CronExpressions, MayBeMacros) {
  EXPECT_EQ(parsed("@hourly"), parsed("0 * * * *"));
  EXPECT_EQ(parsed("@daily"), parsed("0 0 * * *"));
  EXPECT_EQ(parsed("@midnight"), parsed("0 0 * * *"));
  EXPECT_EQ(parsed("@weekly"), parsed("0 0 * * 0"));
  EXPECT_EQ(parsed("@monthly"), parsed("0 0 1 * *"));
  EXPECT_EQ(parsed("@yearly"), parsed("0 0 1 1 *"));
  EXPECT_EQ(parsed(" @Annually "), parsed("0 0 1 1 *"));
}

TEST(CronExpressions, WithAWrongMacroAreRefused) {
  EXPECT_EQ(refusal("@reboot"),
            "cron \"@reboot\": no time, so nothing could be missed (use every instead)");
  EXPECT_EQ(refusal("@dayly"), "cron \"@dayly\": unknown; did you mean \"@daily\"?");
  EXPECT_EQ(refusal("@sometimes"),
            "cron \"@sometimes\": unknown (one of: @hourly @daily @midnight @weekly @monthly "
            "@yearly @annually)");
}

TEST(CronExpressions, WithAnotherNumberOfFieldsAreRefused) {
  const std::string five = ", but there are five: minute, hour, day of month, month, day of week";
  EXPECT_EQ(wrong(""), "0 fields" + five);
  EXPECT_EQ(wrong("0"), "1 field" + five);
  EXPECT_EQ(wrong("0 2 * *"), "4 fields" + five);
  EXPECT_EQ(wrong("0 0 2 * * *"), "6 fields" + five);
}

TEST(CronExpressions, WithAWrongNumberAreRefusedWithWhatIsAllowed) {
  EXPECT_EQ(refusal("61 2 * * *"), "cron \"61 2 * * *\": minute 61 is not between 0 and 59");
  EXPECT_EQ(wrong("0 24 * * *"), "hour 24 is not between 0 and 23");
  EXPECT_EQ(wrong("0 2 0 * *"), "day of month 0 is not between 1 and 31");
  EXPECT_EQ(wrong("0 2 32 * *"), "day of month 32 is not between 1 and 31");
  EXPECT_EQ(wrong("0 2 * 13 *"), "month 13 is not between 1 and 12");
  EXPECT_EQ(wrong("0 2 * * 8"), "day of week 8 is not between 0 and 7");
  EXPECT_EQ(wrong("1-99999999999 2 * * *"), "minute 99999999999 is not between 0 and 59");
}

TEST(CronExpressions, WithAWrongWordAreRefusedWithWhatIsAllowed) {
  EXPECT_EQ(wrong("x 2 * * *"), "minute \"x\" is no number between 0 and 59");
  EXPECT_EQ(wrong("0 2 ? * *"), "day of month \"?\" is no number between 1 and 31");
  EXPECT_EQ(wrong("0 2 L * *"), "day of month \"L\" is no number between 1 and 31");
  EXPECT_EQ(wrong("-5 2 * * *"), "minute \"\" is no number between 0 and 59");
  EXPECT_EQ(wrong("1-2-3 2 * * *"), "minute \"2-3\" is no number between 0 and 59");
  EXPECT_EQ(wrong("0 2 * January *"),
            "month \"January\" is neither a number between 1 and 12 nor a name (jan to dec)");
  EXPECT_EQ(wrong("0 2 * * 1#2"),
            "day of week \"1#2\" is neither a number between 0 and 7 nor a name (sun to sat)");
}

TEST(CronExpressions, WithAWrongRangeStepOrListAreRefusedWithWhatIsMeant) {
  EXPECT_EQ(wrong("0 22-2 * * *"), "hour 22-2 ends before it begins (write \"22-23,0-2\")");
  EXPECT_EQ(wrong("0 2 * * sat-sun"),
            "day of week sat-sun ends before it begins (write \"6-7,0\")");
  EXPECT_EQ(wrong("*/0 2 * * *"), "minute */0: the step 0 is not between 1 and 60");
  EXPECT_EQ(wrong("*/90 2 * * *"), "minute */90: the step 90 is not between 1 and 60");
  EXPECT_EQ(wrong("*/ 2 * * *"), "minute */: the step \"\" is no number between 1 and 60");
  EXPECT_EQ(wrong("*/2/3 2 * * *"), "minute */2/3: the step \"2/3\" is no number between 1 and 60");
  EXPECT_EQ(wrong("5/15 2 * * *"), "minute 5/15: a step needs a range (for example \"5-59/15\")");
  EXPECT_EQ(wrong("0 2 * * mon/x"),
            "day of week mon/x: a step needs a range (for example \"mon-7/2\")");
  EXPECT_EQ(wrong("1,,3 2 * * *"), "minute 1,,3: the list has a gap");
  EXPECT_EQ(wrong(", 2 * * *"), "minute ,: the list has a gap");
  EXPECT_EQ(wrong("1, 2 * * *"), "minute 1,: the list has a gap");
}

TEST(CronExpressions, ThatNeverMatchAreRefused) {
  EXPECT_EQ(refusal("0 2 30 2 *"), "cron \"0 2 30 2 *\": never, as month 2 has no day 30");
  EXPECT_EQ(wrong("0 2 31 4,jun */2"), "never, as month 4,jun has no day 31");
  EXPECT_EQ(refusal("0 2 29 2 *"), "accepted");
  EXPECT_EQ(refusal("0 2 29 2 */7"), "accepted");
  EXPECT_EQ(refusal("0 2 30 2 mon"), "accepted");  // on Mondays in February
}

TEST(CronExpressions, ThatAreTooLongOrCouldDisturbATerminalAreRefusedHarmlessly) {
  EXPECT_EQ(refusal(std::string(257, '*')), "cron: 257 bytes, at most 256 are allowed");
  EXPECT_EQ(refusal("0\x1B[2J 2 * * *\xFF"),
            "cron \"0\xEF\xBF\xBD[2J 2 * * *\xEF\xBF\xBD\": minute \"0\xEF\xBF\xBD[2J\" is no "
            "number between 0 and 59");
}

RC_GTEST_PROP(CronExpressions, OfAnyBytesAreReadWithoutHarm, (const std::string& noise)) {
  auto text = support::any_cron().text;
  const auto at = static_cast<std::size_t>(support::below(static_cast<int>(text.size()) + 1));
  text.insert(at, noise);
  const auto cron = parse_cron(text);
  if (cron) RC_ASSERT(cron->minutes != 0 && cron->hours != 0 && cron->days != 0);
}

}  // namespace
}  // namespace vaultbell
