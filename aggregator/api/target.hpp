// Target: what a request names: the segments of its path and the parameters of its query, decoded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aggregator/api/fields.hpp"
#include "shared/base/result.hpp"

namespace vaultbell::api {

struct Target {
  std::vector<std::string> path;  // "/api/v1/clients/db%2F1" is {"api", "v1", "clients", "db/1"}
  Fields query;
};

// Percent-encoding is undone after the splitting, so that a name may contain "/", "?" and "&"; "+"
// stands for itself. Errors: a malformed escape, text that is not UTF-8, a parameter given twice.
Result<Target> parse_target(std::string_view text);

}  // namespace vaultbell::api
