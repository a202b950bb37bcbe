#include <map>

#include "aggregator/api/alerts.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/lists.hpp"
#include "aggregator/api/timings.hpp"
#include "aggregator/api/views.hpp"

namespace vaultbell::api {

namespace {

using storage::Order;
using storage::TableNumber;

constexpr std::size_t kAlertsInClientMax =
    100;  // a client's own; the rest is in the list of alerts

using AlertsByClient = std::map<ClientId, std::uint64_t>;

Result<AlertsByClient> count_active_alerts(const Scene& scene) {
  AlertsByClient counts;
  const auto seen =
      scene.snapshot.each_in<core::Alert>(TableNumber::active_alerts, {}, Order::ascending,
                                          std::nullopt, [&](const core::Alert& alert) {
                                            ++counts[alert.client];
                                            return true;
                                          });
  if (!seen) return fail(seen.error());
  return counts;
}

Json client_in_full(const Scene& scene, const core::Client& client, std::uint64_t alerts) {
  auto json = view_of(client, scene.rows);
  const auto policies = policies_of(scene, client.vault, client.id);
  const auto in_force = core::in_force(policies.vault, policies.client);
  json["policy"] = in_json(in_force.policy->mode);
  json["policy_of"] = in_json(in_force.level);
  json["timing"] = view_of(timing_of(scene, client));
  json["last_heard"] = in_json(last_heard(scene, client.id));
  json["active_alerts"] = alerts;
  return json;
}

}  // namespace

Result<Answer> list_clients(const Scene& scene, Asked& asked) {
  auto alerts = count_active_alerts(scene);
  if (!alerts) return fail(alerts.error());
  const auto vault = vault_filter(scene, asked.query);
  const auto state = asked.query.choice<core::ClientState>("state");
  const auto passes = [&](const core::Client& client) {
    const bool is_in_service = client.state != core::ClientState::retired;
    return is_wanted(vault, client.vault) && (state ? client.state == *state : is_in_service);
  };
  const auto show = [&](const core::Client& client) {
    return client_in_full(scene, client, (*alerts)[client.id]);
  };
  return page_of<core::Client>(scene, asked.query, oldest_first(), passes, show);
}

Result<Answer> show_client(const Scene& scene, Asked& asked) {
  const auto client = client_named(scene, asked.names[0]);
  if (!client) return fail(client.error());
  Json alerts = Json::array();
  Status failed;
  std::uint64_t count = 0;
  const auto seen =
      scene.snapshot.each_in<core::Alert>(TableNumber::active_alerts, {}, Order::descending,
                                          std::nullopt, [&](const core::Alert& alert) {
                                            if (alert.client != client->id) return true;
                                            if (++count > kAlertsInClientMax) return true;
                                            auto json = alert_in_full(scene, alert);
                                            if (!json) failed = fail(json.error());
                                            if (json) alerts.push_back(std::move(*json));
                                            return failed.has_value();
                                          });
  if (!seen) return fail(seen.error());
  if (!failed) return fail(failed.error());
  auto json = client_in_full(scene, *client, count);
  json["alerts"] = std::move(alerts);
  return Answer(std::move(json));
}

Result<Answer> edit_client(const Scene& scene, Asked& asked) {
  const auto client = client_named(scene, asked.names[0]);
  if (!client) return fail(client.error());
  return Answer(OrderAsked{core::EditClient{client->id, timing_edit_in(asked.body)}, {}});
}

Result<Answer> retire_client(const Scene& scene, Asked& asked) {
  const auto client = client_named(scene, asked.names[0]);
  if (!client) return fail(client.error());
  return Answer(OrderAsked{core::RetireClient{client->id}, {}});
}

Result<Answer> move_client(const Scene& scene, Asked& asked) {
  const auto client = client_named(scene, asked.names[0]);
  if (!client) return fail(client.error());
  const auto name = asked.body.required_text("vault");
  if (auto ok = asked.body.finish(); !ok) return fail(ok.error());
  const auto vault = vault_named(scene, name);
  if (!vault) return fail(vault.error());
  return Answer(OrderAsked{core::MoveClient{client->id, vault->id}, {}});
}

Result<Answer> rename_client(const Scene& scene, Asked& asked) {
  const auto client = client_named(scene, asked.names[0]);
  if (!client) return fail(client.error());
  return Answer(OrderAsked{core::RenameClient{client->id, asked.body.required_text("name")}, {}});
}

}  // namespace vaultbell::api
