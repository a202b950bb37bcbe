#include "aggregator/core/done_orders.hpp"

#include <utility>

namespace vaultbell::core {

namespace {

// With each that comes, so many old ones go: the table shrinks.
constexpr std::size_t kOldOrdersAtOnce = 2;

void forget_old(Draft& draft) {
  const auto& by_age = draft.before().done_orders_by_age;
  std::size_t forgotten = 0;
  for (const auto& [at, key] : by_age) {
    const bool is_old = at + kDoneOrderKept <= draft.now();
    const bool is_too_many = by_age.size() - forgotten >= kDoneOrdersMax;
    if (forgotten >= kOldOrdersAtOnce || (!is_old && !is_too_many)) return;
    draft.erase(key);
    ++forgotten;
  }
}

}  // namespace

Result<AuditId> earlier_order(const Draft& draft, const Order& order) {
  if (order.key.empty()) return AuditId{};
  if (order.key.size() > kOrderKeyBytesMax) {
    return fail(ErrorCode::invalid, "the key of the order is longer than " +
                                        std::to_string(kOrderKeyBytesMax) + " bytes");
  }
  const auto earlier = draft.get<DoneOrder>({order.actor, order.key});
  if (!earlier || earlier->at + kDoneOrderKept <= draft.now()) return AuditId{};
  if (earlier->asked == order.asked) return earlier->audit;
  return fail(ErrorCode::invalid, "the key \"" + order.key + "\" is that of another order of " +
                                      to_iso(earlier->at) + "; a new order has a new key");
}

void keep_order(Draft& draft, const Order& order, AuditId entry) {
  if (order.key.empty() || !entry.is_set()) return;
  forget_old(draft);
  draft.put(DoneOrder{.actor = order.actor,
                      .order_key = order.key,
                      .asked = order.asked,
                      .at = draft.now(),
                      .audit = entry});
}

}  // namespace vaultbell::core
