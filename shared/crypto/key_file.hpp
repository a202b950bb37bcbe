// Key files: a secret key on disk, one line of base64, readable by its owner alone.
#pragma once

#include <filesystem>

#include "shared/base/result.hpp"
#include "shared/crypto/keys.hpp"

namespace vaultbell::crypto {

// The pair whose secret half is in the file. Errors: missing (not_found), readable by others, not a
// key.
Result<KeyPair> load_key(const std::filesystem::path& path);

// The same, but makes the key and the file (mode 0600, durable) if it is missing.
Result<KeyPair> load_or_make_key(const std::filesystem::path& path);

}  // namespace vaultbell::crypto
