// Deliveries to compose and send in tests, on top of the facts of tests/aggregator/wording.
#pragma once

#include "aggregator/notify/delivery.hpp"
#include "tests/aggregator/wording/facts.hpp"

namespace vaultbell::support {

// To ops@example.org, one hour after the alert was raised; the recovery comes a day later.
inline notify::Delivery delivery_of(wording::AlertFacts facts, core::NotificationEvent event) {
  notify::Delivery delivery{
      .notification = {42},
      .event = event,
      .recipient = {"ops@example.org", core::Channel::email, "ops@example.org"},
      .installation = parse_uuid("0f8fad5b-d9cb-469f-a165-70867728950e").value(),
      .account = "Example Ltd",
      .now = at("2026-03-01T03:20:00Z"),
      .facts = std::move(facts)};
  if (event == core::NotificationEvent::raised) return delivery;
  delivery.notification = {43};
  delivery.in_reply_to = {42};
  delivery.why = core::RecipientReason::was_told_of_alert;
  delivery.now = at("2026-03-02T02:15:00Z");
  delivery.facts.alert.state = core::AlertState::inactive;
  return delivery;
}

// The same to somebody else, for servers that pick a fault by the recipient.
inline notify::Delivery delivery_to(const std::string& address, std::uint64_t number = 42) {
  auto delivery =
      delivery_of(facts_of(core::AlertKind::client_disconnected), core::NotificationEvent::raised);
  delivery.notification = {number};
  delivery.recipient = {address, core::Channel::email, address};
  return delivery;
}

}  // namespace vaultbell::support
