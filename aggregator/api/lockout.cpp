#include "aggregator/api/lockout.hpp"

#include <algorithm>

namespace vaultbell::api {

Duration Lockout::locked_for(const std::string& peer, Steady now) const {
  const auto found = failures_.find(peer);
  const bool is_locked =
      found != failures_.end() && found->second.count >= kTriesMax && now < found->second.until;
  return is_locked ? found->second.until - now : Duration::zero();
}

void Lockout::failed(const std::string& peer, Steady now) {
  forget_old(now);
  auto& failures = failures_[peer];
  if (failures.until <= now) failures.count = 0;
  ++failures.count;
  failures.until = now + kFor;
}

void Lockout::forget_old(Steady now) {
  if (failures_.size() < kKnownMax) return;
  std::erase_if(failures_, [&](const auto& known) { return known.second.until <= now; });
  if (failures_.size() < kKnownMax) return;
  failures_.erase(std::min_element(failures_.begin(), failures_.end(), [](auto& a, auto& b) {
    return a.second.until < b.second.until;
  }));
}

}  // namespace vaultbell::api
