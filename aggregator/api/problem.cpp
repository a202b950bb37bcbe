#include "aggregator/api/problem.hpp"

#include <nlohmann/json.hpp>

namespace vaultbell::api {

namespace {

constexpr std::string_view kHintMark = "; did you mean \"";  // as did_you_mean() writes it
constexpr std::string_view kTryAgain = "try again in a moment";
constexpr std::string_view kLookAgain = "look at it again, and repeat what is still to be changed";

Problem kind_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::failed:
      return {.status = 500, .code = "failed"};
    case ErrorCode::invalid:
      return {.status = 400, .code = "invalid"};
    case ErrorCode::not_found:
      return {.status = 404, .code = "not_found"};
    case ErrorCode::stale:
      return {.status = 409, .code = "stale", .hint = std::string(kLookAgain)};
    case ErrorCode::refused:
      return {.status = 409, .code = "refused"};
    case ErrorCode::full:
      return {.status = 429, .code = "full"};
    case ErrorCode::unavailable:
      return {.status = 503, .code = "unavailable", .hint = std::string(kTryAgain)};
  }
  return {.status = 500, .code = "failed"};
}

}  // namespace

Problem problem_of(const Error& error) {
  auto problem = kind_of(error.code);
  problem.message = error.message;
  const auto mark = error.message.rfind(kHintMark);
  if (mark == std::string::npos || !error.message.ends_with("?")) return problem;
  problem.message = error.message.substr(0, mark);
  problem.hint = error.message.substr(mark + std::string_view("; ").size());
  return problem;
}

HttpResponse to_response(const Problem& problem) {
  return to_response(problem, Json::object());
}

HttpResponse to_response(const Problem& problem, const Json& more) {
  Json error = {{"code", problem.code}, {"message", problem.message}};
  if (!problem.hint.empty()) error["hint"] = problem.hint;
  if (!problem.details.empty()) error["details"] = problem.details;
  error.update(more);
  return {.status = problem.status, .body = to_line(Json{{"error", std::move(error)}})};
}

}  // namespace vaultbell::api
