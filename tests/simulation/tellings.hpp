// Tellings: whether each alert tells those whom it should when it is due, neither before nor in a
// window, and whether in the end each of them has heard of it, and of its end (R4.5, R4.7, R4.12,
// R6.1 to R6.5, R7.3).
#pragma once

#include <map>
#include <set>

#include "aggregator/core/change.hpp"
#include "tests/simulation/ledger.hpp"
#include "tests/simulation/mailbag.hpp"
#include "tests/simulation/scene.hpp"

namespace vaultbell::storage {
class Store;
}

namespace vaultbell::simulation {

class Tellings {
 public:
  Tellings(Scene& scene, const Ledger& ledger, const Mailbag& mailbag)
      : scene_(scene), ledger_(ledger), mailbag_(mailbag) {}

  // The clocks as the main loop read them when it decided.
  void turn_begins();
  // What one turn has made durable.
  void committed(const core::WriteSet& changes);
  // Somebody ordered that it be told whatever holds it, or that it begin anew.
  void hurried(AlertId alert) { hurried_.insert(alert); }

  // At the end, with what the store says became of each message.
  void finish(const storage::Store& store);

  [[nodiscard]] std::size_t count() const { return owed_.size(); }

 private:
  // An alert as it was last made durable, and when this began to be counted.
  struct Followed {
    core::Alert alert;
    Steady held_from;
  };
  using Ended = std::map<std::pair<core::AddressKey, AlertId>, std::set<core::NotificationState>>;

  void follow(const core::Alert& alert, const Ledger::Places& told);
  void check_decision(const core::Alert& alert, const Followed* before, const Ledger::Places& told);
  void check_time(const core::Alert& alert, const Followed& before);
  void finish_raise(const core::Alert& alert, const core::AddressKey& place, const Ended& ended);
  void finish_recovery(const core::Alert& alert, const core::AddressKey& place, const Ended& ended);

  Scene& scene_;
  const Ledger& ledger_;
  const Mailbag& mailbag_;
  Steady turn_at_;
  Instant turn_wall_;
  std::map<AlertId, Followed> followed_;
  std::map<AlertId, Ledger::Places> owed_;
  std::set<AlertId> hurried_;
};

}  // namespace vaultbell::simulation
