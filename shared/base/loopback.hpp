// Where something is offered to this host alone: an address of loopback with a port.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/file_descriptor.hpp"
#include "shared/base/result.hpp"

namespace vaultbell {

struct LoopbackAddress {
  std::string host;  // in 127.0.0.0/8, or ::1
  std::uint16_t port = 0;
  bool is_v6 = false;

  bool operator==(const LoopbackAddress&) const = default;
};

// "127.0.0.1:8483", "[::1]:8483"; port 0 is any free one. Names are not looked up.
Result<LoopbackAddress> parse_loopback(std::string_view text);

// As parse_loopback takes it.
std::string to_text(const LoopbackAddress& address);

// A listening TCP socket that never blocks; `address` gets the port that was given. The error is
// the system's reason alone.
Result<FileDescriptor> listen_on(LoopbackAddress& address, int backlog);

// Whether the Host field of an HTTP request names this host itself, or is not there. A name of
// somebody else's may be made to lead here, and then any web page may ask in its reader's browser.
bool is_loopback_host(std::string_view host);

}  // namespace vaultbell
