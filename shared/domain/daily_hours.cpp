#include "shared/domain/daily_hours.hpp"

#include <fmt/format.h>

#include "shared/base/text.hpp"

namespace vaultbell {

namespace {

using std::chrono::days;
using std::chrono::floor;

constexpr std::size_t kShownHoursBytesMax = 40;  // of a wrong text in a message
constexpr int kChangesADayMax =
    8;  // of the clock within hours of one day; more than two never were

Duration time_of_day(Instant instant, std::chrono::seconds offset) {
  const auto local = instant + offset;
  return local - floor<days>(local);
}

bool is_within(const DailyHours& daily, Duration time) {
  if (daily.from <= daily.to) return daily.from <= time && time < daily.to;
  return daily.from <= time || time < daily.to;
}

}  // namespace

Result<DailyHours> parse_daily_hours(std::string_view text) {
  const auto wrong = [&](std::string_view why) {
    return fail(
        ErrorCode::invalid,
        fmt::format("hours \"{}\": {}", one_line(first_part(text, kShownHoursBytesMax)), why));
  };
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) {
    return wrong("no two times of day (example: \"22:00-07:00\")");
  }
  const auto from = parse_minute_of_day(trimmed(text.substr(0, dash)));
  if (!from) return wrong(from.error().message);
  const auto to = parse_minute_of_day(trimmed(text.substr(dash + 1)));
  if (!to) return wrong(to.error().message);
  if (*from == *to) return wrong("they end when they begin");
  return DailyHours{.from = *from, .to = *to};
}

std::string to_text(const DailyHours& hours) {
  return time_of_day_text(hours.from) + "-" + time_of_day_text(hours.to);
}

std::optional<Instant> quiet_until(const DailyHours& hours, Zone zone, Instant instant) {
  auto span = zone.span_at(instant);
  auto time = time_of_day(instant, span.offset);
  if (!is_within(hours, time)) return std::nullopt;
  for (int i = 0; i < kChangesADayMax; ++i) {
    const auto left = hours.to - time;
    const auto end = instant + (left > Duration(0) ? left : left + days(1));
    if (end < span.end) return end;
    instant = span.end;
    span = zone.span_at(instant);
    time = time_of_day(instant, span.offset);
    if (!is_within(hours, time)) return instant;
  }
  return instant;
}

}  // namespace vaultbell
