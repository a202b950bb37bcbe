// Expectations: whether a job that is silent beyond its deadline has an alert, and one that is not
// has none (R4.6, R4.9 to R4.11). Counts from when hosts made their reports.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "aggregator/core/change.hpp"
#include "aggregator/core/state.hpp"
#include "tests/simulation/bookings.hpp"
#include "tests/simulation/scene.hpp"

namespace vaultbell::simulation {

class Expectations {
 public:
  Expectations(Scene& scene, const Bookings& bookings) : scene_(scene), bookings_(bookings) {}

  void committed(const core::Put& put);
  // Clients could not speak, or the clock was stepped: what was counted before is worth nothing.
  void disturbed() { disturbed_at_ = scene_.now(); }

  // From time to time, while the aggregator listens: whether something is late.
  void look(const core::State& state);

 private:
  struct Followed {
    core::Job job;
    Steady set_at;      // when what is expected was changed
    Steady overdue_at;  // when an alert said so: from there it counts on
    std::optional<Steady> started_at;
    std::optional<Steady> good_at;
  };

  void follow(const core::Job& job);
  void follow(const core::Run& run);
  void check_alert(const core::Alert& alert);
  void look_at(const core::State& state, const Followed& followed);

  Scene& scene_;
  const Bookings& bookings_;
  Steady disturbed_at_;
  std::map<JobId, Followed> jobs_;
  std::set<AlertId> known_alerts_;
};

}  // namespace vaultbell::simulation
