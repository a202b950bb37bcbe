#include "aggregator/api/json.hpp"

#include <nlohmann/json.hpp>

namespace vaultbell::api {

std::string to_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace vaultbell::api
