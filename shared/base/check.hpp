// check(): a statement about the program that can only be false through a bug. It stops the
// process, in release too: a wrong aggregator must not go on judging silence.
#pragma once

#include <string_view>

namespace vaultbell {

// The place is the caller's. (std::source_location would say it too, but clang 14, and with it
// clang-tidy, does not have it.)
void check(bool is_true, std::string_view statement, const char* file = __builtin_FILE(),
           int line = __builtin_LINE());

}  // namespace vaultbell
