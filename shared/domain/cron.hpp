// Cron: a five-field cron expression as Vixie cron understands it, ready to be compared with dates.
// Which local times match is cron_match.hpp's matter, at which instants they are occurrence.hpp's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "shared/base/result.hpp"

namespace vaultbell {

inline constexpr std::size_t kCronBytesMax = 256;  // fits a list of all 60 minutes

// Bit n of a field stands for its value n; every field has at least one. Equal where the same times
// match (but for fields that say the same of the day in two ways).
struct Cron {
  std::uint64_t minutes = 0;
  std::uint32_t hours = 0;
  std::uint32_t days = 0;  // of the month, 1 to 31
  std::uint16_t months = 0;
  std::uint8_t weekdays = 0;        // 0 is Sunday, 6 Saturday
  bool is_either_day_fine = false;  // day of the month or of the week; otherwise both must match

  bool operator==(const Cron&) const = default;
};

// "MINUTE HOUR DAY-OF-MONTH MONTH DAY-OF-WEEK", each `*` or a list ("1,15"), of ranges ("1-5"),
// with steps ("*/15", "1-30/2"); months and days of the week also by the first three letters of
// their English names, 7 is Sunday too. Or one of @hourly, @daily, @midnight, @weekly, @monthly,
// @yearly, @annually. Either day is fine where neither field begins with `*`. The error names the
// field, the value and what would be right; an expression that can never match is refused.
Result<Cron> parse_cron(std::string_view expression);

}  // namespace vaultbell
