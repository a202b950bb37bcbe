// Golden texts: what a text looks like, written down in tests/golden. With $VAULTBELL_WRITE_GOLDEN
// set, a file that is missing is made; one that exists is never changed.
#pragma once

#include <string_view>

namespace vaultbell::support {

// Expects the text to equal tests/golden/NAME, byte for byte.
void expect_golden(std::string_view name, std::string_view text);

}  // namespace vaultbell::support
