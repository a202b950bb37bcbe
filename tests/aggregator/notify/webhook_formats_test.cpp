#include "aggregator/notify/webhook_formats.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/aggregator/notify/webhook_deliveries.hpp"
#include "tests/support/golden_file.hpp"

namespace vaultbell::notify {
namespace {

using core::NotificationEvent;
using nlohmann::ordered_json;
using support::kPublicUrl;
using support::webhook_code;
using support::webhook_delivery;
using support::webhook_digest;

const std::string kUrl(kPublicUrl);
const std::string kHook = "https://example.org/hook";

std::string golden_text(const std::string& body) {
  return ordered_json::parse(body).dump(2) + '\n';
}

void expect_body(const std::string& name, const std::string& body) {
  const auto text = golden_text(body);
  support::expect_golden("webhook/" + name + ".json", text);
}

std::string document() {
  std::ifstream file(VAULTBELL_DOCS "/webhooks.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

WebhookText text_of(const Delivery& delivery) {
  return webhook_text(delivery, kUrl);
}

const Delivery kRaised = webhook_delivery(kHook);
const Delivery kRecovered = webhook_delivery(kHook, NotificationEvent::recovered);

// With everything that some format might take for more than text.
Delivery hostile() {
  auto delivery = kRaised;
  delivery.facts.client = "<!channel> \"db\" *x* [y](https://evil.example)\r\nX: y";
  delivery.facts.alert.message = "</b><@U1> & \\u0022 `a`\x01 \xff end";
  return delivery;
}

// R7.8
TEST(WebhookFormats, OwnJsonIsAsItWasReleased) {
  expect_body("own-raised", own_body(kRaised, kUrl));
  expect_body("own-recovered", own_body(kRecovered, kUrl));
  expect_body("own-digest", own_body(webhook_digest(kHook), kUrl));
  expect_body("own-verification", own_body(webhook_code(kHook), {}));
}

TEST(WebhookFormats, TheDocumentShowsOwnJson) {
  EXPECT_NE(document().find("```\n" + golden_text(own_body(kRaised, kUrl)) + "```\n"),
            std::string::npos);
}

TEST(WebhookFormats, SlackIsAsItWasReleased) {
  expect_body("slack-raised", slack_body(text_of(kRaised)));
  expect_body("slack-recovered", slack_body(text_of(kRecovered)));
  expect_body("slack-verification", slack_body(text_of(webhook_code(kHook))));
}

TEST(WebhookFormats, TeamsIsAsItWasReleased) {
  expect_body("teams-raised", teams_body(text_of(kRaised), kRaised));
  expect_body("teams-recovered", teams_body(text_of(kRecovered), kRecovered));
}

TEST(WebhookFormats, NtfyIsAsItWasReleased) {
  expect_body("ntfy-raised", ntfy_body(text_of(kRaised), kRaised, "ops"));
  expect_body("ntfy-recovered", ntfy_body(text_of(kRecovered), kRecovered, "ops"));
}

TEST(WebhookFormats, PagerDutyIsAsItWasReleased) {
  expect_body("pagerduty-raised", pagerduty_bodies(kRaised, "R0KEY", kUrl).at(0));
  expect_body("pagerduty-recovered", pagerduty_bodies(kRecovered, "R0KEY", kUrl).at(0));
}

TEST(WebhookFormats, AlertmanagerIsAsItWasReleased) {
  expect_body("alertmanager-raised", alertmanager_body(kRaised, kUrl));
  expect_body("alertmanager-recovered", alertmanager_body(kRecovered, kUrl));
}

TEST(WebhookFormats, ARecoveryEndsTheSameAlert) {
  const auto dedup_key = [](const Delivery& delivery) {
    return ordered_json::parse(pagerduty_bodies(delivery, "R0KEY", kUrl).at(0)).at("dedup_key");
  };
  EXPECT_EQ(dedup_key(kRaised), dedup_key(kRecovered));
  const auto alert = [](const Delivery& delivery) {
    return ordered_json::parse(alertmanager_body(delivery, kUrl)).at(0);
  };
  EXPECT_EQ(alert(kRaised).at("labels"), alert(kRecovered).at("labels"));
  EXPECT_EQ(alert(kRaised).at("startsAt"), alert(kRecovered).at("startsAt"));
  EXPECT_EQ(alert(kRecovered).at("endsAt"), "2026-03-02T02:15:00Z");
}

TEST(WebhookFormats, ADigestIsTakenApartWhereAlertsAreKept) {
  auto digest = webhook_digest(kHook);
  EXPECT_EQ(ordered_json::parse(alertmanager_body(digest, kUrl)).size(), 2U);
  const auto bodies = pagerduty_bodies(digest, "R0KEY", kUrl);
  ASSERT_EQ(bodies.size(), 2U);
  EXPECT_EQ(ordered_json::parse(bodies[0]).at("event_action"), "trigger");
  EXPECT_EQ(ordered_json::parse(bodies[1]).at("event_action"), "resolve");
  digest.webhook.more = 5;
  const auto more = pagerduty_bodies(digest, "R0KEY", kUrl);
  ASSERT_EQ(more.size(), 3U);
  EXPECT_EQ(ordered_json::parse(more[2]).at("payload").at("severity"), "critical")
      << "nobody must miss that there are more";
}

TEST(WebhookFormats, NothingThatAnAgentSaysBreaksOutOfItsField) {
  const auto delivery = hostile();
  const auto text = text_of(delivery);
  const auto own = ordered_json::parse(own_body(delivery, kUrl));
  EXPECT_EQ(own.at("alerts").at(0).at("client"),
            "<!channel> \"db\" *x* [y](https://evil.example)  X: y");
  EXPECT_EQ(own.at("alerts").at(0).at("message"), "</b><@U1> & \\u0022 `a`\uFFFD \uFFFD end");
  const auto slack = ordered_json::parse(slack_body(text));
  EXPECT_EQ(slack.at("text").get<std::string>().find('<'), std::string::npos);
  for (const auto& block : slack.at("blocks")) {
    if (block.contains("text") && block.at("text").at("type") == "mrkdwn") {
      EXPECT_EQ(block.at("text").at("text"),
                "<https://vaultbell.example.org/alerts/17|Show it in Vaultbell>");
      continue;
    }
    EXPECT_EQ(block.dump().find('<'), std::string::npos) << block;
  }
  const auto teams = ordered_json::parse(teams_body(text, delivery));
  const auto& card = teams.at("attachments").at(0).at("content");
  for (const auto& line : card.at("body")) EXPECT_EQ(line.at("type"), "RichTextBlock");
  for (const auto& body : {ntfy_body(text, delivery, "ops"), alertmanager_body(delivery, kUrl),
                           pagerduty_bodies(delivery, "R0KEY", kUrl).at(0)}) {
    EXPECT_TRUE(ordered_json::accept(body)) << body;
    EXPECT_EQ(body.find("\\r"), std::string::npos) << body;
  }
}

TEST(WebhookFormats, WhatIsTooLongIsCutAndStillTaken) {
  auto delivery = kRaised;
  delivery.facts.client = std::string(5000, '&');
  delivery.facts.alert.message = std::string(20'000, '<');
  const auto slack = ordered_json::parse(slack_body(text_of(delivery)));
  const auto header = slack.at("blocks").at(0).at("text").at("text").get<std::string>();
  EXPECT_LE(header.size(), 150U);
  EXPECT_TRUE(header.ends_with(";…")) << header;
  for (const auto& block : slack.at("blocks")) {
    for (const auto& field : block.value("fields", ordered_json::array())) {
      EXPECT_LE(field.at("text").get<std::string>().size(), 2000U);
    }
    if (!block.contains("text")) continue;
    EXPECT_LE(block.at("text").at("text").get<std::string>().size(), 3000U);
  }
  const auto ntfy = ordered_json::parse(ntfy_body(text_of(delivery), delivery, "ops"));
  EXPECT_LE(ntfy.at("message").get<std::string>().size(), 4096U);
  const auto pager = ordered_json::parse(pagerduty_bodies(delivery, "R0KEY", kUrl).at(0));
  EXPECT_LE(pager.at("payload").at("summary").get<std::string>().size(), 1024U);
  EXPECT_LE(teams_body(text_of(delivery), delivery).size(), 40'000U);
}

// R7.3
TEST(WebhookFormats, ARepeatSaysWhoItIs) {
  auto repeat = kRaised;
  repeat.is_doubtful = true;
  const auto first = ordered_json::parse(own_body(kRaised, kUrl));
  const auto second = ordered_json::parse(own_body(repeat, kUrl));
  EXPECT_EQ(first.at("id"), second.at("id"));
  EXPECT_EQ(first.at("may_be_repeated"), false);
  EXPECT_EQ(second.at("may_be_repeated"), true);
}

}  // namespace
}  // namespace vaultbell::notify
