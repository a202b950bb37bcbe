// IP addresses and ranges: which addresses are on the internet, and which are not and need to be
// allowed in words. Pure; knows no socket.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"

struct sockaddr;

namespace vaultbell::notify {

// An IPv4 address is kept as the IPv6 address that it is mapped to (::ffff:a.b.c.d): what the
// kernel takes for the same is the same here.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};

  [[nodiscard]] bool is_v4() const;
  auto operator<=>(const IpAddress&) const = default;
};

// Absent: of another family.
std::optional<IpAddress> ip_address_of(const sockaddr& address);
std::optional<IpAddress> parse_ip_address(std::string_view text);
std::string in_digits(const IpAddress& address);

struct IpRange {
  IpAddress first;
  unsigned prefix_bits = 128;  // of IPv4 too, whose ranges have 96 at least

  [[nodiscard]] bool contains(const IpAddress& address) const;
  bool operator==(const IpRange&) const = default;
};

// "10.0.0.0/8", "fd00::/8"; one address alone is a range too.
Result<IpRange> parse_ip_range(std::string_view text);

// What keeps an address from being one of the internet: "private", "loopback", ...; empty: nothing.
// An address that carries another one (6to4, NAT64) is what that one is.
std::string_view why_not_public(const IpAddress& address);

}  // namespace vaultbell::notify
