#include "aggregator/notify/sms_request.hpp"

#include <gtest/gtest.h>

namespace vaultbell::notify {
namespace {

using Lines = std::vector<std::string>;

const Sms kSms{.to = "+4915112345678", .text = R"(CRITICAL "ü" & 50%)", .id = "vaultbell.x.42"};

TEST(SmsRequests, ValuesAreEscapedForWhereTheyStand) {
  const auto request = request_for(kSms, {.url = "https://sms.example.org/{{id}}?t={{text}}",
                                          .headers = {"X-Text: {{text}}"},
                                          .body = R"({"to":"{{to}}","text":"{{text}}"})"});
  EXPECT_EQ(request.url,
            "https://sms.example.org/vaultbell.x.42?t=CRITICAL%20%22%C3%BC%22%20%26%2050%25");
  EXPECT_EQ(request.headers,
            (Lines{R"(X-Text: CRITICAL "ü" & 50%)", "Content-Type: application/json",
                   "Idempotency-Key: vaultbell.x.42"}));
  EXPECT_EQ(request.body, R"({"to":"+4915112345678","text":"CRITICAL \"ü\" & 50%"})");
}

TEST(SmsRequests, AFormIsPercentEncoded) {
  const auto request = request_for(kSms, {.url = "https://sms.example.org/",
                                          .body = "To={{to}}&Body={{text}}",
                                          .encode = BodyEncoding::form});
  EXPECT_EQ(request.body, "To=%2B4915112345678&Body=CRITICAL%20%22%C3%BC%22%20%26%2050%25");
  EXPECT_EQ(request.headers.front(), "Content-Type: application/x-www-form-urlencoded");
}

TEST(SmsRequests, WithoutEncodingTheBodyIsPlainText) {
  const auto request = request_for(
      kSms, {.url = "https://sms.example.org/", .body = "{{text}}", .encode = BodyEncoding::none});
  EXPECT_EQ(request.body, kSms.text);
  EXPECT_EQ(request.headers.front(), "Content-Type: text/plain; charset=utf-8");
}

TEST(SmsRequests, AGetHasNoType) {
  const auto request =
      request_for(kSms, {.url = "https://sms.example.org/", .method = HttpMethod::get});
  EXPECT_EQ(request.headers, Lines{"Idempotency-Key: vaultbell.x.42"});
}

TEST(SmsRequests, HeadersThatAreConfiguredAreNotAddedAgain) {
  const auto request =
      request_for(kSms, {.url = "https://sms.example.org/",
                         .headers = {"content-type: application/xml", "idempotency-key: {{to}}"}});
  EXPECT_EQ(request.headers,
            (Lines{"content-type: application/xml", "idempotency-key: +4915112345678"}));
}

TEST(SmsRequests, TheSecretStandsWhereItIsWanted) {
  const auto request = request_for(kSms, {.url = "https://sms.example.org/?key={{secret}}",
                                          .headers = {"Authorization: Bearer {{secret}}"},
                                          .body = R"({"key":"{{secret}}"})",
                                          .secret = "a/b\"c"});
  EXPECT_EQ(request.url, "https://sms.example.org/?key=a%2Fb%22c");
  EXPECT_EQ(request.headers.front(), "Authorization: Bearer a/b\"c");
  EXPECT_EQ(request.body, R"({"key":"a/b\"c"})");
}

// What an agent sends can say anything; it cannot become anything.
TEST(SmsRequests, HostileTextsStayValues) {
  const Sms sms{
      .to = "+4915112345678\r\nA: b", .text = "x\r\nX-Evil: 1\",\"to\":\"{{secret}}", .id = "i\nd"};
  const auto request = request_for(sms, {.url = "https://sms.example.org/?text={{text}}",
                                         .headers = {"X-Text: {{text}}", "X-To: {{to}}"},
                                         .body = R"({"text":"{{text}}"})",
                                         .secret = "s3cret"});
  EXPECT_EQ(request.url.find_first_of("\r\n\"&"), std::string::npos);
  for (const auto& header : request.headers) {
    EXPECT_EQ(header.find_first_of("\r\n"), std::string::npos) << header;
    EXPECT_EQ(header.find("s3cret"), std::string::npos) << header;
  }
  EXPECT_EQ(request.body, R"({"text":"x  X-Evil: 1\",\"to\":\"{{secret}}"})");
}

TEST(SmsRequests, NamesOfHeadersAreComparedWithoutLetterCase) {
  EXPECT_TRUE(has_header({"X: y", "CONTENT-TYPE: z"}, "Content-Type"));
  EXPECT_FALSE(has_header({"Content-Typ: z"}, "Content-Type"));
}

}  // namespace
}  // namespace vaultbell::notify
