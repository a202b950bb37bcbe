// Ledger: what administrators know of the configuration: whom they ordered to be told, and when.
// Says who should hear of an alert, by rules of its own (section 6 of docs/domain.md).
//
// An order that was sent and not answered yet may count or not: then both are right.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "aggregator/core/command.hpp"
#include "aggregator/core/state.hpp"

namespace vaultbell::simulation {

class Ledger {
 public:
  // ---- what happens

  // Everything but the settings is looked up again; what was never answered is known now.
  void read(const core::State& state, const core::Settings& settings);
  void committed(const core::Change& change);
  void settings_sent(const core::Settings& settings) { settings_.push_back(settings); }
  void settings_taken() { settings_ = {settings_.back()}; }
  void policy_sent(const core::SetPolicy& order);
  void policy_answered(const core::SetPolicy& order, bool is_done);
  void window_begins(const core::Maintenance& window) { windows_[window.id] = window; }
  void window_may_end(MaintenanceId window) { windows_.erase(window); }
  // What is over by now stays over, whatever the clock says later.
  void end_windows(Instant wall);

  // ---- what follows

  using Places = std::set<core::AddressKey>;
  // Whom the alert should tell when it is due now: one of these.
  [[nodiscard]] std::vector<Places> wanted(const core::Alert& alert) const;
  // How long an alert of this kind is held, at least and at most.
  struct Hold {
    Duration least{};
    Duration most{};
  };
  [[nodiscard]] Hold hold_of(const core::Alert& alert) const;
  [[nodiscard]] core::ClientTiming timing_of(ClientId client) const;
  // Whether a window that administrators know of stands against telling of it.
  [[nodiscard]] bool is_covered(const core::Alert& alert, Instant wall) const;
  // Whether somebody may not hear of recoveries, as ordered.
  [[nodiscard]] bool does_tell_recovery(const core::Alert& alert) const;

  [[nodiscard]] const core::Table<core::Vault>& vaults() const { return vaults_; }
  [[nodiscard]] const core::Table<core::Client>& clients() const { return clients_; }
  [[nodiscard]] const core::Table<core::Contact>& contacts() const { return contacts_; }
  [[nodiscard]] const core::Table<core::Group>& groups() const { return groups_; }
  [[nodiscard]] const std::map<MaintenanceId, core::Maintenance>& windows() const {
    return windows_;
  }

 private:
  struct Case {
    const core::Settings& settings;
    const core::Policy& vault;
    const core::Policy& client;
  };
  [[nodiscard]] std::vector<Case> cases_of(const core::Alert& alert) const;
  [[nodiscard]] std::vector<const core::Policy*> policies_of(const core::PolicyHolder& holder,
                                                             const core::Policy& stored) const;
  [[nodiscard]] Places owners(const core::Settings& settings) const;
  void add_contact(Places& places, ContactId id) const;
  void add_people(Places& places, const core::Policy& policy) const;
  [[nodiscard]] Places people_for(const core::Alert& alert, const Case& one) const;

  std::vector<core::Settings> settings_;
  core::Table<core::Vault> vaults_;
  core::Table<core::Client> clients_;
  core::Table<core::Contact> contacts_;
  core::Table<core::Group> groups_;
  core::Table<core::Address> addresses_;
  std::map<core::PolicyHolder, std::vector<core::Policy>> ordered_;
  std::map<MaintenanceId, core::Maintenance> windows_;
  std::set<core::PolicyHolder> keeps_recoveries_;  // whose policy ever did not tell of them
};

}  // namespace vaultbell::simulation
