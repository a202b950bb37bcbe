// Moments of a client's timeline in words: each a sentence, and the identity of what it is about.
#pragma once

#include "aggregator/api/json.hpp"
#include "aggregator/api/scene.hpp"
#include "aggregator/api/timeline.hpp"

namespace vaultbell::api {

// The row must be there: whoever found its place has just read it.
Json moment_in_json(const Scene& scene, const MomentPlace& place);

}  // namespace vaultbell::api
