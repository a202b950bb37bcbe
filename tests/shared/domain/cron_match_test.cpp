// Cron expressions and calendars, without time zones.
#include "shared/domain/cron_match.hpp"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/shared/domain/any_cron.hpp"
#include "tests/shared/domain/any_place.hpp"

namespace vaultbell {
namespace {

using std::chrono::days;
using std::chrono::minutes;

// As UTC, for reading and writing it.
LocalMinute local(std::string_view text) {
  const auto instant = *parse_iso(std::string(text) + ":00Z");
  return std::chrono::floor<minutes>(std::chrono::local_time<Duration>(instant.time_since_epoch()));
}

std::string text_of(std::optional<LocalMinute> minute) {
  return minute ? to_iso(Instant(minute->time_since_epoch())).substr(0, 16) : "none";
}

std::string first(std::string_view expression, std::string_view from) {
  return text_of(first_match(*parse_cron(expression), local(from)));
}

TEST(FirstMatch, IsTheNearestOfAllFields) {
  EXPECT_EQ(first("30 2 * * *", "2026-01-01T02:30"), "2026-01-01T02:30");
  EXPECT_EQ(first("30 2 * * *", "2026-01-01T02:31"), "2026-01-02T02:30");
  EXPECT_EQ(first("*/15 * * * *", "2026-01-01T23:46"), "2026-01-02T00:00");
  EXPECT_EQ(first("15,45 8-17 * * *", "2026-01-01T08:46"), "2026-01-01T09:15");
  EXPECT_EQ(first("0 0 1 */3 *", "2026-01-01T00:01"), "2026-04-01T00:00");
  EXPECT_EQ(first("0 0 31 * *", "2026-01-31T00:01"), "2026-03-31T00:00");
  EXPECT_EQ(first("0 12 * * sun", "2026-01-01T00:00"), "2026-01-04T12:00");
  EXPECT_EQ(first("0 12 * jun *", "2026-07-01T00:00"), "2027-06-01T12:00");
}

TEST(FirstMatch, OfTwoDaysIsEitherOrBoth) {
  EXPECT_EQ(first("0 0 13 * fri", "2026-03-01T00:00"), "2026-03-06T00:00");
  EXPECT_EQ(first("0 0 13 * fri", "2026-05-09T00:00"), "2026-05-13T00:00");
  // Which is how "the first Monday of the month" can be said at all.
  EXPECT_EQ(first("0 0 1-7 * */7", "2026-01-01T00:00"), "2026-01-04T00:00");
  EXPECT_EQ(first("0 0 */31 * mon", "2026-01-01T00:00"), "2026-06-01T00:00");
}

TEST(FirstMatch, OfALeapDayIsFoundHoweverFarItIs) {
  EXPECT_EQ(first("0 0 29 2 *", "2024-02-29T00:01"), "2028-02-29T00:00");
  EXPECT_EQ(first("0 0 29 2 *", "2096-02-29T00:01"), "2104-02-29T00:00");
  EXPECT_EQ(first("0 0 29 2 */7", "2004-03-01T00:00"), "2032-02-29T00:00");
  EXPECT_EQ(first("0 0 29 2 */7", "2088-03-01T00:00"), "2128-02-29T00:00");
}

TEST(FirstMatch, IsNoneWhereTheSearchEnds) {
  auto never = *parse_cron("0 0 29 2 *");
  never.days = 1U << 30U;
  EXPECT_FALSE(can_match(never));
  EXPECT_EQ(text_of(first_match(never, local("2026-01-01T00:00"))), "none");
}

std::string last(std::string_view expression, std::string_view from, std::string_view not_before) {
  return text_of(last_match(*parse_cron(expression), local(from), local(not_before)));
}

TEST(LastMatch, IsTheNearestThatIsNotTooEarly) {
  EXPECT_EQ(last("30 2 * * *", "2026-01-02T02:30", "2026-01-01T00:00"), "2026-01-02T02:30");
  EXPECT_EQ(last("30 2 * * *", "2026-01-02T02:29", "2026-01-01T00:00"), "2026-01-01T02:30");
  EXPECT_EQ(last("30 2 * * *", "2026-01-02T02:29", "2026-01-01T02:30"), "2026-01-01T02:30");
  EXPECT_EQ(last("30 2 * * *", "2026-01-02T02:29", "2026-01-01T02:31"), "none");
  EXPECT_EQ(last("30 2 * * *", "2026-01-02T02:30", "2026-01-02T02:31"), "none");
  EXPECT_EQ(last("15,45 8-17 * * *", "2026-01-01T10:10", "2026-01-01T00:00"), "2026-01-01T09:45");
  EXPECT_EQ(last("0 0 31 * *", "2026-03-30T00:00", "2020-01-01T00:00"), "2026-01-31T00:00");
  EXPECT_EQ(last("0 0 29 2 *", "2026-01-01T00:00", "2020-01-01T00:00"), "2024-02-29T00:00");
  EXPECT_EQ(last("0 0 29 2 *", "2026-01-01T00:00", "2024-03-01T00:00"), "none");
}

LocalMinute any_minute() {
  constexpr int kYears = 12;  // the next leap day, and some more
  const auto day = std::chrono::local_days(std::chrono::year(2020) / 1 / 1);
  return day + days(support::below(kYears * 365)) + minutes(support::below(1440));
}

constexpr days kSearched = days(9);

RC_GTEST_PROP(FirstMatch, IsThatOfASearchMinuteByMinute, ()) {
  const auto any = support::any_cron();
  const auto from = any_minute();
  RC_LOG() << any.text << " " << text_of(from) << "\n";
  auto expected = from;
  while (expected < from + kSearched && !any.matches(expected)) expected += minutes(1);
  const auto found = first_match(any.cron, from);
  if (expected < from + kSearched) {
    RC_ASSERT(text_of(found) == text_of(expected));
  } else {
    RC_ASSERT(!found || *found >= expected);
  }
}

RC_GTEST_PROP(FirstMatch, IsThatOfASearchDayByDay, ()) {
  auto any = support::any_cron();
  any.fields[0].values = any.fields[1].values = {0};
  any.cron.minutes = any.cron.hours = 1;
  auto expected = std::chrono::floor<days>(any_minute());
  const auto from = expected;
  const auto end = from + days(5 * 365);
  RC_LOG() << any.text << " " << text_of(from) << "\n";
  while (expected < end && !any.matches(expected)) expected += days(1);
  const auto found = first_match(any.cron, from);
  if (expected < end) {
    RC_ASSERT(text_of(found) == text_of(expected));
  } else {
    RC_ASSERT(!found || *found >= expected);
  }
}

RC_GTEST_PROP(LastMatch, IsThatOfASearchMinuteByMinute, ()) {
  const auto any = support::any_cron();
  const auto from = any_minute();
  const auto not_before = from - minutes(support::below(9 * 1440));
  RC_LOG() << any.text << " " << text_of(from) << " " << text_of(not_before) << "\n";
  auto expected = from;
  while (expected >= not_before && !any.matches(expected)) expected -= minutes(1);
  const auto found = last_match(any.cron, from, not_before);
  RC_ASSERT(text_of(found) == (expected < not_before ? "none" : text_of(expected)));
}

}  // namespace
}  // namespace vaultbell
