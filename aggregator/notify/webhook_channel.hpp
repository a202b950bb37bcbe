// WebhookChannel: hands one delivery at a time to the webhook that its recipient's address names.
#pragma once

#include <functional>
#include <memory>

#include "aggregator/notify/delivery.hpp"
#include "aggregator/notify/http_exchange.hpp"
#include "aggregator/notify/http_request.hpp"
#include "aggregator/notify/outcome.hpp"
#include "aggregator/notify/webhook_settings.hpp"

namespace vaultbell::notify {

class ConnectionGuard;
class HttpTransfer;

// One thread. Every request has a connection of its own: receivers are many, and messages few.
class WebhookChannel {
 public:
  // `should_abort` is asked at least once a second while something is sent.
  WebhookChannel(WebhookSettings settings, std::function<bool()> should_abort);
  ~WebhookChannel();
  WebhookChannel(const WebhookChannel&) = delete;
  WebhookChannel& operator=(const WebhookChannel&) = delete;

  // Blocks on the network, at most kWebhookAttemptMax. 2xx is delivered; what follows from another
  // status stands with HttpExchange. The outcome's text is our own, and never what a receiver said.
  Outcome send(const Delivery& delivery);

 private:
  void open();
  HttpExchange exchange(const HttpRequest& request, Duration timeout);
  Outcome post(HttpRequest request, const Delivery& delivery);
  [[nodiscard]] Outcome outcome_of(const HttpExchange& exchange, const Delivery& delivery) const;

  const WebhookSettings settings_;
  const std::function<bool()> should_abort_;
  std::unique_ptr<ConnectionGuard> guard_;
  std::unique_ptr<HttpTransfer> transfer_;  // absent until there is something to send
  std::chrono::steady_clock::time_point deadline_;
};

inline constexpr std::size_t kRedirectsMax = 3;
inline constexpr Duration kWebhookAttemptMax = std::chrono::minutes(5);  // of many requests

}  // namespace vaultbell::notify
