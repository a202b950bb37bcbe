#include "shared/base/tcp_address.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <netinet/in.h>
#include <optional>
#include <strings.h>
#include <sys/socket.h>

#include <fmt/format.h>

namespace vaultbell {

namespace {

constexpr std::string_view kLocalName = "localhost";
constexpr std::uint32_t kLoopbackNet = 127;  // the first byte of 127.0.0.0/8

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return port;
}

bool is_numeric(const TcpAddress& address) {
  in6_addr raw{};
  return inet_pton(address.is_v6 ? AF_INET6 : AF_INET, address.host.c_str(), &raw) == 1;
}

struct SocketAddress {
  sockaddr_storage raw{};
  socklen_t size = 0;
  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&raw); }
};

SocketAddress socket_address_of(const TcpAddress& address) {
  SocketAddress result;
  if (address.is_v6) {
    sockaddr_in6 raw{};
    raw.sin6_family = AF_INET6;
    raw.sin6_port = htons(address.port);
    inet_pton(AF_INET6, address.host.c_str(), &raw.sin6_addr);
    std::memcpy(&result.raw, &raw, sizeof raw);
    result.size = sizeof raw;
  } else {
    sockaddr_in raw{};
    raw.sin_family = AF_INET;
    raw.sin_port = htons(address.port);
    inet_pton(AF_INET, address.host.c_str(), &raw.sin_addr);
    std::memcpy(&result.raw, &raw, sizeof raw);
    result.size = sizeof raw;
  }
  return result;
}

std::uint16_t port_given_to(const FileDescriptor& fd) {
  SocketAddress bound;
  bound.size = sizeof bound.raw;
  if (getsockname(fd.get(), bound.get(), &bound.size) != 0) return 0;
  sockaddr_in raw{};  // the port is at the same place in both
  std::memcpy(&raw, &bound.raw, sizeof raw);
  return ntohs(raw.sin_port);
}

}  // namespace

Result<TcpAddress> parse_tcp_address(std::string_view text) {
  const auto wrong = [&] {
    return fail(
        ErrorCode::invalid,
        fmt::format("\"{}\" is not an address and a port (example: \"127.0.0.1:8483\")", text));
  };
  const auto colon = text.rfind(':');
  const auto port =
      colon == std::string_view::npos ? std::nullopt : port_of(text.substr(colon + 1));
  if (!port) return wrong();
  auto host = text.substr(0, colon);
  const bool is_v6 = host.starts_with('[') && host.ends_with(']');
  if (is_v6) host = host.substr(1, host.size() - 2);
  TcpAddress address{std::string(host), *port, is_v6};
  if (!is_numeric(address)) return wrong();
  return address;
}

Result<TcpAddress> parse_loopback(std::string_view text) {
  auto address = parse_tcp_address(text);
  if (!address || is_loopback(*address)) return address;
  return fail(ErrorCode::invalid,
              fmt::format("\"{}\" is not an address of this host alone (127.0.0.1 or [::1])",
                          address->host));
}

bool is_loopback(const TcpAddress& address) {
  if (address.is_v6) {
    in6_addr raw{};
    return inet_pton(AF_INET6, address.host.c_str(), &raw) == 1 && IN6_IS_ADDR_LOOPBACK(&raw);
  }
  in_addr raw{};
  return inet_pton(AF_INET, address.host.c_str(), &raw) == 1 &&
         ntohl(raw.s_addr) >> 24U == kLoopbackNet;
}

std::string to_text(const TcpAddress& address) {
  return address.is_v6 ? fmt::format("[{}]:{}", address.host, address.port)
                       : fmt::format("{}:{}", address.host, address.port);
}

Result<FileDescriptor> listen_on(TcpAddress& address, int backlog) {
  auto where = socket_address_of(address);
  FileDescriptor fd(socket(where.raw.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  const bool is_listening = setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                            bind(fd.get(), where.get(), where.size) == 0 &&
                            listen(fd.get(), backlog) == 0;
  if (!is_listening) return fail(std::strerror(errno));
  address.port = port_given_to(fd);
  return fd;
}

std::string peer_of(int connection) {
  sockaddr_storage raw{};
  socklen_t size = sizeof raw;
  char text[INET6_ADDRSTRLEN] = {};
  if (getpeername(connection, reinterpret_cast<sockaddr*>(&raw), &size) != 0) return {};
  if (raw.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &raw, sizeof v4);
    return inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text) != nullptr ? text : "";
  }
  if (raw.ss_family != AF_INET6) return {};
  sockaddr_in6 v6{};
  std::memcpy(&v6, &raw, sizeof v6);
  constexpr std::size_t kNetworkBytes = 8;
  constexpr std::size_t kMappedAt = 12;
  auto& bytes = v6.sin6_addr.s6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
    return inet_ntop(AF_INET, bytes + kMappedAt, text, sizeof text) != nullptr ? text : "";
  }
  if (IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr)) return "[::1]";
  std::memset(bytes + kNetworkBytes, 0, sizeof bytes - kNetworkBytes);
  return inet_ntop(AF_INET6, bytes, text, sizeof text) != nullptr ? std::string(text) + "/64" : "";
}

std::string_view host_without_port(std::string_view field) {
  const auto colon = field.rfind(':');
  const bool has_port = colon != field.npos && field.find(']', colon) == field.npos;
  return has_port ? field.substr(0, colon) : field;
}

bool is_loopback_host(std::string_view field) {
  const auto host = host_without_port(field);
  if (host.empty() || host == "[::1]") return true;
  if (host.size() == kLocalName.size() &&
      strncasecmp(host.data(), kLocalName.data(), kLocalName.size()) == 0) {
    return true;
  }
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos;
}

}  // namespace vaultbell
