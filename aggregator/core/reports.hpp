// Reports: books what agents tell of runs, exactly once each and in order (section 3 of
// docs/domain.md), and asks alerts.hpp what it means.
#pragma once

#include <vector>

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

inline constexpr std::size_t kJobsPerClientMax = 1000;  // far above any host; bounds a confused one
inline constexpr std::size_t kOpenRunsPerClientMax = 64;

// Spools (boots of a host) whose late reports are still known: twice what one hello may list.
inline constexpr std::size_t kSpoolMarksMax = 32;

// How far each of these spools is booked. What the agent no longer has cannot be waited for: it is
// passed by, and noted.
std::vector<SpoolAck> catch_up(Draft& draft, const Client& client,
                               const std::vector<SpoolRange>& spools);

// What these spools still hold for us: up to which report, of those that have any.
std::vector<SpoolAck> announced(const std::vector<SpoolRange>& spools,
                                const std::vector<SpoolAck>& booked);

// How many jobs more a client may have.
std::size_t room_for_jobs(const Draft& draft, ClientId client);

// Whether it did what it should, perhaps with warnings.
bool is_good(Outcome outcome);

void report(Draft& draft, const ReportReceived& received);

}  // namespace vaultbell::core
