// Punctuality: whether what must be found or told by a certain time is: silent hosts, and alerts
// whose hold is over; and whether nobody is called silent who is not (R2.5, R2.6, R4.5).
#pragma once

#include <map>

#include "aggregator/core/state.hpp"
#include "tests/simulation/ledger.hpp"
#include "tests/simulation/scene.hpp"

namespace vaultbell::simulation {

class Punctuality {
 public:
  Punctuality(Scene& scene, const Ledger& ledger) : scene_(scene), ledger_(ledger) {}

  // A message of the client has reached the aggregator.
  void heard(ClientId client) { heard_at_[client] = scene_.now(); }
  void listening_began();
  void listening_ended() { is_listening_ = false; }
  // Something happened from which times are counted anew: other settings, a step of the clock, a
  // turn that took long.
  void disturbed() { disturbed_at_ = scene_.now(); }
  // Other times or policies may count from now on.
  void ordered() { ordered_at_ = disturbed_at_ = scene_.now(); }

  // The gateway calls a client silent.
  void called_silent(ClientId client);
  // From time to time: whether something is late.
  void look(const core::State& state);

 private:
  void look_at(const core::Client& client);
  void look_at(const core::State& state, const core::Alert& alert);
  [[nodiscard]] bool is_waiting(const core::State& state, const core::Alert& alert) const;

  Scene& scene_;
  const Ledger& ledger_;
  bool is_listening_ = false;
  Steady listening_since_;
  Steady disturbed_at_;
  Steady ordered_at_;
  std::map<ClientId, Steady> heard_at_;
  std::map<AlertId, Steady> counted_from_;  // of those that are held
};

}  // namespace vaultbell::simulation
