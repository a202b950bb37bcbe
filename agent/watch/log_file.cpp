#include "agent/watch/log_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "agent/classify/lines.hpp"
#include "shared/base/file_descriptor.hpp"

namespace vaultbell::agent::watch {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPartBytesMax = std::size_t{1} << 20U;
constexpr std::size_t kSeenBytes = 256;  // enough to know a log again, with its times

struct OpenLog {
  FileDescriptor fd;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t written_at = 0;  // nanoseconds since 1970
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
  log.written_at = facts.st_mtim.tv_sec * std::int64_t{1'000'000'000} + facts.st_mtim.tv_nsec;
  return std::optional(std::move(log));
}

// Nobody reads what is compressed.
bool is_compressed(const fs::path& file) {
  const auto extension = file.extension();
  return extension == ".gz" || extension == ".xz" || extension == ".bz2" || extension == ".zst";
}

// What the file was rotated to, oldest first, and behind them the file itself.
std::vector<OpenLog> family_of(const fs::path& file) {
  std::vector<OpenLog> logs;
  std::error_code error;
  const auto begins = file.filename().string();
  for (fs::directory_iterator at(file.parent_path(), error), end; !error && at != end;
       at.increment(error)) {
    const auto& path = at->path();
    if (!path.filename().string().starts_with(begins) || is_compressed(path)) continue;
    auto log = open_log(path);
    if (log && *log) logs.push_back(std::move(**log));
  }
  std::ranges::stable_sort(logs, {}, &OpenLog::written_at);
  struct stat facts {};
  const bool is_there = stat(file.c_str(), &facts) == 0;
  std::ranges::stable_partition(
      logs, [&](const OpenLog& log) { return !is_there || log.inode != facts.st_ino; });
  return logs;
}

// FNV-1a of the bytes before `offset`.
std::uint64_t seen_before(const OpenLog& log, std::uint64_t offset) {
  std::array<char, kSeenBytes> buffer{};
  const auto size = std::min<std::uint64_t>(buffer.size(), offset);
  const auto got = pread(log.fd.get(), buffer.data(), size, static_cast<off_t>(offset - size));
  std::uint64_t hash = 14695981039346656037U;
  for (ssize_t i = 0; i < got; ++i) {
    hash ^= static_cast<unsigned char>(buffer.at(static_cast<std::size_t>(i)));
    hash *= 1099511628211U;
  }
  return hash;
}

// Whether this is what was read up to the mark, and not written anew in its place.
bool goes_on(const OpenLog& log, const Mark& mark) {
  if (log.inode != mark.inode || log.size < mark.offset) return false;
  return mark.seen == 0 || mark.seen == seen_before(log, mark.offset);
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
  return LogPart{.mark = {log.inode, offset, seen_before(log, offset)},
                 .is_all = used == 0 || from + bytes.size() >= log.size};
}

Result<LogPart> nothing(const fs::path& file, const Mark& mark) {
  return LogPart{.mark = mark, .trouble = fmt::format("there is no {}", file.string())};
}

// Another one from its beginning, behind which may be more.
Result<LogPart> follow(const fs::path& file, const OpenLog& log,
                       const std::function<void(std::string_view)>& take) {
  auto part = read_part(file, log, 0, take);
  if (part) part->is_all = part->mark.offset == 0;
  return part;
}

}  // namespace

Result<Mark> end_of_log(const fs::path& file) {
  const auto log = open_log(file);
  if (log) {
    if (!*log) return Mark{};
    return Mark{(*log)->inode, (*log)->size, seen_before(**log, (*log)->size)};
  }
  struct stat facts {};
  if (stat(file.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) return fail(log.error());
  return Mark{facts.st_ino, static_cast<std::uint64_t>(facts.st_size)};
}

Result<LogPart> read_log(const fs::path& file, const Mark& mark,
                         const std::function<void(std::string_view)>& take) {
  const auto now = open_log(file);
  if (!now) return fail(now.error());
  if (*now && goes_on(**now, mark)) return read_part(file, **now, mark.offset, take);
  const bool was_cut = *now && (*now)->inode == mark.inode;
  if (was_cut || mark.inode == 0) {
    return *now ? read_part(file, **now, 0, take) : nothing(file, mark);
  }
  const auto family = family_of(file);
  const auto old = std::ranges::find(family, mark.inode, &OpenLog::inode);
  if (old == family.end()) {
    if (!*now) return nothing(file, mark);
    auto part = read_part(file, **now, 0, take);
    if (part) part->is_lost = true;
    return part;
  }
  auto part = read_part(file, *old, mark.offset, take);
  const bool is_at_its_end = part && part->mark.offset == mark.offset;
  if (!is_at_its_end) {
    if (part) part->is_all = false;  // what was rotated after it comes next
    return part;
  }
  // A tool that holds it open may still write to it.
  const auto next =
      std::find_if(old + 1, family.end(), [](const OpenLog& log) { return log.size > 0; });
  if (next != family.end()) return follow(file, *next, take);
  return *now ? part : nothing(file, mark);
}

}  // namespace vaultbell::agent::watch
