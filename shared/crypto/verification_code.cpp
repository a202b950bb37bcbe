#include "shared/crypto/verification_code.hpp"

#include <sodium.h>

namespace vaultbell::crypto {

namespace {

constexpr std::uint64_t kCodes = 1'000'000;  // six digits
constexpr std::size_t kDigits = 6;

// BLAKE2b-256 with a key. The parts end with a byte that is in none of them.
Hash keyed_hash(const SecretKey& key, const CodePurpose& purpose, std::string_view use,
                std::string_view code) {
  std::string bytes;
  for (const auto part : {use, purpose.channel, purpose.address, code}) {
    bytes += part;
    bytes += '\0';
  }
  bytes.append(reinterpret_cast<const char*>(purpose.nonce.data()), purpose.nonce.size());
  Hash digest{};
  crypto_generichash(digest.data(), digest.size(),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                     key.bytes.data(), key.bytes.size());
  return digest;
}

// What was typed, without what people put between groups of digits.
std::string digits_of(std::string_view code) {
  std::string digits;
  for (const char c : code) {
    if (c != ' ' && c != '\t' && c != '-') digits += c;
  }
  return digits;
}

}  // namespace

bool can_be_code(std::string_view text) {
  const auto digits = digits_of(text);
  return digits.size() == kDigits && digits.find_first_not_of("0123456789") == std::string::npos;
}

std::string verification_code(const SecretKey& key, const CodePurpose& purpose) {
  const auto digest = keyed_hash(key, purpose, "code", {});
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8U | digest.at(i);
  auto digits = std::to_string(number % kCodes);
  return std::string(kDigits - digits.size(), '0') + digits;
}

Hash hash_of_code(const SecretKey& key, const CodePurpose& purpose, std::string_view code) {
  return keyed_hash(key, purpose, "hash", digits_of(code));
}

}  // namespace vaultbell::crypto
