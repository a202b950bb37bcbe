// The bodies of webhooks, format by format (R7.8), as docs/webhooks.md shows them. Pure: the same
// arguments give the same bytes. Whatever a name or a message says stays inside its field.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aggregator/notify/delivery.hpp"
#include "aggregator/notify/webhook_text.hpp"

namespace vaultbell::notify {

// Vaultbell's own JSON, version 1.
std::string own_body(const Delivery& delivery, const std::string& public_url);

// Block Kit. Texts are plain ones, in which no markup counts; &, < and > are escaped besides.
std::string slack_body(const WebhookText& text);

// A message with one Adaptive Card, of text runs, in which Markdown does not count.
std::string teams_body(const WebhookText& text, const Delivery& delivery);

// ntfy's JSON, which is posted to the server and names the topic.
std::string ntfy_body(const WebhookText& text, const Delivery& delivery, std::string_view topic);

// Events API v2: an event for each alert of the delivery, with a key by which PagerDuty knows it
// again; or one of its own for what is not about an alert.
std::vector<std::string> pagerduty_bodies(const Delivery& delivery, const std::string& routing_key,
                                          const std::string& public_url);

// Alertmanager's API v2: a list of alerts.
std::string alertmanager_body(const Delivery& delivery, const std::string& public_url);

}  // namespace vaultbell::notify
