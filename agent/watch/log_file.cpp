#include "agent/watch/log_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "agent/classify/lines.hpp"
#include "shared/base/file_descriptor.hpp"

namespace vaultbell::agent::watch {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPartBytesMax = std::size_t{1} << 20U;

struct OpenLog {
  FileDescriptor fd;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
};

tl::unexpected<Error> trouble_with(const fs::path& file) {
  return fail(ErrorCode::unavailable,
              fmt::format("{} cannot be read: {}", file.string(), std::strerror(errno)));
}

// Absent: there is no such file.
Result<std::optional<OpenLog>> open_log(const fs::path& file) {
  OpenLog log{.fd = FileDescriptor(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK))};
  if (!log.fd.is_open()) {
    if (errno == ENOENT) return std::optional<OpenLog>();
    return trouble_with(file);
  }
  struct stat facts {};
  if (fstat(log.fd.get(), &facts) != 0) return trouble_with(file);
  if (!S_ISREG(facts.st_mode)) {
    return fail(ErrorCode::unavailable, fmt::format("{} is no file", file.string()));
  }
  log.inode = facts.st_ino;
  log.size = static_cast<std::uint64_t>(facts.st_size);
  return std::optional(std::move(log));
}

// The file of that inode in the folder of `file`, which has been given another name.
std::optional<OpenLog> find_rotated(const fs::path& file, std::uint64_t inode) {
  std::error_code ignored;
  const auto begins = file.filename().string();
  for (const auto& entry : fs::directory_iterator(file.parent_path(), ignored)) {
    if (!entry.path().filename().string().starts_with(begins)) continue;
    auto log = open_log(entry.path());
    if (log && *log && (*log)->inode == inode) return std::move(**log);
  }
  return std::nullopt;
}

// Up to the last line end; all of it where there is none and it is full.
std::size_t whole_lines(std::string_view bytes) {
  const auto last = bytes.rfind('\n');
  if (last != std::string_view::npos) return last + 1;
  return bytes.size() == kPartBytesMax ? bytes.size() : 0;
}

Result<LogPart> read_part(const fs::path& file, const OpenLog& log, std::uint64_t from,
                          const std::function<void(std::string_view)>& take) {
  std::string bytes(std::min<std::uint64_t>(kPartBytesMax, log.size - from), '\0');
  const auto got = pread(log.fd.get(), bytes.data(), bytes.size(), static_cast<off_t>(from));
  if (got < 0) return trouble_with(file);
  bytes.resize(static_cast<std::size_t>(got));
  const auto used = whole_lines(bytes);
  classify::Lines lines;
  lines.feed(std::string_view(bytes).substr(0, used), take);
  lines.finish(take);
  const auto offset = from + used;
  return LogPart{.mark = {log.inode, offset},
                 .is_all = used == 0 || from + bytes.size() >= log.size};
}

}  // namespace

Result<Mark> end_of_log(const fs::path& file) {
  const auto log = open_log(file);
  if (!log) return fail(log.error());
  return *log ? Mark{(*log)->inode, (*log)->size} : Mark{};
}

Result<LogPart> read_log(const fs::path& file, const Mark& mark,
                         const std::function<void(std::string_view)>& take) {
  const auto now = open_log(file);
  if (!now) return fail(now.error());
  const bool is_same = *now && (*now)->inode == mark.inode;
  bool is_lost = false;
  if (!is_same && mark.inode != 0) {
    const auto old = find_rotated(file, mark.inode);
    if (old && old->size > mark.offset) {
      auto part = read_part(file, *old, mark.offset, take);
      if (!part || part->mark.offset != mark.offset) {
        if (part) part->is_all = false;  // the file of now comes next
        return part;
      }
    }
    is_lost = !old;
  }
  if (!*now) return LogPart{.mark = mark, .trouble = fmt::format("there is no {}", file.string())};
  const auto from = is_same && mark.offset <= (*now)->size ? mark.offset : 0;
  auto part = read_part(file, **now, from, take);
  if (part) part->is_lost = is_lost;
  return part;
}

}  // namespace vaultbell::agent::watch
