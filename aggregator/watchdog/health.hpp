// Whether the aggregator does its work, as far as its figures tell (R8.1).
#pragma once

#include "aggregator/board/board.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::watchdog {

// The main loop and the gateway turn several times a second; with a slow disk the loop takes
// longer.
inline constexpr Duration kTurnedWithin = std::chrono::seconds(5);

// The auditor looks once a minute, and may take a while in a large store.
inline constexpr Duration kAgreedWithin = std::chrono::minutes(3);

// The main loop has turned (and so committed, if there was anything to) and the gateway has
// listened within kTurnedWithin; the independent auditor has agreed within kAgreedWithin, and has
// not disagreed since; and messages are delivered by some channel. Any thread.
bool is_well(const board::Board& board, Steady now);

}  // namespace vaultbell::watchdog
