#include "aggregator/notify/sms_settings.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <fmt/format.h>

#include "aggregator/notify/settings.hpp"
#include "aggregator/notify/sms_request.hpp"
#include "aggregator/notify/url.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::notify {

namespace {

constexpr int kStatusMin = 200;  // what comes before is not the answer yet
constexpr int kStatusMax = 599;

// What any message could look like.
View a_view() {
  return view_of({.to = "+15550100", .text = "text", .id = "id"}, "secret");
}

// The first thing that is wrong with a template of [sms]; empty if nothing is.
std::string fault_of_template(std::string_view text) {
  const auto faults = faults_of(text, a_view());
  if (faults.empty()) return {};
  const auto& [line, what] = faults.front();
  return line == 1 ? what : fmt::format("line {}: {}", line, what);
}

std::string fault_of_url(std::string_view text) {
  if (has_control(text)) return "it has a control character";
  if (auto fault = fault_of_template(text); !fault.empty()) return fault;
  if (!text.starts_with("http://") && !text.starts_with("https://")) {
    return "it begins with neither \"https://\" nor \"http://\"";
  }
  const auto host_ends = std::min(text.find_first_of("/?#", text.find("//") + 2), text.size());
  if (text.substr(0, host_ends).find("{{") != std::string_view::npos) {
    return "a placeholder may stand only behind the host";
  }
  const auto url = parse_url(render(text, a_view(), Escaping::percent));
  if (!url) return "the host, the port or a character behind them is wrong";
  if (url->has_login) return "user and password have keys of their own";
  if (url->has_fragment) return "\"#\" and what follows it would not be sent";
  return {};
}

// RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view kSigns = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x80 && std::isalnum(byte) != 0) || kSigns.find(c) != std::string_view::npos;
  });
}

std::string fault_of_header(std::string_view text) {
  if (has_control(text)) return "it has a control character";
  if (auto fault = fault_of_template(text); !fault.empty()) return fault;
  if (text.find(':') == std::string_view::npos) return "there is no \":\"";
  const auto name = header_name(text);
  if (!is_token(name)) return "what stands before the \":\" is not the name of a header";
  if (trimmed(text.substr(name.size() + 1)).empty()) return "there is no value behind the \":\"";
  for (const auto* ours : {"Connection", "Content-Length", "Expect", "Transfer-Encoding"}) {
    if (has_header({std::string(text)}, ours)) return "it follows from the rest of the request";
  }
  return {};
}

// Whether the placeholder stands somewhere in the request.
bool is_sent(const SmsSettings& settings, std::string_view name) {
  return names(settings.url, name) || names(settings.body, name) ||
         std::ranges::any_of(settings.headers,
                             [&](const std::string& header) { return names(header, name); });
}

// What is wrong with the whole; empty if nothing is.
std::string fault_of(const SmsSettings& settings) {
  for (const auto* name : {"to", "text"}) {
    if (!is_sent(settings, name)) {
      return fmt::format("{{{{{}}}}} stands neither in url, nor in headers, nor in body", name);
    }
  }
  if (settings.method == HttpMethod::get && !settings.body.empty()) {
    return "a GET has no body: write the placeholders into url";
  }
  if (is_sent(settings, "secret") && settings.secret.empty()) {
    return "{{secret}} needs secret_file";
  }
  if (!is_sent(settings, "secret") && !settings.secret.empty()) {
    return "secret_file is not used: {{secret}} stands nowhere";
  }
  if (settings.user.empty() != settings.password.empty()) {
    return "user and password_file need each other: one of them is missing";
  }
  if (settings.user.find(':') != std::string::npos || has_control(settings.user)) {
    return "user may have neither \":\" nor control characters";  // RFC 7617, section 2
  }
  if (settings.expect_status.empty())
    return "with an empty expect_status nothing is ever delivered";
  const auto url = parse_url(render(settings.url, a_view(), Escaping::percent));
  if (url->scheme == "http" && !is_loopback(url->host) && !settings.allow_plain_http) {
    return "http:// sends numbers, texts and secrets in the clear: use https://, or set "
           "allow_plain_http = true";
  }
  return {};
}

Status wrong(std::string_view text, std::string_view what, std::string_view fault,
             std::string_view example) {
  return fail(ErrorCode::invalid, fmt::format("\"{}\" is not {}: {} (example: \"{}\")",
                                              one_line(text), what, fault, example));
}

}  // namespace

Status check_sms_url(std::string_view text) {
  const auto fault = fault_of_url(text);
  if (fault.empty()) return {};
  return wrong(text, "the URL of a gateway", fault, "https://sms.example.org/send");
}

Status check_sms_header(std::string_view text) {
  const auto fault = fault_of_header(text);
  if (fault.empty()) return {};
  return wrong(text, "a header", fault, "Authorization: Bearer {{secret}}");
}

Status check_sms_body(std::string_view text) {
  const auto fault = is_utf8(text) ? fault_of_template(text) : "not UTF-8";
  if (fault.empty()) return {};
  return fail(ErrorCode::invalid, fault);
}

Result<StatusRange> parse_status_range(std::string_view text) {
  StatusRange range{.first = 0, .last = 0};
  const auto dash = std::min(text.find('-'), text.size());
  const auto first = text.substr(0, dash);
  const auto last = dash == text.size() ? first : text.substr(dash + 1);
  const auto is_read = [](std::string_view digits, int& number) {
    return digits.size() == 3 &&
           std::from_chars(digits.data(), digits.data() + 3, number).ptr == digits.data() + 3;
  };
  const bool is_right = is_read(first, range.first) && is_read(last, range.last) &&
                        range.first >= kStatusMin && range.last <= kStatusMax &&
                        range.first <= range.last;
  if (is_right) return range;
  return fail(ErrorCode::invalid,
              fmt::format("\"{}\" is no status of an answer and no range of them, within {} to {} "
                          "(examples: \"202\", \"200-299\")",
                          one_line(text), kStatusMin, kStatusMax));
}

Status check_sms_settings(const SmsSettings& settings) {
  if (auto ok = check_sms_url(settings.url); !ok) return ok;
  if (auto fault = fault_of(settings); !fault.empty()) return fail(ErrorCode::invalid, fault);
  return check_ca_file(settings.ca_file);
}

}  // namespace vaultbell::notify
