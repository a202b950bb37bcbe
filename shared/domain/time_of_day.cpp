#include "shared/domain/time_of_day.hpp"

#include <cctype>

#include <fmt/format.h>

#include "shared/base/check.hpp"
#include "shared/base/text.hpp"

namespace vaultbell {

namespace {

using std::chrono::days;
using std::chrono::floor;

constexpr std::size_t kTextBytesMax = 40;  // of a wrong text in a message

// Two digits of at most `max`; -1 where they are not that.
int number(std::string_view digits, int max) {
  for (const char c : digits) {
    if (std::isdigit(static_cast<unsigned char>(c)) == 0) return -1;
  }
  const int value = (digits[0] - '0') * 10 + (digits[1] - '0');
  return value <= max ? value : -1;
}

}  // namespace

Result<MinuteOfDay> parse_minute_of_day(std::string_view text) {
  const auto wrong = [&] {
    return fail(ErrorCode::invalid,
                fmt::format("\"{}\" is not a time of day (examples: \"07:00\", \"22:30\")",
                            one_line(first_part(text, kTextBytesMax))));
  };
  if (text.size() != 5 || text[2] != ':') return wrong();
  const int hour = number(text.substr(0, 2), 23);
  const int minute = number(text.substr(3, 2), 59);
  if (hour < 0 || minute < 0) return wrong();
  return MinuteOfDay(hour * 60 + minute);
}

std::string time_of_day_text(MinuteOfDay minute) {
  return fmt::format("{:02}:{:02}", minute.count() / 60, minute.count() % 60);
}

WallTime wall_time(Zone zone, Instant instant) {
  const auto local = zone.local_minute(instant);
  const auto day = floor<days>(local);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(local - day);
  return {.year = int{date.year()},
          .month = unsigned{date.month()},
          .day = unsigned{date.day()},
          .weekday = std::chrono::weekday(day).c_encoding(),
          .hour = static_cast<unsigned>(time.hours().count()),
          .minute = static_cast<unsigned>(time.minutes().count())};
}

Instant next_time_of_day(Zone zone, MinuteOfDay minute, Instant from) {
  // From yesterday, whose time a change over midnight may have put off until now, to the day after
  // tomorrow: a clock that was put back over midnight has shown tomorrow's time already.
  constexpr int kDaysMax = 4;
  auto day = floor<days>(zone.local_minute(from)) - days(1);
  for (int i = 0; i < kDaysMax; ++i, day += days(1)) {
    const auto found = zone.moments_of(day + minute).earliest;
    if (found >= from) return found;
  }
  check(false, "a time of day comes within two days");
  return from;
}

}  // namespace vaultbell
