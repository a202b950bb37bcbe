#include "shared/domain/schedule.hpp"

#include <fmt/format.h>

#include "shared/base/duration.hpp"

namespace vaultbell {

namespace {

tl::unexpected<Error> wrong(std::string message) {
  return fail(ErrorCode::invalid, std::move(message));
}

Status check_duration(std::string_view what, Duration value, Duration min, Duration max) {
  if (value >= min && value <= max) return {};
  return wrong(fmt::format("{} {} is not between {} and {}", what, to_text(value), to_text(min),
                           to_text(max)));
}

}  // namespace

std::optional<Occurrence> ParsedSchedule::next_due(Instant after) const {
  if (every_ == Duration(0)) return next_occurrence(cron_, zone_, after);
  // Where a day has 25 hours, what runs at the same time of every day comes an hour later.
  const bool is_daily = every_ % std::chrono::days(1) == Duration(0);
  const auto later = is_daily ? Duration(std::chrono::hours(1)) : Duration(0);
  return Occurrence{.earliest = after + every_, .latest = after + every_ + later};
}

Instant ParsedSchedule::credited_until(Instant started) const {
  if (every_ != Duration(0)) return started;
  const auto next = next_occurrence(cron_, zone_, started);
  if (!next || next->earliest - started > kEarlyMax) return started;
  const auto before =
      last_moment(cron_, zone_, next->earliest - Duration(1), next->earliest - 2 * kEarlyMax);
  return before ? started : next->earliest;
}

Status check_schedule_but_zone(const Schedule& schedule) {
  if (schedule.every && !schedule.cron.empty()) {
    return wrong("a schedule is either every or cron, not both");
  }
  if (auto ok = check_duration("grace", schedule.grace, Duration(0), kGraceMax); !ok) return ok;
  if (schedule.every) {
    if (!schedule.zone.empty()) return wrong("every has no time zone; cron has one");
    return check_duration("every", *schedule.every, kEveryMin, kEveryMax);
  }
  if (schedule.cron.empty()) {
    return wrong(
        "a schedule needs every or cron (examples: every = \"24h\", cron = \"0 2 * * *\")");
  }
  if (const auto cron = parse_cron(schedule.cron); !cron) return fail(cron.error());
  if (!schedule.zone.empty()) return {};
  return wrong("cron needs a time zone (examples: zone = \"Europe/Berlin\", zone = \"UTC\")");
}

Result<ParsedSchedule> parse_schedule(const Schedule& schedule) {
  if (auto ok = check_schedule_but_zone(schedule); !ok) return fail(ok.error());
  ParsedSchedule parsed;
  parsed.grace_ = schedule.grace;
  if (schedule.every) {
    parsed.every_ = *schedule.every;
    return parsed;
  }
  const auto zone = find_zone(schedule.zone);
  if (!zone) return fail(zone.error());
  parsed.cron_ = *parse_cron(schedule.cron);
  parsed.zone_ = *zone;
  return parsed;
}

Status check_schedule(const Schedule& schedule) {
  const auto parsed = parse_schedule(schedule);
  return parsed ? Status() : Status(fail(parsed.error()));
}

std::optional<Occurrence> next_due(const Schedule& schedule, Instant after) {
  const auto parsed = parse_schedule(schedule);
  return parsed ? parsed->next_due(after) : std::nullopt;
}

Instant credited_until(const Schedule& schedule, Instant started) {
  const auto parsed = parse_schedule(schedule);
  return parsed ? parsed->credited_until(started) : started;
}

}  // namespace vaultbell
