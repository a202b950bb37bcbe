#include <algorithm>

#include <fmt/format.h>

#include "aggregator/notify/webhook_formats.hpp"
#include "aggregator/notify/webhook_json.hpp"
#include "shared/base/text.hpp"

// Formats for systems that keep alerts of their own, which a recovery ends: PagerDuty,
// Alertmanager.

namespace vaultbell::notify {

namespace {

constexpr std::size_t kSummaryMax = 1024;  // PagerDuty's
constexpr std::size_t kDetailsMax = 8000;

// Alertmanager ends an alert of which it hears nothing more, and says then that all is well. That
// must not happen before Vaultbell says so (docs/decisions).
constexpr Duration kFiresFor = std::chrono::hours(24 * 365);

// A code, a test, a greeting: as long as a code lives.
constexpr Duration kLetterFiresFor = std::chrono::minutes(30);

std::string installation_of(const Delivery& delivery) {
  return to_text(delivery.installation);
}

// What it says of one of its alerts; for a digest as for a message of its own.
WebhookText text_about(const Delivery& delivery, const wording::DigestEntry& entry,
                       const std::string& public_url) {
  Delivery single{.event = entry.event,
                  .why = delivery.why,
                  .is_doubtful = delivery.is_doubtful,
                  .account = delivery.account,
                  .now = delivery.now,
                  .facts = entry.facts};
  return webhook_text(single, public_url);
}

std::string source_of(const wording::AlertFacts& facts) {
  if (!facts.client.empty()) return one_line(facts.client);
  return facts.vault.empty() ? "Vaultbell" : one_line(facts.vault);
}

std::string_view pagerduty_severity(core::Severity severity) {
  switch (severity) {
    case core::Severity::informational:
      return "info";
    case core::Severity::warning:
      return "warning";
    case core::Severity::critical:
      return "critical";
  }
  return "critical";
}

void put_text(Json& json, std::string_view key, const std::string& text) {
  if (!text.empty()) json[std::string(key)] = one_line(text);
}

Json pagerduty_details(const WebhookText& text) {
  Json details = Json::object();
  for (const auto& [label, value] : text.facts)
    details[std::string(label)] = cut(value, kDetailsMax);
  if (!text.lines.empty()) {
    details["Text"] =
        as_lines({.title = {}, .facts = {}, .lines = text.lines, .link = {}}, kDetailsMax);
  }
  return details;
}

Json pagerduty_event(std::string_view action, const std::string& routing_key,
                     const std::string& dedup_key) {
  return {{"routing_key", routing_key}, {"event_action", action}, {"dedup_key", dedup_key}};
}

Json pagerduty_alert(const Delivery& delivery, const wording::DigestEntry& entry,
                     const std::string& routing_key, const std::string& public_url) {
  const auto& alert = entry.facts.alert;
  const auto key = fmt::format("vaultbell.{}.alert.{}", installation_of(delivery), alert.id.value);
  if (is_to_be_resolved(delivery, entry)) return pagerduty_event("resolve", routing_key, key);
  auto json = pagerduty_event("trigger", routing_key, key);
  const auto text = text_about(delivery, entry, public_url);
  Json payload{{"summary", cut(text.title, kSummaryMax)},
               {"source", source_of(entry.facts)},
               {"severity", pagerduty_severity(alert.severity)},
               {"timestamp", to_iso(alert.first_at)}};
  put_text(payload, "component", entry.facts.job);
  put_text(payload, "group", entry.facts.vault);
  payload["class"] = to_text(alert.kind);
  payload["custom_details"] = pagerduty_details(text);
  json["payload"] = std::move(payload);
  json["client"] = "Vaultbell";
  if (!text.link.empty()) json["client_url"] = text.link;
  return json;
}

// What is about no alert, or about more of them than are named one by one.
Json pagerduty_letter(const Delivery& delivery, const std::string& routing_key,
                      core::Severity severity) {
  auto json = pagerduty_event("trigger", routing_key, idempotency_key(delivery));
  const auto text = webhook_text(delivery, {});
  json["payload"] = {
      {"summary", cut(text.title, kSummaryMax)},  {"source", "Vaultbell"},
      {"severity", pagerduty_severity(severity)}, {"timestamp", to_iso(delivery.now)},
      {"class", to_text(delivery.event)},         {"custom_details", pagerduty_details(text)}};
  json["client"] = "Vaultbell";
  return json;
}

// All that makes an alert the same one for Alertmanager: none of it changes while the alert lasts.
Json alertmanager_labels(const Delivery& delivery, const wording::AlertFacts& facts) {
  Json labels{{"alertname", to_text(facts.alert.kind)},
              {"severity", to_text(facts.alert.severity)},
              {"source", "vaultbell"},
              {"installation", installation_of(delivery)},
              {"alert", std::to_string(facts.alert.id.value)}};
  put_text(labels, "vault", facts.vault);
  put_text(labels, "client", facts.client);
  put_text(labels, "job", facts.job);
  return labels;
}

Json alertmanager_alert(const Delivery& delivery, const wording::DigestEntry& entry,
                        const std::string& public_url) {
  const auto& alert = entry.facts.alert;
  const auto text = text_about(delivery, entry, public_url);
  const auto over_at = alert.inactivation ? alert.inactivation->at : delivery.now;
  // Alertmanager refuses an alert that ends before it starts.
  const auto ends_at = is_to_be_resolved(delivery, entry) ? std::max(over_at, alert.first_at)
                                                          : delivery.now + kFiresFor;
  Json json{
      {"labels", alertmanager_labels(delivery, entry.facts)},
      {"annotations", {{"summary", text.title}, {"description", as_lines(text, kDetailsMax)}}},
      {"startsAt", to_iso(alert.first_at)},
      {"endsAt", to_iso(ends_at)}};
  if (!text.link.empty()) json["generatorURL"] = text.link;
  return json;
}

Json alertmanager_letter(const Delivery& delivery, core::Severity severity) {
  const auto text = webhook_text(delivery, {});
  return {{"labels",
           {{"alertname", fmt::format("vaultbell_{}", to_text(delivery.event))},
            {"severity", to_text(severity)},
            {"source", "vaultbell"},
            {"installation", installation_of(delivery)}}},
          {"annotations", {{"summary", text.title}, {"description", as_lines(text, kDetailsMax)}}},
          {"startsAt", to_iso(delivery.now)},
          {"endsAt", to_iso(delivery.now + kLetterFiresFor)}};
}

bool has_message_of_its_own(const Delivery& delivery) {
  return delivery.letter &&
         (delivery.event != core::NotificationEvent::digest || delivery.webhook.more > 0);
}

// That alerts are missing in a digest is as grave as they may be.
core::Severity severity_of_letter(const Delivery& delivery) {
  return delivery.webhook.more > 0 ? core::Severity::critical : core::Severity::informational;
}

}  // namespace

std::vector<std::string> pagerduty_bodies(const Delivery& delivery, const std::string& routing_key,
                                          const std::string& public_url) {
  std::vector<std::string> bodies;
  for (const auto& entry : alerts_of(delivery)) {
    bodies.push_back(json_text(pagerduty_alert(delivery, entry, routing_key, public_url)));
  }
  if (has_message_of_its_own(delivery)) {
    bodies.push_back(
        json_text(pagerduty_letter(delivery, routing_key, severity_of_letter(delivery))));
  }
  return bodies;
}

std::string alertmanager_body(const Delivery& delivery, const std::string& public_url) {
  Json alerts = Json::array();
  for (const auto& entry : alerts_of(delivery)) {
    alerts.push_back(alertmanager_alert(delivery, entry, public_url));
  }
  if (has_message_of_its_own(delivery)) {
    alerts.push_back(alertmanager_letter(delivery, severity_of_letter(delivery)));
  }
  return json_text(alerts);
}

}  // namespace vaultbell::notify
