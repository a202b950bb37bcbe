// InstanceLock: at most one daemon works on a state folder. Held until the object or the process
// ends, however it ends.
#pragma once

#include <filesystem>

#include "shared/base/file_descriptor.hpp"
#include "shared/base/result.hpp"

namespace vaultbell {

class InstanceLock {
 public:
  // Error `refused` when another process holds it.
  static Result<InstanceLock> take(const std::filesystem::path& folder);

 private:
  explicit InstanceLock(FileDescriptor file) : file_(std::move(file)) {}
  FileDescriptor file_;
};

}  // namespace vaultbell
