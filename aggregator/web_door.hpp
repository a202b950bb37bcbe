// WebDoor: opens the address of [http] listen. A port that is taken keeps nobody from being told of
// backups: the aggregator runs without it, and it is tried again.
#pragma once

#include <optional>

#include "aggregator/api/facts.hpp"
#include "aggregator/api/web_listener.hpp"
#include "shared/base/loopback.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::aggregator {

// Belongs to the main thread.
class WebDoor {
 public:
  // Absent: there is nothing to open.
  explicit WebDoor(std::optional<LoopbackAddress> address) : address_(std::move(address)) {}

  // Tries if it is time to; the first time at once. Absent: it is open already, or not yet. What
  // stands in the way is logged once.
  std::optional<api::WebListener> turn(Steady now);

  // How it stood after the last turn.
  [[nodiscard]] const api::WebFacts& facts() const { return facts_; }

  static constexpr Duration kEvery = std::chrono::seconds(10);

 private:
  std::optional<LoopbackAddress> address_;  // that is still to be opened
  std::optional<Steady> tried_at_;
  api::WebFacts facts_;
};

}  // namespace vaultbell::aggregator
