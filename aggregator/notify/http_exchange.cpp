#include "aggregator/notify/http_exchange.hpp"

namespace vaultbell::notify {

using core::AttemptResult;

AttemptResult failure_by(int status) {
  const bool may_pass =
      status == 401 || status == 403 || status == 408 || status == 425 || status == 429;
  const bool is_refusal = status >= 400 && status < 500 && !may_pass;
  return is_refusal ? AttemptResult::permanent_failure : AttemptResult::temporary_failure;
}

AttemptResult failure_without_status(const HttpExchange& exchange) {
  return exchange.was_sent ? AttemptResult::unknown : AttemptResult::temporary_failure;
}

std::string_view place_without_status(const HttpExchange& exchange) {
  return exchange.was_sent ? "after the request was sent: it may have arrived"
                           : "before the request was sent";
}

}  // namespace vaultbell::notify
