#include "aggregator/notify/sms_channel.hpp"

#include <gtest/gtest.h>

#include "aggregator/notify/curl_library.hpp"
#include "aggregator/notify/http_answer.hpp"
#include "tests/support/http_server.hpp"

namespace vaultbell::notify {
namespace {

using core::AttemptResult;
using std::chrono::milliseconds;
using std::chrono::seconds;
using support::header_of;
using support::HttpServer;
using SteadyClock = std::chrono::steady_clock;

// The library is there before the first test and until the last one is over.
const CurlLibrary kLibrary;

SmsSettings settings_for(const HttpServer& server) {
  return {.url = server.url() + "/send",
          .headers = {"X-Key: {{secret}}"},
          .body = R"({"to":"{{to}}","text":"{{text}}"})",
          .secret = "s3cret/key"};
}

bool never() {
  return false;
}

Sms sms_to(const std::string& number) {
  return {.to = number, .text = "CRITICAL db-1: disconnected", .id = "vaultbell.x.42"};
}

Outcome send(const SmsSettings& settings, const Sms& sms) {
  SmsChannel channel(settings, never);
  return channel.send(sms);
}

// The server's faults by the number's last three digits: http_server.py.
Outcome send_to(const std::string& fault, const HttpServer& server) {
  return send(settings_for(server), sms_to("+49990000" + fault));
}

void expect(AttemptResult result, const Outcome& outcome, const std::string& part_of_the_answer) {
  EXPECT_EQ(outcome.result, result);
  EXPECT_NE(outcome.answer.find(part_of_the_answer), std::string::npos) << outcome.answer;
}

// ---- what arrives

TEST(SmsChannels, AMessageArrivesAsItIsConfigured) {
  const HttpServer server;
  EXPECT_EQ(send(settings_for(server), sms_to("+4915112345678")),
            (Outcome{AttemptResult::delivered, "200 {\"status\": 200}"}));
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 1U);
  const auto& request = requests.front();
  EXPECT_EQ(request.at("method"), "POST");
  EXPECT_EQ(request.at("target"), "/send");
  EXPECT_EQ(request.at("body"), R"({"to":"+4915112345678","text":"CRITICAL db-1: disconnected"})");
  EXPECT_EQ(request.at("login"), nullptr);
  EXPECT_EQ(header_of(request, "X-Key"), "s3cret/key");
  EXPECT_EQ(header_of(request, "Content-Type"), "application/json");
  EXPECT_EQ(header_of(request, "Idempotency-Key"), "vaultbell.x.42");
  EXPECT_EQ(header_of(request, "User-Agent"), "vaultbell/" VAULTBELL_VERSION);
  EXPECT_EQ(header_of(request, "Expect"), "(none)");
}

TEST(SmsChannels, AFormIsSentWithALogin) {
  const HttpServer server;
  auto settings = settings_for(server);
  settings.body = "To={{to}}&Body={{text}}";
  settings.encode = BodyEncoding::form;
  settings.user = "account";
  settings.password = "pass:word";
  EXPECT_EQ(send(settings, sms_to("+4915112345678")).result, AttemptResult::delivered);
  const auto request = server.requests().at(0);
  EXPECT_EQ(request.at("body"), "To=%2B4915112345678&Body=CRITICAL%20db-1%3A%20disconnected");
  EXPECT_EQ(request.at("login"), "account:pass:word");
}

TEST(SmsChannels, AGetSendsEverythingInItsUrl) {
  const HttpServer server;
  auto settings = settings_for(server);
  settings.url += "?to={{to}}&text={{text}}";
  settings.method = HttpMethod::get;
  settings.body.clear();
  EXPECT_EQ(send(settings, sms_to("+4915112345678")).result, AttemptResult::delivered);
  const auto request = server.requests().at(0);
  EXPECT_EQ(request.at("method"), "GET");
  EXPECT_EQ(request.at("target"),
            "/send?to=%2B4915112345678&text=CRITICAL%20db-1%3A%20disconnected");
  EXPECT_EQ(request.at("body"), "");
}

TEST(SmsChannels, APutIsAPut) {
  const HttpServer server;
  auto settings = settings_for(server);
  settings.method = HttpMethod::put;
  EXPECT_EQ(send(settings, sms_to("+4915112345678")).result, AttemptResult::delivered);
  EXPECT_EQ(server.requests().at(0).at("method"), "PUT");
}

TEST(SmsChannels, AConnectionIsUsedForOneMessageAfterAnother) {
  const HttpServer server;
  SmsChannel channel(settings_for(server), never);
  for (const auto* fault : {"200", "400", "503", "200"}) {
    channel.send(sms_to(std::string("+49990000") + fault));
  }
  std::vector<int> connections;
  for (const auto& request : server.requests()) connections.push_back(request.at("connection"));
  EXPECT_EQ(connections, (std::vector<int>{1, 1, 1, 1}));
}

TEST(SmsChannels, ANumberThatIsNoneIsGivenUpUnsent) {
  const HttpServer server;
  EXPECT_EQ(send(settings_for(server), sms_to("0151 12345678")),
            (Outcome{AttemptResult::permanent_failure,
                     "\"0151 12345678\" is not a mobile number: it does not begin with \"+\" and "
                     "the code of a country (example: \"+4915112345678\")"}));
  EXPECT_TRUE(server.requests().empty());
}

// ---- what the gateway answers (R7.4)

class EachStatus : public testing::TestWithParam<std::pair<std::string, AttemptResult>> {};

TEST_P(EachStatus, MeansOneResult) {
  const HttpServer server;
  const auto& [status, result] = GetParam();
  EXPECT_EQ(send_to(status, server), (Outcome{result, status + " {\"status\": " + status + "}"}));
}

INSTANTIATE_TEST_SUITE_P(SmsChannels, EachStatus,
                         testing::Values(std::pair{"202", AttemptResult::delivered},
                                         std::pair{"400", AttemptResult::permanent_failure},
                                         std::pair{"401", AttemptResult::temporary_failure},
                                         std::pair{"403", AttemptResult::temporary_failure},
                                         std::pair{"404", AttemptResult::permanent_failure},
                                         std::pair{"408", AttemptResult::temporary_failure},
                                         std::pair{"429", AttemptResult::temporary_failure},
                                         std::pair{"500", AttemptResult::temporary_failure},
                                         std::pair{"503", AttemptResult::temporary_failure}),
                         [](const auto& row) { return std::string(row.param.first); });

TEST(SmsChannels, ARedirectIsNotFollowed) {
  const HttpServer server;
  EXPECT_EQ(send_to("004", server),
            (Outcome{AttemptResult::temporary_failure,
                     "302 (a redirect to " + server.url() + "/elsewhere, which is not followed)"}));
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(SmsChannels, OfAnAnswerWithoutEndTheBeginningIsRead) {
  const HttpServer server;
  const auto outcome = send_to("005", server);
  EXPECT_EQ(outcome.result, AttemptResult::delivered);
  EXPECT_EQ(outcome.answer.size(), std::string("200 ").size() + kAnswerBytesMax);
}

TEST(SmsChannels, WhatAGatewayRepeatsTellsNoSecret) {
  const HttpServer server;
  auto settings = settings_for(server);
  settings.user = "account";
  settings.password = "pa55word";
  settings.url += "?key={{secret}}";
  const auto outcome = send(settings, sms_to("+49990000006"));
  expect(AttemptResult::permanent_failure, outcome, "POST /send?key=*** HTTP/1.1");
  expect(AttemptResult::permanent_failure, outcome, "X-Key: ***");
  expect(AttemptResult::permanent_failure, outcome, "Authorization: Basic ***");
}

TEST(SmsChannels, AnAnswerWhoseEndIsLostCounts) {
  const HttpServer server;
  EXPECT_EQ(send_to("007", server),
            (Outcome{AttemptResult::delivered, "200 " + std::string(50, 'x')}));
}

// ---- what the network does

TEST(SmsChannels, AGatewayThatIsNotThereIsTriedAgain) {
  SmsSettings settings;
  {
    const HttpServer server;
    settings = settings_for(server);
  }
  expect(AttemptResult::temporary_failure, send(settings, sms_to("+4915112345678")),
         "(before the request was sent)");
}

TEST(SmsChannels, AnAnswerThatIsLostMayHaveArrivedAndTheRepeatSaysWhoItIs) {
  const HttpServer server;
  for (int i = 0; i < 2; ++i) {
    expect(AttemptResult::unknown, send_to("003", server),
           "(after the request was sent: it may have arrived)");
  }
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(header_of(requests[0], "Idempotency-Key"), header_of(requests[1], "Idempotency-Key"));
}

TEST(SmsChannels, AGatewayThatHangsIsLeftWhenTheTimeIsOver) {
  const HttpServer server;
  auto settings = settings_for(server);
  settings.timeout = milliseconds(300);
  expect(AttemptResult::unknown, send(settings, sms_to("+49990000002")),
         "(after the request was sent: it may have arrived)");
}

TEST(SmsChannels, AfterAnAttemptThatHungTheNextOneGoesThrough) {
  const HttpServer server;
  auto settings = settings_for(server);
  settings.timeout = seconds(2);  // enough for the one that is answered, on a busy machine
  SmsChannel channel(settings, never);
  EXPECT_EQ(channel.send(sms_to("+49990000002")).result, AttemptResult::unknown);
  EXPECT_EQ(channel.send(sms_to("+49990000400")).result, AttemptResult::permanent_failure);
  EXPECT_EQ(channel.send(sms_to("+49990000200")).result, AttemptResult::delivered);
}

TEST(SmsChannels, AnAttemptCanBeAborted) {
  const HttpServer server;
  const auto begin = SteadyClock::now();
  SmsChannel channel(settings_for(server),
                     [&] { return SteadyClock::now() > begin + milliseconds(200); });
  expect(AttemptResult::unknown, channel.send(sms_to("+49990000002")),
         "aborted: the delivery workers are stopping");
  EXPECT_LT(SteadyClock::now() - begin, seconds(15));
}

// ---- TLS

TEST(SmsChannels, HttpsIsVerified) {
  const HttpServer server({.has_tls = true});
  const HttpServer other({.has_tls = true});
  auto settings = settings_for(server);
  settings.ca_file = server.ca_file();
  EXPECT_EQ(send(settings, sms_to("+4915112345678")).result, AttemptResult::delivered);
  settings.ca_file = other.ca_file();
  expect(AttemptResult::temporary_failure, send(settings, sms_to("+4915112345678")),
         "SSL certificate problem");
  settings.ca_file.clear();
  expect(AttemptResult::temporary_failure, send(settings, sms_to("+4915112345678")),
         "SSL certificate problem");
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(SmsChannels, AServerOfAnotherNameIsNotTrusted) {
  const HttpServer server({.has_tls = true});
  auto settings = settings_for(server);
  settings.ca_file = server.ca_file();
  // libcurl takes every name below "localhost" for this machine.
  settings.url = "https://other.localhost:" + server.url().substr(server.url().rfind(':') + 1);
  expect(AttemptResult::temporary_failure, send(settings, sms_to("+4915112345678")),
         "no alternative certificate subject name matches target host name 'other.localhost'");
  EXPECT_TRUE(server.requests().empty());
}

}  // namespace
}  // namespace vaultbell::notify
