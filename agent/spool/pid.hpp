// PidMark: which process it was, so that another one with the same number is not taken for it.
#pragma once

#include <cstdint>

#include "shared/base/result.hpp"

namespace vaultbell::agent::spool {

// A process id, and when that process started in ticks since boot (field 22 of /proc/PID/stat):
// together they are unique within one boot.
struct PidMark {
  std::int32_t pid = 0;
  std::uint64_t started_ticks = 0;

  bool operator==(const PidMark&) const = default;
};

// The process that asks.
Result<PidMark> own_pid();

// Whether that process still runs; a zombie does not. Where /proc hides other users' processes
// (hidepid, ProtectProc) only the number can be asked about, and a number in use counts as alive:
// better a run that stays open than one that is ended while it works.
bool is_alive(const PidMark& mark);

}  // namespace vaultbell::agent::spool
