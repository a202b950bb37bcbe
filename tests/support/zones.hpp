// The time zones of this machine, for tests. A test program that links support_zones has loaded
// them before its first test runs.
#pragma once

#include <string_view>

#include "shared/domain/zone.hpp"

namespace vaultbell::support {

// Ends the process where there is none of this name.
Zone zone(std::string_view name);

}  // namespace vaultbell::support
