#include "aggregator/ctl/failure.hpp"

#include <nlohmann/json.hpp>

#include "aggregator/ctl/json.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::ctl {

tl::unexpected<Failure> wrong_usage(std::string message, std::string hint) {
  return tl::unexpected<Failure>({.exit = ExitCode::usage,
                                  .code = "usage",
                                  .message = std::move(message),
                                  .hint = std::move(hint)});
}

tl::unexpected<Failure> wrong_usage(const Error& error) {
  constexpr std::string_view kMark = "; did you mean ";  // as did_you_mean() writes it
  const auto mark = error.message.rfind(kMark);
  if (mark == std::string::npos) return wrong_usage(error.message);
  return wrong_usage(error.message.substr(0, mark), error.message.substr(mark + 2));
}

std::string for_people(const Failure& failure) {
  std::string text;
  for (const auto& detail : failure.details) text += one_line(detail) + "\n";
  text += "vaultbell: " + one_line(failure.message) + "\n";
  if (!failure.hint.empty()) text += "  " + one_line(failure.hint) + "\n";
  return text;
}

std::string for_programs(const Failure& failure) {
  Json error = {{"code", failure.code}, {"message", failure.message}};
  if (!failure.hint.empty()) error["hint"] = failure.hint;
  if (!failure.details.empty()) error["details"] = failure.details;
  return printable(Json{{"error", std::move(error)}}, Layout::one_line) + "\n";
}

}  // namespace vaultbell::ctl
