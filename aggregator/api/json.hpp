// The JSON of the API: objects keep the order in which their fields were written.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace vaultbell::api {

using Json = nlohmann::ordered_json;

// In one line; malformed UTF-8 is replaced, never an error.
std::string to_line(const Json& json);

}  // namespace vaultbell::api
