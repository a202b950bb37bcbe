// Faults: what goes wrong in the world, and when: everything until the calm begins, nothing after.
#pragma once

#include <functional>
#include <vector>

#include "tests/simulation/random.hpp"
#include "tests/simulation/scene.hpp"

namespace vaultbell::simulation {

class Aggregator;
class Host;
class Network;
class Receivers;

class Faults {
 public:
  // All of them outlive the faults.
  struct Victims {
    Aggregator& aggregator;
    Network& network;
    Receivers& receivers;
    std::vector<Host*> hosts;
  };
  Faults(Scene& scene, Victims victims);

  // Puts them all on the agenda, and the end of those that last into the calm.
  void begin();

 private:
  void every(Duration mean, std::function<void()> what);
  Duration lasting(Duration longest);

  void step_clock();
  void cut_many();
  void stop_agent();
  void crash_host();
  void upset_receiver();
  void make_well();

  Scene& scene_;
  Victims victims_;
  Random random_;
};

}  // namespace vaultbell::simulation
