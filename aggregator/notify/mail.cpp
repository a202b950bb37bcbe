#include "aggregator/notify/mail.hpp"

#include <array>

#include <fmt/format.h>

#include "aggregator/notify/header.hpp"
#include "aggregator/notify/mail_view.hpp"
#include "shared/base/check.hpp"
#include "shared/base/text.hpp"
#include "shared/domain/mailbox.hpp"

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
  const auto domain = domain_of(from.address);
  std::vector<std::string> lines;
  const auto add = [&](std::string_view name, std::string_view value) {
    lines.push_back(header_line(name, value));
  };
  add("Date", to_mail_date(delivery.now));
  add("From", encoded_mailbox(from));
  add("To", encoded_mailbox({delivery.recipient.name, delivery.recipient.address}));
  add("Subject", encoded_text(subject_of(delivery)));
  add("Message-ID", message_id(delivery.installation, delivery.notification, domain));
  if (delivery.in_reply_to.is_set()) {
    const auto raise = message_id(delivery.installation, delivery.in_reply_to, domain);
    add("In-Reply-To", raise);
    add("References", raise);
  }
  add("Auto-Submitted", "auto-generated");
  add("X-Auto-Response-Suppress", "All");
  if (!delivery.letter) {
    const auto& alert = delivery.facts.alert;
    add("X-Vaultbell-Alert", std::to_string(alert.id.value));
    add("X-Vaultbell-Kind", to_text(alert.kind));
    add("X-Vaultbell-Severity", to_text(alert.severity));
  }
  add("X-Vaultbell-Event", to_text(delivery.event));
  if (delivery.is_doubtful) add("X-Possible-Duplicate", "yes");
  add("MIME-Version", "1.0");
  return lines;
}

}  // namespace

Mail compose(const Delivery& delivery, const MailSettings& settings, const Templates& templates) {
  const auto from = parse_mailbox(settings.from);
  check(from.has_value(), "the sender was checked when the configuration was read");
  const bool is_letter = delivery.letter.has_value();
  const auto view = is_letter ? letter_view_of(delivery) : view_of(delivery);
  const auto text =
      render(is_letter ? templates.letter_text : templates.text, view, Escaping::none);
  const auto html =
      render(is_letter ? templates.letter_html : templates.html, view, Escaping::html);
  return {.from = from->address,
          .to = delivery.recipient.address,
          .headers = headers_of(delivery, *from),
          .text = with_crlf(text),
          .html = with_crlf(html)};
}

std::string subject_of(const Delivery& delivery) {
  return one_line(delivery.letter ? delivery.letter->subject
                                  : wording::mail_subject(delivery.facts, delivery.event));
}

std::string source_of(const Mail& mail) {
  std::string boundary = "part";
  while (mail.text.find(boundary) != std::string::npos ||
         mail.html.find(boundary) != std::string::npos) {
    boundary += '=';
  }
  std::string source;
  for (const auto& header : mail.headers) source += header + "\r\n";
  source += fmt::format("Content-Type: multipart/alternative; boundary=\"{}\"\r\n", boundary);
  const auto add_part = [&](std::string_view type, std::string_view content) {
    source += fmt::format(
        "\r\n--{}\r\nContent-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: "
        "8bit\r\n\r\n{}",
        boundary, type, content);
  };
  add_part("text/plain", mail.text);
  add_part("text/html", mail.html);
  return source + fmt::format("\r\n--{}--\r\n", boundary);
}

std::string message_id(const Uuid& installation, NotificationId notification,
                       std::string_view domain) {
  return fmt::format("<vaultbell.{}.{}@{}>", to_text(installation), notification.value, domain);
}

}  // namespace vaultbell::notify
