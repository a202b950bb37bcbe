// The fields of a policy, in the body of a request.
#pragma once

#include "aggregator/api/fields.hpp"
#include "aggregator/api/scene.hpp"

namespace vaultbell::api {

// All of it: what is left out is as usual.
core::Policy policy_in(const Scene& scene, Fields& body);

}  // namespace vaultbell::api
