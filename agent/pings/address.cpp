#include "agent/pings/address.hpp"

#include <arpa/inet.h>
#include <charconv>
#include <netinet/in.h>
#include <optional>

#include <fmt/format.h>

namespace vaultbell::agent::pings {

namespace {

constexpr std::uint32_t kLoopbackNet = 127;  // the first byte of 127.0.0.0/8

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return port;
}

bool is_loopback(const Address& address) {
  if (address.is_v6) {
    in6_addr raw{};
    return inet_pton(AF_INET6, address.host.c_str(), &raw) == 1 && IN6_IS_ADDR_LOOPBACK(&raw);
  }
  in_addr raw{};
  return inet_pton(AF_INET, address.host.c_str(), &raw) == 1 &&
         ntohl(raw.s_addr) >> 24U == kLoopbackNet;
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  const auto port =
      colon == std::string_view::npos ? std::nullopt : port_of(text.substr(colon + 1));
  if (!port) {
    return fail(
        ErrorCode::invalid,
        fmt::format("\"{}\" is not an address and a port (example: \"127.0.0.1:8483\")", text));
  }
  auto host = text.substr(0, colon);
  const bool is_v6 = host.starts_with('[') && host.ends_with(']');
  if (is_v6) host = host.substr(1, host.size() - 2);
  Address address{std::string(host), *port, is_v6};
  if (!is_loopback(address)) {
    return fail(ErrorCode::invalid,
                fmt::format("\"{}\" is not an address of this host alone: whoever can ping can say "
                            "that a backup succeeded (127.0.0.1 or [::1])",
                            host));
  }
  return address;
}

std::string to_text(const Address& address) {
  return address.is_v6 ? fmt::format("[{}]:{}", address.host, address.port)
                       : fmt::format("{}:{}", address.host, address.port);
}

}  // namespace vaultbell::agent::pings
