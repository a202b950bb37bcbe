#include "shared/config/secret.hpp"

#include <cstdlib>

#include "shared/base/files.hpp"

namespace vaultbell::config {

namespace {

constexpr std::size_t kSecretBytesMax = 4096;

Result<std::string> without_line_end(const std::filesystem::path& path,
                                     Result<std::string> secret) {
  while (secret && !secret->empty() && (secret->back() == '\n' || secret->back() == '\r')) {
    secret->pop_back();
  }
  if (secret && secret->empty()) return fail(ErrorCode::invalid, path.string() + " is empty");
  return secret;
}

}  // namespace

Result<std::string> read_secret(const std::filesystem::path& name,
                                const std::filesystem::path& configuration_file) {
  if (name.is_relative()) {
    if (const char* folder = std::getenv("CREDENTIALS_DIRECTORY")) {
      const auto path = std::filesystem::path(folder) / name;
      if (std::filesystem::exists(path)) {
        return without_line_end(path, read_file(path, kSecretBytesMax));
      }
    }
  }
  const auto path = name.is_relative() ? configuration_file.parent_path() / name : name;
  return without_line_end(path, read_secret_file(path, kSecretBytesMax));
}

}  // namespace vaultbell::config
