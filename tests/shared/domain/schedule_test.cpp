// When runs are due, and which run a start was.
#include "shared/domain/schedule.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/shared/domain/any_cron.hpp"
#include "tests/shared/domain/any_place.hpp"

namespace vaultbell {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using support::kMinute;

Schedule berlin(std::string cron) {
  return {.cron = std::move(cron), .zone = "Europe/Berlin"};
}

std::string refusal(const Schedule& schedule) {
  const auto status = check_schedule(schedule);
  if (status) return "accepted";
  EXPECT_EQ(status.error().code, ErrorCode::invalid);
  return status.error().message;
}

TEST(Schedules, AreEveryOrCron) {
  EXPECT_EQ(refusal({.every = 24h}), "accepted");
  EXPECT_EQ(refusal(berlin("0 2 * * *")), "accepted");
  EXPECT_EQ(refusal({}),
            "a schedule needs every or cron (examples: every = \"24h\", cron = \"0 2 * * *\")");
  EXPECT_EQ(refusal({.every = 24h, .cron = "0 2 * * *", .zone = "UTC"}),
            "a schedule is either every or cron, not both");
  EXPECT_EQ(refusal({.every = 24h, .zone = "UTC"}), "every has no time zone; cron has one");
  EXPECT_EQ(refusal({.cron = "0 2 * * *"}),
            "cron needs a time zone (examples: zone = \"Europe/Berlin\", zone = \"UTC\")");
}

TEST(Schedules, HaveLimits) {
  EXPECT_EQ(refusal({.every = 1min}), "accepted");
  EXPECT_EQ(refusal({.every = 24h * 366}), "accepted");
  EXPECT_EQ(refusal({.every = 59'999ms}), "every 59999ms is not between 1m and 366d");
  EXPECT_EQ(refusal({.every = 24h * 367}), "every 367d is not between 1m and 366d");
  EXPECT_EQ(refusal({.every = 0s}), "every 0s is not between 1m and 366d");
  EXPECT_EQ(refusal({.every = 24h, .grace = 0s}), "accepted");
  EXPECT_EQ(refusal({.every = 24h, .grace = 24h * 30}), "accepted");
  EXPECT_EQ(refusal({.every = 24h, .grace = 24h * 31}), "grace 31d is not between 0s and 30d");
  EXPECT_EQ(refusal({.every = 24h, .grace = -1s}), "grace -1s is not between 0s and 30d");
}

TEST(Schedules, WithAWrongCronOrZoneAreRefusedAsThoseAre) {
  EXPECT_EQ(refusal(berlin("61 2 * * *")),
            "cron \"61 2 * * *\": minute 61 is not between 0 and 59");
  EXPECT_EQ(refusal({.cron = "0 2 * * *", .zone = "Europe/Berln"}),
            "unknown time zone \"Europe/Berln\"; did you mean \"Europe/Berlin\"?");
}

TEST(Schedules, ThatAreWrongAreNeverDue) {
  EXPECT_EQ(next_due({}, Instant{}), std::nullopt);
  EXPECT_EQ(credited_until({}, Instant(1h)), Instant(1h));
}

TEST(Schedules, AreDueAnHourBeforeTheyAreMissedUnlessTheySaySo) {
  EXPECT_EQ(Schedule{}.grace, 1h);
  EXPECT_EQ(parse_schedule({.every = 24h, .grace = 5min})->grace(), 5min);
}

TEST(Schedules, CanBeComparedAndOrdered) {
  EXPECT_EQ(berlin("0 2 * * *"), berlin("0 2 * * *"));
  EXPECT_LT(berlin("0 2 * * *"), berlin("0 3 * * *"));
  EXPECT_EQ(parse_schedule(berlin("0 0 * * *")).value(), parse_schedule(berlin("@daily")).value());
}

std::string due(const Schedule& schedule, const char* after) {
  const auto next = next_due(schedule, *parse_iso(after));
  if (!next) return "never";
  const auto text = to_iso(next->earliest);
  return next->earliest == next->latest ? text : text + " or " + to_iso(next->latest);
}

TEST(NextDue, OfEveryIsThatMuchLater) {
  EXPECT_EQ(due({.every = 6h}, "2026-03-28T12:00:00.5Z"), "2026-03-28T18:00:00.500Z");
}

TEST(NextDue, OfEveryWholeDayMayBeAnHourLaterBecauseOneDayInAutumnIs) {
  EXPECT_EQ(due({.every = 24h}, "2026-10-24T00:00:00Z"),
            "2026-10-25T00:00:00Z or 2026-10-25T01:00:00Z");
}

TEST(NextDue, OfCronIsItsNextOccurrence) {
  EXPECT_EQ(due(berlin("30 2 * * *"), "2026-03-28T12:00:00Z"), "2026-03-30T00:30:00Z");
  EXPECT_EQ(due(berlin("30 2 * * *"), "2026-10-24T12:00:00Z"),
            "2026-10-25T00:30:00Z or 2026-10-25T01:30:00Z");
}

std::string credited(const Schedule& schedule, const char* started) {
  return to_iso(credited_until(schedule, *parse_iso(started)));
}

TEST(Starts, OfEveryAreWhenTheyAre) {
  EXPECT_EQ(credited({.every = 24h}, "2026-01-01T00:59:30Z"), "2026-01-01T00:59:30Z");
}

TEST(Starts, UpToAMinuteBeforeAnOccurrenceAreThatOccurrence) {
  const auto nightly = berlin("0 2 * * *");
  EXPECT_EQ(credited(nightly, "2026-01-01T00:58:59.999Z"), "2026-01-01T00:58:59.999Z");
  EXPECT_EQ(credited(nightly, "2026-01-01T00:59:00Z"), "2026-01-01T01:00:00Z");
  EXPECT_EQ(credited(nightly, "2026-01-01T00:59:59.999Z"), "2026-01-01T01:00:00Z");
  EXPECT_EQ(credited(nightly, "2026-01-01T01:00:00Z"), "2026-01-01T01:00:00Z");
  EXPECT_EQ(credited(nightly, "2026-01-01T01:00:01Z"), "2026-01-01T01:00:01Z");
}

TEST(Starts, BetweenOccurrencesThatAreCloseAreLateRatherThanEarly) {
  EXPECT_EQ(credited(berlin("*/2 * * * *"), "2026-01-01T00:59:30Z"), "2026-01-01T00:59:30Z");
  EXPECT_EQ(credited(berlin("*/3 * * * *"), "2026-01-01T00:59:30Z"), "2026-01-01T01:00:00Z");
  EXPECT_EQ(credited(berlin("0,58 * * * *"), "2026-01-01T00:59:30Z"), "2026-01-01T00:59:30Z");
  EXPECT_EQ(credited(berlin("0,57 * * * *"), "2026-01-01T00:59:30Z"), "2026-01-01T01:00:00Z");
}

TEST(Starts, AtTheSecondMomentOfAnOccurrenceAreThatOccurrence) {
  const auto nightly = berlin("30 2 * * *");
  for (const auto* started : {"2026-10-25T00:29:30Z", "2026-10-25T00:30:10Z",
                              "2026-10-25T01:29:30Z", "2026-10-25T01:30:10Z"}) {
    EXPECT_EQ(due(nightly, credited(nightly, started).c_str()), "2026-10-26T01:30:00Z") << started;
  }
  // 02:59 for the second time is a minute before 03:00.
  EXPECT_EQ(credited(berlin("0,59 2-3 * * *"), "2026-10-25T01:59:30Z"), "2026-10-25T01:59:30Z");
}

// How schedulers differ where the clock is changed, and how far they are off, one start after the
// other.
struct Scheduler {
  bool runs_at_first = true;   // of two showings of a time
  bool runs_at_second = true;  // at least one of the two
  bool catches_up = true;      // runs what was skipped, at the moment of the change
  std::vector<Duration> off;
};

Scheduler any_scheduler() {
  constexpr int kStarts = 7;
  Scheduler scheduler{.runs_at_first = support::below(2) == 0,
                      .runs_at_second = support::below(2) == 0,
                      .catches_up = support::below(2) == 0};
  if (!scheduler.runs_at_first) scheduler.runs_at_second = true;
  for (int i = 0; i < kStarts; ++i) scheduler.off.emplace_back(support::below(120'001) - 60'000);
  return scheduler;
}

// Whether it makes up, at this minute, for a time that the clock leapt over.
bool is_caught_up(const support::AnyCron& any, support::MinuteByMinute& clock, Instant minute) {
  const auto shown = clock.shown_at(minute);
  auto skipped = clock.shown_at(minute - kMinute) + 1min;
  for (; skipped < shown; skipped += 1min) {
    if (any.matches(skipped)) return true;
  }
  return false;
}

// Starts of two days. None is early where it could be a late one of the moment before.
std::vector<Instant> starts(const Scheduler& scheduler, const support::AnyCron& any,
                            const std::string& name, Instant begin) {
  support::MinuteByMinute clock(name);
  std::vector<Instant> result;
  auto minute = Instant(std::chrono::floor<std::chrono::minutes>(begin));
  auto last_moment = minute;
  for (const auto end = minute + 48h; minute < end; minute += kMinute) {
    const bool is_moment = any.matches(clock.shown_at(minute));
    const bool runs_now = (scheduler.runs_at_first || clock.last_showing(minute) == minute) &&
                          (scheduler.runs_at_second || !clock.has_shown_before(minute));
    if ((is_moment && runs_now) || (scheduler.catches_up && is_caught_up(any, clock, minute))) {
      const auto off = scheduler.off.at(result.size() % scheduler.off.size());
      const bool may_be_early = minute - last_moment > 2 * kEarlyMax;
      result.push_back(minute + (may_be_early ? off : std::chrono::abs(off)));
    }
    if (is_moment) last_moment = minute;
  }
  return result;
}

// R4.9: whatever the scheduler does about a change of daylight saving, and a minute early or late.
RC_GTEST_PROP(Schedules, AreNotMissedByRunsThatStartOnTime, ()) {
  const auto [name, begin] = support::any_place();
  const auto any = support::any_cron();
  const auto scheduler = any_scheduler();
  RC_LOG() << "\"" << any.text << "\" " << name << " " << to_iso(begin) << "\n";
  const auto schedule = parse_schedule({.cron = any.text, .zone = name});
  RC_ASSERT(schedule.has_value());
  const auto all = starts(scheduler, any, name, begin);
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    const auto next = schedule->next_due(schedule->credited_until(all[i]));
    if (next && all[i + 1] <= next->latest + kEarlyMax) continue;
    RC_FAIL(to_iso(all[i]) + ": due " + to_iso(next.value().latest) + ", then " +
            to_iso(all[i + 1]));
  }
}

// The other way around: a run that is left out is noticed when the next one is due, not later.
RC_GTEST_PROP(Schedules, AreDueAgainAtTheNextOccurrence, ()) {
  const auto [name, begin] = support::any_place();
  const auto any = support::any_cron();
  auto text = std::to_string(support::below(60));
  for (std::size_t i = 1; i < any.fields.size(); ++i) text += " " + any.fields.at(i).text;
  RC_LOG() << "\"" << text << "\" " << name << " " << to_iso(begin) << "\n";
  const auto schedule = parse_schedule({.cron = text, .zone = name});
  RC_ASSERT(schedule.has_value());
  const auto run = schedule->next_due(begin);
  const auto next = schedule->next_due(run->earliest);
  for (const Duration off : {-60s, -1s, 0s, 1s, 59s}) {
    RC_ASSERT(schedule->next_due(schedule->credited_until(run->earliest + off)) == next);
    RC_ASSERT(schedule->next_due(schedule->credited_until(run->latest + off)) == next);
  }
}

}  // namespace
}  // namespace vaultbell
