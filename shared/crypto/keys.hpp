// Keys, hashes and their texts, all from libsodium. Nothing here talks to the network.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/domain/public_key.hpp"

namespace vaultbell::crypto {

struct SecretKey {
  std::array<std::uint8_t, 32> bytes{};
};

// A Curve25519 pair as CURVE (ZeroMQ) uses it.
struct KeyPair {
  PublicKey public_key;
  SecretKey secret_key;
};

using Hash = std::array<std::uint8_t, 32>;

// Call once before anything else here; ends the process if libsodium cannot start.
void start();

KeyPair make_key_pair();

// The public half that belongs to a secret key.
PublicKey public_key_of(const SecretKey& secret_key);

// Base64 (RFC 4648), 44 characters.
std::string to_text(const PublicKey& key);
Result<PublicKey> parse_public_key(std::string_view text);
std::string to_text(const SecretKey& key);
Result<SecretKey> parse_secret_key(std::string_view text);

// What two people compare: "SHA256:4f9a-77c0-...", the first 128 bits of the key's SHA-256 in
// groups of four digits.
std::string fingerprint(const PublicKey& key);

// BLAKE2b-256.
Hash hash(std::string_view bytes);

// Bytes from the kernel's random source.
std::array<std::uint8_t, 32> random_secret();

// URL-safe base64 without padding.
std::string to_base64url(std::string_view bytes);
Result<std::string> from_base64url(std::string_view text);

}  // namespace vaultbell::crypto
