#include "agent/classify/fields.hpp"

#include <charconv>

#include <nlohmann/json.hpp>

namespace vaultbell::agent::classify {

namespace {

using Json = nlohmann::json;

const Json* child_of(const Json& json, const std::string& name) {
  if (json.is_object()) {
    const auto found = json.find(name);
    return found == json.end() ? nullptr : &*found;
  }
  if (!json.is_array()) return nullptr;
  std::size_t place = 0;
  const auto* end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data(), end, place);
  return error == std::errc{} && rest == end && place < json.size() ? &json[place] : nullptr;
}

}  // namespace

std::optional<Json> parse_json(std::string_view text) {
  auto json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

std::optional<std::string> field_of(const Json& json, std::string_view path) {
  const Json* at = &json;
  while (at != nullptr && !path.empty()) {
    const auto size = std::min(path.find('.'), path.size());
    at = child_of(*at, std::string(path.substr(0, size)));
    path.remove_prefix(std::min(size + 1, path.size()));
  }
  if (at == nullptr) return std::nullopt;
  if (at->is_string()) return at->get<std::string>();
  if (at->is_structured()) return std::to_string(at->size());
  return at->dump();
}

bool holds(const Json& json, const FieldConditions& conditions, std::string& evidence) {
  std::string caught;
  for (const auto& [path, pattern] : conditions) {
    const auto text = field_of(json, path);
    if (!text || !pattern.is_whole(*text)) return false;
    if (pattern.has_group()) caught = pattern.find(*text).value_or("");
  }
  evidence = caught;
  return true;
}

}  // namespace vaultbell::agent::classify
