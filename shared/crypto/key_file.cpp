#include "shared/crypto/key_file.hpp"

#include "shared/base/files.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::crypto {

namespace {
constexpr std::size_t kFileBytesMax = 256;
constexpr mode_t kOwnerOnly = 0600;
}  // namespace

Result<KeyPair> load_key(const std::filesystem::path& path) {
  const auto text = read_secret_file(path, kFileBytesMax);
  if (!text) return fail(text.error());
  const auto secret = parse_secret_key(trimmed(*text));
  if (!secret) return fail_within(path.string(), secret.error());
  return KeyPair{public_key_of(*secret), *secret};
}

Result<KeyPair> load_or_make_key(const std::filesystem::path& path) {
  auto found = load_key(path);
  if (found || found.error().code != ErrorCode::not_found) return found;
  const auto pair = make_key_pair();
  if (auto ok = write_file(path, to_text(pair.secret_key) + "\n", kOwnerOnly); !ok) {
    return fail(ok.error());
  }
  return pair;
}

}  // namespace vaultbell::crypto
