#include "shared/base/time.hpp"

#include <array>
#include <cctype>

#include <fmt/format.h>

namespace vaultbell {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct Broken {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<Duration> time;
  unsigned weekday = 0;  // 0 is Sunday
};

Broken break_down(Instant instant) {
  const auto day = std::chrono::floor<days>(instant);
  return {.date = std::chrono::year_month_day(day),
          .time = std::chrono::hh_mm_ss<Duration>(instant - day),
          .weekday = std::chrono::weekday(day).c_encoding()};
}

// Reads exactly `digits` decimal digits at the front of `text` and removes them; -1 if there are
// fewer.
int take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return -1;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (std::isdigit(static_cast<unsigned char>(text[i])) == 0) return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

// ".250" as 250 ms; further digits are dropped. An absent fraction is 0; -1 if malformed.
int take_milliseconds(std::string_view& text) {
  if (!take(text, '.')) return 0;
  int value = 0;
  std::size_t digits = 0;
  while (!text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) != 0) {
    if (digits < 3) value = value * 10 + (text.front() - '0');
    ++digits;
    text.remove_prefix(1);
  }
  if (digits == 0) return -1;
  for (; digits < 3; ++digits) value *= 10;
  return value;
}

// "Z" or "+01:00"; nothing else may follow.
Result<minutes> take_offset(std::string_view& text) {
  if (text == "Z" || text == "z") return minutes(0);
  if (text.size() != 6 || (text.front() != '+' && text.front() != '-')) return fail("no offset");
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  const int hour = take_number(text, 2);
  if (hour < 0 || hour > 14 || !take(text, ':')) return fail("no offset");
  const int minute = take_number(text, 2);
  if (minute < 0 || minute > 59) return fail("no offset");
  return minutes(sign * (hour * 60 + minute));
}

}  // namespace

std::string to_iso(Instant instant) {
  const auto b = break_down(instant);
  auto text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int{b.date.year()},
                          unsigned{b.date.month()}, unsigned{b.date.day()}, b.time.hours().count(),
                          b.time.minutes().count(), b.time.seconds().count());
  if (b.time.subseconds().count() != 0) text += fmt::format(".{:03}", b.time.subseconds().count());
  return text + "Z";
}

Result<Instant> parse_iso(std::string_view text) {
  const auto wrong = [whole = text] {
    return fail(ErrorCode::invalid,
                fmt::format("\"{}\" is not a time (example: \"2026-03-01T02:20:00Z\")", whole));
  };
  const int year = take_number(text, 4);
  if (year < 1970 || !take(text, '-')) return wrong();
  const int month = take_number(text, 2);
  if (month < 1 || !take(text, '-')) return wrong();
  const int day = take_number(text, 2);
  if (day < 1 || !(take(text, 'T') || take(text, ' '))) return wrong();
  const int hour = take_number(text, 2);
  if (hour < 0 || hour > 23 || !take(text, ':')) return wrong();
  const int minute = take_number(text, 2);
  if (minute < 0 || minute > 59 || !take(text, ':')) return wrong();
  const int second = take_number(text, 2);
  if (second < 0 || second > 59) return wrong();
  const int milliseconds = take_milliseconds(text);
  if (milliseconds < 0) return wrong();
  const auto offset = take_offset(text);
  if (!offset) return wrong();
  const auto date = std::chrono::year(year) / month / day;
  if (!date.ok()) return wrong();
  return Instant(std::chrono::sys_days(date).time_since_epoch() + hours(hour) + minutes(minute) +
                 seconds(second) + Duration(milliseconds) - *offset);
}

std::string to_mail_date(Instant instant) {
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto b = break_down(instant);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", kDays.at(b.weekday),
                     unsigned{b.date.day()}, kMonths.at(unsigned{b.date.month()} - 1),
                     int{b.date.year()}, b.time.hours().count(), b.time.minutes().count(),
                     b.time.seconds().count());
}

}  // namespace vaultbell
