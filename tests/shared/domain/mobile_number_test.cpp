#include "shared/domain/mobile_number.hpp"

#include <gtest/gtest.h>

namespace vaultbell {
namespace {

std::string error_of(std::string_view text) {
  const auto status = check_mobile_number(text);
  return status ? "" : status.error().message;
}

TEST(MobileNumbers, NumbersOfAnyCountryAreTaken) {
  for (const auto number : {"+12345678", "+4915112345678", "+15551234567", "+123456789012345"}) {
    EXPECT_EQ(error_of(number), "");
  }
}

TEST(MobileNumbers, TheErrorSaysWhatWouldBeRight) {
  EXPECT_EQ(
      error_of("015112345678"),
      "\"015112345678\" is not a mobile number: it does not begin with \"+\" and the code of a "
      "country (example: \"+4915112345678\")");
  EXPECT_EQ(error_of(""),
            "\"\" is not a mobile number: it does not begin with \"+\" and the code of a country "
            "(example: \"+4915112345678\")");
  EXPECT_EQ(
      error_of("+49 151 12345678"),
      "\"+49 151 12345678\" is not a mobile number: behind the \"+\" it may have only digits, "
      "and no spaces (example: \"+4915112345678\")");
  EXPECT_EQ(error_of("+015112345678"),
            "\"+015112345678\" is not a mobile number: no country's code begins with 0 (example: "
            "\"+4915112345678\")");
  EXPECT_EQ(error_of("+1234567"),
            "\"+1234567\" is not a mobile number: 7 digits, but 8 to 15 are right (example: "
            "\"+4915112345678\")");
  EXPECT_EQ(error_of("+1234567890123456"),
            "\"+1234567890123456\" is not a mobile number: 16 digits, but 8 to 15 are right "
            "(example: \"+4915112345678\")");
}

TEST(MobileNumbers, WhatIsNoneIsShownAsOneShortLine) {
  const auto error = error_of("+4915112345678\r\nX: " + std::string(1000, 'x'));
  EXPECT_LT(error.size(), 200U);
  EXPECT_EQ(error.find_first_of("\r\n"), std::string::npos);
}

}  // namespace
}  // namespace vaultbell
