// Alerts in full: their rows, and what follows from the moment at which they are looked at.
#pragma once

#include "aggregator/api/json.hpp"
#include "aggregator/api/scene.hpp"

namespace vaultbell::api {

Result<Json> alert_in_full(const Scene& scene, const core::Alert& alert);

// With its attempts.
Result<Json> delivery_in_full(const Scene& scene, const core::Notification& delivery);

}  // namespace vaultbell::api
