// JSON as all webhooks write it: members in their order, on one line, always valid UTF-8.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace vaultbell::notify {

using Json = nlohmann::ordered_json;

inline std::string json_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace vaultbell::notify
