// Recurring windows: a cron expression for when they begin, and how long each lasts (R4.7).
#pragma once

#include <optional>

#include "shared/base/time.hpp"
#include "shared/domain/cron.hpp"
#include "shared/domain/zone.hpp"

namespace vaultbell {

// If `instant` lies in a window [begin, begin + length): the end of the last that it lies in.
// Windows that begin until then may go on for longer: ask again at that end. One begins whenever
// the clock shows a matching time, so a time that exists twice begins two, and one that is skipped
// none.
std::optional<Instant> window_end(const Cron& cron, Zone zone, Duration length, Instant instant);

}  // namespace vaultbell
