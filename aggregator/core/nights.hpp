// Nights: how the backups of each vault ended, counted day by day in the zone of the daily digest.
// What comes every few minutes (R3.8) is not counted: it would hide the rest.
#pragma once

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

inline constexpr std::uint32_t kNightsKept = 35;

// The day, since 1970-01-01, in the zone that these settings name.
std::uint32_t day_of(const Settings& settings, Instant at);

// A run has ended; it counts by the outcome in its report.
void count_night(Draft& draft, const Client& client, const Job& job, const Run& run);

// A run that was due has not started.
void count_missed_night(Draft& draft, const Job& job);

// Forgets the nights of a vault that is deleted.
void forget_nights(Draft& draft, VaultId vault);

}  // namespace vaultbell::core
