#include "shared/base/files.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>

#include <fmt/format.h>

#include "shared/base/file_descriptor.hpp"

namespace vaultbell {

namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> system_failure(std::string_view what, const fs::path& path) {
  const int reason = errno;
  return fail(reason == ENOENT ? ErrorCode::not_found : ErrorCode::failed,
              fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(reason)));
}

Result<std::string> read_all(const FileDescriptor& file, const fs::path& path,
                             std::size_t size_bytes_max) {
  std::string content;
  char buffer[4096];
  while (true) {
    const auto got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_failure("read", path);
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > size_bytes_max) {
      return fail(
          fmt::format("cannot read {}: larger than {} bytes", path.string(), size_bytes_max));
    }
  }
}

Status write_all(const FileDescriptor& file, std::string_view content, const fs::path& path) {
  while (!content.empty()) {
    const auto wrote = ::write(file.get(), content.data(), content.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return system_failure("write", path);
    content.remove_prefix(static_cast<std::size_t>(wrote));
  }
  if (fsync(file.get()) != 0) return system_failure("write", path);
  return {};
}

}  // namespace

Status sync_folder(const fs::path& folder) {
  const FileDescriptor fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.is_open() || fsync(fd.get()) != 0) return system_failure("sync folder", folder);
  return {};
}

Result<std::string> read_file(const fs::path& path, std::size_t size_bytes_max) {
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return system_failure("read", path);
  return read_all(file, path, size_bytes_max);
}

Result<std::string> read_secret_file(const fs::path& path, std::size_t size_bytes_max) {
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return system_failure("read", path);
  struct stat facts {};
  if (fstat(file.get(), &facts) != 0) return system_failure("read", path);
  if ((facts.st_mode & 0077U) != 0) {
    return fail(fmt::format("{} can be read by others (mode {:04o}); make it private: chmod 600 {}",
                            path.string(), facts.st_mode & 07777U, path.string()));
  }
  return read_all(file, path, size_bytes_max);
}

Status write_file(const fs::path& path, std::string_view content, mode_t mode) {
  std::string temporary = path.string() + ".XXXXXX";
  const FileDescriptor file(mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.is_open()) return system_failure("write", path);
  const auto discard = [&](Status failure) {
    unlink(temporary.c_str());
    return failure;
  };
  if (fchmod(file.get(), mode) != 0) return discard(system_failure("write", path));
  if (auto written = write_all(file, content, path); !written) return discard(written);
  if (rename(temporary.c_str(), path.c_str()) != 0) return discard(system_failure("write", path));
  return sync_folder(path.has_parent_path() ? path.parent_path() : fs::path("."));
}

Status prepare_folder(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    fs::create_directories(path, error);
    if (error) {
      return fail(fmt::format("cannot make the folder {}: {}", path.string(), error.message()));
    }
    fs::permissions(path, fs::perms::owner_all, error);
  }
  if (access(path.c_str(), W_OK | X_OK) != 0) {
    return fail(
        fmt::format("cannot write to the folder {}: {}; it must belong to the user that "
                    "runs this program",
                    path.string(), std::strerror(errno)));
  }
  return {};
}

}  // namespace vaultbell
