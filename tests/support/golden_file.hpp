// Golden files: what a text looks like, written down in tests/golden. UPDATE_GOLDEN=1 writes them
// anew; the difference is then read and committed by a person.
#pragma once

#include <string_view>

namespace vaultbell::support {

// Expects the text to equal tests/golden/NAME, byte for byte.
void expect_golden(std::string_view name, std::string_view text);

}  // namespace vaultbell::support
