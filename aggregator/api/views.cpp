#include "aggregator/api/views.hpp"

#include <fmt/format.h>

#include "aggregator/api/in_json.hpp"
#include "aggregator/api/reasons.hpp"
#include "aggregator/core/shown_address.hpp"
#include "shared/crypto/keys.hpp"

namespace vaultbell::api {

namespace {

Json json_of(const core::TimingOverrides& own) {
  return {{"heartbeat_every", in_json(own.heartbeat_every)},
          {"disconnect_after", in_json(own.disconnect_after)},
          {"offline_grace", in_json(own.offline_grace)}};
}

std::optional<Duration> duration_of(const RunReport& report) {
  if (!report.started_at || !report.ended_at) return std::nullopt;
  return *report.ended_at - *report.started_at;
}

}  // namespace

Json view_of(const core::ClientTiming& timing) {
  return {{"heartbeat_every", in_json(timing.heartbeat_every)},
          {"disconnect_after", in_json(timing.disconnect_after)},
          {"offline_grace", in_json(timing.offline_grace)}};
}

Json view_of(const core::Recipient& recipient) {
  return {{"name", recipient.name},
          {"channel", in_json(recipient.channel)},
          {"address", core::shown_address(recipient.place())}};
}

void put_host(Json& json, const core::HostFacts& host) {
  json["hostname"] = text_or_null(host.hostname);
  json["os"] = text_or_null(host.os);
  json["agent_version"] = text_or_null(host.agent_version);
  json["address"] = text_or_null(host.address);
}

Json view_of(const core::Vault& vault, Rows& rows) {
  return {{"id", vault.id.value},
          {"name", vault.name},
          {"own_policy", view_of(vault.policy, rows)},
          {"own_timing", json_of(vault.timing)},
          {"warning_counts_as", in_json(vault.warning_counts_as)},
          {"managed_by", text_or_null(vault.managed_by)},
          {"created_at", in_json(vault.created_at)},
          {"revision", vault.revision}};
}

Json view_of(const core::Client& client, Rows& rows) {
  Json json = {{"id", client.id.value},
               {"name", client.name},
               {"vault", rows.name_of(client.vault)},
               {"state", in_json(client.state)},
               {"state_since", in_json(client.state_since)},
               {"goodbye", in_json(client.goodbye)},
               {"own_policy", view_of(client.policy, rows)},
               {"own_timing", json_of(client.timing)}};
  put_host(json, client.host);
  json["clock_skew"] = in_json(client.clock_skew);
  json["fingerprint"] = crypto::fingerprint(client.public_key);
  json["managed_by"] = text_or_null(client.managed_by);
  json["created_at"] = in_json(client.created_at);
  json["revision"] = client.revision;
  json["passed_jobs"] = Json::array();
  for (const auto& job : client.passed_jobs) {
    json["passed_jobs"].push_back({{"name", job.name}, {"why", job.why}});
  }
  return json;
}

Json view_of(const JobSettings& settings) {
  const auto& schedule = settings.schedule;
  return {
      {"operation", in_json(settings.operation)},
      {"every", schedule ? in_json(schedule->every) : Json()},
      {"cron", schedule ? text_or_null(schedule->cron) : Json()},
      {"zone", schedule ? text_or_null(schedule->zone) : Json()},
      {"grace", schedule ? in_json(schedule->grace) : Json()},
      {"max_age", in_json(settings.max_age)},
      {"max_duration", in_json(settings.max_duration)},
      {"verify_every", in_json(settings.verify_every)},
      {"is_high_frequency", settings.is_high_frequency},
      {"tolerate_failures", settings.tolerate_failures},
      {"warning_counts_as", in_json(settings.warning_counts_as)},
      {"has_bands", settings.has_bands},
  };
}

// What the agent's configuration says otherwise than was set here.
std::string conflict_of(const core::Job& job) {
  if (!job.agent_settings) return {};
  const auto agents = view_of(*job.agent_settings);
  const auto ours = view_of(job.settings);
  const auto word = [](const Json& value) {
    if (value.is_null()) return std::string("not set");
    return value.is_string() ? value.get<std::string>() : value.dump();
  };
  std::string text;
  for (const auto& [name, here] : ours.items()) {
    if (here == agents[name]) continue;
    text += fmt::format("{}{} is {} here and {} in agent.toml", text.empty() ? "" : "; ", name,
                        word(here), word(agents[name]));
  }
  return text;
}

Json view_of(const core::Job& job, Rows& rows) {
  const bool has_run = job.last_run.is_set();
  return {{"id", job.id.value},
          {"client", rows.name_of(job.client)},
          {"name", job.name},
          {"tool", text_or_null(job.tool)},
          {"last_operation", has_run ? in_json(job.last_operation) : Json()},
          {"last_outcome", has_run ? in_json(job.last_outcome) : Json()},
          {"last_run", in_json(job.last_run)},
          {"last_run_at", has_run ? in_json(job.last_run_at) : Json()},
          {"last_good_at", in_json(job.last_good_at)},
          {"failures_in_row", job.failures_in_row},
          {"settings", view_of(job.settings)},
          {"agent_settings", job.agent_settings ? view_of(*job.agent_settings) : Json()},
          {"conflict", text_or_null(conflict_of(job))},
          {"managed_by", text_or_null(job.managed_by)},
          {"created_at", in_json(job.created_at)},
          {"revision", job.revision}};
}

Json view_of(const core::Run& run, Rows& rows) {
  const auto& report = run.report;
  Json json = {{"id", run.id.value},
               {"client", rows.name_of(run.client)},
               {"job", report.job},
               {"operation", in_json(report.operation)},
               {"outcome", in_json(report.outcome)}};
  put_reason(json, "reason", report.reason);
  json["trigger"] = in_json(report.trigger);
  json["started_at"] = in_json(report.started_at);
  json["ended_at"] = in_json(report.ended_at);
  json["duration"] = in_json(duration_of(report));
  json["utc_offset_minutes"] = in_json(report.utc_offset_minutes);
  json["received_at"] = in_json(run.received_at);
  json["exit_code"] = in_json(report.exit_code);
  json["signal"] = in_json(report.signal);
  json["bytes_read"] = in_json(report.statistics.bytes_read);
  json["bytes_added"] = in_json(report.statistics.bytes_added);
  json["bytes_total"] = in_json(report.statistics.bytes_total);
  json["files"] = in_json(report.statistics.files);
  json["tool"] = text_or_null(report.tool);
  json["snapshot"] = text_or_null(report.snapshot);
  json["message"] = text_or_null(report.message);
  put_reason(json, "verdict", std::optional(run.verdict));
  json["alert"] = in_json(run.alert);
  return json;
}

}  // namespace vaultbell::api
