#include "aggregator/core/vaults.hpp"

#include <algorithm>
#include <utility>

#include "aggregator/core/connections.hpp"
#include "aggregator/core/enrolment.hpp"
#include "aggregator/core/nights.hpp"
#include "aggregator/core/policy.hpp"
#include "aggregator/core/recipients.hpp"
#include "aggregator/core/refusals.hpp"
#include "shared/domain/name.hpp"

namespace vaultbell::core {

namespace {

constexpr std::size_t kVaultsMax = 10'000;
constexpr std::size_t kNamedMax = 5;  // what belongs to a vault: a sentence stays one

Status check_free(const State& state, const std::string& name) {
  if (auto ok = check_name("vault name", name); !ok) return ok;
  if (!state.vault_by_name.contains(name)) return {};
  return fail(ErrorCode::refused, "there is already a vault named \"" + name + "\"");
}

// What would be left without its vault, each named. Of retired clients, whose names may be somebody
// else's by now, the number.
std::vector<std::string> belongings_of(const Draft& draft, VaultId vault) {
  const auto& state = draft.before();
  std::vector<std::string> all;
  std::size_t retired = 0;
  for (const auto& [id, client] : state.clients) {
    if (client.vault != vault) continue;
    if (client.state == ClientState::retired) {
      ++retired;
    } else {
      all.push_back("client \"" + client.name + "\"");
    }
  }
  if (retired > 0) {
    all.push_back("the history of " + std::to_string(retired) +
                  (retired == 1 ? " retired client" : " retired clients"));
  }
  for (const auto& [id, token] : state.tokens) {
    const bool is_open = token.vault == vault && !refusal_of(token, draft.now());
    if (is_open) all.push_back("token " + std::to_string(id.value));
  }
  for (const auto& [id, host] : state.enrolments) {
    const auto token = state.tokens.find(host.token);
    const bool is_for_it = host.state == EnrolmentState::waiting && token != state.tokens.end() &&
                           token->second.vault == vault;
    if (is_for_it) all.push_back("the enrolment request of \"" + host.name + "\"");
  }
  for (const auto& [id, window] : state.maintenances) {
    if (window.scope.vault == vault) all.push_back("maintenance " + std::to_string(id.value));
  }
  for (const auto& [id, alert] : state.alerts) {
    if (alert.vault == vault) all.push_back("alert " + std::to_string(id.value));
  }
  return all;
}

std::string in_a_sentence(const std::vector<std::string>& all) {
  std::string text;
  for (std::size_t i = 0; i < std::min(all.size(), kNamedMax); ++i) {
    text += (i == 0 ? "" : ", ") + all[i];
  }
  if (all.size() > kNamedMax) text += " and " + std::to_string(all.size() - kNamedMax) + " more";
  return text;
}

}  // namespace

void overlay(TimingOverrides& timing, const TimingEdit& edit) {
  timing.heartbeat_every = edit.heartbeat_every.applied_to(timing.heartbeat_every);
  timing.disconnect_after = edit.disconnect_after.applied_to(timing.disconnect_after);
  timing.offline_grace = edit.offline_grace.applied_to(timing.offline_grace);
}

Result<std::string> create_vault(Draft& draft, const CreateVault& order) {
  if (auto ok = check_free(draft.before(), order.name); !ok) return fail(ok.error());
  if (draft.before().vaults.size() >= kVaultsMax) {
    return fail(ErrorCode::full, "there are already " + std::to_string(kVaultsMax) + " vaults");
  }
  const auto timing = inherit(draft.before().settings.timing, order.timing, {});
  if (auto ok = check_timing(timing); !ok) return fail(ok.error());
  const auto what = "the policy of vault \"" + order.name + "\"";
  if (auto ok = check_policy(order.policy, PolicyLevel::vault, what); !ok) {
    return fail(ok.error());
  }
  for (const auto* audience : {&order.policy.audience, &order.policy.escalation}) {
    if (auto ok = check_audience(draft, *audience, what); !ok) return fail(ok.error());
  }
  draft.put(Vault{.id = draft.next_vault(),
                  .name = order.name,
                  .policy = order.policy,
                  .timing = order.timing,
                  .created_at = draft.now()});
  return {};
}

Result<std::string> edit_vault(Draft& draft, const EditVault& order) {
  auto vault = draft.get<Vault>(order.vault);
  if (!vault) return there_is_no("vault", order.vault.value);
  const auto as_it_was = *vault;
  overlay(vault->timing, order.timing);
  vault->warning_counts_as = order.warning_counts_as.applied_to(vault->warning_counts_as);
  const auto timing = inherit(draft.before().settings.timing, vault->timing, {});
  if (auto ok = check_timing(timing); !ok) return fail(ok.error());
  if (auto ok = check_counts_as(vault->warning_counts_as); !ok) return fail(ok.error());
  if (*vault == as_it_was) return std::string("nothing to change");
  draft.put(*vault);
  retime(draft, draft.before().settings, vault->id, std::nullopt);
  return {};
}

Result<std::string> rename_vault(Draft& draft, const RenameVault& order) {
  auto vault = draft.get<Vault>(order.vault);
  if (!vault) return there_is_no("vault", order.vault.value);
  if (vault->name == order.name) return std::string("nothing to change");
  if (auto ok = check_free(draft.before(), order.name); !ok) return fail(ok.error());
  vault->name = order.name;
  draft.put(std::move(*vault));
  return std::string();
}

Result<std::string> delete_vault(Draft& draft, const DeleteVault& order) {
  const auto vault = draft.get<Vault>(order.vault);
  if (!vault) return there_is_no("vault", order.vault.value);
  if (const auto all = belongings_of(draft, vault->id); !all.empty()) {
    return fail(ErrorCode::refused, "vault \"" + vault->name + "\" is not empty: " +
                                        in_a_sentence(all) + "; move, revoke or end that first");
  }
  forget_nights(draft, vault->id);
  draft.erase(vault->key());
  return std::string();
}

}  // namespace vaultbell::core
