// Responses: the answers of the API as HTTP.
#pragma once

#include "aggregator/api/http_message.hpp"
#include "aggregator/api/json.hpp"
#include "aggregator/declared/comparison.hpp"
#include "shared/base/result.hpp"

namespace vaultbell::api {

// 200 with an object, which gets its api_version.
HttpResponse found(const Json& json);

HttpResponse refused(const Error& error);

// Of files that are wrong, or that do not fit what is there.
HttpResponse refused(const declared::Comparison& comparison);

}  // namespace vaultbell::api
