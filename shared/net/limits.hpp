// Limits of the wire below the protocol.
#pragma once

#include <cstddef>

namespace vaultbell::net {

// The largest message any socket takes in; a larger one ends its connection at once. The protocol's
// own limit must not be above it.
inline constexpr std::size_t kMessageBytesMax = 64UL * 1024;

}  // namespace vaultbell::net
