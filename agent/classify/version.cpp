#include "agent/classify/version.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

namespace vaultbell::agent::classify {

namespace {

constexpr std::size_t kNumbersMax = 4;
constexpr std::size_t kComparisonsMax = 8;

using Sign = VersionRange::Sign;

// The longer signs first: they begin with the shorter ones.
constexpr std::array<std::pair<std::string_view, Sign>, 5> kSigns = {{{"<=", Sign::at_most},
                                                                      {">=", Sign::at_least},
                                                                      {"<", Sign::less},
                                                                      {">", Sign::more},
                                                                      {"=", Sign::equal}}};

std::uint32_t number_at(const Version& version, std::size_t place) {
  return place < version.numbers.size() ? version.numbers[place] : 0;
}

bool holds(const Version& version, const VersionRange::Comparison& comparison) {
  const auto order = version <=> comparison.version;
  switch (comparison.sign) {
    case Sign::less:
      return order < 0;
    case Sign::at_most:
      return order <= 0;
    case Sign::equal:
      return order == 0;
    case Sign::at_least:
      return order >= 0;
    case Sign::more:
      return order > 0;
  }
  return false;
}

Result<VersionRange::Comparison> parse_comparison(std::string_view text) {
  for (const auto& [letters, sign] : kSigns) {
    if (!text.starts_with(letters)) continue;
    auto version = parse_version(text.substr(letters.size()));
    if (!version) return fail(version.error());
    return VersionRange::Comparison{sign, std::move(*version)};
  }
  return fail(ErrorCode::invalid, "\"" + std::string(text) +
                                      "\" begins with none of < <= = >= > (example: \">=0.17 "
                                      "<0.19\")");
}

}  // namespace

std::strong_ordering Version::operator<=>(const Version& other) const {
  const auto size = std::max(numbers.size(), other.numbers.size());
  for (std::size_t i = 0; i < size; ++i) {
    const auto order = number_at(*this, i) <=> number_at(other, i);
    if (order != 0) return order;
  }
  return std::strong_ordering::equal;
}

Result<Version> parse_version(std::string_view text) {
  Version version;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end && version.numbers.size() < kNumbersMax) {
    std::uint32_t number = 0;
    const auto [rest, error] = std::from_chars(at, end, number);
    if (error != std::errc{}) break;
    version.numbers.push_back(number);
    at = rest;
    if (at == end) return version;
    if (*at++ != '.') break;
  }
  return fail(ErrorCode::invalid,
              "\"" + std::string(text) + "\" is no version (example: \"0.18.0\")");
}

bool VersionRange::contains(const Version& version) const {
  return std::all_of(comparisons.begin(), comparisons.end(),
                     [&](const auto& one) { return holds(version, one); });
}

Result<VersionRange> parse_version_range(std::string_view text) {
  VersionRange range;
  while (!text.empty()) {
    const auto size = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, size);
    text.remove_prefix(std::min(size + 1, text.size()));
    if (word.empty()) continue;
    auto comparison = parse_comparison(word);
    if (!comparison) return fail(comparison.error());
    range.comparisons.push_back(std::move(*comparison));
    if (range.comparisons.size() > kComparisonsMax) {
      return fail(ErrorCode::invalid, "more than 8 comparisons");
    }
  }
  if (range.comparisons.empty()) {
    return fail(ErrorCode::invalid, "no version is compared (example: \">=0.17 <0.19\")");
  }
  return range;
}

}  // namespace vaultbell::agent::classify
