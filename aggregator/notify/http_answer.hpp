// HttpExchange: what happened to one request, and what follows from it (R7.4). Knows no socket.
#pragma once

#include <string>

#include "aggregator/notify/outcome.hpp"
#include "aggregator/notify/sms_settings.hpp"

namespace vaultbell::notify {

inline constexpr std::size_t kBodyBytesMax = 16U << 10U;  // read of an answer; 500 are kept

struct HttpExchange {
  std::string error;         // libcurl's; empty when it found nothing wrong
  bool was_sent = false;     // the whole request left, on whichever connection
  int status = 0;            // of the final answer; 0: none came
  std::string body;          // of the answer, its first kBodyBytesMax bytes
  std::string redirects_to;  // empty: nowhere
};

// Delivered: the status is one that is expected. Permanent: another 4xx, but 401 and 403 (a wrong
// login costs no recipient a message), 408, 425 and 429 (they ask for another try). Unknown: the
// request was sent whole and no status came. Everything else may pass. The answer is the status and
// the first kAnswerBytesMax bytes of the body as one line, in which neither secret nor password
// can be read, however they are encoded there.
Outcome outcome_of(const HttpExchange& exchange, const SmsSettings& settings);

}  // namespace vaultbell::notify
