// Single values of a section that may be absent: the key is not there, or (then it is complained
// of) its value is wrong.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "shared/config/toml_file.hpp"

namespace vaultbell::config {

std::optional<Duration> duration_in(Section& section, std::string_view key, Duration most);

std::optional<std::string> text_in(Section& section, std::string_view key, const Check& check = {});

template <HasText E>
std::optional<E> choice_in(Section& section, std::string_view key) {
  auto value = kEnumText<E>[0].value;
  section.read_choice(key, value);
  return section.has(key) ? std::optional(value) : std::nullopt;
}

}  // namespace vaultbell::config
