// JoinToken: the one line that lets a host in (R2.1). Both sides know its form; only its hash is
// kept by the aggregator.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/crypto/keys.hpp"
#include "shared/domain/public_key.hpp"

namespace vaultbell::crypto {

inline constexpr std::size_t kTokenTextMax = 2048;  // far above the longest endpoint and vault name

// "vb1." + base64url(msgpack map) + "." + base64url(first 6 bytes of the hash of what precedes).
// The check makes a damaged token tell itself apart from an unknown one, before any network.
struct JoinToken {
  std::string enrolment_endpoint;  // "tcp://vaultbell.example.org:8482"
  PublicKey server_key;
  std::array<std::uint8_t, 32> secret{};
  std::string vault;
  Instant expires_at;

  bool operator==(const JoinToken&) const = default;
};

std::string to_text(const JoinToken& token);

// Errors: not a token; damaged (altered or not copied whole).
Result<JoinToken> parse_join_token(std::string_view text);

// What the aggregator stores and looks tokens up by: every part of the text counts, so that an
// altered token is an unknown one.
Hash hash_of(const JoinToken& token);

}  // namespace vaultbell::crypto
