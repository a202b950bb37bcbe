#include "aggregator/notify/webhook_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "aggregator/notify/mail_view.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::notify {

namespace {

constexpr std::pair<std::string_view, std::string_view> kFacts[] = {
    {"Severity", "severity"},
    {"Vault", "vault"},
    {"Client", "client"},
    {"Job", "job"},
    {"Since", "since"},
    {"Occurrences", "occurrences"},
    {"Last success", "last_success"},
    {"Ended", "ended"},
    {"Why it ended", "how_it_ended"},
    {"Message", "message"},
    {"Ended with", "process_end"},
};

// Of what is over, how it began matters no more.
bool is_of_the_beginning(std::string_view name) {
  return name == "last_success" || name == "message" || name == "process_end";
}

WebhookText text_of_alert(const Delivery& delivery, const std::string& public_url) {
  const auto view = view_of(delivery);
  WebhookText text{.title = view.texts.at("subject"),
                   .link = link_to(delivery.facts.alert, public_url)};
  const bool is_over = delivery.event == core::NotificationEvent::recovered;
  for (const auto& [label, name] : kFacts) {
    const auto& value = view.texts.at(std::string(name));
    if (value.empty() || (is_over && is_of_the_beginning(name))) continue;
    text.facts.emplace_back(label, value);
  }
  return text;
}

WebhookText text_of_letter(const Delivery& delivery) {
  const auto& letter = *delivery.letter;
  WebhookText text{.title = one_line(letter.subject)};
  for (const auto& line : letter.paragraphs) text.lines.push_back(one_line(line));
  for (const auto& line : letter.items) text.lines.push_back("• " + one_line(line));
  if (!letter.closing.empty()) text.lines.push_back(one_line(letter.closing));
  return text;
}

}  // namespace

WebhookText webhook_text(const Delivery& delivery, const std::string& public_url) {
  auto text = delivery.letter ? text_of_letter(delivery) : text_of_alert(delivery, public_url);
  if (delivery.is_doubtful) {
    text.lines.emplace_back("An earlier attempt may have arrived: then this is the same again.");
  }
  return text;
}

std::vector<wording::DigestEntry> alerts_of(const Delivery& delivery) {
  if (!delivery.letter) return {{delivery.facts, delivery.event}};
  return delivery.webhook.gathered;
}

bool is_to_be_resolved(const Delivery& delivery, const wording::DigestEntry& entry) {
  if (entry.event == core::NotificationEvent::recovered) return true;
  return delivery.event == core::NotificationEvent::digest &&
         entry.facts.alert.state == core::AlertState::inactive;
}

std::string link_to(const core::Alert& alert, const std::string& public_url) {
  return public_url.empty() ? "" : fmt::format("{}/alerts/{}", public_url, alert.id.value);
}

std::string as_lines(const WebhookText& text, std::size_t size_bytes_max) {
  std::string lines;
  for (const auto& [label, value] : text.facts) lines += fmt::format("{}: {}\n", label, value);
  for (const auto& line : text.lines) lines += line + '\n';
  return cut(trimmed(lines), size_bytes_max);
}

std::string cut(std::string_view utf8, std::size_t size_bytes_max) {
  constexpr std::string_view kMore = "…";
  if (utf8.size() <= size_bytes_max) return std::string(utf8);
  const auto room = std::max(size_bytes_max, kMore.size()) - kMore.size();
  return std::string(first_part(utf8, room)) + std::string(kMore);
}

std::string idempotency_key(const Delivery& delivery) {
  return fmt::format("vaultbell.{}.{}", to_text(delivery.installation),
                     delivery.notification.value);
}

}  // namespace vaultbell::notify
