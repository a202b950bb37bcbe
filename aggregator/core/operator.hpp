// Orders from people: each is carried out whole or refused with a reason (section 9 of
// docs/domain.md).
#pragma once

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

// Makes the order's changes in `draft` and returns a remark (usually empty), or refuses it, having
// changed nothing.
Result<std::string> carry_out(Draft& draft, const Order& order);

}  // namespace vaultbell::core
