// HttpTransfer: one HTTP request at a time, as every channel sends it: redirects are not followed,
// of an answer only the beginning is read, and it is known whether the whole request left.
#pragma once

#include <functional>

#include "aggregator/notify/http_exchange.hpp"
#include "aggregator/notify/http_request.hpp"
#include "aggregator/notify/transfer.hpp"

namespace vaultbell::notify {

// One thread. At most one connection, kept from one request to the next.
class HttpTransfer {
 public:
  // As Transfer.
  explicit HttpTransfer(const std::function<bool()>& should_abort);

  // Of libcurl, what a channel wants besides: time, trust, a login.
  [[nodiscard]] Transfer& options() { return transfer_; }

  // Blocks on the network.
  HttpExchange send(const HttpRequest& request);

 private:
  void give(const HttpRequest& request);
  void read_answer(HttpExchange& exchange);

  Transfer transfer_;
};

}  // namespace vaultbell::notify
