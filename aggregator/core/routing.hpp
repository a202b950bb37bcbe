// Routing: who is told of an alert, and by which rule (section 6 of docs/domain.md). Works on rows
// alone, so that `explain` asks exactly what the core asks.
#pragma once

#include <vector>

#include "aggregator/core/rows.hpp"
#include "aggregator/core/settings.hpp"

namespace vaultbell::core {

struct ChosenRecipient {
  Recipient recipient;
  RecipientReason why = RecipientReason::owner_by_default_policy;

  bool operator==(const ChosenRecipient&) const = default;
};

struct Routing {
  NotifyReason reason = NotifyReason::notified;  // or why nobody is told
  std::vector<ChosenRecipient> recipients;       // ordered, each address once (R6.6)

  bool operator==(const Routing&) const = default;
};

Routing route(const Settings& settings, const Vault& vault, AlertKind kind);

}  // namespace vaultbell::core
