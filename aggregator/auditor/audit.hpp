// Audit: one round of the independent auditor through the store (R8.1). For each alert that is due
// it finds either its notifications or the recorded reason why there are none; and it finds
// messages that nobody sends. Reads in slices, each with a snapshot of its own, so that none is
// long.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "aggregator/auditor/due.hpp"
#include "aggregator/storage/snapshot.hpp"
#include "shared/lmdb/environment.hpp"

namespace vaultbell::auditor {

// Something that should stand in the store, and does not.
struct Gap {
  std::string about;     // "alert 7": by this it is known again
  std::string sentence;  // what is wrong with it

  bool operator==(const Gap&) const = default;
};

// Gaps of one round that are kept; the others are counted.
inline constexpr std::size_t kGapsMax = 100;

struct Findings {
  std::vector<Gap> gaps;
  std::uint64_t gap_count = 0;
  std::uint64_t alerts = 0;  // that were looked at
  std::uint64_t notifications = 0;
  bool is_conclusive = true;  // false: a step of the clock is being worked off, or it was stopped
};

// Rows of one snapshot: some milliseconds, in which no page that is freed can be used again.
inline constexpr std::size_t kRowsPerSlice = 500;

// Alerts that are over are looked at too, the newest.
inline constexpr std::size_t kHistoryAlertsMax = 1'000;

// May take seconds in a large store; ends early when asked to stop. Error: a row cannot be read.
Result<Findings> audit(const lmdb::Environment& store, const Circumstances& circumstances,
                       const std::stop_token& stop);

}  // namespace vaultbell::auditor
