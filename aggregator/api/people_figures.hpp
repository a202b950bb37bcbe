// Figures about people: who is named by policies, and whether anything reaches them.
#pragma once

#include "aggregator/api/figures.hpp"

namespace vaultbell::api {

// Counts `untold`, `in_place` and `unreached`.
Status count_people(const Scene& scene, Figures& figures);

}  // namespace vaultbell::api
