// Sweeper: has history dropped that was kept for long enough (R3.9), a slice now and then, so that
// no turn of the main loop reads or writes more than one.
#pragma once

#include <functional>

#include "aggregator/core/command.hpp"
#include "aggregator/storage/history.hpp"
#include "shared/lmdb/environment.hpp"

namespace vaultbell::aggregator {

// Belongs to the main thread.
class Sweeper {
 public:
  // Puts a command into the inbox; false: it has no room.
  using Post = std::function<bool(core::Command)>;

  // Both outlive it. The first sweep begins kFirstAfter `now`: a start has other things to do.
  Sweeper(const lmdb::Environment& store, Post post, Steady now);

  // Finds one slice if it is time for it, and posts what is to be dropped. To be called between two
  // turns of the loop: what the last call posted has been decided by then, or will be again. Error:
  // the store could not be read; the sweep begins anew with the next one.
  Status turn(Steady now, Instant wall, const core::RetentionSettings& retention);

  // Slices of a sweep: 90 rows a second are 7 million a day.
  static constexpr Duration kSliceEvery = std::chrono::seconds(1);
  static constexpr Duration kSweepEvery = std::chrono::hours(1);
  static constexpr Duration kFirstAfter = std::chrono::minutes(1);

 private:
  const lmdb::Environment& store_;
  Post post_;
  storage::HistoryCursor cursor_;
  Steady next_;
};

}  // namespace vaultbell::aggregator
