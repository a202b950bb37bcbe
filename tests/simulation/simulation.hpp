// Simulation: one run of the simulated world, from a seed.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "tests/simulation/scene.hpp"

namespace vaultbell::simulation {

struct Run {
  std::uint64_t seed = 0;
  int days = 30;
  std::optional<Canary> canary;
  bool is_aloud = false;
};

struct Outcome {
  std::optional<Fault> fault;
  std::deque<std::string> last_events;
  std::string figures;
};

Outcome play(const Run& run);

}  // namespace vaultbell::simulation
