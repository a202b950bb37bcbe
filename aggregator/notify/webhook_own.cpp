#include "aggregator/notify/webhook_formats.hpp"
#include "aggregator/notify/webhook_json.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::notify {

namespace {

constexpr int kVersion = 1;

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(one_line(text));
}

Json alert_in_own(const wording::DigestEntry& entry, const std::string& public_url) {
  const auto& facts = entry.facts;
  const auto& alert = facts.alert;
  const auto& end = alert.inactivation;
  return {{"event", to_text(entry.event)},
          {"id", alert.id.value},
          {"kind", to_text(alert.kind)},
          {"severity", to_text(alert.severity)},
          {"state", to_text(alert.state)},
          {"vault", text_or_null(facts.vault)},
          {"client", text_or_null(facts.client)},
          {"job", text_or_null(facts.job)},
          {"sentence", one_line(wording::headline(facts))},
          {"message", text_or_null(alert.message)},
          {"first_at", to_iso(alert.first_at)},
          {"last_at", to_iso(alert.last_at)},
          {"occurrences", alert.occurrences},
          {"ended_at", end ? Json(to_iso(end->at)) : Json()},
          {"end_reason", end ? Json(to_text(end->reason)) : Json()},
          {"link", text_or_null(link_to(alert, public_url))}};
}

}  // namespace

std::string own_body(const Delivery& delivery, const std::string& public_url) {
  Json alerts = Json::array();
  for (const auto& entry : alerts_of(delivery)) alerts.push_back(alert_in_own(entry, public_url));
  const auto text = webhook_text(delivery, public_url);
  Json json{{"version", kVersion},
            {"id", idempotency_key(delivery)},
            {"event", to_text(delivery.event)},
            {"sent_at", to_iso(delivery.now)},
            {"may_be_repeated", delivery.is_doubtful},
            {"account", text_or_null(delivery.account)},
            {"subject", text.title},
            {"alerts", std::move(alerts)},
            {"alerts_left_out", delivery.webhook.more}};
  if (delivery.event == core::NotificationEvent::verification) {
    json["code"] = delivery.webhook.code;
    json["code_expires_at"] = to_iso(delivery.webhook.code_expires_at);
  }
  return json_text(json);
}

}  // namespace vaultbell::notify
