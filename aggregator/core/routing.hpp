// Routing: who is told of an alert, and by which rule (section 6 of docs/domain.md). Works on rows
// alone, so that `explain` asks exactly what the core asks.
#pragma once

#include <vector>

#include "aggregator/core/directory.hpp"
#include "aggregator/core/policy.hpp"
#include "aggregator/core/rows.hpp"
#include "aggregator/core/settings.hpp"

namespace vaultbell::core {

struct ChosenRecipient {
  Recipient recipient;
  RecipientReason why = RecipientReason::owner_by_default_policy;
  ContactId contact;  // not set for an owner
  GroupId group;      // where the reason is a group

  bool operator==(const ChosenRecipient&) const = default;
};

struct Routing {
  NotifyReason reason = NotifyReason::notified;  // or why nobody is told
  std::vector<ChosenRecipient> recipients;       // ordered, each address once (R6.6)
  PolicyLevel level = PolicyLevel::vault;        // whose policy counted

  bool operator==(const Routing&) const = default;
};

// What an alert's routing depends on. Borrows the policies of its vault and its client.
struct Matter {
  const Policy& vault;
  const Policy& client;
  AlertKind kind = AlertKind::backup_failed;
  Severity severity = Severity::critical;
};

Routing route(const Directory& directory, const Settings& settings, const Matter& matter);

// Of an alert about the aggregator itself: the owners are told.
Routing route_to_owners(const Settings& settings);

// Everybody in an audience who can be reached, each address once; the reason for those named
// directly is `direct`.
std::vector<ChosenRecipient> people_of(const Directory& directory, const Audience& audience,
                                       RecipientReason direct);

// Of the trouble that an address is not reached: the owners at other addresses, and those who are
// not reached by their other channels.
Routing route_around(const Directory& directory, const Settings& settings,
                     const AddressKey& failing, const std::vector<Contact>& not_reached);

// Of the trouble that a whole channel fails: the same, by every other channel.
Routing route_around(const Directory& directory, const Settings& settings, Channel failing,
                     const std::vector<Contact>& not_reached);

}  // namespace vaultbell::core
