// Whether anybody listens at an endpoint, asked with plain sockets: what a firewall or a wrong name
// is in the way of.
#pragma once

#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::agent {

// `endpoint`: "tcp://HOST:PORT". Returns the address that was reached. Error: the name has no
// address, or why none of its addresses answered within `patience` each.
Result<std::string> reach(std::string_view endpoint, Duration patience);

}  // namespace vaultbell::agent
