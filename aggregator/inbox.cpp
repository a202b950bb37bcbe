#include "aggregator/inbox.hpp"

#include <iterator>

namespace vaultbell::aggregator {

bool Inbox::post(Lane lane, core::Command command) {
  if (!lanes_.at(static_cast<std::size_t>(lane)).try_push(std::move(command))) return false;
  wake_up_.call();
  return true;
}

Inbox::Batch Inbox::take(std::size_t count_max) {
  wake_up_.clear();
  Batch batch;
  auto& taken = batch.commands;
  // At least a share for each lane; what one leaves, those after it may use.
  for (std::size_t i = 0; i < kLanes; ++i) {
    const auto share = (count_max - taken.size()) / (kLanes - i);
    auto some = lanes_.at(i).pop_some(share, Duration::zero());
    taken.insert(taken.end(), std::make_move_iterator(some.begin()),
                 std::make_move_iterator(some.end()));
  }
  if (depth() > 0) wake_up_.call();
  batch.has_all_connections = lanes_.at(static_cast<std::size_t>(Lane::connections)).size() == 0;
  return batch;
}

std::size_t Inbox::depth() const {
  std::size_t count = 0;
  for (const auto& lane : lanes_) count += lane.size();
  return count;
}

}  // namespace vaultbell::aggregator
