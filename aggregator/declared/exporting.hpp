// Exporting: objects of the store as a file that declares them (R9.2).
#pragma once

#include <cstdint>
#include <string>

#include "aggregator/core/state.hpp"

namespace vaultbell::declared {

enum class Which : std::uint8_t {
  runtime,  // those that no file declares yet
  all,
};

// Reading it again declares what is there: nothing would change but who manages it. Jobs of which
// nothing is expected, clients that are retired and maintenances that are over are left out.
std::string to_toml(const core::State& state, Which which);

}  // namespace vaultbell::declared
