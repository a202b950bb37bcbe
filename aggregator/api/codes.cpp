#include "aggregator/api/codes.hpp"

#include <algorithm>

namespace vaultbell::api {

crypto::CodePurpose purpose_of(const core::AddressKey& place, const core::CodeNonce& nonce) {
  return {.channel = to_text(place.channel), .address = place.address, .nonce = nonce};
}

core::NewCode new_code(const crypto::SecretKey& key, const core::AddressKey& place) {
  core::NewCode code;
  const auto random = crypto::random_secret();
  std::copy_n(random.begin(), code.nonce.size(), code.nonce.begin());
  const auto purpose = purpose_of(place, code.nonce);
  code.hash = crypto::hash_of_code(key, purpose, crypto::verification_code(key, purpose));
  return code;
}

}  // namespace vaultbell::api
