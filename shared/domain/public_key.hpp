// PublicKey: the Curve25519 key that is a client's identity (R2.2). Only bytes; texts and
// fingerprints are made in shared/crypto.
#pragma once

#include <array>
#include <compare>
#include <cstdint>

namespace vaultbell {

struct PublicKey {
  std::array<std::uint8_t, 32> bytes{};

  auto operator<=>(const PublicKey&) const = default;
};

}  // namespace vaultbell
