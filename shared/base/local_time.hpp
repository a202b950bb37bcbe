// The local time of this host, as its time zone (TZ, /etc/localtime) says.
#pragma once

#include <cstdint>
#include <optional>

#include "shared/base/time.hpp"

namespace vaultbell {

// How many minutes the local time is ahead of UTC then.
std::optional<std::int32_t> utc_offset_at(Instant instant);

// When a clock here showed what `written` shows in UTC. Where it showed that twice, or never, one
// of the two times that could be meant.
std::optional<Instant> from_local(Instant written);

}  // namespace vaultbell
