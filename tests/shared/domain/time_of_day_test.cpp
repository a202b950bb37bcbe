// What a wall clock shows, and when it next shows a time of day.
#include "shared/domain/time_of_day.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/shared/domain/any_place.hpp"
#include "tests/support/zones.hpp"

namespace vaultbell {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using support::kMinute;
using support::zone;

TEST(TimesOfDay, AreGivenBackAsTheyWereWritten) {
  for (const auto* text : {"00:00", "07:05", "23:59"}) {
    const auto minute = parse_minute_of_day(text);
    ASSERT_TRUE(minute.has_value()) << text;
    EXPECT_EQ(time_of_day_text(*minute), text);
  }
  EXPECT_EQ(parse_minute_of_day("22:30"), 22h + 30min);
}

TEST(TimesOfDay, ThatAreNoneAreRefusedWithExamples) {
  for (const auto* text :
       {"", "7:00", "24:00", "12:60", "12.30", "12:3", "12:300", "-1:00", "1a:00", "noon"}) {
    const auto minute = parse_minute_of_day(text);
    ASSERT_FALSE(minute.has_value()) << text;
    EXPECT_EQ(minute.error(),
              (Error{ErrorCode::invalid, "\"" + std::string(text) +
                                             "\" is not a time of day (examples: \"07:00\", "
                                             "\"22:30\")"}));
  }
}

TEST(WallTime, IsWhatCalendarAndClockShow) {
  const auto shown = [](const char* name, const char* instant) {
    return wall_time(zone(name), *parse_iso(instant));
  };
  EXPECT_EQ(shown("Europe/Berlin", "2026-03-29T00:59:59.999Z"),
            (WallTime{.year = 2026, .month = 3, .day = 29, .weekday = 0, .hour = 1, .minute = 59}));
  EXPECT_EQ(shown("Europe/Berlin", "2026-03-29T01:00:00Z"),
            (WallTime{.year = 2026, .month = 3, .day = 29, .weekday = 0, .hour = 3, .minute = 0}));
  EXPECT_EQ(shown("Asia/Kathmandu", "2027-12-31T18:15:00Z"),
            (WallTime{.year = 2028, .month = 1, .day = 1, .weekday = 6, .hour = 0, .minute = 0}));
  EXPECT_EQ(
      shown("America/New_York", "2026-01-01T04:30:00Z"),
      (WallTime{.year = 2025, .month = 12, .day = 31, .weekday = 3, .hour = 23, .minute = 30}));
  EXPECT_EQ(shown("UTC", "1970-01-01T00:00:00Z"), WallTime{});
}

std::string next(const char* name, const char* time, const char* from) {
  return to_iso(next_time_of_day(zone(name), *parse_minute_of_day(time), *parse_iso(from)));
}

TEST(NextTimeOfDay, IsTodayOrTomorrow) {
  EXPECT_EQ(next("Europe/Berlin", "08:00", "2026-01-01T06:59:59.999Z"), "2026-01-01T07:00:00Z");
  EXPECT_EQ(next("Europe/Berlin", "08:00", "2026-01-01T07:00:00Z"), "2026-01-01T07:00:00Z");
  EXPECT_EQ(next("Europe/Berlin", "08:00", "2026-01-01T07:00:00.001Z"), "2026-01-02T07:00:00Z");
  EXPECT_EQ(next("Europe/Berlin", "00:00", "2026-01-01T22:30:00Z"), "2026-01-01T23:00:00Z");
}

TEST(NextTimeOfDay, ThatIsSkippedIsTheMomentOfTheChange) {
  EXPECT_EQ(next("Europe/Berlin", "02:30", "2026-03-28T12:00:00Z"), "2026-03-29T01:00:00Z");
  EXPECT_EQ(next("Europe/Berlin", "02:30", "2026-03-29T01:00:00Z"), "2026-03-29T01:00:00Z");
  EXPECT_EQ(next("Europe/Berlin", "02:30", "2026-03-29T01:00:01Z"), "2026-03-30T00:30:00Z");
  EXPECT_EQ(next("Africa/Cairo", "00:30", "2026-04-23T12:00:00Z"), "2026-04-23T22:00:00Z");
  EXPECT_EQ(next("Pacific/Apia", "08:00", "2011-12-30T00:00:00Z"), "2011-12-30T10:00:00Z");
  EXPECT_EQ(next("Pacific/Apia", "08:00", "2011-12-30T10:00:00Z"), "2011-12-30T10:00:00Z");
}

TEST(NextTimeOfDay, ThatIsShownTwiceIsTheEarlier) {
  EXPECT_EQ(next("Europe/Berlin", "02:30", "2026-10-24T12:00:00Z"), "2026-10-25T00:30:00Z");
  EXPECT_EQ(next("Europe/Berlin", "02:30", "2026-10-25T00:30:01Z"), "2026-10-26T01:30:00Z");
}

TEST(NextTimeOfDay, AfterTheClockWasPutBackOverMidnightIsTheDayAfterTomorrow) {
  // Havana, 1 November 2026: at 01:00 it is 00:00 again; St John's, 2010: at 00:01 it was 23:01.
  EXPECT_EQ(next("America/Havana", "00:30", "2026-11-01T05:10:00Z"), "2026-11-02T05:30:00Z");
  EXPECT_EQ(next("America/St_Johns", "00:00", "2010-11-07T02:40:00Z"), "2010-11-08T03:30:00Z");
}

// Where the clock, from one minute to the next, comes to this time or leaps over it.
bool is_reached(support::MinuteByMinute& clock, Instant minute, MinuteOfDay time) {
  const auto is_time = [&](LocalMinute local) {
    return local - std::chrono::floor<std::chrono::days>(local) == time;
  };
  const auto shown = clock.shown_at(minute);
  if (is_time(shown) && !clock.has_shown_before(minute)) return true;
  for (auto local = clock.shown_at(minute - kMinute) + kMinute; local < shown; local += kMinute) {
    if (is_time(std::chrono::floor<std::chrono::minutes>(local))) return true;
  }
  return false;
}

RC_GTEST_PROP(NextTimeOfDay, IsThatOfASearchMinuteByMinute, ()) {
  const auto [name, from] = support::any_place();
  const MinuteOfDay time(support::below(2) == 0 ? support::below(240) : support::below(1440));
  RC_LOG() << name << " " << to_iso(from) << " " << time_of_day_text(time) << "\n";
  support::MinuteByMinute clock(name);
  auto expected = Instant(std::chrono::ceil<std::chrono::minutes>(from));
  while (!is_reached(clock, expected, time)) expected += kMinute;
  RC_ASSERT(to_iso(next_time_of_day(zone(name), time, from)) == to_iso(expected));
}

}  // namespace
}  // namespace vaultbell
