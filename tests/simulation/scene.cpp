#include "tests/simulation/scene.hpp"

#include <utility>

namespace vaultbell::simulation {

Scene::Scene(Options drawn)
    : clock(kBegin, kSteadyBegin), agenda(clock), options(std::move(drawn)) {}

void Scene::tell(const std::string& text) {
  if (!is_aloud) return;
  last_events_.push_back(to_iso(wall()) + "  " + text);
  if (last_events_.size() > kEventsKept) last_events_.pop_front();
}

void Scene::fail(const std::string& sentence) {
  if (fault_) return;
  fault_ = Fault{wall(), sentence};
  tell("FAULT: " + sentence);
}

}  // namespace vaultbell::simulation
