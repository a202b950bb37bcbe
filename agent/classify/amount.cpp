#include "agent/classify/amount.hpp"

#include <charconv>
#include <string>

#include "shared/base/text.hpp"

namespace vaultbell::agent::classify {

namespace {

constexpr std::size_t kTextBytesMax = 64;  // a number and a unit
constexpr double kAmountMax = 9.2e18;      // below 2^63, with room for the rounding of a double
constexpr std::string_view kPrefixes = "KMGTPE";

// The bytes in one unit: "", "B", "kB", "KiB", "M", "MB".
std::optional<double> unit_bytes(std::string_view unit, Thousand thousand) {
  if (unit.empty() || unit == "B" || unit == "bytes") return 1;
  const char letter = unit.front() == 'k' ? 'K' : unit.front();
  const auto power = kPrefixes.find(letter);
  if (power == std::string_view::npos) return std::nullopt;
  unit.remove_prefix(1);
  const bool is_binary = unit == "iB" || unit == "i";
  if (!unit.empty() && unit != "B" && !is_binary) return std::nullopt;
  const double step = is_binary ? 1024.0 : static_cast<double>(thousand);
  double bytes = step;
  for (std::size_t i = 0; i < power; ++i) bytes *= step;
  return bytes;
}

}  // namespace

std::optional<std::uint64_t> parse_amount(std::string_view text, Thousand thousand) {
  text = trimmed(text);
  if (text.empty() || text.size() > kTextBytesMax) return std::nullopt;
  const auto size = std::min(text.find_first_not_of("0123456789.,"), text.size());
  std::string digits;
  for (const char one : text.substr(0, size)) {
    if (one != ',') digits += one;
  }
  const auto bytes = unit_bytes(trimmed(text.substr(size)), thousand);
  if (digits.empty() || !bytes) return std::nullopt;
  const auto* end = digits.data() + digits.size();
  std::uint64_t whole = 0;
  const auto exact = std::from_chars(digits.data(), end, whole);
  if (*bytes == 1 && exact.ec == std::errc{} && exact.ptr == end) {
    return whole > INT64_MAX ? std::nullopt : std::optional(whole);
  }
  double number = 0;
  const auto rounded = std::from_chars(digits.data(), end, number);
  if (rounded.ec != std::errc{} || rounded.ptr != end || number * *bytes > kAmountMax) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(number * *bytes);
}

}  // namespace vaultbell::agent::classify
