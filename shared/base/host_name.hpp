// The name that this host has for itself.
#pragma once

#include <string>

namespace vaultbell {

// Empty where the system says none.
std::string host_name();

}  // namespace vaultbell
