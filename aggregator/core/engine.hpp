// The core of the aggregator. Every run report, silence, order and delivery result passes through
// these three functions, and nothing else decides anything:
//
//   command --decide--> decision: changes + effects
//   changes --journal.commit--> durable --evolve--> the new State
//   effects, only then, go out: acknowledgements, deliveries, replies
//
// All three are pure: no clock, file, socket, thread, log, random number or hash order. The same
// arguments give the same decision, byte for byte. Start reading at decide() in engine.cpp.
#pragma once

#include <optional>
#include <vector>

#include "aggregator/core/change.hpp"
#include "aggregator/core/command.hpp"
#include "aggregator/core/effect.hpp"
#include "aggregator/core/state.hpp"

namespace vaultbell::core {

struct Decision {
  WriteSet changes;
  std::vector<Effect> effects;

  bool operator==(const Decision&) const = default;
};

// Rows that one decision may write: what a clustered journal can commit in one transaction.
// Larger work is done in slices, one a Tick.
inline constexpr std::size_t kRowsPerDecisionMax = 100;

// What follows from this command, now. Never fails: what cannot be done is an effect that says so.
Decision decide(const State& state, Instant now, const Command& command);

// Applies one change. The only function that modifies a State.
void evolve(State& state, const Change& change);

}  // namespace vaultbell::core
