// Orders that are not carried out twice: whoever gives an order with a key and hears no answer
// gives it again, and learns what came of the first one.
#pragma once

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

inline constexpr std::size_t kDoneOrdersMax = 10'000;  // then the oldest are forgotten
inline constexpr Duration kDoneOrderKept = std::chrono::hours(24);
inline constexpr std::size_t kOrderKeyBytesMax = 200;

// The entry of the order that had this key; not set: there was none. Error: the key is that of
// another order, or too long.
Result<AuditId> earlier_order(const Draft& draft, const Order& order);

// Remembers an order that has a key and changed something.
void keep_order(Draft& draft, const Order& order, AuditId entry);

}  // namespace vaultbell::core
