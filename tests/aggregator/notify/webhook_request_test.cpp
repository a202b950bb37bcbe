#include "aggregator/notify/webhook_request.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "shared/crypto/webhook_signature.hpp"
#include "tests/aggregator/notify/webhook_deliveries.hpp"

namespace vaultbell::notify {
namespace {

using support::webhook_delivery;
using support::webhook_digest;

std::vector<HttpRequest> requests_to(const std::string& address) {
  return requests_for(webhook_delivery(address), *parse_webhook_address(address), "");
}

std::string url_of(const std::string& address) {
  return requests_to(address).at(0).url;
}

std::string header_in(const HttpRequest& request, const std::string& name) {
  const auto found = std::ranges::find_if(
      request.headers, [&](const std::string& line) { return line.starts_with(name + ": "); });
  return found == request.headers.end() ? "(none)" : found->substr(name.size() + 2);
}

// Where the redirect leads, or why nowhere.
std::string redirect_of(const std::string& from, int status, const std::string& to) {
  const auto next = redirected({.url = from}, status, to);
  return next ? next->url : next.error().message;
}

TEST(WebhookRequests, EachFormatKnowsItsUrl) {
  EXPECT_EQ(url_of("https://example.org/hook?a=b"), "https://example.org/hook?a=b");
  EXPECT_EQ(url_of("slack+https://hooks.slack.com/services/x"),
            "https://hooks.slack.com/services/x");
  EXPECT_EQ(url_of("ntfy+https://ntfy.sh/ops"), "https://ntfy.sh/");
  EXPECT_EQ(url_of("pagerduty+https://events.pagerduty.com/v2/enqueue#R0KEY"),
            "https://events.pagerduty.com/v2/enqueue");
  EXPECT_EQ(url_of("alertmanager+http://127.0.0.1:9093"), "http://127.0.0.1:9093/api/v2/alerts");
  EXPECT_EQ(url_of("alertmanager+http://127.0.0.1:9093/am/"),
            "http://127.0.0.1:9093/am/api/v2/alerts");
  EXPECT_EQ(url_of("alertmanager+http://127.0.0.1:9093/api/v2/alerts"),
            "http://127.0.0.1:9093/api/v2/alerts");
}

// R7.8
TEST(WebhookRequests, OwnJsonIsSigned) {
  const auto request = requests_to("https://example.org/hook").at(0);
  EXPECT_EQ(header_in(request, "Content-Type"), "application/json");
  EXPECT_EQ(header_in(request, "Idempotency-Key"),
            "vaultbell.0f8fad5b-d9cb-469f-a165-70867728950e.42");
  EXPECT_EQ(header_in(request, "Vaultbell-Timestamp"), "1772335200");
  EXPECT_EQ(header_in(request, "Vaultbell-Signature"),
            crypto::webhook_signature("s3cret", 1'772'335'200, request.body));
  EXPECT_EQ(header_in(request, "Authorization"), "(none)");
}

TEST(WebhookRequests, ATokenGoesToItsReceiverAlone) {
  EXPECT_EQ(header_in(requests_to("ntfy+https://ntfy.sh/ops#tk_1").at(0), "Authorization"),
            "Bearer tk_1");
  const auto pager = requests_to("pagerduty+https://events.pagerduty.com/v2/enqueue#R0KEY").at(0);
  EXPECT_EQ(header_in(pager, "Authorization"), "(none)");
  EXPECT_NE(pager.body.find("\"routing_key\":\"R0KEY\""), std::string::npos);
  EXPECT_EQ(pager.body.find("#R0KEY"), std::string::npos);
}

TEST(WebhookRequests, ADigestIsSeveralForPagerDuty) {
  const std::string address = "pagerduty+https://events.pagerduty.com/v2/enqueue#R0KEY";
  const auto requests = requests_for(webhook_digest(address), *parse_webhook_address(address), "");
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_NE(header_in(requests[0], "Idempotency-Key"), header_in(requests[1], "Idempotency-Key"));
}

TEST(WebhookRequests, OnlyARedirectThatKeepsTheMessageIsFollowed) {
  const std::string from = "https://example.org/a";
  EXPECT_EQ(redirect_of(from, 307, "https://example.org/b"), "https://example.org/b");
  EXPECT_EQ(redirect_of(from, 308, "https://other.example.org/b"), "https://other.example.org/b");
  for (const int status : {301, 302, 303, 300, 304}) {
    EXPECT_EQ(redirect_of(from, status, "https://example.org/b"),
              "a redirect that does not keep the message; only 307 and 308 are followed");
  }
  EXPECT_EQ(redirect_of(from, 307, "http://example.org/b"),
            "a redirect away from TLS, which is not followed");
  EXPECT_EQ(redirect_of("http://example.org/a", 307, "http://example.org/b"),
            "http://example.org/b");
  for (const auto* nowhere :
       {"", "file:///etc/passwd", "gopher://example.org/", "https://a:b@c/"}) {
    EXPECT_EQ(redirect_of(from, 307, nowhere), "a redirect to something that is no address");
  }
}

TEST(WebhookRequests, AnotherHostGetsNoToken) {
  const HttpRequest request{.url = "https://example.org/a", .headers = {"Authorization: Bearer x"}};
  EXPECT_EQ(redirected(request, 307, "https://example.org/b")->headers, request.headers);
  for (const auto* other : {"https://example.com/a", "https://example.org:444/a"}) {
    EXPECT_TRUE(redirected(request, 307, other)->headers.empty()) << other;
  }
}

// R5.2
TEST(WebhookRequests, ACodeIsGivenBackAsItWasSent) {
  EXPECT_TRUE(gives_back("041902", "041902"));
  EXPECT_TRUE(gives_back(" 041902\r\n", "041902"));
  EXPECT_TRUE(gives_back(R"({"code": "041902", "x": 1})", "041902"));
  EXPECT_FALSE(gives_back("your code is 041902", "041902"));
  EXPECT_FALSE(gives_back(R"({"code": 41902})", "041902"));
  EXPECT_FALSE(gives_back(R"({"codes": "041902"})", "041902"));
  EXPECT_FALSE(gives_back(R"(["041902"])", "041902"));
  EXPECT_FALSE(gives_back("", "041902"));
  EXPECT_FALSE(gives_back("", "")) << "nothing was asked";
  EXPECT_FALSE(gives_back(std::string(10'000, '['), "041902"));
}

}  // namespace
}  // namespace vaultbell::notify
