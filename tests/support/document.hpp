// What a document must describe, compared with what it does.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vaultbell::support {

// The whole of docs/NAME, of this source tree.
std::string document(std::string_view name);

// Those of `wanted` that stand nowhere in the document.
std::vector<std::string> undescribed(std::string_view document,
                                     const std::vector<std::string>& wanted);

// What stands in the document between backquotes and begins with one of `beginnings`.
std::vector<std::string> quoted(std::string_view document,
                                const std::vector<std::string>& beginnings);

}  // namespace vaultbell::support
