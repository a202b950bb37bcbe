#include "aggregator/api/uses.hpp"

#include <nlohmann/json.hpp>

namespace vaultbell::api {

namespace {

using storage::Order;

template <class Id>
const std::vector<Use>& uses_in(const std::map<Id, std::vector<Use>>& uses, Id id) {
  static const std::vector<Use> kNone;
  const auto found = uses.find(id);
  return found == uses.end() ? kNone : found->second;
}

}  // namespace

Json view_of(const Use& use) {
  return {{"what", use.what}, {"name", use.name}, {"as", use.as}};
}

Result<Uses> Uses::find(const Scene& scene) {
  Uses uses;
  const auto groups = scene.snapshot.each<core::Group>(Order::ascending, std::nullopt,
                                                       [&](const core::Group& group) {
                                                         uses.add(group);
                                                         return true;
                                                       });
  if (!groups) return fail(groups.error());
  const auto vaults = scene.snapshot.each<core::Vault>(
      Order::ascending, std::nullopt, [&](const core::Vault& vault) {
        uses.add(vault.policy, "vault", vault.name);
        return true;
      });
  if (!vaults) return fail(vaults.error());
  const auto clients = scene.snapshot.each<core::Client>(
      Order::ascending, std::nullopt, [&](const core::Client& client) {
        uses.add(client.policy, "client", client.name);
        return true;
      });
  if (!clients) return fail(clients.error());
  return uses;
}

const std::vector<Use>& Uses::of(ContactId contact) const {
  return uses_in(of_contacts_, contact);
}

const std::vector<Use>& Uses::of(GroupId group) const {
  return uses_in(of_groups_, group);
}

void Uses::add(const core::Group& group) {
  for (const auto member : group.members) {
    of_contacts_[member].push_back({"group", group.name, "member"});
  }
}

void Uses::add(const core::Policy& policy, std::string_view what, const std::string& name) {
  add(policy.audience, {std::string(what), name, "policy"});
  add(policy.escalation, {std::string(what), name, "escalation"});
}

void Uses::add(const core::Audience& audience, const Use& use) {
  for (const auto contact : audience.contacts) of_contacts_[contact].push_back(use);
  for (const auto group : audience.groups) of_groups_[group].push_back(use);
}

}  // namespace vaultbell::api
