// History: the rows that have ended and were kept for as long as is configured (R3.9), found in
// slices: a sweep goes through the tables with a cursor, and no call reads more than a few rows.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "aggregator/core/change.hpp"
#include "aggregator/core/settings.hpp"
#include "aggregator/storage/snapshot.hpp"

namespace vaultbell::storage {

// Where a slice begins: in which table, and behind which of its rows (absent: at the first).
struct HistoryCursor {
  std::size_t table = 0;  // in the order in which a sweep goes through them
  std::optional<core::ErasedKey> after;

  bool operator==(const HistoryCursor&) const = default;
};

struct HistorySlice {
  std::vector<core::ErasedKey> keys;  // at most core::kExpiredMax; attempts before their message
  HistoryCursor next;
  std::size_t rows_read = 0;  // at most kHistoryRowsReadMax, and what belongs to the last of them
  bool is_end = false;        // of the sweep: the next one begins at the beginning
};

// Rows that one slice reads: some milliseconds.
inline constexpr std::size_t kHistoryRowsReadMax = 500;

// Rows stand in the order in which they came to be, and end later than that: after so many in a row
// that are younger than is kept, the rest of the table is too. Some, because a clock that was wrong
// for a while leaves a few that are out of order.
inline constexpr std::size_t kYoungRowsMax = 200;

// One slice of one table. Left out is what something else needs: the rows that an alert that is not
// over, a message that waits, or an open run refers to; the last run of each job; and an alert as
// long as there are messages about it. What it names is for core::DropExpired, which looks once
// more at what is going on.
Result<HistorySlice> expired_history(const Snapshot& snapshot,
                                     const core::RetentionSettings& retention, Instant now,
                                     const HistoryCursor& from);

}  // namespace vaultbell::storage
