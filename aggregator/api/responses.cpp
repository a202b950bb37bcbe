#include "aggregator/api/responses.hpp"

#include <nlohmann/json.hpp>

#include "aggregator/api/problem.hpp"
#include "shared/config/toml_file.hpp"

namespace vaultbell::api {

namespace {

constexpr int kApiVersion = 1;

}  // namespace

HttpResponse found(const Json& json) {
  Json whole = {{"api_version", kApiVersion}};
  whole.update(json);
  return {.status = 200, .body = to_line(whole)};
}

HttpResponse refused(const Error& error) {
  return to_response(problem_of(error));
}

HttpResponse refused(const declared::Comparison& comparison) {
  const bool is_wrong = !comparison.mistakes.empty();
  return to_response({.status = is_wrong ? 422U : 409U,
                      .code = is_wrong ? "invalid_configuration" : "refused",
                      .message = config::count_of(comparison.troubles()),
                      .details = comparison.troubles()});
}

}  // namespace vaultbell::api
