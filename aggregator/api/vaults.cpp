#include <map>

#include "aggregator/api/in_json.hpp"
#include "aggregator/api/lists.hpp"
#include "aggregator/api/timings.hpp"
#include "aggregator/api/views.hpp"

namespace vaultbell::api {

namespace {

// By the index of their states: no client's row is read.
Result<Json> count_clients(const Scene& scene, VaultId vault) {
  std::map<std::uint8_t, std::uint64_t> counts;
  const auto seen = scene.snapshot.each_place(
      vault, std::nullopt, [&](const storage::ClientPlace& place, std::string_view) {
        ++counts[place.rank];
        return true;
      });
  if (!seen) return fail(seen.error());
  Json json = Json::object();
  for (const auto& [state, word] : kEnumText<core::ClientState>) {
    json[std::string(word)] = counts[storage::rank_of(state)];
  }
  return json;
}

Result<Json> vault_in_full(const Scene& scene, const core::Vault& vault) {
  auto clients = count_clients(scene, vault.id);
  if (!clients) return clients;
  auto json = view_of(vault, scene.rows);
  json["policy"] = in_json(vault.policy.mode);
  json["timing"] = view_of(core::resolve(scene.facts.settings.timing, vault.timing, {}));
  json["clients"] = std::move(*clients);
  return json;
}

}  // namespace

Result<Answer> list_vaults(const Scene& scene, Asked& asked) {
  Status failed;
  auto page = page_of<core::Vault>(scene, asked.query, oldest_first(), passes_all<core::Vault>,
                                   [&](const core::Vault& vault) {
                                     auto json = vault_in_full(scene, vault);
                                     if (!json) failed = fail(json.error());
                                     return json ? std::move(*json) : Json();
                                   });
  if (!failed) return fail(failed.error());
  return page;
}

Result<Answer> show_vault(const Scene& scene, Asked& asked) {
  const auto vault = vault_named(scene, asked.names[0]);
  if (!vault) return fail(vault.error());
  auto json = vault_in_full(scene, *vault);
  if (!json) return fail(json.error());
  return Answer(std::move(*json));
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
