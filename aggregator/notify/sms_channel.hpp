// SmsChannel: hands one SMS at a time to the gateway, by HTTP. TLS is verified always, redirects
// are not followed.
#pragma once

#include <functional>
#include <memory>

#include "aggregator/notify/outcome.hpp"
#include "aggregator/notify/sms.hpp"
#include "aggregator/notify/sms_settings.hpp"

namespace vaultbell::notify {

class HttpTransfer;

// One thread. Keeps its connection from message to message.
class SmsChannel {
 public:
  // `settings` have passed check_sms_settings, or have no url: then nothing may be sent.
  // `should_abort` is asked at least once a second while a message is sent.
  SmsChannel(SmsSettings settings, std::function<bool()> should_abort);
  ~SmsChannel();
  SmsChannel(const SmsChannel&) = delete;
  SmsChannel& operator=(const SmsChannel&) = delete;

  // Blocks on the network, at most as long as the timeout. What follows from the answer:
  // http_answer.hpp. A number that is none is a permanent failure, and not sent.
  Outcome send(const Sms& sms);

 private:
  void open();

  const SmsSettings settings_;
  const std::function<bool()> should_abort_;
  std::unique_ptr<HttpTransfer> transfer_;  // absent until there is an SMS to send
};

}  // namespace vaultbell::notify
