// SmtpChannel: hands one mail at a time to the mail server. The only place that talks SMTP, by
// libcurl. TLS is verified always; user and password are never sent in the clear unless TLS is off.
#pragma once

#include <functional>
#include <memory>

#include "aggregator/notify/conversation.hpp"
#include "aggregator/notify/mail.hpp"
#include "aggregator/notify/settings.hpp"

namespace vaultbell::notify {

// One thread. Keeps its connection from mail to mail, and drops it after any failure: libcurl may
// have left an answer unread in it, which would be taken for the next mail's.
class SmtpChannel {
 public:
  // `should_abort` is asked at least once a second while a mail is sent.
  SmtpChannel(MailSettings settings, std::function<bool()> should_abort);
  ~SmtpChannel();
  SmtpChannel(const SmtpChannel&) = delete;
  SmtpChannel& operator=(const SmtpChannel&) = delete;

  // Blocks on the network, up to twice the timeout in the worst case (the mail, and the farewell
  // of a server that hangs).
  Outcome send(const Mail& mail);

 private:
  class Connection;

  const MailSettings settings_;
  const std::function<bool()> should_abort_;
  std::unique_ptr<Connection> connection_;  // absent until there is a mail to send
};

}  // namespace vaultbell::notify
