// Mobile numbers: what may be the recipient of an SMS.
#pragma once

#include <string_view>

#include "shared/base/result.hpp"

namespace vaultbell {

// "+4915112345678": a "+" and 8 to 15 digits, as ITU-T E.164 numbers are written, without spaces.
// The error says what is wrong with it.
Status check_mobile_number(std::string_view text);

}  // namespace vaultbell
