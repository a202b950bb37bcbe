// Recurring windows.
#include "shared/domain/window.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/shared/domain/any_cron.hpp"
#include "tests/shared/domain/any_place.hpp"
#include "tests/support/zones.hpp"

namespace vaultbell {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using support::kMinute;
using support::zone;

std::string end(const char* cron, Duration length, const char* instant) {
  const auto found =
      window_end(*parse_cron(cron), zone("Europe/Berlin"), length, *parse_iso(instant));
  return found ? to_iso(*found) : "no window";
}

TEST(Windows, LastFromTheirOccurrenceForTheirLength) {
  EXPECT_EQ(end("0 22 * * sat", 10h, "2026-01-03T20:59:59.999Z"), "no window");
  EXPECT_EQ(end("0 22 * * sat", 10h, "2026-01-03T21:00:00Z"), "2026-01-04T07:00:00Z");
  EXPECT_EQ(end("0 22 * * sat", 10h, "2026-01-04T06:59:59.999Z"), "2026-01-04T07:00:00Z");
  EXPECT_EQ(end("0 22 * * sat", 10h, "2026-01-04T07:00:00Z"), "no window");
  EXPECT_EQ(end("0 0 1 1 *", 24h * 31, "2026-01-31T12:00:00Z"), "2026-01-31T23:00:00Z");
}

TEST(Windows, ThatOverlapEndWithTheLastThatHasBegun) {
  EXPECT_EQ(end("0 * * * *", 90min, "2026-01-01T10:15:00Z"), "2026-01-01T11:30:00Z");
  EXPECT_EQ(end("0 * * * *", 90min, "2026-01-01T11:30:00Z"), "2026-01-01T12:30:00Z");
}

TEST(Windows, OfNoLengthAreNone) {
  EXPECT_EQ(end("* * * * *", 0min, "2026-01-01T10:00:00Z"), "no window");
  EXPECT_EQ(end("* * * * *", -5min, "2026-01-01T10:00:00Z"), "no window");
}

TEST(Windows, BeginWhenTheClockShowsTheirTime) {
  // 02:30 is skipped on 29 March 2026, and shown twice on 25 October.
  EXPECT_EQ(end("30 2 * * *", 2h, "2026-03-29T01:30:00Z"), "no window");
  EXPECT_EQ(end("30 2 * * *", 2h, "2026-10-25T00:30:00Z"), "2026-10-25T02:30:00Z");
  EXPECT_EQ(end("30 2 * * *", 2h, "2026-10-25T01:30:00Z"), "2026-10-25T03:30:00Z");
  EXPECT_EQ(end("30 2 * * *", 10min, "2026-10-25T00:50:00Z"), "no window");
}

RC_GTEST_PROP(Windows, AreThoseOfASearchMinuteByMinute, ()) {
  const auto [name, instant] = support::any_place();
  const auto any = support::any_cron();
  const Duration length(1 + support::below(30 * 3'600'000));
  RC_LOG() << "\"" << any.text << "\" " << name << " " << to_iso(instant) << " " << length.count()
           << " ms\n";
  support::MinuteByMinute clock(name);
  std::optional<Instant> expected;
  auto minute = Instant(std::chrono::floor<std::chrono::minutes>(instant));
  for (; minute > instant - length && !expected; minute -= kMinute) {
    if (any.matches(clock.shown_at(minute))) expected = minute + length;
  }
  RC_ASSERT(window_end(any.cron, zone(name), length, instant) == expected);
}

}  // namespace
}  // namespace vaultbell
