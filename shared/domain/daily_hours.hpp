// DailyHours: the same hours of every day, for example the quiet ones of a policy (R6.4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/domain/time_of_day.hpp"
#include "shared/domain/zone.hpp"

namespace vaultbell {

// From `from` until before `to`, over midnight where `to` is the earlier one. Never where both are
// the same.
struct DailyHours {
  MinuteOfDay from{};
  MinuteOfDay to{};

  bool operator==(const DailyHours&) const = default;
};

// "22:00-07:00"; two different times of day.
Result<DailyHours> parse_daily_hours(std::string_view text);
std::string to_text(const DailyHours& hours);

// If the clock shows a time within the hours at `instant`, the first instant after it at which it
// does not. The clock decides: what is shown twice is quiet twice.
std::optional<Instant> quiet_until(const DailyHours& hours, Zone zone, Instant instant);

}  // namespace vaultbell
