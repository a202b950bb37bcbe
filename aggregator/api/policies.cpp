#include "aggregator/api/explaining.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/lists.hpp"
#include "aggregator/api/policy_fields.hpp"
#include "aggregator/api/views.hpp"
#include "aggregator/core/alerts.hpp"
#include "aggregator/core/shown_address.hpp"

// Policies: setting them, and who would be told by them (section 6 of docs/domain.md).

namespace vaultbell::api {

namespace {

using storage::Order;

// Who would be told of a failed backup.
struct Effect {
  core::PolicyInForce in_force;
  core::Routing routing;
};

Effect effect_of(const Scene& scene, const Policies& policies) {
  constexpr auto kKind = core::AlertKind::backup_failed;
  return {core::in_force(policies.vault, policies.client),
          routing_of(scene, policies, kKind, core::severity_of(kKind))};
}

Json in_effect(const Scene& scene, const Policies& policies, const Effect& effect) {
  constexpr auto kKind = core::AlertKind::backup_failed;
  const auto hold = core::hold_of(scene.facts.settings, policies.vault, policies.client, kKind);
  Json recipients = Json::array();
  for (const auto& chosen : effect.routing.recipients) {
    recipients.push_back(core::shown_address(chosen.recipient.place()));
  }
  return {{"policy_of", in_json(effect.in_force.level)},
          {"mode", in_json(effect.in_force.policy->mode)},
          {"recipients", std::move(recipients)},
          {"reason", in_json(effect.routing.reason)},
          {"reason_sentence", would_be(effect.routing, hold)}};
}

// Where vaults stand in the cursor's numbers: behind all clients.
constexpr std::uint64_t kVaultsFrom = std::uint64_t{1} << 62U;

// One list of policies in the making.
class PolicyList {
 public:
  PolicyList(const Scene& scene, Fields& query)
      : scene_(scene),
        vault_(vault_filter(scene, query)),
        is_about_nobody_(query.boolean("nobody").value_or(false)),
        page_(query) {}

  Result<Answer> finish() {
    const auto after = page_.after<ClientId>();
    bool goes_on = true;
    const auto clients = scene_.snapshot.each<core::Client>(
        Order::ascending, after, [&](const core::Client& client) {
          if (client.state != core::ClientState::retired) goes_on = add(client);
          return goes_on;
        });
    if (!clients) return fail(clients.error());
    if (!goes_on) return Answer(page_.finish());
    Status failed;
    const auto vaults = scene_.snapshot.each<core::Vault>(
        Order::ascending, std::nullopt, [&](const core::Vault& vault) {
          const auto number = kVaultsFrom + vault.id.value;
          if (after && number <= after->value) return true;
          const auto is_empty = has_nobody_in_service(vault.id);
          if (!is_empty) failed = fail(is_empty.error());
          return is_empty && (!*is_empty || add(vault, number));
        });
    if (!vaults) return fail(vaults.error());
    if (!failed) return fail(failed.error());
    return Answer(page_.finish());
  }

 private:
  // Those that are retired stand last: the first one tells.
  [[nodiscard]] Result<bool> has_nobody_in_service(VaultId vault) const {
    bool is_empty = true;
    const auto seen = scene_.snapshot.each_place(
        vault, std::nullopt, [&](const storage::ClientPlace& place, std::string_view) {
          is_empty = place.rank == storage::rank_of(core::ClientState::retired);
          return false;
        });
    if (!seen) return fail(seen.error());
    return is_empty;
  }

  bool add(const core::Client& client) {
    return add(client.id.value, client.vault, client.id, client.name);
  }
  bool add(const core::Vault& vault, std::uint64_t number) {
    return add(number, vault.id, {}, std::string());
  }
  bool add(std::uint64_t number, VaultId vault, ClientId client, const std::string& name) {
    const auto policies = policies_of(scene_, vault, client);
    const auto effect = effect_of(scene_, policies);
    const bool passes =
        is_wanted(vault_, vault) && (!is_about_nobody_ || effect.routing.recipients.empty());
    return page_.add(number, passes, [&] {
      auto json = in_effect(scene_, policies, effect);
      json["client"] = text_or_null(name);
      json["vault"] = scene_.rows.name_of(vault);
      return json;
    });
  }

  const Scene& scene_;
  std::optional<VaultId> vault_;
  bool is_about_nobody_;
  Page page_;
};

}  // namespace

Result<Answer> list_policies(const Scene& scene, Asked& asked) {
  PolicyList list(scene, asked.query);
  if (auto ok = asked.query.finish(); !ok) return fail(ok.error());
  return list.finish();
}

Result<Answer> show_vault_policy(const Scene& scene, Asked& asked) {
  const auto vault = vault_named(scene, asked.names[0]);
  if (!vault) return fail(vault.error());
  return Answer(view_of(vault->policy, scene.rows));
}

Result<Answer> show_client_policy(const Scene& scene, Asked& asked) {
  const auto client = client_named(scene, asked.names[0]);
  if (!client) return fail(client.error());
  return Answer(view_of(client->policy, scene.rows));
}

Result<Answer> set_vault_policy(const Scene& scene, Asked& asked) {
  const auto vault = vault_named(scene, asked.names[0]);
  if (!vault) return fail(vault.error());
  return Answer(OrderAsked{core::SetPolicy{{vault->id, {}}, policy_in(scene, asked.body)}, {}});
}

Result<Answer> set_client_policy(const Scene& scene, Asked& asked) {
  const auto client = client_named(scene, asked.names[0]);
  if (!client) return fail(client.error());
  return Answer(OrderAsked{core::SetPolicy{{{}, client->id}, policy_in(scene, asked.body)}, {}});
}

}  // namespace vaultbell::api
