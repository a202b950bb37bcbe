#include "aggregator/watchdog/settings.hpp"

#include <gtest/gtest.h>

namespace vaultbell::watchdog {
namespace {

std::string error_of(std::string_view url) {
  const auto status = check_ping_url(url);
  return status ? "" : status.error().message;
}

std::string refusal(const std::string& fault) {
  return "not a URL to ping: " + fault + " (example: \"https://hc-ping.com/UUID\")";
}

TEST(PingSettings, UsualUrlsAreTaken) {
  for (const auto* url : {"https://hc-ping.com/0f8fad5b-d9cb-469f-a165-70867728950e",
                          "http://status.example.org:3001/api/push/x?status=up&msg=OK",
                          "https://me:x@push.example.org/", "http://[::1]:8000/"}) {
    EXPECT_EQ(error_of(url), "") << url;
  }
}

TEST(PingSettings, WhatIsNoUrlIsRefusedAndNotRepeated) {
  EXPECT_EQ(error_of(""), refusal("it begins with neither \"https://\" nor \"http://\""));
  EXPECT_EQ(error_of("hc-ping.com/secret"),
            refusal("it begins with neither \"https://\" nor \"http://\""));
  EXPECT_EQ(error_of("https://"),
            refusal("the host, the port or a character behind them is wrong"));
  EXPECT_EQ(error_of("https://hc-ping.com:port/"),
            refusal("the host, the port or a character behind them is wrong"));
  EXPECT_EQ(error_of("https://hc-ping.com/a b"),
            refusal("the host, the port or a character behind them is wrong"));
  EXPECT_EQ(error_of("https://hc-ping.com/\r\nX: y"), refusal("it has a control character"));
}

TEST(PingSettings, OfAUrlOnlyItsHostIsShown) {
  EXPECT_EQ(shown("https://me:x@hc-ping.com:8443/UUID?x#y"), "https://hc-ping.com");
  EXPECT_EQ(shown("http://[::1]:8000/"), "http://[::1]");
}

}  // namespace
}  // namespace vaultbell::watchdog
