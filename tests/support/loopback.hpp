// An address of this host that no other test uses.
#pragma once

#include <string>
#include <unistd.h>

#include <fmt/format.h>

namespace vaultbell::support {

// 127.64.0.0/10 with the number of this process, which on Linux has at most 22 bits. What is bound
// there can be unbound and bound again: no other process binds there, and outgoing connections
// come from 127.0.0.1, so that none takes a port of it (and none can meet itself, as a connection
// to a free port of its own address may).
inline std::string own_address() {
  const auto pid = static_cast<unsigned>(getpid());
  return fmt::format("127.{}.{}.{}", 64 + (pid >> 16) % 64, (pid >> 8) % 256, pid % 256);
}

}  // namespace vaultbell::support
