// VerificationCode: the six digits that prove an address (R5.2). A code follows from a key that
// only this installation has, the address, and a nonce drawn for each code: whoever has the key can
// make it again, so that it is never stored; what is stored is its keyed hash.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/crypto/keys.hpp"

namespace vaultbell::crypto {

// What a code is for.
struct CodePurpose {
  std::string_view channel;
  std::string_view address;
  std::array<std::uint8_t, 16> nonce{};
};

// "041902"
std::string verification_code(const SecretKey& key, const CodePurpose& purpose);

// Whether it is six digits: what is not one is no guess, and need not cost a try.
bool can_be_code(std::string_view text);

// What a code that somebody typed is compared by. White space in it does not count: people read
// codes in groups.
Hash hash_of_code(const SecretKey& key, const CodePurpose& purpose, std::string_view code);

}  // namespace vaultbell::crypto
