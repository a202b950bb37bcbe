#include "aggregator/core/routing.hpp"

#include <set>

namespace vaultbell::core {

namespace {

Routing to_owners(const Settings& settings, RecipientReason why) {
  Routing routing;
  const std::set<std::string> addresses(settings.owners.begin(), settings.owners.end());
  for (const auto& address : addresses) {
    routing.recipients.push_back({{address, Channel::email, address}, why});
  }
  if (routing.recipients.empty()) routing.reason = NotifyReason::nobody_no_owner;
  return routing;
}

}  // namespace

Routing route(const Settings& settings, const Vault& vault, AlertKind kind) {
  // R6.3: destroyed data is told even where the policy is off.
  if (kind == AlertKind::backup_data_deleted) {
    return to_owners(settings, RecipientReason::owner_of_destroyed_data);
  }
  switch (vault.policy) {
    case PolicyMode::off:
      return {NotifyReason::nobody_policy_off, {}};
    case PolicyMode::default_recipients:
      return to_owners(settings, RecipientReason::owner_by_default_policy);
  }
  return {NotifyReason::nobody_policy_off, {}};
}

}  // namespace vaultbell::core
