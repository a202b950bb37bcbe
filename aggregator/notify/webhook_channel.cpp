#include "aggregator/notify/webhook_channel.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "aggregator/notify/connection_guard.hpp"
#include "aggregator/notify/http_transfer.hpp"
#include "aggregator/notify/webhook_request.hpp"

namespace vaultbell::notify {

namespace {

using core::AttemptResult;

Outcome failed(AttemptResult result, std::string answer) {
  return {.result = result, .answer = std::move(answer), .is_about_recipient = true};
}

std::string_view meaning_of(AttemptResult result) {
  return result == AttemptResult::permanent_failure ? "the receiver refuses it"
                                                    : "the receiver did not take it";
}

}  // namespace

WebhookChannel::WebhookChannel(WebhookSettings settings, std::function<bool()> should_abort)
    : settings_(std::move(settings)), should_abort_(std::move(should_abort)) {}

WebhookChannel::~WebhookChannel() = default;

Outcome WebhookChannel::send(const Delivery& delivery) {
  const auto address = parse_webhook_address(delivery.recipient.address);
  if (!address) return failed(AttemptResult::permanent_failure, address.error().message);
  if (!transfer_) open();
  deadline_ = std::chrono::steady_clock::now() + kWebhookAttemptMax;
  Outcome outcome;
  for (auto& request : requests_for(delivery, *address, settings_.public_url)) {
    outcome = post(std::move(request), delivery);
    if (outcome.result != AttemptResult::delivered) break;
  }
  return outcome;
}

void WebhookChannel::open() {
  guard_ = std::make_unique<ConnectionGuard>(settings_.allow);
  transfer_ = std::make_unique<HttpTransfer>(should_abort_);
  auto& options = transfer_->options();
  options.verify_tls({});
  if (!settings_.ca_file.empty()) options.set(CURLOPT_CAINFO, settings_.ca_file.c_str());
  options.set(CURLOPT_FRESH_CONNECT, 1L);
  options.set(CURLOPT_FORBID_REUSE, 1L);
  guard_->watch(options.get());
}

HttpExchange WebhookChannel::exchange(const HttpRequest& request, Duration timeout) {
  transfer_->options().limit_time(timeout);
  guard_->begin(request.url.starts_with("https:"));
  auto exchange = transfer_->send(request);
  if (exchange.status == 0 && !exchange.was_sent && !guard_->fault().empty()) {
    exchange.error = guard_->fault();
  }
  return exchange;
}

Outcome WebhookChannel::post(HttpRequest request, const Delivery& delivery) {
  for (std::size_t redirects = 0;; ++redirects) {
    const auto left =
        std::chrono::duration_cast<Duration>(deadline_ - std::chrono::steady_clock::now());
    if (left <= Duration::zero()) {
      return failed(AttemptResult::temporary_failure, "it took too long: not all of it was sent");
    }
    const auto answered = exchange(request, std::min(left, settings_.timeout));
    const bool is_redirect = answered.status >= 300 && answered.status < 400;
    if (!is_redirect) return outcome_of(answered, delivery);
    const auto refuse = [&](const std::string& why) {
      return failed(AttemptResult::temporary_failure, fmt::format("{} ({})", answered.status, why));
    };
    if (redirects == kRedirectsMax) {
      return refuse(fmt::format("more than {} redirects", kRedirectsMax));
    }
    auto next = redirected(std::move(request), answered.status, answered.redirects_to);
    if (!next) return refuse(next.error().message);
    request = std::move(*next);
  }
}

Outcome WebhookChannel::outcome_of(const HttpExchange& exchange, const Delivery& delivery) const {
  if (exchange.status == 0) {
    return failed(failure_without_status(exchange),
                  fmt::format("{} ({})", exchange.error, place_without_status(exchange)));
  }
  if (exchange.status < 300) {
    const bool is_proven = gives_back(exchange.body, delivery.webhook.code);
    return {.result = AttemptResult::delivered,
            .answer = fmt::format("{}{}", exchange.status,
                                  is_proven ? " (the receiver gave the code back)" : ""),
            .is_proven = is_proven};
  }
  const auto result = failure_by(exchange.status);
  return failed(result, fmt::format("{} ({})", exchange.status, meaning_of(result)));
}

}  // namespace vaultbell::notify
