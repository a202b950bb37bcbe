// When cron expressions are due, where clocks are put forward and back.
#include "shared/domain/occurrence.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/shared/domain/any_cron.hpp"
#include "tests/shared/domain/any_place.hpp"
#include "tests/support/zones.hpp"

namespace vaultbell {
namespace {

using support::kMinute;
using support::zone;

std::string text_of(const std::optional<Occurrence>& occurrence) {
  if (!occurrence) return "none";
  const auto text = to_iso(occurrence->earliest);
  return occurrence->earliest == occurrence->latest ? text
                                                    : text + " or " + to_iso(occurrence->latest);
}

std::string next(const char* cron, const char* name, const char* after) {
  return text_of(next_occurrence(*parse_cron(cron), zone(name), *parse_iso(after)));
}

TEST(Occurrences, AreWhatTheClockOfTheZoneShows) {
  EXPECT_EQ(next("0 2 * * *", "Europe/Berlin", "2026-01-01T00:59:59.999Z"), "2026-01-01T01:00:00Z");
  EXPECT_EQ(next("0 2 * * *", "Europe/Berlin", "2026-01-01T01:00:00Z"), "2026-01-02T01:00:00Z");
  EXPECT_EQ(next("0 2 * * *", "Europe/Berlin", "2026-07-01T01:00:00Z"), "2026-07-02T00:00:00Z");
  EXPECT_EQ(next("0 2 * * *", "Asia/Kathmandu", "2026-01-01T00:00:00Z"), "2026-01-01T20:15:00Z");
  EXPECT_EQ(next("0 2 * * *", "UTC", "2026-01-01T00:00:00Z"), "2026-01-01T02:00:00Z");
}

TEST(Occurrences, ThatAreSkippedByTheClockAreNone) {
  EXPECT_EQ(next("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z"), "2026-03-30T00:30:00Z");
  EXPECT_EQ(next("0 2,3 * * *", "Europe/Berlin", "2026-03-29T00:30:00Z"), "2026-03-29T01:00:00Z");
  EXPECT_EQ(next("*/15 * * * *", "Europe/Berlin", "2026-03-29T00:45:00Z"), "2026-03-29T01:00:00Z");
  EXPECT_EQ(next("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00:00Z"),
            "2026-10-04T15:15:00Z");
  EXPECT_EQ(next("0 12 30 12 *", "Pacific/Apia", "2011-01-01T00:00:00Z"), "2012-12-29T22:00:00Z");
}

TEST(Occurrences, ThatAreShownTwiceAreOneAndDueAtEither) {
  const std::string both = "2026-10-25T00:30:00Z or 2026-10-25T01:30:00Z";
  EXPECT_EQ(next("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z"), both);
  EXPECT_EQ(next("30 2 * * *", "Europe/Berlin", "2026-10-25T00:29:59Z"), both);
  EXPECT_EQ(next("30 2 * * *", "Europe/Berlin", "2026-10-25T00:30:00Z"), "2026-10-26T01:30:00Z");
  EXPECT_EQ(next("30 2 * * *", "Europe/Berlin", "2026-10-25T01:29:00Z"), "2026-10-26T01:30:00Z");
  EXPECT_EQ(next("30 * * * *", "Europe/Berlin", "2026-10-25T00:30:00Z"), "2026-10-25T02:30:00Z");
  EXPECT_EQ(next("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T12:00:00Z"),
            "2026-04-04T14:45:00Z or 2026-04-04T15:15:00Z");
  EXPECT_EQ(next("0 3 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z"), "2026-10-25T02:00:00Z");
}

TEST(Occurrences, AreFoundYearsAhead) {
  EXPECT_EQ(next("0 0 29 2 *", "UTC", "2096-03-01T00:00:00Z"), "2104-02-29T00:00:00Z");
  EXPECT_EQ(next("0 0 29 2 */7", "Europe/Berlin", "2026-01-01T00:00:00Z"), "2032-02-28T23:00:00Z");
}

TEST(Occurrences, ThatTheClockAlwaysSkipsAreNoneWhileItsChangesAreKnown) {
  // The last Sunday of March at 02:30: skipped in every year that the table knows, to 2037.
  EXPECT_EQ(next("30 2 25-31 3 */7", "Europe/Berlin", "2026-01-01T00:00:00Z"),
            "2038-03-28T01:30:00Z");
}

std::string last(const char* cron, const char* at, const char* not_before) {
  const auto found =
      last_moment(*parse_cron(cron), zone("Europe/Berlin"), *parse_iso(at), *parse_iso(not_before));
  return found ? to_iso(*found) : "none";
}

TEST(LastMoments, AreBothMomentsOfATimeThatIsShownTwice) {
  const auto* evening = "2026-10-24T20:00:00Z";
  EXPECT_EQ(last("30 2 * * *", "2026-10-25T00:29:59Z", evening), "none");
  EXPECT_EQ(last("30 2 * * *", "2026-10-25T00:30:00Z", evening), "2026-10-25T00:30:00Z");
  EXPECT_EQ(last("30 2 * * *", "2026-10-25T01:29:59Z", evening), "2026-10-25T00:30:00Z");
  EXPECT_EQ(last("30 2 * * *", "2026-10-25T01:30:00Z", evening), "2026-10-25T01:30:00Z");
}

TEST(LastMoments, MayBeBeforeAChangeOfTheClock) {
  const auto* evening = "2026-03-28T20:00:00Z";
  EXPECT_EQ(last("30 1 * * *", "2026-03-29T01:10:00Z", evening), "2026-03-29T00:30:00Z");
  EXPECT_EQ(last("30 1 * * *", "2026-03-29T01:10:00Z", "2026-03-29T00:30:00Z"),
            "2026-03-29T00:30:00Z");
  EXPECT_EQ(last("30 1 * * *", "2026-03-29T01:10:00Z", "2026-03-29T00:30:01Z"), "none");
  EXPECT_EQ(last("30 2 * * *", "2026-03-29T01:10:00Z", evening), "none");
}

std::optional<Occurrence> by_minutes(const support::AnyCron& any, const std::string& name,
                                     Instant after, Instant until) {
  support::MinuteByMinute clock(name);
  auto minute = Instant(std::chrono::floor<std::chrono::minutes>(after)) + kMinute;
  for (; minute <= until; minute += kMinute) {
    const auto shown = clock.shown_at(minute);
    if (!any.matches(shown) || clock.has_shown_before(minute)) continue;
    return Occurrence{.earliest = minute, .latest = clock.last_showing(minute)};
  }
  return std::nullopt;
}

RC_GTEST_PROP(Occurrences, AreThoseOfASearchMinuteByMinute, ()) {
  const auto [name, after] = support::any_place();
  const auto any = support::any_cron();
  const auto until = after + std::chrono::days(4);
  RC_LOG() << "\"" << any.text << "\" " << name << " " << to_iso(after) << "\n";
  const auto found = next_occurrence(any.cron, zone(name), after);
  const auto expected = by_minutes(any, name, after, until);
  if (expected) {
    RC_ASSERT(text_of(found) == text_of(expected));
  } else {
    RC_ASSERT(!found || found->earliest > until);
  }
}

RC_GTEST_PROP(LastMoments, AreThoseOfASearchMinuteByMinute, ()) {
  const auto [name, at] = support::any_place();
  const auto any = support::any_cron();
  const auto not_before = at - Duration(support::below(3 * 86'400'000));
  RC_LOG() << "\"" << any.text << "\" " << name << " " << to_iso(at) << "\n";
  support::MinuteByMinute clock(name);
  auto minute = Instant(std::chrono::floor<std::chrono::minutes>(at));
  while (minute >= not_before && !any.matches(clock.shown_at(minute))) minute -= kMinute;
  const auto expected = minute >= not_before ? std::optional(minute) : std::nullopt;
  RC_ASSERT(last_moment(any.cron, zone(name), at, not_before) == expected);
}

}  // namespace
}  // namespace vaultbell
