#include "aggregator/board/change_feed.hpp"

namespace vaultbell::board {

namespace {

constexpr unsigned kIdBits = 56;
constexpr std::uint64_t kIdMask = (std::uint64_t{1} << kIdBits) - 1;

}  // namespace

void ChangeFeed::add(Changed changed) {
  const auto number = count_.load(std::memory_order_relaxed);
  const auto kind = static_cast<std::uint64_t>(changed.what);
  kept_[number % kKept].store(kind << kIdBits | (changed.id & kIdMask), std::memory_order_release);
  count_.store(number + 1, std::memory_order_release);
}

bool ChangeFeed::read(std::uint64_t after, std::vector<Changed>& into) const {
  const auto last = count();
  if (after > last) return false;
  std::vector<Changed> found;
  for (auto number = after; number < last && last - number <= kKept; ++number) {
    const auto packed = kept_[number % kKept].load(std::memory_order_acquire);
    found.push_back({static_cast<Thing>(packed >> kIdBits), packed & kIdMask});
  }
  // What was overwritten meanwhile is what comes later, read in the place of what was there: one
  // place is being written beyond what is counted.
  if (count() + 1 - after > kKept) return false;
  into.insert(into.end(), found.begin(), found.end());
  return true;
}

}  // namespace vaultbell::board
