#include "aggregator/watchdog/ping_record.hpp"

#include <gtest/gtest.h>

namespace vaultbell::watchdog {
namespace {

constexpr Instant kPinged{std::chrono::hours(400'000)};
const PingEnd kGood{.status = 200};
constexpr int kNotConnected = 7;  // CURLE_COULDNT_CONNECT

PingEnd not_connected() {
  return {.curl_code = kNotConnected, .detail = "Failed to connect to example.org port 443"};
}

PingRecord a_record() {
  return PingRecord("https://hc.example.org");
}

TEST(PingRecords, ARecordWithoutPingsHasNothingToTell) {
  EXPECT_EQ(a_record().state(), (PingState{.target = "https://hc.example.org"}));
}

TEST(PingRecords, ASuccessIsRememberedAndNotLogged) {
  auto record = a_record();
  EXPECT_EQ(record.note(kGood, kPinged), std::nullopt);
  EXPECT_EQ(record.note({.status = 204}, kPinged + std::chrono::minutes(1)), std::nullopt);
  EXPECT_EQ(record.state(), (PingState{.target = "https://hc.example.org",
                                       .last_success = kPinged + std::chrono::minutes(1),
                                       .last_answer = "204"}));
}

TEST(PingRecords, TheFirstFailureIsLoggedAndTheNextOnesAreNot) {
  auto record = a_record();
  record.note(kGood, kPinged);
  EXPECT_EQ(record.note({.status = 503}, kPinged),
            (LogLine{log::Level::warning,
                     "the heartbeat is not taken by https://hc.example.org: answer 503"}));
  EXPECT_EQ(record.note(not_connected(), kPinged), std::nullopt);
  EXPECT_EQ(record.state(), (PingState{.target = "https://hc.example.org",
                                       .last_success = kPinged,
                                       .last_answer = "Couldn't connect to server"}));
}

TEST(PingRecords, TheFirstSuccessAfterFailuresIsLogged) {
  auto record = a_record();
  EXPECT_EQ(record.note(not_connected(), kPinged),
            (LogLine{log::Level::warning,
                     "the heartbeat is not taken by https://hc.example.org: "
                     "Failed to connect to example.org port 443"}));
  EXPECT_EQ(record.note(kGood, kPinged),
            (LogLine{log::Level::info, "the heartbeat is taken by https://hc.example.org again"}));
  EXPECT_EQ(record.note(kGood, kPinged), std::nullopt);
  EXPECT_NE(record.note({.status = 404}, kPinged), std::nullopt) << "a new failure is a first one";
}

TEST(PingRecords, ARedirectIsAFailureAndSaysWhy) {
  auto record = a_record();
  EXPECT_EQ(record.note({.status = 301}, kPinged),
            (LogLine{log::Level::warning,
                     "the heartbeat is not taken by https://hc.example.org: "
                     "answer 301 (redirects are not followed)"}));
}

TEST(PingRecords, AnAnswerCountsEvenIfTheRestIsLost) {
  auto record = a_record();
  EXPECT_EQ(record.note({.status = 200, .curl_code = kNotConnected, .detail = "lost"}, kPinged),
            std::nullopt);
  EXPECT_EQ(record.state().last_success, kPinged);
}

}  // namespace
}  // namespace vaultbell::watchdog
