#include "shared/base/duration.hpp"

#include <array>
#include <charconv>
#include <limits>

#include <fmt/format.h>

namespace vaultbell {

namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::uint64_t kDayMs = 86'400'000;
constexpr std::array kTimeUnits = {Unit{"d", kDayMs}, Unit{"h", 3'600'000}, Unit{"m", 60'000},
                                   Unit{"s", 1'000}, Unit{"ms", 1}};
constexpr std::array kSizeUnits = {
    Unit{"", 1},
    Unit{"B", 1},
    Unit{"kB", 1'000},
    Unit{"KB", 1'000},
    Unit{"MB", 1'000'000},
    Unit{"GB", 1'000'000'000},
    Unit{"TB", 1'000'000'000'000},
    Unit{"KiB", 1ULL << 10U},
    Unit{"MiB", 1ULL << 20U},
    Unit{"GiB", 1ULL << 30U},
    Unit{"TiB", 1ULL << 40U},
};
constexpr std::uint64_t kDurationMsMax = 36'525 * kDayMs;  // 100 years: leaves room for sums
constexpr std::uint64_t kSizeBytesMax = std::numeric_limits<std::int64_t>::max();

// A whole number directly followed by one of `units`, the product being at most `max`.
template <std::size_t N>
Result<std::uint64_t> parse_scaled(std::string_view text, const std::array<Unit, N>& units,
                                   std::uint64_t max) {
  std::uint64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{}) return fail("no number");
  const std::string_view name(rest, static_cast<std::size_t>(end - rest));
  for (const auto& unit : units) {
    if (unit.name != name) continue;
    if (number > max / unit.factor) return fail("too large");
    return number * unit.factor;
  }
  return fail("no unit");
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  if (text == "0") return Duration(0);
  const auto value = parse_scaled(text, kTimeUnits, kDurationMsMax);
  if (!value) {
    return fail(ErrorCode::invalid,
                fmt::format("\"{}\" is not a duration (examples: \"45m\", \"26h\")", text));
  }
  return Duration(static_cast<Duration::rep>(*value));
}

std::string to_text(Duration duration) {
  const auto count = duration.count();
  if (count == 0) return "0s";
  for (const auto& unit : kTimeUnits) {
    const auto factor = static_cast<Duration::rep>(unit.factor);
    if (count % factor == 0) return fmt::format("{}{}", count / factor, unit.name);
  }
  return fmt::format("{}ms", count);
}

std::string to_words(Duration duration) {
  const auto total = std::chrono::floor<std::chrono::seconds>(duration).count();
  if (total < 0) return "0 s";
  const auto d = total / 86'400;
  const auto h = total % 86'400 / 3'600;
  const auto m = total % 3'600 / 60;
  const auto s = total % 60;
  if (d > 0) return h > 0 ? fmt::format("{} d {} h", d, h) : fmt::format("{} d", d);
  if (h > 0) return m > 0 ? fmt::format("{} h {} min", h, m) : fmt::format("{} h", h);
  if (m > 0) return s > 0 ? fmt::format("{} min {} s", m, s) : fmt::format("{} min", m);
  return fmt::format("{} s", s);
}

Result<std::uint64_t> parse_size(std::string_view text) {
  auto value = parse_scaled(text, kSizeUnits, kSizeBytesMax);
  if (!value) {
    return fail(ErrorCode::invalid,
                fmt::format("\"{}\" is not a size (examples: \"256MiB\", \"10GB\")", text));
  }
  return value;
}

std::string size_in_words(std::uint64_t size_bytes) {
  static constexpr std::array kNames = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  constexpr double kRoundsUp = 1023.95;  // would be shown as 1024.0 of the smaller unit
  if (size_bytes < 1024) return fmt::format("{} B", size_bytes);
  auto value = static_cast<double>(size_bytes) / 1024.0;
  std::size_t unit = 0;
  while (value >= kRoundsUp && unit + 1 < kNames.size()) {
    value /= 1024.0;
    ++unit;
  }
  return fmt::format("{:.1f} {}", value, kNames.at(unit));
}

}  // namespace vaultbell
