// Body: how the flags that were typed become the fields of an order to the API.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <nlohmann/json.hpp>

#include "aggregator/ctl/command.hpp"
#include "aggregator/ctl/json.hpp"

namespace vaultbell::ctl {

enum class As : std::uint8_t {
  text,
  texts,  // of a flag that may be given several times: a list
  number,
  yes_no,
  present,  // of a flag without a value: true
  absent,   // the same: false
};

// Given for a setting, it takes the setting from the level above again.
inline constexpr std::string_view kInherit = "inherit";

struct BodyField {
  std::string_view flag;
  std::string_view field;
  As as = As::text;
  std::string_view nothing = {};  // the word that means null; empty: none does
};

// The fields of those flags that were given. What a value may be is the API's business; only what
// is no number, or neither yes nor no, is refused here, since it could not be sent as one.
Expected<Json> body_of(const Invocation& typed, std::span<const BodyField> fields);

}  // namespace vaultbell::ctl
