#include "shared/crypto/keys.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <sodium.h>

#include "shared/base/check.hpp"

namespace vaultbell::crypto {

namespace {

std::string encode(const std::uint8_t* bytes, std::size_t size, int variant) {
  std::string text(sodium_base64_encoded_len(size, variant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes, size, variant);
  text.resize(text.find('\0') == std::string::npos ? text.size() : text.find('\0'));
  return text;
}

Result<std::string> decode(std::string_view text, int variant) {
  std::string bytes(text.size(), '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  auto* out = reinterpret_cast<unsigned char*>(bytes.data());
  const int code =
      sodium_base642bin(out, bytes.size(), text.data(), text.size(), nullptr, &size, &end, variant);
  if (code != 0 || end != text.data() + text.size()) {
    return fail(ErrorCode::invalid, "not base64");
  }
  bytes.resize(size);
  return bytes;
}

Result<std::array<std::uint8_t, 32>> decode_key(std::string_view text) {
  const auto bytes = decode(text, sodium_base64_VARIANT_ORIGINAL);
  if (!bytes || bytes->size() != 32) {
    return fail(ErrorCode::invalid, "not a key (44 characters of base64)");
  }
  std::array<std::uint8_t, 32> key{};
  std::copy(bytes->begin(), bytes->end(), key.begin());
  return key;
}

}  // namespace

void start() {
  check(sodium_init() >= 0, "libsodium starts");
}

KeyPair make_key_pair() {
  KeyPair pair;
  crypto_box_keypair(pair.public_key.bytes.data(), pair.secret_key.bytes.data());
  return pair;
}

PublicKey public_key_of(const SecretKey& secret_key) {
  PublicKey key;
  crypto_scalarmult_base(key.bytes.data(), secret_key.bytes.data());
  return key;
}

std::string to_text(const PublicKey& key) {
  return encode(key.bytes.data(), key.bytes.size(), sodium_base64_VARIANT_ORIGINAL);
}

Result<PublicKey> parse_public_key(std::string_view text) {
  const auto bytes = decode_key(text);
  if (!bytes) return fail(bytes.error());
  return PublicKey{*bytes};
}

std::string to_text(const SecretKey& key) {
  return encode(key.bytes.data(), key.bytes.size(), sodium_base64_VARIANT_ORIGINAL);
}

Result<SecretKey> parse_secret_key(std::string_view text) {
  const auto bytes = decode_key(text);
  if (!bytes) return fail(bytes.error());
  return SecretKey{*bytes};
}

std::string fingerprint(const PublicKey& key) {
  std::array<std::uint8_t, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), key.bytes.data(), key.bytes.size());
  std::string text = "SHA256:";
  for (std::size_t i = 0; i < 16; ++i) {
    if (i > 0 && i % 2 == 0) text += '-';
    text += fmt::format("{:02x}", digest[i]);
  }
  return text;
}

Hash hash(std::string_view bytes) {
  Hash digest{};
  crypto_generichash(digest.data(), digest.size(),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr,
                     0);
  return digest;
}

std::array<std::uint8_t, 32> random_secret() {
  std::array<std::uint8_t, 32> secret{};
  randombytes_buf(secret.data(), secret.size());
  return secret;
}

std::string to_base64url(std::string_view bytes) {
  return encode(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(),
                sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

Result<std::string> from_base64url(std::string_view text) {
  return decode(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

}  // namespace vaultbell::crypto
