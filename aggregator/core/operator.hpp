// Orders from people: each is carried out whole or refused with a reason (section 9 of
// docs/domain.md).
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "aggregator/core/draft.hpp"
#include "aggregator/core/verification.hpp"

namespace vaultbell::core {

// What came of an order. With a refusal its changes are made all the same: a wrong code counts.
struct Carried {
  std::string remark;  // usually empty
  std::optional<Error> refusal;

  explicit Carried(std::string text) : remark(std::move(text)) {}
  explicit Carried(Confirmed confirmed)
      : remark(std::move(confirmed.remark)), refusal(std::move(confirmed.refusal)) {}
};

// Makes the order's changes in `draft`. An error refuses it: the changes are void then.
Result<Carried> carry_out(Draft& draft, const Order& order);

}  // namespace vaultbell::core
