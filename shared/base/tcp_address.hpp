// An address and a port at which something is offered over TCP: to this host alone, or to others.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/file_descriptor.hpp"
#include "shared/base/result.hpp"

namespace vaultbell {

struct TcpAddress {
  std::string host;  // in digits
  std::uint16_t port = 0;
  bool is_v6 = false;

  bool operator==(const TcpAddress&) const = default;
};

// "127.0.0.1:8480", "[::]:8480"; port 0 is any free one. Names are not looked up.
Result<TcpAddress> parse_tcp_address(std::string_view text);

// The same for addresses of this host alone: in 127.0.0.0/8, or ::1.
Result<TcpAddress> parse_loopback(std::string_view text);
bool is_loopback(const TcpAddress& address);

// As parse_tcp_address takes it.
std::string to_text(const TcpAddress& address);

// A listening TCP socket that never blocks; `address` gets the port that was given. The error is
// the system's reason alone.
Result<FileDescriptor> listen_on(TcpAddress& address, int backlog);

// Where a connection comes from: "192.0.2.7"; of IPv6 the network of 64 bits, within which one host
// may have any address: "2001:db8::/64". An IPv4 address in IPv6 is what it is in IPv4.
std::string peer_of(int connection);

// The host of an HTTP request's Host field, without its port: "db-1", "[::1]".
std::string_view host_without_port(std::string_view field);

// Whether the Host field of an HTTP request names this host itself, or is not there. A name of
// somebody else's may be made to lead here, and then any web page may ask in its reader's browser.
bool is_loopback_host(std::string_view field);

}  // namespace vaultbell
