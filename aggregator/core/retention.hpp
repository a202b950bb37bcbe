// Retention: history that was kept for long enough is dropped in small steps (R3.9). Which rows are
// old enough only the store can say; here it is made sure that nothing is dropped that still
// matters.
#pragma once

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

inline constexpr std::size_t kExpiredMax = 90;  // rows of one step

void drop_expired(Draft& draft, const DropExpired& expired);

}  // namespace vaultbell::core
