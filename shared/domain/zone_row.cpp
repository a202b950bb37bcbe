#include "shared/domain/zone_row.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace vaultbell {

namespace {

using std::chrono::minutes;
using LocalInstant = std::chrono::local_time<Duration>;

// Files of the "slim" kind end with the last change that follows no rule, often decades ago, and
// date-tz 3.0.1 does not read the rule behind it: there would be no daylight saving at all. In the
// full files of Debian 12 the rules are written out until 2037, for 201 of 598 names.
constexpr Instant kWrittenOutUntil = std::chrono::sys_days(std::chrono::year(2037) / 1 / 1);
constexpr std::ptrdiff_t kWrittenOutMin = 20;  // governments abolish daylight saving, but not all

constexpr const char* kRemedy = "; Debian's package tzdata has them";

LocalInstant local(Instant instant, std::chrono::seconds offset) {
  return LocalInstant(instant.time_since_epoch() + offset);
}

Instant instant_of(LocalMinute minute, std::chrono::seconds offset) {
  return Instant(minute.time_since_epoch() - offset);
}

// Local times from the first to the second exist never (put forward) or twice (put back).
LocalInstant touched_from(const ZoneChange& change) {
  return local(change.at, std::min(change.before, change.after));
}
LocalInstant touched_until(const ZoneChange& change) {
  return local(change.at, std::max(change.before, change.after));
}

std::chrono::seconds last_offset(const ZoneRow& row) {
  return row.changes.empty() ? row.offset : row.changes.back().after;
}

bool is_written_out(const ZoneRow& row) {
  return !row.changes.empty() && row.changes.back().at >= kWrittenOutUntil;
}

}  // namespace

LocalMinute to_local_minute(Instant instant, std::chrono::seconds offset) {
  return std::chrono::floor<minutes>(local(instant, offset));
}

Span span_at(const ZoneRow& row, Instant instant) {
  const auto next = std::partition_point(row.changes.begin(), row.changes.end(),
                                         [&](const auto& change) { return change.at <= instant; });
  Span span{.offset = row.offset};
  if (next != row.changes.end()) span.end = next->at;
  if (next == row.changes.begin()) return span;
  const auto& last = *(next - 1);
  span.begin = last.at;
  span.offset = last.after;
  span.new_from = std::chrono::ceil<minutes>(touched_until(last));
  return span;
}

Moments moments_of(const ZoneRow& row, LocalMinute minute) {
  const auto next =
      std::partition_point(row.changes.begin(), row.changes.end(),
                           [&](const auto& change) { return touched_until(change) <= minute; });
  const auto offset = next == row.changes.end() ? last_offset(row) : next->before;
  const auto instant = instant_of(minute, offset);
  if (next == row.changes.end() || minute < touched_from(*next)) {
    return {.count = 1, .earliest = instant, .latest = instant};
  }
  if (next->after > next->before) return {.count = 0, .earliest = next->at, .latest = next->at};
  return {.count = 2, .earliest = instant, .latest = instant_of(minute, next->after)};
}

Status check_zone_rows(std::span<const ZoneRow> rows) {
  if (rows.empty()) return fail(fmt::format("time zones: there are none{}", kRemedy));
  if (std::ranges::none_of(rows, [](const auto& row) { return row.name == "UTC"; })) {
    return fail(fmt::format("time zones: UTC is not among them{}", kRemedy));
  }
  if (std::ranges::count_if(rows, is_written_out) < kWrittenOutMin) {
    return fail(fmt::format("time zones: the changes to come are not among them{}", kRemedy));
  }
  return {};
}

}  // namespace vaultbell
