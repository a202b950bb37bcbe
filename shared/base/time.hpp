// The two kinds of time and how people read and write them. Instant is the wall clock, which may
// step; Steady only ever moves forward and says nothing about dates. They do not convert.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace vaultbell {

using Duration = std::chrono::milliseconds;

// Wall clock, UTC, milliseconds since 1970. What is stored, sent and shown.
using Instant = std::chrono::sys_time<Duration>;

// Time that no wall-clock step moves (CLOCK_BOOTTIME). Only differences mean something, and only
// within one boot.
struct SteadyEpoch {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<SteadyEpoch, Duration>;
  static constexpr bool is_steady = true;
};
using Steady = SteadyEpoch::time_point;

// "2026-03-01T02:20:00.250Z"; the milliseconds are left out when they are 0.
std::string to_iso(Instant instant);

// ISO 8601 with seconds and an offset: "2026-03-01T02:20:00Z", "2026-03-01T03:20:00.5+01:00".
Result<Instant> parse_iso(std::string_view text);

// "Sun, 01 Mar 2026 02:20:00 +0000", as mail headers want it (RFC 5322, section 3.3).
std::string to_mail_date(Instant instant);

}  // namespace vaultbell
