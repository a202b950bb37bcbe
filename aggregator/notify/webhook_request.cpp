#include "aggregator/notify/webhook_request.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "aggregator/notify/url.hpp"
#include "aggregator/notify/webhook_formats.hpp"
#include "aggregator/notify/webhook_json.hpp"
#include "shared/base/text.hpp"
#include "shared/crypto/webhook_signature.hpp"

namespace vaultbell::notify {

namespace {

constexpr std::string_view kAuthorization = "Authorization: ";
constexpr std::string_view kAlertmanagerPath = "/api/v2/alerts";

// Host and port, "https://example.org:8443": what may see the same token.
std::string origin_of(const std::string& url) {
  const auto begin = url.find("://");
  return url.substr(0, url.find_first_of("/?#", begin == std::string::npos ? 0 : begin + 3));
}

std::string url_below(std::string url, std::string_view path) {
  if (url.ends_with(path)) return url;
  while (url.ends_with('/')) url.pop_back();
  return url + std::string(path);
}

HttpRequest request_with(std::string url, std::string body, const std::string& id) {
  return {.url = std::move(url),
          .headers = {"Content-Type: application/json", "Idempotency-Key: " + id},
          .body = std::move(body)};
}

void sign(HttpRequest& request, const Delivery& delivery) {
  const auto seconds =
      std::chrono::floor<std::chrono::seconds>(delivery.now).time_since_epoch().count();
  request.headers.push_back(fmt::format("Vaultbell-Timestamp: {}", seconds));
  request.headers.push_back(
      "Vaultbell-Signature: " +
      crypto::webhook_signature(delivery.webhook.secret, seconds, request.body));
}

std::vector<HttpRequest> unauthorized(const Delivery& delivery, const WebhookAddress& address,
                                      const std::string& public_url) {
  const auto id = idempotency_key(delivery);
  const auto& url = address.url;
  const auto text = webhook_text(delivery, public_url);
  switch (address.format) {
    case WebhookFormat::own: {
      auto request = request_with(url, own_body(delivery, public_url), id);
      sign(request, delivery);
      return {std::move(request)};
    }
    case WebhookFormat::slack:
      return {request_with(url, slack_body(text), id)};
    case WebhookFormat::teams:
      return {request_with(url, teams_body(text, delivery), id)};
    case WebhookFormat::ntfy: {
      const auto slash = url.rfind('/');
      return {request_with(url.substr(0, slash + 1),
                           ntfy_body(text, delivery, url.substr(slash + 1)), id)};
    }
    case WebhookFormat::pagerduty: {
      std::vector<HttpRequest> requests;
      for (auto& body : pagerduty_bodies(delivery, address.token, public_url)) {
        requests.push_back(
            request_with(url, std::move(body), fmt::format("{}.{}", id, requests.size())));
      }
      return requests;
    }
    case WebhookFormat::alertmanager:
      return {request_with(url_below(url, kAlertmanagerPath),
                           alertmanager_body(delivery, public_url), id)};
  }
  return {};
}

}  // namespace

std::vector<HttpRequest> requests_for(const Delivery& delivery, const WebhookAddress& address,
                                      const std::string& public_url) {
  auto requests = unauthorized(delivery, address, public_url);
  // PagerDuty's stands in the body.
  if (address.token.empty() || address.format == WebhookFormat::pagerduty) return requests;
  for (auto& request : requests) {
    request.headers.push_back(std::string(kAuthorization) + "Bearer " + address.token);
  }
  return requests;
}

Result<HttpRequest> redirected(HttpRequest request, int status, const std::string& url) {
  if (status != 307 && status != 308) {
    return fail("a redirect that does not keep the message; only 307 and 308 are followed");
  }
  const auto parts = parse_url(url);
  const bool is_http = parts && (parts->scheme == "https" || parts->scheme == "http");
  if (!is_http || parts->has_login) return fail("a redirect to something that is no address");
  if (request.url.starts_with("https:") && parts->scheme != "https") {
    return fail("a redirect away from TLS, which is not followed");
  }
  if (origin_of(request.url) != origin_of(url)) {
    std::erase_if(request.headers,
                  [](const auto& line) { return line.starts_with(kAuthorization); });
  }
  request.url = url;
  return request;
}

bool gives_back(std::string_view answer, std::string_view code) {
  if (code.empty()) return false;
  if (trimmed(answer) == code) return true;
  const auto json = Json::parse(answer, nullptr, false);
  if (!json.is_object()) return false;
  const auto found = json.find("code");
  return found != json.end() && found->is_string() && found->get<std::string>() == code;
}

}  // namespace vaultbell::notify
