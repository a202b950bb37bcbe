// The Unix socket by which programs on this machine reach the aggregator. Who may is decided by the
// file: its owner, its group and root can open it, nobody else.
#pragma once

#include <filesystem>
#include <string>

#include "shared/base/file_descriptor.hpp"
#include "shared/base/result.hpp"

namespace vaultbell::api {

// A listening socket at `path`, mode 0660. A socket that a dead process left is replaced. Errors:
// somebody listens there (refused), there is something else, the path is too long, the system's.
Result<FileDescriptor> listen_at(const std::filesystem::path& path);

// The user at the other end of a connection: "root", or "uid 1234" for one without a name.
std::string user_of_peer(int connection);

}  // namespace vaultbell::api
