// What follows from an SMS gateway's answer (R7.4). Knows no socket.
#pragma once

#include "aggregator/notify/http_exchange.hpp"
#include "aggregator/notify/sms_settings.hpp"

namespace vaultbell::notify {

// Delivered: the status is one that is expected; else failure_by() and failure_without_status().
// The answer is the status and the first kAnswerBytesMax bytes of the body as one line, in which
// neither secret nor password can be read, however they are encoded there.
Outcome outcome_of(const HttpExchange& exchange, const SmsSettings& settings);

}  // namespace vaultbell::notify
