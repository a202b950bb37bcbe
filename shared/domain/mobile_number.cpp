#include "shared/domain/mobile_number.hpp"

#include <string>

#include <fmt/format.h>

#include "shared/base/text.hpp"

namespace vaultbell {

namespace {

constexpr std::size_t kDigitsMin = 8;   // country code and the shortest numbers in use
constexpr std::size_t kDigitsMax = 15;  // ITU-T E.164, section 6.1
constexpr std::size_t kShownBytesMax = 40;

// What is wrong with a number; empty if nothing is.
std::string number_fault(std::string_view text) {
  if (!text.starts_with('+')) return "it does not begin with \"+\" and the code of a country";
  const auto digits = text.substr(1);
  if (digits.find_first_not_of("0123456789") != std::string_view::npos) {
    return "behind the \"+\" it may have only digits, and no spaces";
  }
  if (digits.starts_with('0')) return "no country's code begins with 0";
  if (digits.size() < kDigitsMin || digits.size() > kDigitsMax) {
    return fmt::format("{} digits, but {} to {} are right", digits.size(), kDigitsMin, kDigitsMax);
  }
  return {};
}

}  // namespace

Status check_mobile_number(std::string_view text) {
  const auto fault = number_fault(text);
  if (fault.empty()) return {};
  return fail(ErrorCode::invalid,
              fmt::format("\"{}\" is not a mobile number: {} (example: \"+4915112345678\")",
                          one_line(first_part(text, kShownBytesMax)), fault));
}

}  // namespace vaultbell
