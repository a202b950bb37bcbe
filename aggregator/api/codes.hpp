// Codes: new verification codes, for orders to the core, which draws no random numbers (R5.2).
#pragma once

#include "aggregator/core/command.hpp"
#include "shared/crypto/keys.hpp"
#include "shared/crypto/verification_code.hpp"

namespace vaultbell::api {

// What a code with this nonce is for. Borrows the address.
crypto::CodePurpose purpose_of(const core::AddressKey& place, const core::CodeNonce& nonce);

// Another one each time.
core::NewCode new_code(const crypto::SecretKey& key, const core::AddressKey& place);

}  // namespace vaultbell::api
