// Runs: what several answers ask of one.
#pragma once

#include "aggregator/api/rows.hpp"

namespace vaultbell::api {

// R3.8: what would drown the rest of a list.
bool is_high_frequency(const core::Run& run, Rows& rows);

}  // namespace vaultbell::api
