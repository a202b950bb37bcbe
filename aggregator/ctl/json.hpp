// The JSON that the API gives and the command prints: objects keep the order of their fields.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace vaultbell::ctl {

using Json = nlohmann::ordered_json;

enum class Layout : std::uint8_t { one_line, indented };

// JSON that no text in it can turn against a terminal: characters that JSON itself does not escape
// (direction marks, the upper control characters) are escaped too.
std::string printable(const Json& json, Layout layout);

// The value at "host.name"; null where there is none.
const Json& at(const Json& json, std::string_view path);

// The text of a string, "" of anything else.
std::string text_at(const Json& json, std::string_view path);

std::uint64_t number_at(const Json& json, std::string_view path);

}  // namespace vaultbell::ctl
