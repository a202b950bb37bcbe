// Webhook addresses: where messages go by HTTP, and in which format (R7.8). An address is a secret:
// whoever knows Slack's can write there. Only its shown form may stand in a list, a log or an
// error.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/enum_text.hpp"
#include "shared/base/result.hpp"

namespace vaultbell {

// What a receiver understands. The text stands before the URL, with a "+" between them.
enum class WebhookFormat : std::uint8_t {
  own = 1,  // Vaultbell's own JSON, signed; nothing stands before its URL
  slack = 2,
  teams = 3,
  ntfy = 4,
  pagerduty = 5,
  alertmanager = 6,
};

// "slack+https://hooks.slack.com/services/T0/B0/x",
// "pagerduty+https://events.pagerduty.com/v2/enqueue#ROUTING-KEY". What stands behind "#" is no
// part of the URL, as ever in HTTP.
struct WebhookAddress {
  WebhookFormat format = WebhookFormat::own;
  std::string url;    // http:// or https://
  std::string token;  // PagerDuty's routing key, else a bearer token; empty: none

  bool operator==(const WebhookAddress&) const = default;
};

// An address is a key of the store, which has at most 511 bytes.
inline constexpr std::size_t kWebhookAddressBytesMax = 450;

// Stricter than any URL parser, so that all of them read the same in it: a host of letters, digits,
// "." and "-" or an IPv6 address in brackets, no user, no control characters. Errors do not repeat
// the address.
Result<WebhookAddress> parse_webhook_address(std::string_view text);

// Whether its receiver has alerts of its own, which stand until it hears that they are over.
bool is_of_alert_keeper(std::string_view text);

// "slack+https://hooks.slack.com/…6Yx2": everything behind the host is left out but the last four
// characters of a long rest, by which one address is told from another. Of what is no address,
// nothing is shown.
std::string shown_webhook_address(std::string_view text);

}  // namespace vaultbell

namespace vaultbell {

template <>
inline constexpr auto kEnumText<WebhookFormat> = std::to_array<EnumText<WebhookFormat>>({
    {WebhookFormat::own, "own"},
    {WebhookFormat::slack, "slack"},
    {WebhookFormat::teams, "teams"},
    {WebhookFormat::ntfy, "ntfy"},
    {WebhookFormat::pagerduty, "pagerduty"},
    {WebhookFormat::alertmanager, "alertmanager"},
});

}  // namespace vaultbell
