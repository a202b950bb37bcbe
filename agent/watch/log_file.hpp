// LogFile: what was appended to a log since it was last read, also where it was rotated meanwhile.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace vaultbell::agent::watch {

// How far a log has been read.
struct Mark {
  std::uint64_t inode = 0;  // 0: there was no file
  std::uint64_t offset = 0;
  std::uint64_t seen = 0;  // a hash of the last bytes before the offset; 0: they are not known

  bool operator==(const Mark&) const = default;
};

// The end of the file as it is now, whether it can be read or not; where there is none, the
// beginning of the one to come.
Result<Mark> end_of_log(const std::filesystem::path& file);

struct LogPart {
  Mark mark;              // behind what was read
  bool is_all = true;     // false: there is more
  bool is_lost = false;   // the file that was read before is gone, with what it may have had more
  std::string trouble{};  // that there is no file now
};

// Hands whole lines behind `mark`, a megabyte at the most. Where the file is another one now, what
// is left of the old one (under a name in the same folder that begins with this one's) comes first,
// and then those that were rotated after it. The old one is left when the new one is written to. A
// file that does not hold what was read before is read from its beginning. No file: nothing to
// read. Errors name the file and the reason.
Result<LogPart> read_log(const std::filesystem::path& file, const Mark& mark,
                         const std::function<void(std::string_view line)>& take);

}  // namespace vaultbell::agent::watch
