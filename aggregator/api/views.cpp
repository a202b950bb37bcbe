#include "aggregator/api/views.hpp"

#include "aggregator/api/in_json.hpp"
#include "aggregator/core/enrolment.hpp"
#include "aggregator/wording/alert.hpp"
#include "aggregator/wording/sentences.hpp"
#include "shared/crypto/keys.hpp"

namespace vaultbell::api {

namespace {

// A reason never comes without its sentence: {"why":"...","why_sentence":"..."}.
template <class E>
void put_reason(Json& json, const std::string& key, const std::optional<E>& reason) {
  json[key] = in_json(reason);
  json[key + "_sentence"] = reason ? Json(wording::sentence(*reason)) : Json();
}

Json view_of(const core::TimingOverrides& own) {
  return {{"heartbeat_every", in_json(own.heartbeat_every)},
          {"disconnect_after", in_json(own.disconnect_after)},
          {"offline_grace", in_json(own.offline_grace)}};
}

void put_host(Json& json, const core::HostFacts& host) {
  json["hostname"] = text_or_null(host.hostname);
  json["os"] = text_or_null(host.os);
  json["agent_version"] = text_or_null(host.agent_version);
  json["address"] = text_or_null(host.address);
}

Json decision_of(const core::Alert& alert) {
  if (!alert.decision) return {};
  Json json;
  put_reason(json, "reason", std::optional(alert.decision->reason));
  json["at"] = in_json(alert.decision->at);
  return json;
}

Json inactivation_of(const core::Alert& alert) {
  if (!alert.inactivation) return {};
  const auto& how = *alert.inactivation;
  Json json;
  put_reason(json, "reason", std::optional(how.reason));
  json["at"] = in_json(how.at);
  json["who"] = text_or_null(how.who);
  json["why"] = text_or_null(how.why);
  json["run"] = in_json(how.run);
  return json;
}

std::optional<Duration> duration_of(const RunReport& report) {
  if (!report.started_at || !report.ended_at) return std::nullopt;
  return *report.ended_at - *report.started_at;
}

// Whether a token still lets hosts in, and if not, why.
struct TokenState {
  std::string_view word;
  std::string sentence;
};

TokenState state_of(const core::Token& token, Instant now) {
  const auto refusal = core::refusal_of(token, now);
  if (!refusal) return {"usable", "A host can enrol with it."};
  switch (refusal->why) {
    case core::EnrolmentRefusal::token_used:
      return {"used", "It has let in as many hosts as it may."};
    case core::EnrolmentRefusal::token_expired:
      return {"expired", "It expired before it was used up."};
    case core::EnrolmentRefusal::token_revoked:
      return {"revoked", "An administrator revoked it."};
    case core::EnrolmentRefusal::token_unknown:
    case core::EnrolmentRefusal::name_taken:
    case core::EnrolmentRefusal::rejected:
    case core::EnrolmentRefusal::busy:
      break;  // said of a host, not of a token
  }
  return {"unusable", refusal->message};
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
          {"address", recipient.address}};
}

Json view_of(const core::Vault& vault) {
  return {{"id", vault.id.value},
          {"name", vault.name},
          {"policy", in_json(vault.policy.mode)},
          {"own_timing", view_of(vault.timing)},
          {"created_at", in_json(vault.created_at)}};
}

Json view_of(const core::Client& client, Rows& rows) {
  Json json = {{"id", client.id.value},
               {"name", client.name},
               {"vault", rows.name_of(client.vault)},
               {"state", in_json(client.state)},
               {"state_since", in_json(client.state_since)},
               {"goodbye", in_json(client.goodbye)},
               {"own_timing", view_of(client.timing)}};
  put_host(json, client.host);
  json["clock_skew"] = in_json(client.clock_skew);
  json["fingerprint"] = crypto::fingerprint(client.public_key);
  json["created_at"] = in_json(client.created_at);
  return json;
}

Json view_of(const core::Job& job, Rows& rows) {
  return {{"id", job.id.value},
          {"client", rows.name_of(job.client)},
          {"name", job.name},
          {"tool", text_or_null(job.tool)},
          {"last_operation", in_json(job.last_operation)},
          {"last_outcome", in_json(job.last_outcome)},
          {"last_run", in_json(job.last_run)},
          {"last_run_at", in_json(job.last_run_at)},
          {"last_good_at", in_json(job.last_good_at)},
          {"created_at", in_json(job.created_at)}};
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

Json view_of(const core::Alert& alert, Rows& rows) {
  Json told = Json::array();
  for (const auto& somebody : alert.told) {
    auto& json = told.emplace_back(view_of(somebody.recipient));
    json["delivery"] = in_json(somebody.notification);
  }
  return {{"id", alert.id.value},
          {"severity", in_json(alert.severity)},
          {"kind", in_json(alert.kind)},
          {"headline", headline_of(alert, rows)},
          {"state", in_json(alert.state)},
          {"vault", rows.name_of(alert.vault)},
          {"client", text_or_null(rows.name_of(alert.client))},
          {"job", text_or_null(rows.name_of(alert.job))},
          {"operation", in_json(alert.operation)},
          {"message", text_or_null(alert.message)},
          {"first_at", in_json(alert.first_at)},
          {"last_at", in_json(alert.last_at)},
          {"occurrences", alert.occurrences},
          {"run", in_json(alert.run)},
          {"decision", decision_of(alert)},
          {"told", std::move(told)},
          {"inactivation", inactivation_of(alert)}};
}

Json view_of(const core::Notification& delivery, Rows& rows) {
  const auto* alert = rows.find<core::Alert>(delivery.alert);
  const bool is_pending = delivery.state == core::NotificationState::pending;
  const bool has_ended = delivery.ended_at.has_value();
  Json json = {{"id", delivery.id.value},
               {"state", in_json(delivery.state)},
               {"event", in_json(delivery.event)},
               {"alert", in_json(delivery.alert)},
               {"headline", alert == nullptr ? Json() : Json(headline_of(*alert, rows))}};
  json.update(view_of(delivery.recipient));
  put_reason(json, "why", std::optional(delivery.why));
  json["created_at"] = in_json(delivery.created_at);
  json["next_attempt_at"] = is_pending ? in_json(delivery.next_attempt_at) : Json();
  json["give_up_at"] = has_ended ? Json() : in_json(delivery.give_up_at);
  json["attempting_since"] = in_json(delivery.attempting_since);
  json["attempt_count"] = delivery.attempts;
  json["last_answer"] = text_or_null(delivery.last_answer);
  json["may_be_repeated"] = delivery.is_doubtful;
  json["follows"] = in_json(delivery.follows);
  put_reason(json, "end_reason", delivery.end_reason);
  json["ended_at"] = in_json(delivery.ended_at);
  json["latency"] =
      has_ended ? in_json(Duration(*delivery.ended_at - delivery.created_at)) : Json();
  return json;
}

Json view_of(const core::Attempt& attempt) {
  Json json = {
      {"number", attempt.number},
      {"started_at", in_json(attempt.started_at)},
      {"ended_at", in_json(attempt.ended_at)},
      {"latency",
       attempt.ended_at ? in_json(Duration(*attempt.ended_at - attempt.started_at)) : Json()}};
  put_reason(json, "result", std::optional(attempt.result));
  json["answer"] = text_or_null(attempt.answer);
  return json;
}

Json view_of(const core::Token& token, Rows& rows, Instant now) {
  const auto state = state_of(token, now);
  return {{"id", token.id.value},
          {"vault", rows.name_of(token.vault)},
          {"state", state.word},
          {"state_sentence", state.sentence},
          {"uses", token.uses},
          {"uses_max", token.uses_max},
          {"needs_approval", token.needs_approval},
          {"created_by", token.created_by},
          {"created_at", in_json(token.created_at)},
          {"expires_at", in_json(token.expires_at)},
          {"revoked_at", in_json(token.revoked_at)},
          {"last_client", text_or_null(rows.name_of(token.last_client))}};
}

Json view_of(const core::Enrolment& request, Rows& rows) {
  Json json = {{"id", request.id.value},
               {"name", request.name},
               {"vault", rows.name_of(request.vault)},
               {"fingerprint", crypto::fingerprint(request.public_key)}};
  put_reason(json, "state", std::optional(request.state));
  json["token"] = in_json(request.token);
  json["asked_at"] = in_json(request.asked_at);
  put_host(json, request.host);
  return json;
}

std::string headline_of(const core::Alert& alert, Rows& rows) {
  return wording::headline({.alert = alert,
                            .vault = rows.name_of(alert.vault),
                            .client = rows.name_of(alert.client),
                            .job = rows.name_of(alert.job)});
}

}  // namespace vaultbell::api
