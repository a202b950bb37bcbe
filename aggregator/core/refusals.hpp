// Refusals that several kinds of order share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace vaultbell::core {

// there_is_no("client", 7): what an order names by its number is not there (any more).
inline tl::unexpected<Error> there_is_no(std::string_view what, std::uint64_t id) {
  return fail(ErrorCode::not_found, "there is no " + std::string(what) + " " + std::to_string(id));
}

}  // namespace vaultbell::core
