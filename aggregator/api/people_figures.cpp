#include "aggregator/api/people_figures.hpp"

#include <algorithm>
#include <set>

#include "aggregator/api/explaining.hpp"
#include "aggregator/core/alerts.hpp"

namespace vaultbell::api {

namespace {

using storage::Order;

class People {
 public:
  People(const Scene& scene, Figures& figures) : scene_(scene), figures_(figures) {}

  // The policy of something with this name.
  void add(const std::string& name, const core::Policy& policy) {
    add(policy.audience);
    add(policy.escalation);
    constexpr auto kKind = core::AlertKind::backup_failed;
    const auto routing = routing_of(scene_, {.vault = policy}, kKind, core::severity_of(kKind));
    if (routing.reason == core::NotifyReason::nobody_reachable) figures_.untold.add(name);
    const bool is_in_place = std::ranges::any_of(routing.recipients, [](const auto& chosen) {
      return chosen.why == core::RecipientReason::owner_in_place;
    });
    if (is_in_place) figures_.in_place.add(name);
  }

  void finish() {
    const RowsDirectory directory(scene_.rows);
    for (const auto id : named_) {
      const auto contact = directory.contact(id);
      if (contact && !core::is_reachable(directory, *contact))
        figures_.unreached.add(contact->name);
    }
  }

 private:
  void add(const core::Audience& audience) {
    named_.insert(audience.contacts.begin(), audience.contacts.end());
    for (const auto id : audience.groups) {
      const auto* group = scene_.rows.find<core::Group>(id);
      if (group != nullptr) named_.insert(group->members.begin(), group->members.end());
    }
  }

  const Scene& scene_;
  Figures& figures_;
  std::set<ContactId> named_;
};

}  // namespace

Status count_people(const Scene& scene, Figures& figures) {
  People people(scene, figures);
  const auto vaults = scene.snapshot.each<core::Vault>(Order::ascending, std::nullopt,
                                                       [&](const core::Vault& vault) {
                                                         people.add(vault.name, vault.policy);
                                                         return true;
                                                       });
  if (!vaults) return vaults;
  const auto clients = scene.snapshot.each<core::Client>(
      Order::ascending, std::nullopt, [&](const core::Client& client) {
        const bool has_own = client.state != core::ClientState::retired &&
                             client.policy.mode != core::PolicyMode::same_as_vault;
        if (has_own) people.add(client.name, client.policy);
        return true;
      });
  people.finish();
  return clients;
}

}  // namespace vaultbell::api
