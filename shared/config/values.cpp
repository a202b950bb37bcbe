#include "shared/config/values.hpp"

namespace vaultbell::config {

std::optional<Duration> duration_in(Section& section, std::string_view key, Duration most) {
  constexpr Duration kAbsent{-1};
  auto value = kAbsent;
  section.read(key, value, Duration::zero(), most);
  return value == kAbsent ? std::nullopt : std::optional(value);
}

std::optional<std::string> text_in(Section& section, std::string_view key, const Check& check) {
  std::string value;
  section.read(key, value, check);
  return section.has(key) ? std::optional(value) : std::nullopt;
}

}  // namespace vaultbell::config
