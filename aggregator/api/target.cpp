#include "aggregator/api/target.hpp"

#include <charconv>

#include <fmt/format.h>

#include "shared/base/text.hpp"

namespace vaultbell::api {

namespace {

// The parts of `text` between separators.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Result<std::string> decode(std::string_view text) {
  std::string decoded;
  while (!text.empty()) {
    if (text.front() != '%') {
      decoded += text.front();
      text.remove_prefix(1);
      continue;
    }
    unsigned char byte = 0;
    const auto digits = text.substr(1, 2);
    const auto* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, byte, 16);
    if (digits.size() != 2 || parsed.ec != std::errc{} || parsed.ptr != end) {
      return fail(ErrorCode::invalid, fmt::format("\"{}\" is not percent-encoding", text));
    }
    decoded += static_cast<char>(byte);
    text.remove_prefix(3);
  }
  if (!is_utf8(decoded)) return fail(ErrorCode::invalid, "the request's target is not UTF-8");
  return decoded;
}

Status add_parameter(Fields& query, std::string_view text) {
  const auto equals = text.find('=');
  auto name = decode(text.substr(0, equals));
  if (!name) return fail(name.error());
  auto value = decode(equals == std::string_view::npos ? "" : text.substr(equals + 1));
  if (!value) return fail(value.error());
  return query.add(std::move(*name), {Fields::Kind::written, std::move(*value)});
}

}  // namespace

Result<Target> parse_target(std::string_view text) {
  Target target;
  const auto question = text.find('?');
  const auto path = text.substr(0, question);
  for (const auto part : split(path.substr(path.empty() ? 0 : 1), '/')) {
    auto segment = decode(part);
    if (!segment) return fail(segment.error());
    target.path.push_back(std::move(*segment));
  }
  if (question == std::string_view::npos) return target;
  for (const auto part : split(text.substr(question + 1), '&')) {
    if (part.empty()) continue;
    if (auto ok = add_parameter(target.query, part); !ok) return fail(ok.error());
  }
  return target;
}

}  // namespace vaultbell::api
