#include "aggregator/notify/sms_settings.hpp"

#include <gtest/gtest.h>

namespace vaultbell::notify {
namespace {

SmsSettings good_sms() {
  return {.url = "https://sms.example.org/send",
          .headers = {"Authorization: Bearer {{secret}}"},
          .body = R"({"to":"{{to}}","text":"{{text}}"})",
          .secret = "s3cret"};
}

std::string error_of(const Status& status) {
  return status ? "" : status.error().message;
}

std::string error_of(const SmsSettings& settings) {
  return error_of(check_sms_settings(settings));
}

std::string url_error(const std::string& fault, const std::string& url) {
  return "\"" + url + "\" is not the URL of a gateway: " + fault +
         " (example: \"https://sms.example.org/send\")";
}

std::string header_error(const std::string& fault, const std::string& header) {
  return "\"" + header + "\" is not a header: " + fault +
         " (example: \"Authorization: Bearer {{secret}}\")";
}

TEST(SmsSettings, GoodOnesPass) {
  EXPECT_EQ(error_of(good_sms()), "");
}

TEST(SmsSettings, AnyStatusThatMeansSuccessIsExpectedUnlessItIsSaidOtherwise) {
  EXPECT_EQ(SmsSettings().expect_status, (std::vector<StatusRange>{{200, 299}}));
}

TEST(SmsSettings, UsualUrlsAreTaken) {
  for (const auto* url :
       {"https://sms.example.org", "https://sms.example.org:8443/v1/send?to={{to}}&text={{text}}",
        "http://127.0.0.1:8080/{{to}}", "https://[::1]/",
        "https://api.example.org/bot{{secret}}/x"}) {
    EXPECT_EQ(error_of(check_sms_url(url)), "") << url;
  }
}

TEST(SmsSettings, WhatIsNoUrlIsRefused) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", "it begins with neither \"https://\" nor \"http://\""},
      {"ftp://sms.example.org/", "it begins with neither \"https://\" nor \"http://\""},
      {"https://", "the host, the port or a character behind them is wrong"},
      {"https://sms.example.org:99999/", "the host, the port or a character behind them is wrong"},
      {"https://sms.example.org/a b", "the host, the port or a character behind them is wrong"},
      {"https://me:x@sms.example.org/", "user and password have keys of their own"},
      {"https://sms.example.org/#to={{to}}", "\"#\" and what follows it would not be sent"},
      {"https://sms.example.org/{{too}}", "unknown name \"too\"; did you mean \"to\"?"},
      {"https://sms.example.org/{{to", "a tag is not closed: \"}}\" is missing"},
      {"https://{{to}}.example.org/", "a placeholder may stand only behind the host"},
      {"https://sms.example.org:{{to}}/", "a placeholder may stand only behind the host"},
      {"https://{{text}}", "a placeholder may stand only behind the host"},
      {"{{text}}://sms.example.org/", "it begins with neither \"https://\" nor \"http://\""},
  };
  for (const auto& [url, fault] : rows) {
    EXPECT_EQ(error_of(check_sms_url(url)), url_error(fault, url));
  }
}

TEST(SmsSettings, AUrlOfTwoLinesIsRefused) {
  EXPECT_EQ(error_of(check_sms_url("https://sms.example.org/\r\nX: y")),
            url_error("it has a control character", "https://sms.example.org/  X: y"));
}

TEST(SmsSettings, UsualHeadersAreTaken) {
  for (const auto* header :
       {"Authorization: Bearer {{secret}}", "X-To:{{to}}", "Accept: text/plain",
        "Idempotency-Key: {{id}}", "Content-Type: application/xml"}) {
    EXPECT_EQ(error_of(check_sms_header(header)), "") << header;
  }
}

TEST(SmsSettings, WhatIsNoHeaderIsRefused) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"Accept", "there is no \":\""},
      {": x", "what stands before the \":\" is not the name of a header"},
      {"My name: x", "what stands before the \":\" is not the name of a header"},
      {"{{to}}: x", "what stands before the \":\" is not the name of a header"},
      {"Accept: ", "there is no value behind the \":\""},
      {"content-length: 3", "it follows from the rest of the request"},
      {"Transfer-Encoding: chunked", "it follows from the rest of the request"},
      {"Connection: close", "it follows from the rest of the request"},
      {"Expect: 100-continue", "it follows from the rest of the request"},
      {"X-To: {{number}}", "unknown name \"number\""},
      {"X-To: {{{to}}}", "\"{{{to}}\" is not allowed: only names, sections and comments are"},
  };
  for (const auto& [header, fault] : rows) {
    EXPECT_EQ(error_of(check_sms_header(header)), header_error(fault, header));
  }
}

TEST(SmsSettings, OneHeaderCannotBeTwo) {
  EXPECT_EQ(error_of(check_sms_header("X-To: {{to}}\r\nX-Other: 1")),
            header_error("it has a control character", "X-To: {{to}}  X-Other: 1"));
}

TEST(SmsSettings, ABodyMayHaveLinesAndItsFaultNamesItsLine) {
  EXPECT_EQ(error_of(check_sms_body("{\n  \"to\": \"{{to}}\"\n}\n")), "");
  EXPECT_EQ(error_of(check_sms_body("{{txt}}")), "unknown name \"txt\"; did you mean \"text\"?");
  EXPECT_EQ(error_of(check_sms_body("{{to}}\n{{#text}}")),
            "line 2: \"{{#text}}\" is not closed: \"{{/text}}\" is missing");
  EXPECT_EQ(error_of(check_sms_body("\xff{{to}}")), "not UTF-8");
}

TEST(SmsSettings, AStatusIsANumberOrARange) {
  EXPECT_EQ(parse_status_range("202").value(), (StatusRange{202, 202}));
  EXPECT_EQ(parse_status_range("200-299").value(), (StatusRange{200, 299}));
  EXPECT_EQ(parse_status_range("302").value(), (StatusRange{302, 302}));
  for (const std::string wrong : {"", "20", "2000", "199", "600", "299-200", "200-", "-299", "2xx",
                                  "200-299-300", "200 - 299", "+20"}) {
    EXPECT_EQ(parse_status_range(wrong).error().message,
              "\"" + wrong +
                  "\" is no status of an answer and no range of them, within 200 to 599 "
                  "(examples: \"202\", \"200-299\")");
  }
}

TEST(SmsSettings, TheNumberAndTheTextMustBeSent) {
  auto settings = good_sms();
  settings.body = R"({"to":"{{to}}"})";
  EXPECT_EQ(error_of(settings), "{{text}} stands neither in url, nor in headers, nor in body");
  settings.headers.emplace_back("X-Text: {{text}}");
  EXPECT_EQ(error_of(settings), "");
  settings.body = "{}";
  EXPECT_EQ(error_of(settings), "{{to}} stands neither in url, nor in headers, nor in body");
  settings.url += "?to={{to}}";
  EXPECT_EQ(error_of(settings), "");
}

TEST(SmsSettings, AGetHasNoBody) {
  auto settings = good_sms();
  settings.method = HttpMethod::get;
  EXPECT_EQ(error_of(settings), "a GET has no body: write the placeholders into url");
}

TEST(SmsSettings, TheSecretIsThereWhereItIsUsedAndUsedWhereItIsThere) {
  auto settings = good_sms();
  settings.secret.clear();
  EXPECT_EQ(error_of(settings), "{{secret}} needs secret_file");
  settings = good_sms();
  settings.headers.clear();
  EXPECT_EQ(error_of(settings), "secret_file is not used: {{secret}} stands nowhere");
}

TEST(SmsSettings, UserAndPasswordNeedEachOther) {
  auto settings = good_sms();
  settings.user = "me";
  EXPECT_EQ(error_of(settings), "user and password_file need each other: one of them is missing");
  settings.password = "s3cret";
  EXPECT_EQ(error_of(settings), "");
  settings.user = "me:you";
  EXPECT_EQ(error_of(settings), "user may have neither \":\" nor control characters");
}

TEST(SmsSettings, SomethingMustBeExpected) {
  auto settings = good_sms();
  settings.expect_status.clear();
  EXPECT_EQ(error_of(settings), "with an empty expect_status nothing is ever delivered");
}

TEST(SmsSettings, NothingIsSentInTheClearToAnotherMachineUnlessThatIsAllowed) {
  auto settings = good_sms();
  for (const auto* url : {"http://sms.example.org/", "http://127.evil.example.org/",
                          "http://localhost.example.org/", "http://10.0.0.1/", "http://[::2]/"}) {
    settings.url = url;
    settings.allow_plain_http = false;
    EXPECT_EQ(error_of(settings),
              "http:// sends numbers, texts and secrets in the clear: use https://, or set "
              "allow_plain_http = true")
        << url;
    settings.allow_plain_http = true;
    EXPECT_EQ(error_of(settings), "") << url;
  }
}

TEST(SmsSettings, OnThisMachineNothingNeedsToBeEncrypted) {
  auto settings = good_sms();
  for (const auto* url :
       {"http://127.0.0.1:8080/", "http://127.1/", "http://localhost/", "http://[::1]:80/x"}) {
    settings.url = url;
    EXPECT_EQ(error_of(settings), "") << url;
  }
}

TEST(SmsSettings, CertificatesMustBeReadable) {
  auto settings = good_sms();
  settings.ca_file = "/nowhere/ca.pem";
  EXPECT_EQ(error_of(settings), "ca_file: cannot read /nowhere/ca.pem: No such file or directory");
}

}  // namespace
}  // namespace vaultbell::notify
