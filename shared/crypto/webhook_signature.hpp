// WebhookSignature: how a receiver knows that a message is from this installation and was not
// altered (R7.8). The secret of an address follows from a key that only this installation has, as
// verification codes do, so that it is stored nowhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/crypto/keys.hpp"

namespace vaultbell::crypto {

// 64 hexadecimal digits. These characters, not the bytes that they stand for, are the HMAC's key:
// what is shown can be copied into a receiver as it is.
std::string webhook_secret(const SecretKey& key, std::string_view address);

// "v1=" and the hexadecimal HMAC-SHA256 of "TIMESTAMP.BODY"; the timestamp is in seconds since
// 1970.
std::string webhook_signature(std::string_view secret, std::int64_t timestamp,
                              std::string_view body);

// RFC 2104 with SHA-256, in hexadecimal digits.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

}  // namespace vaultbell::crypto
