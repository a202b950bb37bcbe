#include "aggregator/api/answers.hpp"
#include "aggregator/api/explaining.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/policy_fields.hpp"
#include "aggregator/api/views.hpp"
#include "aggregator/core/alerts.hpp"
#include "aggregator/wording/sentences.hpp"

// Who would be told, kind by kind: by the policy that is there, or by one that somebody thinks of.

namespace vaultbell::api {

namespace {

using WantedKind = std::optional<core::AlertKind>;

Json recipients_of(const core::Routing& routing) {
  Json recipients = Json::array();
  for (const auto& chosen : routing.recipients) {
    auto& json = recipients.emplace_back(view_of(chosen.recipient));
    json["why"] = in_json(chosen.why);
    json["why_sentence"] = wording::sentence(chosen.why);
  }
  return recipients;
}

// Who would be told of an alert of this kind about a client.
Json explain_kind(const Scene& scene, const Policies& policies, core::AlertKind kind) {
  const auto routing = routing_of(scene, policies, kind, core::severity_of(kind));
  const auto hold = core::hold_of(scene.facts.settings, policies.vault, policies.client, kind);
  return {{"kind", in_json(kind)},
          {"severity", in_json(core::severity_of(kind))},
          {"notify_after", in_json(hold)},
          {"policy_of", in_json(routing.level)},
          {"reason", in_json(routing.reason)},
          {"reason_sentence", would_be(routing, hold)},
          {"recipients", recipients_of(routing)}};
}

// Of one kind, or of all. Without a client: of the vault's clients that have no policy of their
// own.
Json explanation_of(const Scene& scene, const Policies& policies, WantedKind wanted) {
  Json kinds = Json::array();
  for (const auto& entry : kEnumText<core::AlertKind>) {
    if (wanted.value_or(entry.value) != entry.value) continue;
    if (core::is_about_aggregator(entry.value)) continue;
    kinds.push_back(explain_kind(scene, policies, entry.value));
  }
  const auto in_force = core::in_force(policies.vault, policies.client);
  return {{"policy", in_json(in_force.policy->mode)},
          {"policy_of", in_json(in_force.level)},
          {"kinds", std::move(kinds)}};
}

// Whose alerts are explained, and the policies that count for them.
struct Explained {
  std::string vault;
  std::string client;  // empty: the policy would be the vault's
  Policies policies;
};

Result<Explained> explained_client(const Scene& scene, std::string_view name) {
  const auto client = client_named(scene, name);
  if (!client) return fail(client.error());
  return Explained{.vault = scene.rows.name_of(client->vault),
                   .client = client->name,
                   .policies = policies_of(scene, client->vault, client->id)};
}

Result<Explained> explained_vault(const Scene& scene, std::string_view name) {
  const auto vault = vault_named(scene, name);
  if (!vault) return fail(vault.error());
  return Explained{.vault = vault->name, .policies = policies_of(scene, vault->id, {})};
}

Result<Explained> explained_in(const Scene& scene, Fields& body) {
  const auto vault = body.text("vault");
  const auto client = body.text("client");
  if (vault.has_value() == client.has_value()) {
    return fail(ErrorCode::invalid, "either vault or client is needed: whose policy it would be");
  }
  return vault ? explained_vault(scene, *vault) : explained_client(scene, *client);
}

// The same refusals as of a policy that is really set.
Status consider(Explained& about, core::Policy policy) {
  const bool is_vaults = about.client.empty();
  const auto what = is_vaults ? "the policy of vault \"" + about.vault + "\""
                              : "the policy of client \"" + about.client + "\"";
  const auto level = is_vaults ? core::PolicyLevel::vault : core::PolicyLevel::client;
  if (auto ok = core::check_policy(policy, level, what); !ok) return ok;
  (is_vaults ? about.policies.vault : about.policies.client) = std::move(policy);
  return {};
}

}  // namespace

Result<Answer> explain_client(const Scene& scene, Asked& asked) {
  const auto about = explained_client(scene, asked.names[0]);
  if (!about) return fail(about.error());
  const auto wanted = asked.query.choice<core::AlertKind>("kind");
  auto json = explanation_of(scene, about->policies, wanted);
  json["client"] = about->client;
  json["vault"] = about->vault;
  return Answer(std::move(json));
}

Result<Answer> explain_policy(const Scene& scene, Asked& asked) {
  auto about = explained_in(scene, asked.body);
  if (!about) return fail(about.error());
  const auto wanted = asked.body.choice<core::AlertKind>("kind");
  auto policy = policy_in(scene, asked.body);
  if (auto ok = asked.body.finish(); !ok) return fail(ok.error());
  if (auto ok = consider(*about, std::move(policy)); !ok) return fail(ok.error());
  auto json = explanation_of(scene, about->policies, wanted);
  json["client"] = text_or_null(about->client);
  json["vault"] = about->vault;
  return Answer(std::move(json));
}

}  // namespace vaultbell::api
