#include "agent/spool/settlement.hpp"

#include <algorithm>
#include <utility>

namespace vaultbell::agent::spool {

void Settlement::discard_through(const SpoolAck& ack) {
  auto& sequence = acks_[ack.spool];
  sequence = std::max(sequence, ack.sequence);
}

void Settlement::set_aside(const SpoolAck& position, std::string reason, Instant now) {
  set_asides_.push_back({position, std::move(reason), now});
}

Status Settlement::settle(Spool& spool) {
  for (; !set_asides_.empty(); set_asides_.pop_front()) {
    const auto& first = set_asides_.front();
    if (auto ok = spool.set_aside(first.position, first.reason, first.at); !ok) return ok;
  }
  while (!acks_.empty()) {
    const auto first = acks_.begin();
    if (auto ok = spool.discard_through({first->first, first->second}); !ok) return ok;
    acks_.erase(first);
  }
  return {};
}

}  // namespace vaultbell::agent::spool
