// What may be a name of a vault, a client or a job.
#pragma once

#include <cstddef>
#include <string_view>

#include "shared/base/result.hpp"

namespace vaultbell {

inline constexpr std::size_t kNameBytesMax = 120;  // fits a mail subject beside two other names

// UTF-8, 1 to kNameBytesMax bytes, no control characters or direction marks, no white space at
// either end. `what` names the thing in the message: `vault name "...": ...`.
Status check_name(std::string_view what, std::string_view name);

}  // namespace vaultbell
