// How reports are counted between an agent's spool and the aggregator, so that each is booked
// exactly once (R3.6).
#pragma once

#include <cstdint>

#include "shared/base/enum_text.hpp"
#include "shared/base/uuid.hpp"

namespace vaultbell {

// How far one spool incarnation goes. Sequences begin at 1; `first` is the oldest report still
// kept, `last` the newest; first == last + 1 when nothing is kept.
struct SpoolRange {
  Uuid spool;
  std::uint64_t first = 1;
  std::uint64_t last = 0;

  bool operator==(const SpoolRange&) const = default;
};

// "Everything of this spool up to and with `sequence` is durable here."
struct SpoolAck {
  Uuid spool;
  std::uint64_t sequence = 0;

  bool operator==(const SpoolAck&) const = default;
};

// Why an agent goes away on purpose (R2.7).
enum class GoodbyeReason : std::uint8_t { stopped = 1, host_shutdown = 2, unenrolled = 3 };

template <>
inline constexpr auto kEnumText<GoodbyeReason> = std::to_array<EnumText<GoodbyeReason>>({
    {GoodbyeReason::stopped, "stopped"},
    {GoodbyeReason::host_shutdown, "host_shutdown"},
    {GoodbyeReason::unenrolled, "unenrolled"},
});

}  // namespace vaultbell
