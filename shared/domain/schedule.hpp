// Schedule: when runs of a job are expected (R4.9), as people write it and as it is stored, and the
// parsed form that tells the next one.
#pragma once

#include <optional>
#include <string>
#include <type_traits>

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/domain/occurrence.hpp"

namespace vaultbell {

inline constexpr Duration kEveryMin = std::chrono::minutes(1);    // cron can say no less
inline constexpr Duration kEveryMax = std::chrono::days(366);     // once a year, leap years too
inline constexpr Duration kGraceMax = std::chrono::days(30);      // later is no use to anybody
inline constexpr Duration kGraceDefault = std::chrono::hours(1);  // a queue, a slow boot

// How far the clocks of two hosts may differ without a run counting as one that came before its
// time. With NTP it is milliseconds.
inline constexpr Duration kEarlyMax = std::chrono::seconds(60);

// Exactly one of `every` (time from one start to the next) and `cron`, which has a `zone`. A run is
// missed `grace` after it was due. Comparable, so that jobs can share what is parsed of it.
struct Schedule {
  std::optional<Duration> every;
  std::string cron;
  std::string zone;
  Duration grace = kGraceDefault;

  auto operator<=>(const Schedule&) const = default;
};

// A Schedule that was found right: what to keep where many are asked often. 48 bytes, nothing on
// the heap, so that jobs may have one each or share those of equal Schedules. Measured (-O2):
// next_due takes 0.1 us, up to 2 us where it must search for years; parsing takes 0.5 us.
class ParsedSchedule {
 public:
  // See next_due and credited_until below.
  [[nodiscard]] std::optional<Occurrence> next_due(Instant after) const;
  [[nodiscard]] Instant credited_until(Instant started) const;

  [[nodiscard]] Duration grace() const { return grace_; }

  bool operator==(const ParsedSchedule&) const = default;

 private:
  friend Result<ParsedSchedule> parse_schedule(const Schedule& schedule);
  ParsedSchedule() = default;

  Cron cron_;
  Zone zone_;
  Duration every_{};  // 0: cron_ in zone_ counts
  Duration grace_{};
};
static_assert(sizeof(ParsedSchedule) <= 48 && std::is_trivially_copyable_v<ParsedSchedule>);

// The errors name the field, the value and what would be right. A schedule that is fine can become
// wrong with a new tz database that has its zone no more. Not before load_zones() has succeeded.
Result<ParsedSchedule> parse_schedule(const Schedule& schedule);
Status check_schedule(const Schedule& schedule);
// All but whether there is such a time zone, for programs that hold no table of them.
Status check_schedule_but_zone(const Schedule& schedule);

// The first run that is due after `after`: the start of the last one, or the moment at which the
// schedule was set. For `every` it is `every` later, and for whole days also an hour after that: in
// autumn one day is so much longer. For cron it is the next occurrence. Nothing where
// the search gives up, or where check_schedule has an error.
std::optional<Occurrence> next_due(const Schedule& schedule, Instant after);

// What next_due is to be asked with once a run has started, to get the next that is still to come.
// That is `started` itself, except that a cron run that starts up to kEarlyMax before an occurrence
// is the one of that occurrence, not a late one before it; so only where the moment before is more
// than two kEarlyMax away. Where check_schedule has an error it is `started`.
Instant credited_until(const Schedule& schedule, Instant started);

}  // namespace vaultbell
