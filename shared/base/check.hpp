// check(): a statement about the program that can only be false through a bug. It stops the
// process, in release too: a wrong aggregator must not go on judging silence.
#pragma once

#include <source_location>
#include <string_view>

namespace vaultbell {

void check(bool is_true, std::string_view statement,
           std::source_location where = std::source_location::current());

}  // namespace vaultbell
