#include "aggregator/notify/header.hpp"

#include <algorithm>

#include "aggregator/notify/base64.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::notify {

namespace {

constexpr std::size_t kLineMax = 78;          // RFC 5322, section 2.1.1
constexpr std::size_t kEncodedBytesMax = 45;  // 60 characters of base64: with its frame below 75
constexpr std::string_view kWordBegin = "=?UTF-8?B?";
constexpr std::string_view kWordEnd = "?=";

// Printable ASCII with single spaces between words: folding changes nothing of it.
bool is_foldable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; }) &&
         text.find("  ") == std::string_view::npos && !text.starts_with(' ') &&
         !text.ends_with(' ');
}

// Words that are cut between characters: each must make sense alone (RFC 2047, section 5).
std::string encoded_words(std::string_view utf8) {
  std::string words;
  while (!utf8.empty()) {
    const auto part = first_part(utf8, kEncodedBytesMax);
    if (!words.empty()) words += ' ';
    words += kWordBegin;
    words += base64(part);
    words += kWordEnd;
    utf8.remove_prefix(part.size());
  }
  return words;
}

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + '"';
}

// Whether a reader would take it for what it is: "=?" could pass for an encoded word.
bool is_plain(std::string_view text) {
  return is_foldable(text) && text.find("=?") == std::string_view::npos;
}

}  // namespace

std::string encoded_text(std::string_view value) {
  const auto line = one_line(value);
  return is_plain(line) ? line : encoded_words(line);
}

std::string encoded_mailbox(const Mailbox& mailbox) {
  if (mailbox.name.empty() || mailbox.name == mailbox.address) return mailbox.address;
  const auto name = one_line(mailbox.name);
  return (is_plain(name) ? quoted(name) : encoded_words(name)) + " <" + mailbox.address + ">";
}

std::string header_line(std::string_view name, std::string_view value) {
  auto rest = is_foldable(value) ? std::string(value) : encoded_text(value);
  std::string text(name);
  text += ": ";
  auto used = text.size();
  while (used + rest.size() > kLineMax) {
    // At the last space that lets the line fit, or else at the first there is.
    auto fold = rest.rfind(' ', kLineMax - std::min(used, kLineMax));
    if (fold == std::string::npos || fold == 0) fold = rest.find(' ', 1);
    if (fold == std::string::npos) break;
    text += rest.substr(0, fold) + "\r\n";
    rest.erase(0, fold);
    used = 0;
  }
  return text + rest;
}

}  // namespace vaultbell::notify
