#include "aggregator/api/clients.hpp"

#include <algorithm>

#include "aggregator/api/alerts.hpp"
#include "aggregator/api/answers.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/timings.hpp"
#include "aggregator/api/views.hpp"

namespace vaultbell::api {

namespace {

using storage::Order;
using storage::TableNumber;

constexpr std::size_t kAlertsInClientMax =
    100;  // a client's own; the rest is in the list of alerts

}  // namespace

ClientJobs jobs_of(const Scene& scene, ClientId client) {
  ClientJobs jobs;
  scene.snapshot.each_name(
      TableNumber::job_by_client, client.value, [&](std::string_view, std::uint64_t number) {
        ++jobs.count;
        const auto* job = scene.rows.find<core::Job>({number});
        if (job == nullptr) return true;
        jobs.last_good_at = std::max(jobs.last_good_at, job->last_good_at);
        const bool is_later = jobs.last == nullptr || jobs.last->last_run_at < job->last_run_at;
        if (job->last_run.is_set() && is_later) jobs.last = job;
        return true;
      });
  return jobs;
}

bool is_outdated(const Scene& scene, const core::Client& client) {
  const auto& version = client.host.agent_version;
  return !version.empty() && version != scene.facts.version;
}

Json client_in_full(const Scene& scene, const core::Client& client, const ClientJobs& jobs) {
  auto json = view_of(client, scene.rows);
  const auto policies = policies_of(scene, client.vault, client.id);
  const auto in_force = core::in_force(policies.vault, policies.client);
  json["policy"] = in_json(in_force.policy->mode);
  json["policy_of"] = in_json(in_force.level);
  json["timing"] = view_of(timing_of(scene, client));
  json["last_heard"] = in_json(last_heard(scene, client.id));
  json["is_outdated"] = is_outdated(scene, client);
  json["active_alerts"] =
      scene.snapshot.count_in(TableNumber::active_alert_by_client, storage::key_bytes(client.id));
  const bool has_run = jobs.last != nullptr;
  json["last_job"] = has_run ? Json(jobs.last->name) : Json();
  json["last_run"] = has_run ? in_json(jobs.last->last_run) : Json();
  json["last_outcome"] = has_run ? in_json(jobs.last->last_outcome) : Json();
  json["last_run_at"] = has_run ? in_json(jobs.last->last_run_at) : Json();
  json["last_good_at"] = in_json(jobs.last_good_at);
  return json;
}

Result<core::Client> client_known_as(const Scene& scene, std::string_view name) {
  const auto retired =
      scene.snapshot.client_by_name(name) ? std::nullopt : scene.snapshot.retired_by_name(name);
  if (!retired) return client_named(scene, name);
  auto client = scene.snapshot.get<core::Client>(*retired);
  if (!client) return fail(client.error());
  if (!*client) return no_such("client", retired->value);
  return std::move(**client);
}

Result<Answer> show_client(const Scene& scene, Asked& asked) {
  const auto client = client_known_as(scene, asked.names[0]);
  if (!client) return fail(client.error());
  Json alerts = Json::array();
  Status failed;
  const auto seen = scene.snapshot.each_in<core::Alert>(
      TableNumber::active_alert_by_client, storage::key_bytes(client->id), Order::descending,
      std::nullopt, [&](const core::Alert& alert) {
        auto json = alert_in_full(scene, alert);
        if (!json) failed = fail(json.error());
        if (json) alerts.push_back(std::move(*json));
        return failed && alerts.size() < kAlertsInClientMax;
      });
  if (!seen) return fail(seen.error());
  if (!failed) return fail(failed.error());
  auto json = client_in_full(scene, *client, jobs_of(scene, client->id));
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
