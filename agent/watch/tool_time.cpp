#include "agent/watch/tool_time.hpp"

#include <charconv>
#include <string>

#include "shared/base/local_time.hpp"

namespace vaultbell::agent::watch {

namespace {

constexpr std::int64_t kSecondsMax = 253'402'300'799;  // of the year 9999

std::optional<Instant> seconds_since_1970(std::string_view text) {
  std::int64_t seconds = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc{} || rest != end || seconds < 0 || seconds > kSecondsMax) {
    return std::nullopt;
  }
  return Instant(std::chrono::seconds(seconds));
}

// "+0100" as "+01:00".
std::string with_colon(std::string_view text) {
  std::string iso(text);
  const auto sign = iso.find_last_of("+-");
  if (sign != std::string::npos && sign + 5 == iso.size() && iso.find('T') < sign) {
    iso.insert(sign + 3, ":");
  }
  return iso;
}

}  // namespace

std::optional<Instant> parse_tool_time(std::string_view text) {
  if (const auto seconds = seconds_since_1970(text)) return seconds;
  if (const auto instant = parse_iso(with_colon(text))) return *instant;
  const auto local = parse_iso(std::string(text) + "Z");
  return local ? from_local(*local) : std::nullopt;
}

}  // namespace vaultbell::agent::watch
