#include "aggregator/sweeper.hpp"

#include <utility>

namespace vaultbell::aggregator {

Sweeper::Sweeper(const lmdb::Environment& store, Post post, Steady now)
    : store_(store), post_(std::move(post)), next_(now + kFirstAfter) {}

Status Sweeper::turn(Steady now, Instant wall, const core::RetentionSettings& retention) {
  if (now < next_) return {};
  next_ = now + kSliceEvery;
  const auto begin_anew = [&](const Error& error) {
    cursor_ = {};
    next_ = now + kSweepEvery;
    return fail_within("history cannot be dropped", error);
  };
  const auto snapshot = storage::Snapshot::take(store_);
  if (!snapshot) return begin_anew(snapshot.error());
  auto slice = storage::expired_history(*snapshot, retention, wall, cursor_);
  if (!slice) return begin_anew(slice.error());
  // Where there is no room the same slice is found again.
  if (!slice->keys.empty() && !post_(core::DropExpired{std::move(slice->keys)})) return {};
  cursor_ = slice->next;
  if (slice->is_end) next_ = now + kSweepEvery;
  return {};
}

}  // namespace vaultbell::aggregator
