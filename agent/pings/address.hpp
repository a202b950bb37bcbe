// Address: where pings are taken. Only this host itself: whoever may ping may say that a backup
// succeeded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace vaultbell::agent::pings {

struct Address {
  std::string host;  // an address of loopback: 127.0.0.0/8 or ::1
  std::uint16_t port = 0;
  bool is_v6 = false;

  bool operator==(const Address&) const = default;
};

// "127.0.0.1:8483", "[::1]:8483"; port 0 is any free one. Names are not looked up.
Result<Address> parse_address(std::string_view text);

// As parse_address takes it.
std::string to_text(const Address& address);

}  // namespace vaultbell::agent::pings
