// Reports: books what agents tell of runs, exactly once each and in order (section 3 of
// docs/domain.md), and asks alerts.hpp what it means.
#pragma once

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

inline constexpr std::size_t kJobsPerClientMax = 1000;  // far above any host; bounds a confused one
inline constexpr std::size_t kOpenRunsPerClientMax = 64;

void report(Draft& draft, const ReportReceived& received);

}  // namespace vaultbell::core
