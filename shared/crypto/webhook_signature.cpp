#include "shared/crypto/webhook_signature.hpp"

#include <array>

#include <sodium.h>

namespace vaultbell::crypto {

namespace {

constexpr std::string_view kUse = "webhook secret";

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

template <std::size_t N>
std::string in_hex(const std::array<unsigned char, N>& bytes) {
  std::array<char, 2 * N + 1> digits{};
  sodium_bin2hex(digits.data(), digits.size(), bytes.data(), bytes.size());
  return digits.data();
}

}  // namespace

std::string webhook_secret(const SecretKey& key, std::string_view address) {
  const auto bytes = std::string(kUse) + '\0' + std::string(address);
  std::array<unsigned char, 32> digest{};
  crypto_generichash(digest.data(), digest.size(), bytes_of(bytes), bytes.size(), key.bytes.data(),
                     key.bytes.size());
  return in_hex(digest);
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, bytes_of(key), key.size());
  crypto_auth_hmacsha256_update(&state, bytes_of(bytes), bytes.size());
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> digest{};
  crypto_auth_hmacsha256_final(&state, digest.data());
  return in_hex(digest);
}

std::string webhook_signature(std::string_view secret, std::int64_t timestamp,
                              std::string_view body) {
  return "v1=" + hmac_sha256(secret, std::to_string(timestamp) + '.' + std::string(body));
}

}  // namespace vaultbell::crypto
