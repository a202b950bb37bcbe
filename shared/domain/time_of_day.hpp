// Times on a wall clock of a time zone: what it shows at an instant, and when it next shows a time
// of day.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/domain/zone.hpp"

namespace vaultbell {

using MinuteOfDay = std::chrono::minutes;  // since midnight: 0 to 1439

// "07:00", "22:30": always two digits, 00:00 to 23:59.
Result<MinuteOfDay> parse_minute_of_day(std::string_view text);
std::string time_of_day_text(MinuteOfDay minute);

// What calendar and clock on a wall show; seconds are cut off.
struct WallTime {
  int year = 1970;
  unsigned month = 1;    // 1 to 12
  unsigned day = 1;      // 1 to 31
  unsigned weekday = 4;  // 0 is Sunday, 6 Saturday
  unsigned hour = 0;
  unsigned minute = 0;

  bool operator==(const WallTime&) const = default;
};
WallTime wall_time(Zone zone, Instant instant);

// The first instant at or after `from` at which the clock shows the beginning of this minute of the
// day. Where the clock is put forward over it, that is the moment of the change; where it is put
// back over it, the earlier of the two only.
Instant next_time_of_day(Zone zone, MinuteOfDay minute, Instant from);

}  // namespace vaultbell
