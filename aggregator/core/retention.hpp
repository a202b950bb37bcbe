// Retention: history that was kept for long enough is dropped in small steps (R3.9). Which rows are
// old enough only the store can say (storage/history.hpp); here it is made sure that nothing is
// dropped that still matters, as far as the State knows.
#pragma once

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

inline constexpr std::size_t kExpiredMax = 90;  // rows of one step

// Erases those of the rows that nothing that is going on refers to. What is left alone stays: it is
// asked for again with the next sweep.
void drop_expired(Draft& draft, const DropExpired& expired);

}  // namespace vaultbell::core
