// Versions of tools, and ranges of them: ">=0.17 <0.19".
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"

namespace vaultbell::agent::classify {

// Its numbers, the most significant first. What is missing counts as 0: 1.4 is 1.4.0.
struct Version {
  std::vector<std::uint32_t> numbers;

  std::strong_ordering operator<=>(const Version& other) const;
  bool operator==(const Version& other) const { return (*this <=> other) == 0; }
};

// Numbers with dots between, at most four: "0.18.0".
Result<Version> parse_version(std::string_view text);

// All of the comparisons hold.
struct VersionRange {
  enum class Sign : std::uint8_t { less, at_most, equal, at_least, more };
  struct Comparison {
    Sign sign = Sign::equal;
    Version version;
  };
  std::vector<Comparison> comparisons;  // none: every version

  [[nodiscard]] bool contains(const Version& version) const;
};

// Comparisons with spaces between; the signs are < <= = >= >.
Result<VersionRange> parse_version_range(std::string_view text);

}  // namespace vaultbell::agent::classify
