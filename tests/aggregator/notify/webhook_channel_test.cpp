#include "aggregator/notify/webhook_channel.hpp"

#include <gtest/gtest.h>

#include "aggregator/notify/curl_library.hpp"
#include "shared/crypto/webhook_signature.hpp"
#include "tests/aggregator/notify/webhook_deliveries.hpp"
#include "tests/support/http_server.hpp"

namespace vaultbell::notify {
namespace {

using core::AttemptResult;
using std::chrono::milliseconds;
using std::chrono::seconds;
using support::header_of;
using support::HttpServer;
using support::webhook_code;
using support::webhook_delivery;
using support::webhook_digest;

// The library is there before the first test and until the last one is over.
const CurlLibrary kCurl;

WebhookSettings allowing(const std::vector<std::string>& ranges) {
  WebhookSettings settings;
  for (const auto& range : ranges) settings.allow.push_back(parse_ip_range(range).value());
  return settings;
}

Outcome post(const Delivery& delivery, const WebhookSettings& settings) {
  WebhookChannel channel(settings, [] { return false; });
  return channel.send(delivery);
}

Outcome post_to(const std::string& address) {
  return post(webhook_delivery(address), allowing({"127.0.0.0/8"}));
}

Outcome failure(AttemptResult result, const std::string& answer) {
  return {.result = result, .answer = answer, .is_about_recipient = true};
}

void expect_failure(AttemptResult result, const std::string& begin, const Outcome& outcome) {
  EXPECT_EQ(outcome.result, result);
  EXPECT_TRUE(outcome.answer.starts_with(begin)) << outcome.answer;
  EXPECT_TRUE(outcome.is_about_recipient);
}

// ---- what arrives

// R7.8
TEST(WebhookChannels, AMessageArrivesSigned) {
  const HttpServer server;
  EXPECT_EQ(post_to(server.url() + "/hook"), (Outcome{AttemptResult::delivered, "200"}));
  const auto request = server.requests().at(0);
  EXPECT_EQ(request.at("method"), "POST");
  EXPECT_EQ(request.at("target"), "/hook");
  const std::string body = request.at("body");
  EXPECT_EQ(header_of(request, "Vaultbell-Signature"),
            crypto::webhook_signature("s3cret", 1'772'335'200, body));
  EXPECT_EQ(header_of(request, "User-Agent"), "vaultbell/" VAULTBELL_VERSION);
}

TEST(WebhookChannels, EachAlertOfADigestGoesToPagerDutyByItself) {
  const HttpServer server;
  const auto outcome = post(webhook_digest("pagerduty+" + server.url() + "/v2/enqueue#R0KEY"),
                            allowing({"127.0.0.1"}));
  EXPECT_EQ(outcome.result, AttemptResult::delivered);
  EXPECT_EQ(server.requests().size(), 2U);
}

// R5.2
TEST(WebhookChannels, AReceiverThatGivesTheCodeBackHasProvedItself) {
  const HttpServer server;
  const auto settings = allowing({"127.0.0.1"});
  EXPECT_EQ(post(webhook_code(server.url() + "/fault/give-back"), settings),
            (Outcome{.result = AttemptResult::delivered,
                     .answer = "200 (the receiver gave the code back)",
                     .is_proven = true}));
  EXPECT_EQ(post(webhook_code(server.url() + "/hook"), settings),
            (Outcome{AttemptResult::delivered, "200"}));
}

TEST(WebhookChannels, WhatIsNoAddressIsGivenUpUnsent) {
  expect_failure(AttemptResult::permanent_failure,
                 "that is not the address of a webhook: ", post_to("ops@example.org"));
}

// ---- what the receiver answers (R7.4)

TEST(WebhookChannels, AStatusMeansOneResultAndTheBodyIsNotRepeated) {
  const HttpServer server;
  const auto with = [&](const std::string& fault) {
    return post_to(server.url() + "/fault/" + fault);
  };
  EXPECT_EQ(with("204"), (Outcome{AttemptResult::delivered, "204"}));
  EXPECT_EQ(with("404"),
            failure(AttemptResult::permanent_failure, "404 (the receiver refuses it)"));
  EXPECT_EQ(with("repeat"),
            failure(AttemptResult::permanent_failure, "400 (the receiver refuses it)"));
  for (const auto* status : {"401", "403", "408", "425", "429", "500", "503"}) {
    EXPECT_EQ(with(status), failure(AttemptResult::temporary_failure,
                                    std::string(status) + " (the receiver did not take it)"));
  }
  EXPECT_EQ(with("flaky-1").result, AttemptResult::temporary_failure);
  EXPECT_EQ(with("flaky-1").result, AttemptResult::delivered);
}

TEST(WebhookChannels, OfAnAnswerWithoutEndTheBeginningIsEnough) {
  const HttpServer server;
  EXPECT_EQ(post_to(server.url() + "/fault/huge"), (Outcome{AttemptResult::delivered, "200"}));
}

TEST(WebhookChannels, AReceiverThatHangsIsLeftWhenTheTimeIsOver) {
  const HttpServer server;
  auto settings = allowing({"127.0.0.1"});
  settings.timeout = milliseconds(300);
  const auto outcome = post(webhook_delivery(server.url() + "/fault/hang"), settings);
  EXPECT_EQ(outcome.result, AttemptResult::unknown);
  EXPECT_TRUE(outcome.answer.ends_with("(after the request was sent: it may have arrived)"))
      << outcome.answer;
}

// ---- redirects

TEST(WebhookChannels, ARedirectIsFollowedWithTheSameMessage) {
  const HttpServer server;
  const HttpServer other;
  EXPECT_EQ(post_to(server.url() + "/fault/to-308?/hook"),
            (Outcome{AttemptResult::delivered, "200"}));
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[1].at("method"), "POST");
  EXPECT_EQ(requests[1].at("body"), requests[0].at("body"));
  EXPECT_EQ(post_to("ntfy+" + server.url() + "/ops#tk_1").result, AttemptResult::delivered);
  EXPECT_EQ(header_of(server.requests().at(2), "Authorization"), "Bearer tk_1");
  EXPECT_EQ(post_to(server.url() + "/fault/to-307?" + other.url() + "/x").result,
            AttemptResult::delivered);
  EXPECT_EQ(other.requests().size(), 1U);
}

TEST(WebhookChannels, RedirectsEnd) {
  const HttpServer server;
  EXPECT_EQ(post_to(server.url() + "/fault/loop"),
            failure(AttemptResult::temporary_failure, "308 (more than 3 redirects)"));
  EXPECT_EQ(server.requests().size(), 4U);
}

TEST(WebhookChannels, ARedirectThatLosesTheMessageIsNotFollowed) {
  const HttpServer server;
  EXPECT_EQ(post_to(server.url() + "/fault/to-302?/hook"),
            failure(AttemptResult::temporary_failure,
                    "302 (a redirect that does not keep the message; only 307 and 308 are "
                    "followed)"));
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(WebhookChannels, ARedirectLeadsToNoOtherAddressThanTheFirst) {
  const HttpServer server;  // at 127.0.0.1
  const auto port = server.url().substr(server.url().rfind(':'));
  const auto outcome =
      post(webhook_delivery(server.url() + "/fault/to-307?http://127.0.0.2" + port + "/x"),
           allowing({"127.0.0.1"}));
  expect_failure(AttemptResult::temporary_failure,
                 "127.0.0.2 is not connected to: it is loopback, and [webhook] allow does not name "
                 "it (before the request was sent)",
                 outcome);
  EXPECT_EQ(server.requests().size(), 1U);
}

// ---- where it connects

TEST(WebhookChannels, ThisHostIsNotConnectedToUnlessThatIsAllowed) {
  const HttpServer server;
  const auto port = server.url().substr(server.url().rfind(':'));
  for (const std::string host : {"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f.1"}) {
    const auto outcome = post(webhook_delivery("http://" + host + port + "/"), {});
    EXPECT_EQ(outcome.result, AttemptResult::temporary_failure);
    EXPECT_NE(outcome.answer.find(" is not connected to: it is loopback"), std::string::npos)
        << outcome.answer;
  }
  EXPECT_TRUE(server.requests().empty());
}

TEST(WebhookChannels, AReceiverThatIsNotThereIsTriedAgain) {
  std::string url;
  {
    const HttpServer server;
    url = server.url();
  }
  const auto outcome = post_to(url);
  EXPECT_EQ(outcome.result, AttemptResult::temporary_failure);
  EXPECT_TRUE(outcome.answer.ends_with("(before the request was sent)")) << outcome.answer;
}

TEST(WebhookChannels, AProxyOfTheEnvironmentIsNotUsed) {
  const HttpServer server;
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  EXPECT_EQ(post_to(server.url() + "/hook").result, AttemptResult::delivered);
  unsetenv("http_proxy");
}

TEST(WebhookChannels, HttpsIsVerified) {
  const HttpServer server({.has_tls = true});
  auto settings = allowing({"127.0.0.1"});
  expect_failure(AttemptResult::temporary_failure, "SSL certificate problem",
                 post(webhook_delivery(server.url() + "/hook"), settings));
  settings.ca_file = server.ca_file();
  EXPECT_EQ(post(webhook_delivery(server.url() + "/hook"), settings).result,
            AttemptResult::delivered);
  const HttpServer plain;
  expect_failure(AttemptResult::temporary_failure,
                 "307 (a redirect away from TLS, which is not followed)",
                 post(webhook_delivery(server.url() + "/fault/to-307?" + plain.url()), settings));
  EXPECT_TRUE(plain.requests().empty());
}

}  // namespace
}  // namespace vaultbell::notify
