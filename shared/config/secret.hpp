// Secrets that a configuration file names but does not hold.
#pragma once

#include <filesystem>
#include <string>

#include "shared/base/result.hpp"

namespace vaultbell::config {

// Where the file of that name is: a relative name is looked for in $CREDENTIALS_DIRECTORY
// (systemd's LoadCredential), then beside the configuration file.
std::filesystem::path place_of(const std::filesystem::path& name,
                               const std::filesystem::path& configuration_file);

// The content of a secret's file, without the line end. Refuses a file that others may read,
// except under $CREDENTIALS_DIRECTORY, which systemd guards.
Result<std::string> read_secret(const std::filesystem::path& name,
                                const std::filesystem::path& configuration_file);

}  // namespace vaultbell::config
