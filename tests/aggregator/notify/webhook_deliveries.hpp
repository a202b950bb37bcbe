// Deliveries to webhooks, on top of those of tests/aggregator/notify/deliveries.hpp.
#pragma once

#include "tests/aggregator/notify/deliveries.hpp"

namespace vaultbell::support {

inline constexpr std::string_view kPublicUrl = "https://vaultbell.example.org";

// A backup that failed, raised or recovered, to this webhook.
inline notify::Delivery webhook_delivery(
    const std::string& address, core::NotificationEvent event = core::NotificationEvent::raised) {
  auto facts = facts_of(core::AlertKind::backup_failed);
  facts.alert.message = "disk full";
  facts.alert.occurrences = 3;
  facts.alert.last_at = at("2026-03-01T03:10:00Z");
  if (event == core::NotificationEvent::recovered) {
    facts.alert.inactivation = core::Inactivation{.reason = core::InactiveReason::recovered_by_run,
                                                  .at = at("2026-03-02T02:15:00Z")};
  }
  auto delivery = delivery_of(std::move(facts), event);
  delivery.recipient = {"ops", core::Channel::webhook, address};
  delivery.webhook.secret = "s3cret";
  return delivery;
}

inline notify::Delivery webhook_code(const std::string& address) {
  auto delivery = webhook_delivery(address);
  delivery.event = core::NotificationEvent::verification;
  delivery.webhook.code = "041902";
  delivery.webhook.code_expires_at = at("2026-03-01T03:50:00Z");
  delivery.letter = wording::code_letter(delivery.account, delivery.webhook.code,
                                         delivery.webhook.code_expires_at);
  delivery.facts = {};
  return delivery;
}

// Of what was raised, and of what is over.
inline notify::Delivery webhook_digest(const std::string& address) {
  const auto raised = webhook_delivery(address);
  auto over = webhook_delivery(address, core::NotificationEvent::recovered);
  over.facts.alert.id = {18};
  auto delivery = raised;
  delivery.event = core::NotificationEvent::digest;
  delivery.webhook.gathered = {{raised.facts, raised.event}, {over.facts, over.event}};
  delivery.letter =
      wording::digest_letter({.account = delivery.account, .entries = delivery.webhook.gathered});
  delivery.facts = {};
  return delivery;
}

}  // namespace vaultbell::support
