#include "shared/domain/cron_match.hpp"

#include <bit>

namespace vaultbell {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::months;
using std::chrono::year_month;
using std::chrono::year_month_day;

constexpr int kSearchMonthsMax = kSearchYearsMax * 12;

// The bits below (above) this one.
constexpr std::uint64_t below(unsigned bit) {
  return (std::uint64_t{1} << bit) - 1;
}
constexpr std::uint64_t above(unsigned bit) {
  return ~below(bit) << 1U;
}

bool has(std::uint64_t bits, unsigned bit) {
  return (bits >> bit & 1U) != 0;
}

unsigned lowest(std::uint64_t bits) {
  return static_cast<unsigned>(std::countr_zero(bits));
}

unsigned highest(std::uint64_t bits) {
  return static_cast<unsigned>(std::bit_width(bits)) - 1;
}

local_days first_of(year_month month) {
  return local_days(month / 1);
}

// The matching days of this month, bit n being its day n.
std::uint64_t days_of(const Cron& cron, year_month month) {
  if (!has(cron.months, unsigned{month.month()})) return 0;
  constexpr unsigned kWeek = 7;
  constexpr std::uint64_t kFiveWeeks = 1 | 1U << 7U | 1U << 14U | 1U << 21U | 1U << 28U;
  const auto begin = std::chrono::weekday(first_of(month)).c_encoding();
  const unsigned from_sunday = cron.weekdays;
  const std::uint64_t week = (from_sunday >> begin | from_sunday << (kWeek - begin)) & 0x7FU;
  const std::uint64_t by_weekday = week * kFiveWeeks << 1U;
  const auto last = unsigned{(month / std::chrono::last).day()};
  const auto chosen = cron.is_either_day_fine ? cron.days | by_weekday : cron.days & by_weekday;
  return chosen & below(last + 1) & above(0);
}

bool is_day_chosen(const Cron& cron, local_days day) {
  const year_month_day date(day);
  return has(days_of(cron, date.year() / date.month()), unsigned{date.day()});
}

// The first chosen day at or after `from`.
std::optional<local_days> first_day(const Cron& cron, local_days from) {
  const year_month_day date(from);
  auto month = date.year() / date.month();
  auto not_before = ~below(unsigned{date.day()});
  for (int i = 0; i < kSearchMonthsMax; ++i, month += months(1)) {
    const auto chosen = days_of(cron, month) & not_before;
    if (chosen != 0) return first_of(month) + days(lowest(chosen) - 1);
    not_before = ~std::uint64_t{0};
  }
  return std::nullopt;
}

std::optional<local_days> last_day(const Cron& cron, local_days from, local_days not_before) {
  const year_month_day date(from);
  auto month = date.year() / date.month();
  auto not_after = ~above(unsigned{date.day()});
  for (int i = 0; i < kSearchMonthsMax; ++i, month -= months(1)) {
    const auto chosen = days_of(cron, month) & not_after;
    if (chosen != 0) return first_of(month) + days(highest(chosen) - 1);
    if (first_of(month) <= not_before) return std::nullopt;
    not_after = ~std::uint64_t{0};
  }
  return std::nullopt;
}

minutes time(unsigned hour, unsigned minute) {
  return hours(hour) + minutes(minute);
}

minutes first_time(const Cron& cron) {
  return time(lowest(cron.hours), lowest(cron.minutes));
}
minutes last_time(const Cron& cron) {
  return time(highest(cron.hours), highest(cron.minutes));
}

struct HourAndMinute {
  unsigned hour = 0;
  unsigned minute = 0;
};

HourAndMinute split(minutes of_day) {
  const auto count = static_cast<unsigned>(of_day.count());
  return {.hour = count / 60, .minute = count % 60};
}

// The first matching time of a day at or after `from`.
std::optional<minutes> first_time_from(const Cron& cron, minutes from) {
  const auto [hour, minute] = split(from);
  const auto in_this_hour = cron.minutes & ~below(minute);
  if (has(cron.hours, hour) && in_this_hour != 0) return time(hour, lowest(in_this_hour));
  const auto later = cron.hours & above(hour);
  if (later == 0) return std::nullopt;
  return time(lowest(later), lowest(cron.minutes));
}

std::optional<minutes> last_time_until(const Cron& cron, minutes until) {
  const auto [hour, minute] = split(until);
  const auto in_this_hour = cron.minutes & ~above(minute);
  if (has(cron.hours, hour) && in_this_hour != 0) return time(hour, highest(in_this_hour));
  const auto earlier = cron.hours & below(hour);
  if (earlier == 0) return std::nullopt;
  return time(highest(earlier), highest(cron.minutes));
}

}  // namespace

bool can_match(const Cron& cron) {
  if (cron.is_either_day_fine) return true;
  constexpr auto kLeapYear = std::chrono::year(2028);
  for (unsigned month = 1; month <= 12; ++month) {
    const auto last = unsigned{(kLeapYear / std::chrono::month(month) / std::chrono::last).day()};
    if (has(cron.months, month) && (cron.days & below(last + 1)) != 0) return true;
  }
  return false;
}

std::optional<LocalMinute> first_match(const Cron& cron, LocalMinute from) {
  const auto today = floor<days>(from);
  if (is_day_chosen(cron, today)) {
    if (const auto time = first_time_from(cron, from - today)) return today + *time;
  }
  const auto day = first_day(cron, today + days(1));
  if (!day) return std::nullopt;
  return *day + first_time(cron);
}

std::optional<LocalMinute> last_match(const Cron& cron, LocalMinute from, LocalMinute not_before) {
  const auto only_late_enough = [&](LocalMinute match) {
    return match < not_before ? std::nullopt : std::optional(match);
  };
  const auto today = floor<days>(from);
  if (is_day_chosen(cron, today)) {
    if (const auto time = last_time_until(cron, from - today)) {
      return only_late_enough(today + *time);
    }
  }
  const auto day = last_day(cron, today - days(1), floor<days>(not_before));
  if (!day) return std::nullopt;
  return only_late_enough(*day + last_time(cron));
}

}  // namespace vaultbell
