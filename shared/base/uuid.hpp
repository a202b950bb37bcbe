// Uuid: 128 bits that name something for ever: a boot, a spool incarnation, a run on its host.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace vaultbell {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;
  [[nodiscard]] bool is_set() const { return *this != Uuid{}; }
};

// "0f8fad5b-d9cb-469f-a165-70867728950e"
std::string to_text(const Uuid& uuid);

// Accepts what to_text gives, in either case.
Result<Uuid> parse_uuid(std::string_view text);

// A version 4 identity from the kernel's random source. Blocks only while the machine has no
// entropy yet.
Uuid random_uuid();

// The kernel's identity of this boot (/proc/sys/kernel/random/boot_id).
Result<Uuid> read_boot_id();

}  // namespace vaultbell
