#include "shared/domain/webhook_address.hpp"

#include <gtest/gtest.h>

namespace vaultbell {
namespace {

WebhookAddress webhook_at(std::string_view text) {
  const auto address = parse_webhook_address(text);
  EXPECT_TRUE(address) << text;
  return address.value_or(WebhookAddress{});
}

// Why it is refused, without what is said of every address.
std::string webhook_fault(std::string_view text) {
  const auto address = parse_webhook_address(text);
  if (address) return {};
  const auto& message = address.error().message;
  const std::string begin = "that is not the address of a webhook: ";
  const auto end =
      message.find(" (example: \"slack+https://hooks.slack.com/services/T0/B0/secret\")");
  EXPECT_TRUE(message.starts_with(begin) && end != std::string::npos) << message;
  return message.substr(begin.size(), end - begin.size());
}

// R5.1
TEST(WebhookAddresses, TheFormatStandsBeforeTheUrlAndTheTokenBehindIt) {
  EXPECT_EQ(webhook_at("https://example.org/hook?a=b"),
            (WebhookAddress{WebhookFormat::own, "https://example.org/hook?a=b", ""}));
  EXPECT_EQ(webhook_at("slack+https://hooks.slack.com/services/T0/B0/x"),
            (WebhookAddress{WebhookFormat::slack, "https://hooks.slack.com/services/T0/B0/x", ""}));
  EXPECT_EQ(webhook_at("pagerduty+https://events.pagerduty.com/v2/enqueue#R0KEY"),
            (WebhookAddress{WebhookFormat::pagerduty, "https://events.pagerduty.com/v2/enqueue",
                            "R0KEY"}));
  EXPECT_EQ(webhook_at("ntfy+https://ntfy.sh/topic#tk_1").token, "tk_1");
  EXPECT_EQ(webhook_at("alertmanager+http://[::1]:9093").url, "http://[::1]:9093");
}

TEST(WebhookAddresses, WhatIsWrongIsNamed) {
  const std::string begin =
      "it begins with https://, which takes Vaultbell's own JSON, or with slack+, teams+, ntfy+, "
      "pagerduty+ or alertmanager+ before that";
  EXPECT_EQ(webhook_fault(""), begin);
  EXPECT_EQ(webhook_fault("ops@example.org"), begin);
  EXPECT_EQ(webhook_fault("HTTPS://example.org"), begin);
  EXPECT_EQ(webhook_fault("discord+https://example.org/x"), begin);
  EXPECT_EQ(webhook_fault("file:///etc/passwd"), begin);
  EXPECT_EQ(webhook_fault("https:/example.org"), begin);
  EXPECT_EQ(webhook_fault("https://"), "it names no host");
  EXPECT_EQ(webhook_fault("https:///path"), "it names no host");
  EXPECT_EQ(webhook_fault("https://:80/"), "it names no host");
  EXPECT_EQ(webhook_fault("https://me:pw@example.org/"),
            "it has a user or a password; a token stands behind #");
  EXPECT_EQ(webhook_fault("https://ex_ample.org/"),
            "its host may have only letters, digits, \".\" and \"-\"");
  EXPECT_EQ(webhook_fault("https://[::1/"), "its host has no closing bracket");
  for (const auto* port : {"", "0", "65536", "123456", "8x", "80:90"}) {
    EXPECT_EQ(webhook_fault(std::string("https://example.org:") + port + "/"), "its port is none");
  }
  EXPECT_EQ(webhook_fault("https://[::1]8080/"), "its port is none");
  EXPECT_EQ(webhook_fault("https://example.org/" + std::string(500, 'x')),
            "it is longer than 450 bytes");
  for (const auto* text :
       {"https://example.org/a b", "https://example.org/a\r\nX: y", "https://example.org/ä",
        "https://example.org/\\evil", "https://example.org/\x7f", "https://example.org/{{to}}"}) {
    EXPECT_EQ(webhook_fault(text), "it has a character that no URL has; such are written as %20");
  }
  EXPECT_EQ(webhook_fault("https://example.org/#"), "nothing stands behind #");
  EXPECT_EQ(webhook_fault("https://example.org/#a&b"), "its token has a character that none has");
}

TEST(WebhookAddresses, EachFormatSaysWhatItNeeds) {
  EXPECT_EQ(webhook_fault("pagerduty+https://events.pagerduty.com/v2/enqueue"),
            "the routing key is missing; it stands behind #");
  EXPECT_EQ(webhook_fault("ntfy+https://ntfy.sh"), "its topic is missing");
  EXPECT_EQ(webhook_fault("ntfy+https://ntfy.sh/"), "its topic is missing");
  EXPECT_EQ(webhook_fault("ntfy+https://ntfy.sh/a.b"),
            "its topic may have only 64 letters, digits, \"-\" and \"_\"");
  EXPECT_EQ(webhook_fault("ntfy+https://ntfy.sh/a?auth=b"),
            "ntfy takes nothing behind ?; a token stands behind #");
  EXPECT_EQ(webhook_fault("slack+https://hooks.slack.com/services/x#y"),
            "it takes no token behind #");
  EXPECT_EQ(webhook_fault("alertmanager+http://127.0.0.1:9093/?a"),
            "Alertmanager takes nothing behind ?; a token stands behind #");
}

TEST(WebhookAddresses, AnErrorDoesNotRepeatTheAddress) {
  const auto refused = parse_webhook_address("https://example.org/s3cret path");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message.find("s3cret"), std::string::npos);
}

TEST(WebhookAddresses, SomeReceiversKeepAlerts) {
  EXPECT_TRUE(is_of_alert_keeper("pagerduty+https://events.pagerduty.com/v2/enqueue#R0KEY"));
  EXPECT_TRUE(is_of_alert_keeper("alertmanager+http://127.0.0.1:9093"));
  EXPECT_FALSE(is_of_alert_keeper("slack+https://hooks.slack.com/services/x"));
  EXPECT_FALSE(is_of_alert_keeper("https://example.org/pagerduty+"));
  EXPECT_FALSE(is_of_alert_keeper("ops@example.org"));
}

// R7.8
TEST(WebhookAddresses, OnlyTheHostIsShownAndTheEndOfWhatIsLong) {
  EXPECT_EQ(shown_webhook_address("slack+https://hooks.slack.com/services/T00/B00/abcd6Yx2"),
            "slack+https://hooks.slack.com/…6Yx2");
  EXPECT_EQ(shown_webhook_address("ntfy+https://ntfy.sh/ops"), "ntfy+https://ntfy.sh/…");
  EXPECT_EQ(shown_webhook_address("https://example.org:8443/?key=1"), "https://example.org:8443/…");
  EXPECT_EQ(shown_webhook_address("pagerduty+https://events.pagerduty.com/#R0123"),
            "pagerduty+https://events.pagerduty.com/…");
  EXPECT_EQ(shown_webhook_address("alertmanager+http://127.0.0.1:9093"),
            "alertmanager+http://127.0.0.1:9093");
  EXPECT_EQ(shown_webhook_address("https://me:s3cret@example.org/"), "(no address)");
  EXPECT_EQ(shown_webhook_address("s3cret"), "(no address)");
}

}  // namespace
}  // namespace vaultbell
