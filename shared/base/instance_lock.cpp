#include "shared/base/instance_lock.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>

#include <fmt/format.h>

namespace vaultbell {

Result<InstanceLock> InstanceLock::take(const std::filesystem::path& folder, const char* name) {
  const auto path = folder / name;
  FileDescriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file.is_open()) {
    return fail(fmt::format("cannot open {}: {}", path.string(), std::strerror(errno)));
  }
  if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorCode::refused,
                fmt::format("another instance already runs on {}; stop it first, or give this one "
                            "a state_dir of its own",
                            folder.string()));
  }
  return InstanceLock(std::move(file));
}

}  // namespace vaultbell
