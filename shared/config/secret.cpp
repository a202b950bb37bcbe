#include "shared/config/secret.hpp"

#include <cstdlib>
#include <optional>

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

// Absent: systemd hands none of that name over.
std::optional<std::filesystem::path> credential(const std::filesystem::path& name) {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder == nullptr || !name.is_relative()) return std::nullopt;
  auto path = std::filesystem::path(folder) / name;
  if (!std::filesystem::exists(path)) return std::nullopt;
  return path;
}

}  // namespace

std::filesystem::path place_of(const std::filesystem::path& name,
                               const std::filesystem::path& configuration_file) {
  if (auto path = credential(name)) return *path;
  return name.is_relative() ? configuration_file.parent_path() / name : name;
}

Result<std::string> read_secret(const std::filesystem::path& name,
                                const std::filesystem::path& configuration_file) {
  const auto path = place_of(name, configuration_file);
  const bool is_guarded = credential(name).has_value();
  return without_line_end(path, is_guarded ? read_file(path, kSecretBytesMax)
                                           : read_secret_file(path, kSecretBytesMax));
}

}  // namespace vaultbell::config
