#include "shared/domain/webhook_address.hpp"

#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace vaultbell {

namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kHostLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
constexpr std::string_view kAddressLetters = "0123456789abcdefABCDEF:.";
// Of bearer tokens (RFC 6750, section 2.1), "_" and "~" among them.
constexpr std::string_view kTokenLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/=";
constexpr std::string_view kTopicLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
constexpr std::size_t kTopicBytesMax = 64;  // as ntfy has it
constexpr std::string_view kNotInUrls = "\"<>\\^`{|}";

// A shorter rest would be known by its last four characters.
constexpr std::size_t kTailIsShownFrom = 20;
constexpr std::size_t kTailBytes = 4;

// The places of an address at which it is taken apart.
struct Pieces {
  WebhookFormat format = WebhookFormat::own;
  std::string_view scheme;     // "https"
  std::string_view authority;  // host and port
  std::string_view rest;       // path and query
  std::optional<std::string_view> token;
};

std::string_view taken_until(std::string_view& text, std::string_view ends) {
  const auto piece = text.substr(0, text.find_first_of(ends));
  text.remove_prefix(piece.size());
  return piece;
}

// Absent: it does not even begin like an address.
std::optional<Pieces> pieces_of(std::string_view text) {
  Pieces pieces;
  for (const auto& [format, name] : kEnumText<WebhookFormat>) {
    if (format == WebhookFormat::own || !text.starts_with(std::string(name) + '+')) continue;
    pieces.format = format;
    text.remove_prefix(name.size() + 1);
    break;
  }
  pieces.scheme = taken_until(text, ":");
  constexpr std::string_view kBehindScheme = "://";
  const bool is_http = pieces.scheme == "https" || pieces.scheme == "http";
  if (!is_http || !text.starts_with(kBehindScheme)) return std::nullopt;
  text.remove_prefix(kBehindScheme.size());
  pieces.authority = taken_until(text, "/?#");
  pieces.rest = taken_until(text, "#");
  if (!text.empty()) pieces.token = text.substr(1);
  return pieces;
}

bool has_only(std::string_view text, std::string_view letters) {
  return text.find_first_not_of(letters) == std::string_view::npos;
}

bool is_port(std::string_view text) {
  if (text.empty() || text.size() > 5 || !has_only(text, kDigits)) return false;
  unsigned port = 0;
  std::from_chars(text.data(), text.data() + text.size(), port);
  return port > 0 && port <= 65'535;
}

std::string_view authority_fault(std::string_view authority) {
  if (authority.find('@') != std::string_view::npos) {
    return "it has a user or a password; a token stands behind #";
  }
  const bool is_bracketed = authority.starts_with('[');
  const auto host_end = is_bracketed ? authority.find(']') : authority.find(':');
  const auto host = authority.substr(is_bracketed ? 1 : 0, host_end - (is_bracketed ? 1 : 0));
  if (host.empty()) return "it names no host";
  if (!has_only(host, is_bracketed ? kAddressLetters : kHostLetters)) {
    return "its host may have only letters, digits, \".\" and \"-\"";
  }
  if (is_bracketed && host_end == std::string_view::npos) return "its host has no closing bracket";
  const auto behind =
      host_end == std::string_view::npos ? "" : authority.substr(host_end + (is_bracketed ? 1 : 0));
  if (behind.empty()) return {};
  return behind.front() == ':' && is_port(behind.substr(1)) ? "" : "its port is none";
}

// ntfy's topic is the end of its path.
std::string_view topic_fault(std::string_view path) {
  const auto slash = path.rfind('/');
  const auto topic = slash == std::string_view::npos ? "" : path.substr(slash + 1);
  if (topic.empty()) return "its topic is missing";
  const bool is_topic = topic.size() <= kTopicBytesMax && has_only(topic, kTopicLetters);
  return is_topic ? "" : "its topic may have only 64 letters, digits, \"-\" and \"_\"";
}

// What the format asks for besides.
std::string_view format_fault(const Pieces& pieces) {
  const bool has_query = pieces.rest.find('?') != std::string_view::npos;
  switch (pieces.format) {
    case WebhookFormat::own:
      return {};
    case WebhookFormat::slack:
    case WebhookFormat::teams:
      return pieces.token ? "it takes no token behind #" : "";
    case WebhookFormat::ntfy:
      if (has_query) return "ntfy takes nothing behind ?; a token stands behind #";
      return topic_fault(pieces.rest);
    case WebhookFormat::pagerduty:
      return pieces.token ? "" : "the routing key is missing; it stands behind #";
    case WebhookFormat::alertmanager:
      return has_query ? "Alertmanager takes nothing behind ?; a token stands behind #" : "";
  }
  return {};
}

std::string_view text_fault(std::string_view text) {
  if (text.size() > kWebhookAddressBytesMax) return "it is longer than 450 bytes";
  for (const char c : text) {
    if (c <= ' ' || c > '~' || kNotInUrls.find(c) != std::string_view::npos) {
      return "it has a character that no URL has; such are written as %20";
    }
  }
  return {};
}

std::string_view token_fault(const Pieces& pieces) {
  if (!pieces.token) return {};
  if (pieces.token->empty()) return "nothing stands behind #";
  return has_only(*pieces.token, kTokenLetters) ? "" : "its token has a character that none has";
}

std::string_view fault_of(std::string_view text, const std::optional<Pieces>& pieces) {
  if (const auto fault = text_fault(text); !fault.empty()) return fault;
  if (!pieces) {
    return "it begins with https://, which takes Vaultbell's own JSON, or with slack+, teams+, "
           "ntfy+, pagerduty+ or alertmanager+ before that";
  }
  if (const auto fault = authority_fault(pieces->authority); !fault.empty()) return fault;
  if (const auto fault = token_fault(*pieces); !fault.empty()) return fault;
  return format_fault(*pieces);
}

}  // namespace

Result<WebhookAddress> parse_webhook_address(std::string_view text) {
  const auto pieces = pieces_of(text);
  if (const auto fault = fault_of(text, pieces); !fault.empty()) {
    return fail(ErrorCode::invalid,
                fmt::format("that is not the address of a webhook: {} (example: "
                            "\"slack+https://hooks.slack.com/services/T0/B0/secret\")",
                            fault));
  }
  return WebhookAddress{
      .format = pieces->format,
      .url = fmt::format("{}://{}{}", pieces->scheme, pieces->authority, pieces->rest),
      .token = std::string(pieces->token.value_or(""))};
}

bool is_of_alert_keeper(std::string_view text) {
  const auto pieces = pieces_of(text);
  return pieces && (pieces->format == WebhookFormat::pagerduty ||
                    pieces->format == WebhookFormat::alertmanager);
}

std::string shown_webhook_address(std::string_view text) {
  const auto pieces = pieces_of(text);
  if (!fault_of(text, pieces).empty()) return "(no address)";
  auto shown =
      pieces->format == WebhookFormat::own ? "" : std::string(to_text(pieces->format)) + '+';
  shown += fmt::format("{}://{}", pieces->scheme, pieces->authority);
  const auto begin = text.find("://") + 3 + pieces->authority.size();
  const auto rest = text.substr(begin);
  if (rest.empty() || rest == "/") return shown;
  const bool has_tail = rest.size() >= kTailIsShownFrom;
  return shown + "/…" + std::string(has_tail ? rest.substr(rest.size() - kTailBytes) : "");
}

}  // namespace vaultbell
