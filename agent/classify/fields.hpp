// JSON that a tool prints: read with limits, and asked for its fields.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "agent/classify/conditions.hpp"

namespace vaultbell::agent::classify {

// A document larger than this is not looked into: it is held in memory, some ten times its size.
inline constexpr std::size_t kDocumentBytesMax = std::size_t{4} << 20U;

// Nothing where it is no JSON.
std::optional<nlohmann::json> parse_json(std::string_view text);

// The text of a field: a string as it is, a number, "true", "false" or "null" as JSON writes it,
// and of a list or an object its size, so that "0" means empty. Nothing where there is no such
// field.
std::optional<std::string> field_of(const nlohmann::json& json, std::string_view path);

// Whether all conditions hold. Where they do, `evidence` becomes what the group of the last pattern
// that has one catches, if there is one.
bool holds(const nlohmann::json& json, const FieldConditions& conditions, std::string& evidence);

}  // namespace vaultbell::agent::classify
