// When a cron expression is due: its local times as instants of a time zone, where clocks are put
// forward and back (R4.9).
#pragma once

#include <optional>

#include "shared/base/time.hpp"
#include "shared/domain/cron.hpp"
#include "shared/domain/zone.hpp"

namespace vaultbell {

// One moment at which something is due. Normally both are the same. A local time that exists twice,
// as the clock is put back over it, is one occurrence, due at either: schedulers differ.
struct Occurrence {
  Instant earliest;
  Instant latest;

  bool operator==(const Occurrence&) const = default;
};

// The first occurrence whose `earliest` is after `after`. Local times that do not exist, as the
// clock is put forward over them, are none: some schedulers leave them out. Nothing where
// first_match (cron_match.hpp) gives up.
std::optional<Occurrence> next_occurrence(const Cron& cron, Zone zone, Instant after);

// The last instant that is at or before `at`, not before `not_before`, and at which the clock shows
// a matching time; both instants of a local time that exists twice count.
std::optional<Instant> last_moment(const Cron& cron, Zone zone, Instant at, Instant not_before);

}  // namespace vaultbell
