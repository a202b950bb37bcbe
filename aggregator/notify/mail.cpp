#include "aggregator/notify/mail.hpp"

#include <array>

#include <fmt/format.h>

#include "aggregator/notify/header.hpp"
#include "aggregator/notify/mail_view.hpp"
#include "aggregator/notify/mailbox.hpp"
#include "shared/base/check.hpp"

namespace vaultbell::notify {

namespace {

// What RFC 5321 wants between lines.
std::string with_crlf(std::string_view text) {
  std::string result;
  result.reserve(text.size() + text.size() / 16);
  for (const char c : text) result += c == '\n' ? "\r\n" : std::string_view(&c, 1);
  return result;
}

std::vector<std::string> headers_of(const Delivery& delivery, const Mailbox& from) {
  const auto& alert = delivery.facts.alert;
  const auto domain = domain_of(from.address);
  std::vector<std::string> lines;
  const auto add = [&](std::string_view name, std::string_view value) {
    lines.push_back(header_line(name, value));
  };
  add("Date", to_mail_date(delivery.now));
  add("From", encoded_mailbox(from));
  add("To", encoded_mailbox({delivery.recipient.name, delivery.recipient.address}));
  add("Subject", encoded_text(wording::mail_subject(delivery.facts, delivery.event)));
  add("Message-ID", message_id(delivery.installation, delivery.notification, domain));
  if (delivery.in_reply_to.is_set()) {
    const auto raise = message_id(delivery.installation, delivery.in_reply_to, domain);
    add("In-Reply-To", raise);
    add("References", raise);
  }
  add("Auto-Submitted", "auto-generated");
  add("X-Auto-Response-Suppress", "All");
  add("X-Vaultbell-Alert", std::to_string(alert.id.value));
  add("X-Vaultbell-Kind", to_text(alert.kind));
  add("X-Vaultbell-Severity", to_text(alert.severity));
  add("X-Vaultbell-Event", to_text(delivery.event));
  if (delivery.is_doubtful) add("X-Possible-Duplicate", "yes");
  add("MIME-Version", "1.0");
  return lines;
}

}  // namespace

Mail compose(const Delivery& delivery, const MailSettings& settings, const Templates& templates) {
  const auto from = parse_mailbox(settings.from);
  check(from.has_value(), "the sender was checked when the configuration was read");
  const auto view = view_of(delivery);
  return {.from = from->address,
          .to = delivery.recipient.address,
          .headers = headers_of(delivery, *from),
          .text = with_crlf(render(templates.text, view, Escaping::none)),
          .html = with_crlf(render(templates.html, view, Escaping::html))};
}

std::string message_id(const Uuid& installation, NotificationId notification,
                       std::string_view domain) {
  return fmt::format("<vaultbell.{}.{}@{}>", to_text(installation), notification.value, domain);
}

}  // namespace vaultbell::notify
