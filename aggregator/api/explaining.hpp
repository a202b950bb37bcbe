// Who would be told, in words: what explaining and listing policies share.
#pragma once

#include <string>

#include "aggregator/api/scene.hpp"
#include "aggregator/core/routing.hpp"

namespace vaultbell::api {

core::Routing routing_of(const Scene& scene, const Policies& policies, core::AlertKind kind,
                         core::Severity severity);

// "Nobody would be told: ..." or "ops@example.org would be told at once."
std::string would_be(const core::Routing& routing, Duration hold);

}  // namespace vaultbell::api
