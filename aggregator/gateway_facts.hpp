// What the gateway is told at its start, and to which lane what it tells goes.
#pragma once

#include <vector>

#include "aggregator/core/state.hpp"
#include "aggregator/gateway/reception.hpp"
#include "aggregator/inbox.hpp"

namespace vaultbell::aggregator {

// Those who may be let in, with the silence that is too long for each.
std::vector<gateway::KnownClient> known_clients(const core::State& state);

Inbox::Lane lane_of(gateway::Lane lane);

}  // namespace vaultbell::aggregator
