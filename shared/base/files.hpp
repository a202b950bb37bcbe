// Small files, read and written whole. Big or shared state is in LMDB, not here.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "shared/base/result.hpp"

namespace vaultbell {

// The whole file. Errors: cannot be opened or read (with the system's reason); larger than
// `size_bytes_max`. Blocks on the disk.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t size_bytes_max);

// Like read_file, but refuses a file that others than its owner may read or write: for keys,
// tokens and passwords.
Result<std::string> read_secret_file(const std::filesystem::path& path, std::size_t size_bytes_max);

// Replaces the file in one step and makes it durable (temporary file, fsync, rename, fsync of the
// folder): after a crash it holds either the old or the new content, whole.
Status write_file(const std::filesystem::path& path, std::string_view content, mode_t mode);

// Makes durable which files the folder has, under which names: after a rename, for example.
Status sync_folder(const std::filesystem::path& folder);

// Makes the folder with mode 0700 (and those above it as the umask says) if it is missing, and
// checks that it can be written. The error names the folder, the system's reason and what would be
// right.
Status prepare_folder(const std::filesystem::path& path);

}  // namespace vaultbell
