// What the aggregator says of itself, without counting anything of the store.
#pragma once

#include "aggregator/api/json.hpp"
#include "aggregator/api/scene.hpp"

namespace vaultbell::api {

// Version, times, addresses, folders, the store, the loop and the gateway.
Json own_facts_of(const Scene& scene);

// How well messages go out: the items of the list of channels.
Result<Json> channels_of(const Scene& scene);

}  // namespace vaultbell::api
