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
  // `file`: other work in the same folder that only one process may do has a name of its own.
  static Result<InstanceLock> take(const std::filesystem::path& folder, const char* file = "lock");

 private:
  explicit InstanceLock(FileDescriptor file) : file_(std::move(file)) {}
  FileDescriptor file_;
};

}  // namespace vaultbell
