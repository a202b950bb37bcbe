#include "shared/base/text.hpp"

#include <cstdint>

#include <fmt/format.h>

namespace vaultbell {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

struct Decoded {
  std::uint32_t code_point = 0;
  std::size_t size = 0;  // 0: malformed
};

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// The character at the front of a text that is not empty.
Decoded decode_first(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {lead, 1};
  std::size_t size = 0;
  std::uint32_t code = 0;
  std::uint32_t least = 0;
  if ((lead & 0xE0U) == 0xC0U) {
    size = 2, code = lead & 0x1FU, least = 0x80;
  } else if ((lead & 0xF0U) == 0xE0U) {
    size = 3, code = lead & 0x0FU, least = 0x800;
  } else if ((lead & 0xF8U) == 0xF0U) {
    size = 4, code = lead & 0x07U, least = 0x10000;
  } else {
    return {};
  }
  if (text.size() < size) return {};
  for (std::size_t i = 1; i < size; ++i) {
    if (!is_continuation(text[i])) return {};
    code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < least || code > 0x10FFFF || is_surrogate) return {};
  return {code, size};
}

bool is_control(std::uint32_t code) {
  if (code < 0x20 || (code >= 0x7F && code < 0xA0)) return true;
  if (code == 0x2028 || code == 0x2029) return true;  // line and paragraph separator
  if (code == 0x200E || code == 0x200F || code == 0x061C) return true;  // direction marks
  return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto decoded = decode_first(text);
    if (decoded.size == 0) return false;
    text.remove_prefix(decoded.size);
  }
  return true;
}

std::string to_utf8(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const auto decoded = decode_first(bytes);
    text += decoded.size == 0 ? kReplacement : bytes.substr(0, decoded.size);
    bytes.remove_prefix(decoded.size == 0 ? 1 : decoded.size);
  }
  return text;
}

bool has_control(std::string_view utf8) {
  while (!utf8.empty()) {
    const auto decoded = decode_first(utf8);
    if (decoded.size == 0 || is_control(decoded.code_point)) return true;
    utf8.remove_prefix(decoded.size);
  }
  return false;
}

std::string one_line(std::string_view bytes) {
  std::string line;
  line.reserve(bytes.size());
  while (!bytes.empty()) {
    const auto decoded = decode_first(bytes);
    const auto size = decoded.size == 0 ? 1 : decoded.size;
    if (bytes.front() == '\t' || bytes.front() == '\n' || bytes.front() == '\r') {
      line += ' ';
    } else if (decoded.size == 0 || is_control(decoded.code_point)) {
      line += kReplacement;
    } else {
      line += bytes.substr(0, size);
    }
    bytes.remove_prefix(size);
  }
  return line;
}

std::string with_visible_controls(std::string_view bytes) {
  const auto utf8 = to_utf8(bytes);
  std::string text;
  text.reserve(utf8.size());
  std::string_view rest = utf8;
  while (!rest.empty()) {
    const auto decoded = decode_first(rest);
    if (is_control(decoded.code_point)) {
      text += fmt::format("\\u{:04x}", decoded.code_point);
    } else {
      text += rest.substr(0, decoded.size);
    }
    rest.remove_prefix(decoded.size);
  }
  return text;
}

std::string_view last_part(std::string_view utf8, std::size_t size_bytes_max) {
  if (utf8.size() <= size_bytes_max) return utf8;
  utf8.remove_prefix(utf8.size() - size_bytes_max);
  while (!utf8.empty() && is_continuation(utf8.front())) utf8.remove_prefix(1);
  return utf8;
}

std::string_view first_part(std::string_view utf8, std::size_t size_bytes_max) {
  if (utf8.size() <= size_bytes_max) return utf8;
  std::size_t end = size_bytes_max;
  while (end > 0 && is_continuation(utf8[end])) --end;
  return utf8.substr(0, end);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

}  // namespace vaultbell
