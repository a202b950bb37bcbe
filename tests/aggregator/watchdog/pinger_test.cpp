#include "aggregator/watchdog/pinger.hpp"

#include <atomic>
#include <memory>

#include <gtest/gtest.h>

#include "aggregator/notify/curl_library.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/program.hpp"

namespace vaultbell::watchdog {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using support::HttpServer;
using support::until;

// The library is there before the first test and until the last one is over.
const notify::CurlLibrary kLibrary;
const SystemClock kClock;

bool always() {
  return true;
}

PingSettings often(std::vector<std::string> urls) {
  return {.urls = std::move(urls), .every = milliseconds(20), .timeout = seconds(60)};
}

TEST(Pingers, WhileItIsWellEveryUrlIsAskedAsItIs) {
  const HttpServer server;
  const Pinger pinger(often({server.url() + "/one?a=b%20c", server.url() + "/two"}), always,
                      kClock);
  EXPECT_TRUE(until([&] {
    return server.requests_for("/one?a=b%20c").size() >= 3 &&
           server.requests_for("/two").size() >= 3;
  }));
  const auto request = server.requests().at(0);
  EXPECT_EQ(request.at("method"), "GET");
  EXPECT_EQ(request.at("body"), "");
  EXPECT_EQ(support::header_of(request, "User-Agent"), "vaultbell/" VAULTBELL_VERSION);
}

TEST(Pingers, WhatCameOfThePingsCanBeSeen) {
  const HttpServer server;
  const auto before = kClock.wall();
  const Pinger pinger(often({server.url() + "/ok", server.url() + "/fault/500"}), always, kClock);
  EXPECT_TRUE(until([&] {
    const auto states = pinger.states();
    return !states.at(0).last_answer.empty() && !states.at(1).last_answer.empty();
  }));
  const auto states = pinger.states();
  EXPECT_EQ(states.at(0).target, "http://127.0.0.1");
  EXPECT_EQ(states.at(0).last_answer, "200");
  EXPECT_GE(states.at(0).last_success, before);
  EXPECT_EQ(states.at(1), (PingState{.target = "http://127.0.0.1", .last_answer = "500"}));
}

TEST(Pingers, WhatFailedIsAskedAgain) {
  const HttpServer server;
  const Pinger pinger(often({server.url() + "/fault/flaky-2"}), always, kClock);
  EXPECT_TRUE(until([&] { return pinger.states().at(0).last_answer == "503"; }));
  EXPECT_TRUE(until([&] { return pinger.states().at(0).last_success.has_value(); }));
  EXPECT_GE(server.requests().size(), 3U);
}

TEST(Pingers, AServerThatIsNotThereIsAFailure) {
  std::string url;
  {
    const HttpServer server;
    url = server.url();
  }
  const Pinger pinger(often({url}), always, kClock);
  EXPECT_TRUE(
      until([&] { return pinger.states().at(0).last_answer == "Couldn't connect to server"; }));
}

TEST(Pingers, WhenItIsNotWellNothingIsSent) {
  const HttpServer server;
  std::atomic<int> asked = 0;
  {
    const auto is_well = [&] { return ++asked <= 2; };
    const Pinger pinger(often({server.url()}), is_well, kClock);
    EXPECT_TRUE(until([&] { return asked >= 40 && !server.requests().empty(); }));
  }
  EXPECT_LE(server.requests().size(), 2U) << "one for each time that it was well";
}

TEST(Pingers, AsSoonAsItIsWellAgainTheHeartbeatIsSent) {
  const HttpServer server;
  auto settings = often({server.url()});
  settings.every = std::chrono::hours(1);
  std::atomic<int> asked = 0;
  const Pinger pinger(
      settings, [&] { return ++asked > 1; }, kClock);
  EXPECT_TRUE(until([&] { return server.requests().size() == 1; })) << "not in an hour";
  EXPECT_EQ(asked, 2);
}

TEST(Pingers, AUrlThatHangsDelaysNoOtherAndIsNotAskedMeanwhile) {
  const HttpServer server;
  const Pinger pinger(often({server.url() + "/fault/hang", server.url() + "/ok"}), always, kClock);
  EXPECT_TRUE(until([&] { return server.requests_for("/ok").size() >= 10; }));
  EXPECT_EQ(server.requests_for("/fault/hang").size(), 1U);
  EXPECT_EQ(pinger.states().at(0), (PingState{.target = "http://127.0.0.1"}));
}

TEST(Pingers, AUrlThatHangsIsLeftWhenTheTimeIsOver) {
  const HttpServer server;
  auto settings = often({server.url() + "/fault/hang"});
  settings.timeout = milliseconds(200);
  const Pinger pinger(settings, always, kClock);
  EXPECT_TRUE(until([&] { return server.requests().size() >= 2; }));
  EXPECT_EQ(pinger.states().at(0).last_answer, "Timeout was reached");
}

TEST(Pingers, TheEndWaitsForNoUrl) {
  const HttpServer server;
  auto pinger =
      std::make_unique<Pinger>(often({server.url() + "/fault/hang", server.url()}), always, kClock);
  EXPECT_TRUE(until([&] { return server.requests().size() >= 2; }));
  const auto begin = kClock.steady();
  pinger.reset();
  EXPECT_LT(kClock.steady() - begin, seconds(15)) << "no timeout is waited for";
}

TEST(Pingers, AnAnswerWithoutEndIsASuccess) {
  const HttpServer server;
  const Pinger pinger(often({server.url() + "/fault/huge"}), always, kClock);
  EXPECT_TRUE(until([&] { return pinger.states().at(0).last_success.has_value(); }));
  EXPECT_TRUE(until([&] { return server.requests().size() >= 2; }));
}

TEST(Pingers, ARedirectIsNotFollowed) {
  const HttpServer server;
  const Pinger pinger(often({server.url() + "/fault/redirect"}), always, kClock);
  EXPECT_TRUE(until([&] { return server.requests().size() >= 2; }));
  EXPECT_EQ(pinger.states().at(0).last_answer, "302");
  EXPECT_TRUE(server.requests_for("/elsewhere").empty());
}

TEST(Pingers, HttpsIsVerified) {
  const HttpServer server({.has_tls = true});
  const Pinger pinger(often({server.url()}), always, kClock);
  EXPECT_TRUE(until([&] { return !pinger.states().at(0).last_answer.empty(); }));
  EXPECT_EQ(pinger.states().at(0).last_answer, "SSL peer certificate or SSH remote key was not OK");
  EXPECT_TRUE(server.requests().empty());
}

}  // namespace
}  // namespace vaultbell::watchdog
