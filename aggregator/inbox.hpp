// Inbox: where commands from every thread wait for the main loop. Each source has a lane of its own
// with its own bound, so that a flood in one can neither fill nor starve another.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "aggregator/core/command.hpp"
#include "shared/base/bounded_queue.hpp"
#include "shared/base/wake_up.hpp"

namespace vaultbell::aggregator {

class Inbox {
 public:
  enum class Lane : std::uint8_t { loop, connections, reports, deliveries, orders, enrolments };

  // False: the lane is full, the command was not taken. From any thread.
  [[nodiscard]] bool post(Lane lane, core::Command command);

  struct Batch {
    std::vector<core::Command> commands;
    bool has_all_connections = true;  // nothing was left in that lane
  };

  // What waits, at most `count_max`, some of every lane; never waits.
  Batch take(std::size_t count_max);

  [[nodiscard]] int fd() const { return wake_up_.fd(); }  // readable when something waits
  [[nodiscard]] std::size_t depth() const;

 private:
  static constexpr std::size_t kLanes = 6;
  // Sizes: one batch of the loop handles 256 commands in some milliseconds; a lane holds what may
  // come in while one slow commit (a second) lasts.
  std::array<BoundedQueue<core::Command>, kLanes> lanes_{
      BoundedQueue<core::Command>(64),    BoundedQueue<core::Command>(20'000),
      BoundedQueue<core::Command>(4'096), BoundedQueue<core::Command>(1'024),
      BoundedQueue<core::Command>(256),   BoundedQueue<core::Command>(1'024)};
  WakeUp wake_up_;
};

}  // namespace vaultbell::aggregator
