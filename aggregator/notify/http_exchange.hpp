// HttpExchange: what happened to one request, and what its status means (R7.4). Knows no socket.
#pragma once

#include <string>
#include <string_view>

#include "aggregator/notify/outcome.hpp"

namespace vaultbell::notify {

inline constexpr std::size_t kBodyBytesMax = 16U << 10U;  // read of an answer; 500 are kept

struct HttpExchange {
  std::string error;         // libcurl's; empty when it found nothing wrong
  bool was_sent = false;     // the whole request left, on whichever connection
  int status = 0;            // of the final answer; 0: none came
  std::string body;          // of the answer, its first kBodyBytesMax bytes
  std::string redirects_to;  // empty: nowhere
};

// Of a status that is no success. Permanent: 4xx, but 401 and 403 (a wrong login costs no recipient
// a message), 408, 425 and 429 (they ask for another try). Everything else may pass.
core::AttemptResult failure_by(int status);

// Of an exchange without a status. Unknown: the request was sent whole.
core::AttemptResult failure_without_status(const HttpExchange& exchange);

// Where such an exchange stopped, for people.
std::string_view place_without_status(const HttpExchange& exchange);

}  // namespace vaultbell::notify
