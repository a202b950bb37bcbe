#include "aggregator/api/in_json.hpp"
#include "aggregator/api/reasons.hpp"
#include "aggregator/api/views.hpp"
#include "aggregator/core/shown_address.hpp"
#include "aggregator/wording/alert.hpp"

namespace vaultbell::api {

namespace {

Json decision_of(const core::Alert& alert) {
  if (!alert.decision) return {};
  Json json;
  put_reason(json, "reason", std::optional(alert.decision->reason));
  json["at"] = in_json(alert.decision->at);
  json["policy_of"] = in_json(alert.decision->level);
  return json;
}

Json json_of(const core::Remark& remark, const char* text) {
  return {{"at", in_json(remark.at)}, {"who", remark.who}, {text, text_or_null(remark.text)}};
}

Json comments_of(const core::Alert& alert) {
  Json comments = Json::array();
  for (const auto& comment : alert.comments) comments.push_back(json_of(comment, "text"));
  return comments;
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

}  // namespace

Json view_of(const core::Alert& alert, Rows& rows) {
  Json told = Json::array();
  for (const auto& somebody : alert.told) {
    auto& json = told.emplace_back(view_of(somebody.recipient));
    json["delivery"] = in_json(somebody.notification);
  }
  return {
      {"id", alert.id.value},
      {"severity", in_json(alert.severity)},
      {"kind", in_json(alert.kind)},
      {"headline", headline_of(alert, rows)},
      {"state", in_json(alert.state)},
      {"vault", text_or_null(rows.name_of(alert.vault))},
      {"client", text_or_null(rows.name_of(alert.client))},
      {"job", text_or_null(rows.name_of(alert.job))},
      {"operation", in_json(alert.operation)},
      {"topic", text_or_null(core::shown_topic(alert))},
      {"message", text_or_null(alert.message)},
      {"first_at", in_json(alert.first_at)},
      {"last_at", in_json(alert.last_at)},
      {"occurrences", alert.occurrences},
      {"run", in_json(alert.run)},
      {"decision", decision_of(alert)},
      {"told", std::move(told)},
      {"acknowledgement", alert.acknowledgement ? json_of(*alert.acknowledgement, "why") : Json()},
      {"comments", comments_of(alert)},
      {"is_flapping", alert.is_flapping},
      {"reminders", alert.reminders},
      {"reminded_at", in_json(alert.reminded_at)},
      {"escalated_at", in_json(alert.escalated_at)},
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
  json["contact"] = text_or_null(rows.name_of(delivery.contact));
  json["group"] = text_or_null(rows.name_of(delivery.group));
  json["is_for_digest"] = delivery.is_for_digest;
  json["digest"] = in_json(delivery.digest);
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

std::string headline_of(const core::Alert& alert, Rows& rows) {
  return wording::headline({.alert = alert,
                            .vault = rows.name_of(alert.vault),
                            .client = rows.name_of(alert.client),
                            .job = rows.name_of(alert.job)});
}

}  // namespace vaultbell::api
