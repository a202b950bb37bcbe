#include "tests/simulation/ledger.hpp"

#include <algorithm>

#include "aggregator/core/alerts.hpp"

namespace vaultbell::simulation {

namespace {

const core::Policy kOfNoVault;
const core::Policy kOfNoClient{.mode = core::PolicyMode::same_as_vault};

template <class R>
void keep(core::Table<R>& table, const core::Row& row) {
  if (const auto* found = std::get_if<R>(&row)) table[found->key()] = *found;
}

template <class R>
void drop(core::Table<R>& table, const core::ErasedKey& key) {
  if (const auto* found = std::get_if<typename R::Key>(&key)) table.erase(*found);
}

}  // namespace

void Ledger::read(const core::State& state, const core::Settings& settings) {
  settings_ = {settings};
  vaults_ = state.vaults;
  clients_ = state.clients;
  contacts_ = state.contacts;
  groups_ = state.groups;
  addresses_ = state.addresses;
  windows_ = state.maintenances;
  ordered_.clear();
}

void Ledger::committed(const core::Change& change) {
  if (const auto* put = std::get_if<core::Put>(&change)) {
    keep(vaults_, put->row);
    keep(clients_, put->row);
    keep(contacts_, put->row);
    keep(groups_, put->row);
    keep(addresses_, put->row);
  }
  if (const auto* erase = std::get_if<core::Erase>(&change)) {
    drop(contacts_, erase->key);
    drop(groups_, erase->key);
    drop(addresses_, erase->key);
  }
}

void Ledger::policy_sent(const core::SetPolicy& order) {
  if (!order.policy.tells_recovery) keeps_recoveries_.insert(order.holder);
  auto& known = ordered_[order.holder];
  if (known.empty()) {
    const auto vault = vaults_.find(order.holder.vault);
    const auto client = clients_.find(order.holder.client);
    if (vault != vaults_.end()) known.push_back(vault->second.policy);
    if (client != clients_.end()) known.push_back(client->second.policy);
  }
  known.push_back(order.policy);
}

void Ledger::policy_answered(const core::SetPolicy& order, bool is_done) {
  auto& known = ordered_[order.holder];
  if (is_done) {
    known = {order.policy};
  } else {
    std::erase(known, order.policy);
  }
}

void Ledger::end_windows(Instant wall) {
  std::erase_if(windows_, [&](const auto& entry) { return entry.second.until <= wall; });
}

std::vector<const core::Policy*> Ledger::policies_of(const core::PolicyHolder& holder,
                                                     const core::Policy& stored) const {
  const auto found = ordered_.find(holder);
  if (found == ordered_.end() || found->second.empty()) return {&stored};
  std::vector<const core::Policy*> policies;
  for (const auto& policy : found->second) policies.push_back(&policy);
  return policies;
}

std::vector<Ledger::Case> Ledger::cases_of(const core::Alert& alert) const {
  const auto client = clients_.find(alert.client);
  const bool has_client = client != clients_.end();
  const auto vault = vaults_.find(has_client ? client->second.vault : alert.vault);
  const auto& of_vault = vault == vaults_.end() ? kOfNoVault : vault->second.policy;
  const auto& of_client = has_client ? client->second.policy : kOfNoClient;
  const auto vault_id = vault == vaults_.end() ? VaultId{} : vault->first;
  std::vector<Case> cases;
  for (const auto& settings : settings_) {
    for (const auto* first : policies_of({.vault = vault_id, .client = {}}, of_vault)) {
      for (const auto* second : policies_of({.vault = {}, .client = alert.client}, of_client)) {
        cases.push_back({settings, *first, *second});
      }
    }
  }
  return cases;
}

Ledger::Places Ledger::owners(const core::Settings& settings) const {
  Places places;
  for (const auto& owner : settings.owners) places.insert({core::Channel::email, owner});
  return places;
}

void Ledger::add_contact(Places& places, ContactId id) const {
  const auto contact = contacts_.find(id);
  if (contact == contacts_.end()) return;
  for (const auto& channel : contact->second.channels) {
    for (const auto& text : {channel.address, channel.address_before}) {
      const auto address = addresses_.find({channel.channel, text});
      if (address == addresses_.end() || !address->second.verified_at) continue;
      places.insert(address->first);
      break;
    }
  }
}

void Ledger::add_people(Places& places, const core::Policy& policy) const {
  for (const auto id : policy.audience.contacts) add_contact(places, id);
  for (const auto id : policy.audience.groups) {
    const auto group = groups_.find(id);
    if (group == groups_.end()) continue;
    for (const auto member : group->second.members) add_contact(places, member);
  }
}

Ledger::Places Ledger::people_for(const core::Alert& alert, const Case& one) const {
  if (core::is_about_aggregator(alert.kind)) return owners(one.settings);
  const bool is_vaults = one.client.mode == core::PolicyMode::same_as_vault;
  const auto& policy = is_vaults ? one.vault : one.client;
  const bool is_off = policy.mode == core::PolicyMode::off;
  Places places;
  if (policy.mode == core::PolicyMode::custom) add_people(places, policy);
  if (alert.kind == core::AlertKind::backup_data_deleted) {  // R6.3
    if (is_off && one.settings.off_silences_destructive) return {};
    for (const auto& owner : owners(one.settings)) places.insert(owner);
    return places;
  }
  if (is_off || (policy.least_severity && alert.severity < *policy.least_severity)) return {};
  const bool is_named =
      policy.kinds.empty() || std::ranges::find(policy.kinds, alert.kind) != policy.kinds.end();
  if (!is_named) return {};
  return policy.mode == core::PolicyMode::default_recipients ? owners(one.settings) : places;
}

std::vector<Ledger::Places> Ledger::wanted(const core::Alert& alert) const {
  std::vector<Places> all;
  for (const auto& one : cases_of(alert)) all.push_back(people_for(alert, one));
  return all;
}

Ledger::Hold Ledger::hold_of(const core::Alert& alert) const {
  if (core::is_told_at_once(alert.kind)) return {};
  Hold hold{.least = Duration::max(), .most = Duration::zero()};
  for (const auto& one : cases_of(alert)) {
    const auto after = core::notify_after(one.settings, one.vault, one.client, alert.kind);
    hold.least = std::min(hold.least, after);
    hold.most = std::max(hold.most, after);
  }
  return hold;
}

core::ClientTiming Ledger::timing_of(ClientId id) const {
  const auto& client = clients_.at(id);
  return core::resolve(settings_.back().timing, vaults_.at(client.vault).timing, client.timing);
}

bool Ledger::is_covered(const core::Alert& alert, Instant wall) const {
  const auto client = clients_.find(alert.client);
  const auto vault = client == clients_.end() ? alert.vault : client->second.vault;
  return std::ranges::any_of(windows_, [&](const auto& entry) {
    const auto& window = entry.second;
    const auto& scope = window.scope;
    const bool is_about = (!scope.vault.is_set() || scope.vault == vault) &&
                          (!scope.client.is_set() || scope.client == alert.client) &&
                          !core::is_told_at_once(alert.kind);
    return is_about && wall >= window.from && wall < window.until.value_or(Instant::max());
  });
}

bool Ledger::does_tell_recovery(const core::Alert& alert) const {
  const auto client = clients_.find(alert.client);
  const auto vault = client == clients_.end() ? alert.vault : client->second.vault;
  return !keeps_recoveries_.contains({.vault = vault, .client = {}}) &&
         !keeps_recoveries_.contains({.vault = {}, .client = alert.client});
}

}  // namespace vaultbell::simulation
