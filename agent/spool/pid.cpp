#include "agent/spool/pid.hpp"

#include <cerrno>
#include <csignal>
#include <optional>
#include <sstream>
#include <string>
#include <unistd.h>

#include <fmt/format.h>

#include "shared/base/files.hpp"

namespace vaultbell::agent::spool {

namespace {

constexpr std::size_t kStatBytesMax = 4096;
constexpr int kFieldsToStart = 19;  // from the state (field 3) to the start time (field 22)

struct Stat {
  char state = '?';
  std::uint64_t started_ticks = 0;
};

// The second field, the program's name in parentheses, may itself hold spaces and parentheses:
// counting begins behind the last one.
std::optional<Stat> read_stat(std::int32_t pid) {
  const auto text = read_file(fmt::format("/proc/{}/stat", pid), kStatBytesMax);
  if (!text) return std::nullopt;
  const auto name_end = text->rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text->substr(name_end + 1));
  Stat stat;
  fields >> stat.state;
  std::string skipped;
  for (int i = 1; i < kFieldsToStart; ++i) fields >> skipped;
  fields >> stat.started_ticks;
  if (!fields) return std::nullopt;
  return stat;
}

}  // namespace

Result<PidMark> own_pid() {
  const auto pid = static_cast<std::int32_t>(getpid());
  const auto stat = read_stat(pid);
  if (!stat) return fail("cannot read /proc/self/stat: /proc must be mounted");
  return PidMark{pid, stat->started_ticks};
}

bool is_alive(const PidMark& mark) {
  if (kill(mark.pid, 0) != 0 && errno == ESRCH) return false;
  const auto stat = read_stat(mark.pid);
  if (!stat) return true;
  const bool has_ended = stat->state == 'Z' || stat->state == 'X';
  return !has_ended && stat->started_ticks == mark.started_ticks;
}

}  // namespace vaultbell::agent::spool
