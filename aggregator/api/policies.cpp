#include <algorithm>
#include <set>

#include "aggregator/api/explaining.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/lists.hpp"
#include "aggregator/api/named.hpp"
#include "aggregator/api/views.hpp"
#include "aggregator/core/alerts.hpp"

// Policies: setting them, and who would be told by them (section 6 of docs/domain.md).

namespace vaultbell::api {

namespace {

using storage::Order;

std::vector<core::AlertKind> kinds_in(Fields& body) {
  std::vector<core::AlertKind> kinds;
  for (const auto& word : body.texts("kinds").value_or(Fields::Texts())) {
    if (const auto kind = body.word_of<core::AlertKind>("kind", word)) kinds.push_back(*kind);
  }
  std::ranges::sort(kinds);
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return kinds;
}

std::vector<core::KindHold> holds_in(Fields& body) {
  constexpr std::string_view kField = "notify_after_by_kind";
  std::vector<core::KindHold> holds;
  for (const auto& [word, written] : body.text_by_name(kField).value_or(Fields::TextByName())) {
    const auto kind = body.word_of<core::AlertKind>("kind", word);
    const auto hold = parse_duration(written);
    if (!hold) body.complain(kField, hold.error().message);
    if (kind && hold) holds.push_back({*kind, *hold});
  }
  std::ranges::sort(holds, {}, &core::KindHold::kind);
  return holds;
}

std::optional<core::QuietHours> quiet_in(Fields& body) {
  const auto hours = body.text("quiet_hours");
  const auto zone = body.text("quiet_zone");
  const auto do_critical_pass = body.boolean("do_critical_pass");
  if (!hours) {
    if (zone) body.complain("quiet_zone", "it needs quiet_hours beside it");
    if (do_critical_pass) body.complain("do_critical_pass", "it needs quiet_hours beside it");
    return std::nullopt;
  }
  const auto parsed = parse_daily_hours(*hours);
  if (!parsed) return body.complain("quiet_hours", parsed.error().message);
  return core::QuietHours{*parsed, zone.value_or("UTC"), do_critical_pass.value_or(true)};
}

// All of it: what is left out is as usual.
core::Policy policy_in(const Scene& scene, Fields& body) {
  const auto mode = body.choice<core::PolicyMode>("mode");
  body.required_text("mode");
  return {.mode = mode.value_or(core::PolicyMode::default_recipients),
          .audience = {contacts_in(scene, body, "contacts"), groups_in(scene, body, "groups")},
          .least_severity = body.choice<core::Severity>("least_severity"),
          .kinds = kinds_in(body),
          .notify_after = body.duration("notify_after"),
          .notify_after_by_kind = holds_in(body),
          .frequency = body.choice<core::Frequency>("frequency"),
          .tells_recovery = body.boolean("tells_recovery").value_or(true),
          .remind_every = body.duration("remind_every"),
          .escalate_after = body.duration("escalate_after"),
          .escalation = {contacts_in(scene, body, "escalation_contacts"),
                         groups_in(scene, body, "escalation_groups")},
          .quiet = quiet_in(body)};
}

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
    recipients.push_back(chosen.recipient.address);
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
    std::set<VaultId> with_clients;
    const auto clients = scene_.snapshot.each<core::Client>(
        Order::ascending, std::nullopt, [&](const core::Client& client) {
          if (client.state == core::ClientState::retired) return true;
          with_clients.insert(client.vault);
          const bool is_on_page = goes_on && (!after || client.id > *after);
          if (is_on_page) goes_on = add(client);
          return true;
        });
    if (!clients) return fail(clients.error());
    const auto vaults = scene_.snapshot.each<core::Vault>(
        Order::ascending, std::nullopt, [&](const core::Vault& vault) {
          const auto number = kVaultsFrom + vault.id.value;
          const bool is_on_page = goes_on && (!after || number > after->value);
          if (is_on_page && !with_clients.contains(vault.id)) goes_on = add(vault, number);
          return goes_on;
        });
    if (!vaults) return fail(vaults.error());
    return Answer(page_.finish());
  }

 private:
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
