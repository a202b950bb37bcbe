// Golden files: bytes of every released format, written down once and decoded for ever. A file
// holds the bytes in hexadecimal, a MessagePack value a line, with its meaning behind "#".
#pragma once

#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace vaultbell::support {

// The bytes of tests/golden/NAME.hex.
//
// With $VAULTBELL_WRITE_GOLDEN set, a file that is missing is made of `words` (what it is, one
// line) and `bytes` first; one that exists is never changed.
Result<std::string> golden(std::string_view name, std::string_view words, std::string_view bytes);

// MessagePack as the lines of a golden file.
std::string annotated(std::string_view bytes);

}  // namespace vaultbell::support
