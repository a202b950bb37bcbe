#include "aggregator/notify/http_answer.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include <fmt/format.h>

#include "aggregator/notify/base64.hpp"
#include "aggregator/notify/template.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::notify {

namespace {

using core::AttemptResult;

constexpr std::string_view kBlot = "***";

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// %2F as %2f, which means the same.
std::string with_small_digits(std::string text) {
  for (auto at = text.find('%'); at != std::string::npos; at = text.find('%', at + 3)) {
    text.replace(at, 3, lower(text.substr(at, 3)));
  }
  return text;
}

// Every form in which a gateway may repeat what it was sent, the longest first.
std::vector<std::string> secrets_in(const SmsSettings& settings) {
  std::vector<std::string> forms;
  const auto login = base64(settings.user + ":" + settings.password);
  for (const auto& secret : {settings.secret, settings.password, login}) {
    if (secret.empty()) continue;
    const auto json = escaped(secret, Escaping::json);
    const auto percent = escaped(secret, Escaping::percent);
    forms.insert(forms.end(),
                 {secret, json, replaced(json, "/", "\\/"), percent, with_small_digits(percent),
                  replaced(percent, "%20", "+"), escaped(secret, Escaping::html), base64(secret)});
  }
  std::ranges::stable_sort(forms, std::ranges::greater(), &std::string::size);
  return forms;
}

std::string blotted(std::string text, const SmsSettings& settings) {
  for (const auto& form : secrets_in(settings)) text = replaced(std::move(text), form, kBlot);
  return text;
}

// How many bytes at the end may be the beginning of something: it may have been torn there.
std::size_t torn_bytes(std::string_view body, std::string_view whole) {
  auto size = std::min(whole.size(), body.size());
  while (!body.ends_with(whole.substr(0, size))) --size;
  return size;
}

std::string_view without_torn_secret(std::string_view body, const SmsSettings& settings) {
  std::size_t torn = 0;
  for (const auto& form : secrets_in(settings)) torn = std::max(torn, torn_bytes(body, form));
  return body.substr(0, body.size() - torn);
}

bool is_expected(int status, const SmsSettings& settings) {
  return std::ranges::any_of(settings.expect_status, [&](const StatusRange& range) {
    return status >= range.first && status <= range.last;
  });
}

std::string line_of(std::string_view text, const SmsSettings& settings) {
  const auto line = one_line(trimmed(blotted(std::string(text), settings)));
  return std::string(first_part(line, kAnswerBytesMax));
}

}  // namespace

Outcome outcome_of(const HttpExchange& exchange, const SmsSettings& settings) {
  if (exchange.status == 0) {
    return {
        failure_without_status(exchange),
        fmt::format("{} ({})", line_of(exchange.error, settings), place_without_status(exchange))};
  }
  const bool is_good = is_expected(exchange.status, settings);
  const auto result = is_good ? AttemptResult::delivered : failure_by(exchange.status);
  if (!is_good && !exchange.redirects_to.empty()) {
    return {result, fmt::format("{} (a redirect to {}, which is not followed)", exchange.status,
                                line_of(exchange.redirects_to, settings))};
  }
  const bool is_torn = !exchange.error.empty();
  const auto body =
      line_of(is_torn ? without_torn_secret(exchange.body, settings) : exchange.body, settings);
  return {result, body.empty() ? std::to_string(exchange.status)
                               : fmt::format("{} {}", exchange.status, body)};
}

}  // namespace vaultbell::notify
