// Mail: a message as it will be sent, made from facts alone. Nothing that came from an agent can
// add a header, a recipient or markup: names and texts are made one line each, encoded in headers
// and escaped by the template engine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aggregator/notify/delivery.hpp"
#include "aggregator/notify/settings.hpp"
#include "aggregator/notify/templates.hpp"

namespace vaultbell::notify {

struct Mail {
  std::string from;  // of the envelope
  std::string to;
  std::vector<std::string> headers;  // `Name: value`, folded; without the line end and without
                                     // those that say how the parts are packed
  std::string text;                  // UTF-8, lines end with CR LF
  std::string html;
};

// The same arguments give the same mail. `settings.from` must have passed parse_mailbox, and the
// templates check_templates.
Mail compose(const Delivery& delivery, const MailSettings& settings, const Templates& templates);

// One line; as people read it, not encoded.
std::string subject_of(const Delivery& delivery);

// The whole of it, for those who want to see it: headers and both parts. What is sent has the same
// parts, packed for servers that take 7 bits.
std::string source_of(const Mail& mail);

// `<vaultbell.INSTALLATION.NOTIFICATION@DOMAIN>`: a repeat carries the same, so that the reader's
// mail program can tell (R7.3).
std::string message_id(const Uuid& installation, NotificationId notification,
                       std::string_view domain);

}  // namespace vaultbell::notify
