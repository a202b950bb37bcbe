// How a failed expectation shows our types.
#pragma once

#include <ostream>

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/base/uuid.hpp"

namespace vaultbell {

inline void PrintTo(const Error& error, std::ostream* out) {
  *out << "error " << static_cast<int>(error.code) << " \"" << error.message << "\"";
}
inline void PrintTo(const Uuid& uuid, std::ostream* out) {
  *out << to_text(uuid);
}

}  // namespace vaultbell
