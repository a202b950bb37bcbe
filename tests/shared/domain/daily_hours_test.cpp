// Hours of every day, and until when they last.
#include "shared/domain/daily_hours.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/shared/domain/any_place.hpp"
#include "tests/support/zones.hpp"

namespace vaultbell {
namespace {

using std::chrono_literals::operator""h;
using support::kMinute;
using support::zone;

TEST(DailyHours, AreGivenBackAsTheyWereWritten) {
  EXPECT_EQ(parse_daily_hours("22:00-07:00"), (DailyHours{.from = 22h, .to = 7h}));
  EXPECT_EQ(parse_daily_hours(" 09:00 - 17:00 "), (DailyHours{.from = 9h, .to = 17h}));
  EXPECT_EQ(to_text(DailyHours{.from = 22h, .to = 7h}), "22:00-07:00");
}

TEST(DailyHours, ThatAreNoneAreRefusedWithTheReason) {
  const auto refused = [](std::string_view text) {
    const auto hours = parse_daily_hours(text);
    if (hours) return std::string("accepted");
    EXPECT_EQ(hours.error().code, ErrorCode::invalid);
    return hours.error().message;
  };
  EXPECT_EQ(refused(""), "hours \"\": no two times of day (example: \"22:00-07:00\")");
  EXPECT_EQ(refused("22:00"), "hours \"22:00\": no two times of day (example: \"22:00-07:00\")");
  EXPECT_EQ(refused("22:00-7"),
            "hours \"22:00-7\": \"7\" is not a time of day (examples: \"07:00\", \"22:30\")");
  EXPECT_EQ(refused("-07:00"),
            "hours \"-07:00\": \"\" is not a time of day (examples: \"07:00\", \"22:30\")");
  EXPECT_EQ(refused("07:00-07:00"), "hours \"07:00-07:00\": they end when they begin");
}

std::string until(const char* hours, const char* name, const char* instant) {
  const auto end = quiet_until(*parse_daily_hours(hours), zone(name), *parse_iso(instant));
  return end ? to_iso(*end) : "not quiet";
}

TEST(QuietHours, LastUntilTheirEnd) {
  EXPECT_EQ(until("09:00-17:00", "Europe/Berlin", "2026-01-01T07:59:59.999Z"), "not quiet");
  EXPECT_EQ(until("09:00-17:00", "Europe/Berlin", "2026-01-01T08:00:00Z"), "2026-01-01T16:00:00Z");
  EXPECT_EQ(until("09:00-17:00", "Europe/Berlin", "2026-01-01T15:59:59.999Z"),
            "2026-01-01T16:00:00Z");
  EXPECT_EQ(until("09:00-17:00", "Europe/Berlin", "2026-01-01T16:00:00Z"), "not quiet");
}

TEST(QuietHours, MayGoOverMidnight) {
  EXPECT_EQ(until("22:00-07:00", "Europe/Berlin", "2026-01-01T20:59:59Z"), "not quiet");
  EXPECT_EQ(until("22:00-07:00", "Europe/Berlin", "2026-01-01T21:00:00Z"), "2026-01-02T06:00:00Z");
  EXPECT_EQ(until("22:00-07:00", "Europe/Berlin", "2026-01-01T23:00:00Z"), "2026-01-02T06:00:00Z");
  EXPECT_EQ(until("22:00-07:00", "Europe/Berlin", "2026-01-02T05:59:59Z"), "2026-01-02T06:00:00Z");
  EXPECT_EQ(until("22:00-07:00", "Europe/Berlin", "2026-01-02T06:00:00Z"), "not quiet");
  EXPECT_EQ(until("22:00-00:00", "Europe/Berlin", "2026-01-01T22:30:00Z"), "2026-01-01T23:00:00Z");
}

TEST(QuietHours, GoByTheClock) {
  // Put forward from 02:00 to 03:00: the night has an hour less; hours that are skipped are none.
  EXPECT_EQ(until("22:00-07:00", "Europe/Berlin", "2026-03-28T21:00:00Z"), "2026-03-29T05:00:00Z");
  EXPECT_EQ(until("01:30-02:30", "Europe/Berlin", "2026-03-29T00:30:00Z"), "2026-03-29T01:00:00Z");
  EXPECT_EQ(until("02:00-03:00", "Europe/Berlin", "2026-03-29T01:00:00Z"), "not quiet");
  // Put back from 03:00 to 02:00: an hour more, and what is shown twice is quiet twice.
  EXPECT_EQ(until("22:00-07:00", "Europe/Berlin", "2026-10-24T20:00:00Z"), "2026-10-25T06:00:00Z");
  EXPECT_EQ(until("02:00-03:00", "Europe/Berlin", "2026-10-25T00:00:00Z"), "2026-10-25T02:00:00Z");
  EXPECT_EQ(until("01:00-02:30", "Europe/Berlin", "2026-10-25T00:10:00Z"), "2026-10-25T00:30:00Z");
  EXPECT_EQ(until("01:00-02:30", "Europe/Berlin", "2026-10-25T00:40:00Z"), "not quiet");
  EXPECT_EQ(until("01:00-02:30", "Europe/Berlin", "2026-10-25T01:10:00Z"), "2026-10-25T01:30:00Z");
}

TEST(QuietHours, ThatEndWhenTheyBeginAreNever) {
  EXPECT_EQ(quiet_until({.from = 7h, .to = 7h}, Zone(), Instant(7h)), std::nullopt);
}

RC_GTEST_PROP(QuietHours, AreThoseOfASearchMinuteByMinute, ()) {
  const auto [name, instant] = support::any_place();
  const DailyHours hours{
      .from = MinuteOfDay(support::below(1440)),
      .to = MinuteOfDay(support::below(2) == 0 ? support::below(240) : support::below(1440))};
  RC_PRE(hours.from != hours.to);
  RC_LOG() << name << " " << to_iso(instant) << " " << to_text(hours) << "\n";
  support::MinuteByMinute clock(name);
  const auto is_quiet = [&](Instant minute) {
    const auto shown = clock.shown_at(minute);
    const auto time = shown - std::chrono::floor<std::chrono::days>(shown);
    const bool is_begun = time >= hours.from;
    const bool is_over = time >= hours.to;
    return hours.from < hours.to ? is_begun && !is_over : is_begun || !is_over;
  };
  std::optional<Instant> expected;
  auto minute = Instant(std::chrono::floor<std::chrono::minutes>(instant));
  for (; is_quiet(minute); minute += kMinute) expected = minute + kMinute;
  RC_ASSERT(quiet_until(hours, zone(name), instant) == expected);
}

}  // namespace
}  // namespace vaultbell
