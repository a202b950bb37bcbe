#include <map>

#include "aggregator/api/in_json.hpp"
#include "aggregator/api/lists.hpp"
#include "aggregator/api/timings.hpp"
#include "aggregator/api/views.hpp"

namespace vaultbell::api {

namespace {

using storage::Order;

using ClientsByVault = std::map<VaultId, std::map<core::ClientState, std::uint64_t>>;

Result<ClientsByVault> count_clients(const Scene& scene) {
  ClientsByVault counts;
  const auto seen = scene.snapshot.each<core::Client>(Order::ascending, std::nullopt,
                                                      [&](const core::Client& client) {
                                                        ++counts[client.vault][client.state];
                                                        return true;
                                                      });
  if (!seen) return fail(seen.error());
  return counts;
}

Json vault_in_full(const Scene& scene, const core::Vault& vault, ClientsByVault& counts) {
  auto json = view_of(vault, scene.rows);
  json["policy"] = in_json(vault.policy.mode);
  json["timing"] = view_of(core::resolve(scene.facts.settings.timing, vault.timing, {}));
  Json clients = Json::object();
  for (const auto& entry : kEnumText<core::ClientState>) {
    clients[std::string(entry.text)] = counts[vault.id][entry.value];
  }
  json["clients"] = std::move(clients);
  return json;
}

}  // namespace

Result<Answer> list_vaults(const Scene& scene, Asked& asked) {
  auto counts = count_clients(scene);
  if (!counts) return fail(counts.error());
  return page_of<core::Vault>(
      scene, asked.query, oldest_first(), passes_all<core::Vault>,
      [&](const core::Vault& vault) { return vault_in_full(scene, vault, *counts); });
}

Result<Answer> show_vault(const Scene& scene, Asked& asked) {
  const auto vault = vault_named(scene, asked.names[0]);
  if (!vault) return fail(vault.error());
  auto counts = count_clients(scene);
  if (!counts) return fail(counts.error());
  return Answer(vault_in_full(scene, *vault, *counts));
}

Result<Answer> create_vault(const Scene&, Asked& asked) {
  auto& body = asked.body;
  core::CreateVault vault{.name = body.required_text("name")};
  vault.policy.mode = body.choice<core::PolicyMode>("policy").value_or(vault.policy.mode);
  vault.timing = timing_in(body);
  return Answer(OrderAsked{vault, {}});
}

Result<Answer> edit_vault(const Scene& scene, Asked& asked) {
  const auto vault = vault_named(scene, asked.names[0]);
  if (!vault) return fail(vault.error());
  auto& body = asked.body;
  core::EditVault edit{vault->id, timing_edit_in(body), {}};
  if (const auto outcome = body.choice<Outcome>("warning_counts_as")) {
    edit.warning_counts_as = *outcome;
  } else if (body.is_null("warning_counts_as")) {
    edit.warning_counts_as = core::Edit<Outcome>::inherited();
  }
  return Answer(OrderAsked{edit, {}});
}

Result<Answer> rename_vault(const Scene& scene, Asked& asked) {
  const auto vault = vault_named(scene, asked.names[0]);
  if (!vault) return fail(vault.error());
  return Answer(OrderAsked{core::RenameVault{vault->id, asked.body.required_text("name")}, {}});
}

Result<Answer> delete_vault(const Scene& scene, Asked& asked) {
  const auto vault = vault_named(scene, asked.names[0]);
  if (!vault) return fail(vault.error());
  return Answer(OrderAsked{core::DeleteVault{vault->id}, {}});
}

}  // namespace vaultbell::api
