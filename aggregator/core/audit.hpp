// Audit: who changed what (R9.4). An order that changed something leaves an entry with the rows as
// they were and as they have become; so does a configuration that was read again.
#pragma once

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

inline constexpr std::size_t kAuditedChangesMax = 20;  // of one order, in full

// Puts the entry of an order that was carried out. Nothing, where nothing that people know of was
// changed.
void audit(Draft& draft, const Order& order, const std::string& remark);

// The same for what a new configuration says otherwise.
void audit(Draft& draft, const Settings& before, const Settings& after);

// The same for what an agent's configuration declares otherwise.
void audit_agent_jobs(Draft& draft, const Client& client);

}  // namespace vaultbell::core
