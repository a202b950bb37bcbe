// What must be true of every State, whatever happened. Tests and the simulation ask after every
// turn; nothing in production does.
#pragma once

#include <string>
#include <vector>

#include "aggregator/core/state.hpp"

namespace vaultbell::core {

// One sentence for each statement that is not true; empty means all is well.
std::vector<std::string> broken_invariants(const State& state);

}  // namespace vaultbell::core
