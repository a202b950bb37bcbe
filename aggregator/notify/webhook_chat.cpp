#include "aggregator/notify/webhook_formats.hpp"
#include "aggregator/notify/webhook_json.hpp"

// Formats for rooms in which people read: Slack, Microsoft Teams, ntfy.

namespace vaultbell::notify {

namespace {

// Slack refuses the whole message where a text is longer.
constexpr std::size_t kSlackHeaderMax = 150;
constexpr std::size_t kSlackFieldMax = 2000;
constexpr std::size_t kSlackSectionMax = 3000;
constexpr std::size_t kSlackFieldsMax = 10;

constexpr std::size_t kTeamsLinesMax = 8000;  // of 28 KB that a message may have
constexpr std::size_t kNtfyTitleMax = 250;
constexpr std::size_t kNtfyMessageMax = 3900;  // above 4096 bytes ntfy makes an attachment of it

constexpr std::string_view kLinkTitle = "Show it in Vaultbell";

// Slack's control characters, written as it asks for.
std::string_view slack_form(const char& c) {
  if (c == '&') return "&amp;";
  if (c == '<') return "&lt;";
  if (c == '>') return "&gt;";
  return {&c, 1};
}

// Cut like cut(), but never within a character that is written as several.
std::string slack_escaped(std::string_view text, std::size_t size_bytes_max) {
  constexpr std::string_view kMore = "…";
  std::string escaped;
  std::size_t fitting = 0;
  for (const char& c : text) {
    const bool begins_character = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    if (begins_character && escaped.size() + kMore.size() <= size_bytes_max) {
      fitting = escaped.size();
    }
    escaped += slack_form(c);
  }
  if (escaped.size() <= size_bytes_max) return escaped;
  escaped.resize(fitting);
  return escaped + std::string(kMore);
}

Json slack_plain(std::string_view text, std::size_t size_bytes_max) {
  return {{"type", "plain_text"}, {"text", slack_escaped(text, size_bytes_max)}, {"emoji", false}};
}

Json slack_section(std::string_view text) {
  return {{"type", "section"}, {"text", slack_plain(text, kSlackSectionMax)}};
}

Json slack_fields(const WebhookText& text, WebhookText& rest) {
  Json fields = Json::array();
  for (const auto& [label, value] : text.facts) {
    if (label == "Message" || fields.size() == kSlackFieldsMax) {
      rest.facts.emplace_back(label, value);
      continue;
    }
    fields.push_back(slack_plain(std::string(label) + '\n' + value, kSlackFieldMax));
  }
  return fields;
}

Json teams_line(std::string_view label, std::string_view value) {
  Json inlines = Json::array();
  if (!label.empty()) {
    inlines.push_back(
        {{"type", "TextRun"}, {"text", std::string(label) + ": "}, {"weight", "Bolder"}});
  }
  inlines.push_back({{"type", "TextRun"}, {"text", value}});
  return {{"type", "RichTextBlock"}, {"spacing", "Small"}, {"inlines", std::move(inlines)}};
}

bool is_recovered(const Delivery& delivery) {
  return delivery.event == core::NotificationEvent::recovered;
}

std::string_view teams_colour(const Delivery& delivery) {
  if (delivery.letter) return "Default";
  if (is_recovered(delivery)) return "Good";
  switch (delivery.facts.alert.severity) {
    case core::Severity::informational:
      return "Accent";
    case core::Severity::warning:
      return "Warning";
    case core::Severity::critical:
      return "Attention";
  }
  return "Default";
}

struct NtfyLook {
  int priority = 3;  // ntfy's default
  std::string_view tag = "information_source";
};

NtfyLook ntfy_look(const Delivery& delivery) {
  if (delivery.letter) return {};
  if (is_recovered(delivery)) return {3, "white_check_mark"};
  switch (delivery.facts.alert.severity) {
    case core::Severity::informational:
      return {2, "information_source"};
    case core::Severity::warning:
      return {3, "warning"};
    case core::Severity::critical:
      return {5, "rotating_light"};
  }
  return {};
}

}  // namespace

std::string slack_body(const WebhookText& text) {
  Json blocks = Json::array();
  blocks.push_back({{"type", "header"}, {"text", slack_plain(text.title, kSlackHeaderMax)}});
  WebhookText rest{.title = {}, .facts = {}, .lines = text.lines, .link = {}};
  auto fields = slack_fields(text, rest);
  if (!fields.empty()) blocks.push_back({{"type", "section"}, {"fields", std::move(fields)}});
  if (const auto lines = as_lines(rest, kSlackSectionMax); !lines.empty()) {
    blocks.push_back(slack_section(lines));
  }
  if (!text.link.empty()) {
    const auto link = '<' + text.link + '|' + std::string(kLinkTitle) + '>';
    blocks.push_back({{"type", "section"}, {"text", {{"type", "mrkdwn"}, {"text", link}}}});
  }
  return json_text({{"text", slack_escaped(text.title, kSlackSectionMax)},
                    {"mrkdwn", false},
                    {"unfurl_links", false},
                    {"unfurl_media", false},
                    {"blocks", std::move(blocks)}});
}

std::string teams_body(const WebhookText& text, const Delivery& delivery) {
  Json body = Json::array();
  Json title{{"type", "TextRun"},
             {"text", text.title},
             {"weight", "Bolder"},
             {"size", "Medium"},
             {"color", teams_colour(delivery)}};
  body.push_back({{"type", "RichTextBlock"}, {"inlines", Json::array({std::move(title)})}});
  for (const auto& [label, value] : text.facts) body.push_back(teams_line(label, value));
  auto room = kTeamsLinesMax;
  for (const auto& line : text.lines) {
    body.push_back(teams_line("", cut(line, room)));
    if (line.size() >= room) break;
    room -= line.size();
  }
  Json card{{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
            {"type", "AdaptiveCard"},
            {"version", "1.4"},
            {"body", std::move(body)}};
  if (!text.link.empty()) {
    Json action{{"type", "Action.OpenUrl"}, {"title", kLinkTitle}, {"url", text.link}};
    card["actions"] = Json::array({std::move(action)});
  }
  Json attachment{{"contentType", "application/vnd.microsoft.card.adaptive"},
                  {"content", std::move(card)}};
  return json_text({{"type", "message"}, {"attachments", Json::array({std::move(attachment)})}});
}

std::string ntfy_body(const WebhookText& text, const Delivery& delivery, std::string_view topic) {
  const auto look = ntfy_look(delivery);
  Json json{{"topic", topic},
            {"title", cut(text.title, kNtfyTitleMax)},
            {"message", as_lines(text, kNtfyMessageMax)},
            {"priority", look.priority},
            {"tags", Json::array({look.tag})}};
  if (!text.link.empty()) json["click"] = text.link;
  return json_text(json);
}

}  // namespace vaultbell::notify
