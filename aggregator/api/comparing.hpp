// Comparing: the files of declared objects against the store, as the API shows it.
#pragma once

#include "aggregator/api/json.hpp"
#include "aggregator/api/scene.hpp"
#include "aggregator/declared/comparison.hpp"

namespace vaultbell::api {

// What applying the files as they are now would do. Reads the files.
Result<declared::Comparison> compare(const Scene& scene, const declared::Options& options);

// `mistakes`, `refusals`, `remarks`, `changes`.
Result<Json> view_of(const declared::Comparison& comparison, const storage::Snapshot& snapshot,
                     Instant now);

}  // namespace vaultbell::api
