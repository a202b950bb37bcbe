// The times that tools write into their logs and lists.
#pragma once

#include <optional>
#include <string_view>

#include "shared/base/time.hpp"

namespace vaultbell::agent::watch {

// ISO 8601 with an offset ("+0100", too), the same without one (then it is this host's local time),
// or seconds since 1970. Absent where it is none of these.
std::optional<Instant> parse_tool_time(std::string_view text);

}  // namespace vaultbell::agent::watch
