// Clock shift: what is counted against the wall clock moves along when that is stepped.
#pragma once

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

// Steps that are an alert, and that clients and jobs must be moved along for: what is smaller is
// within what is allowed for between the clocks of two hosts.
inline constexpr Duration kLargeStep = std::chrono::seconds(60);
constexpr bool is_large_step(Duration by) {
  return by >= kLargeStep || by <= -kLargeStep;
}

// Begins the work that a step leaves.
void begin_clock_shift(Draft& draft, Duration by);

// A slice of it: moves what was counted against the wall clock as it was.
void continue_clock_shift(Draft& draft, ClockShift shift);

// Now by the clock that the row's times are counted by: a step that is still being worked off has
// yet to move them.
Instant now_for(const Draft& draft, ClientId id);
Instant now_for(const Draft& draft, JobId id);
Instant now_for(const Draft& draft, NotificationId id);

}  // namespace vaultbell::core
