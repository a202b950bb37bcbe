// Which local times match a cron expression. Knows calendars and no time zones: here every day has
// every time.
#pragma once

#include <optional>

#include "shared/domain/cron.hpp"
#include "shared/domain/zone_row.hpp"

namespace vaultbell {

// Whether some date has a matching month and day. parse_cron refuses what has none.
bool can_match(const Cron& cron);

// How far a search goes: 29 February falls on the same day of the week again after at most 40 years
// (12 of them around a century that has none), and that one time may be skipped by its zone.
inline constexpr int kSearchYearsMax = 80;

// The first match at or after `from`; nothing within kSearchYearsMax is nothing.
std::optional<LocalMinute> first_match(const Cron& cron, LocalMinute from);

// The last match at or before `from` that is not before `not_before`; kSearchYearsMax as above.
std::optional<LocalMinute> last_match(const Cron& cron, LocalMinute from, LocalMinute not_before);

}  // namespace vaultbell
