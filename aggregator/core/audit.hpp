// Audit: who changed what (R9.4). An order that changed something leaves an entry with the rows as
// they were and as they have become; so does a configuration that was read again, and what a
// host changes by itself.
#pragma once

#include <string>
#include <string_view>

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

inline constexpr std::size_t kAuditedChangesMax = 20;  // of one order, in full

// Puts the entry of an order that was carried out, and says which. None, where nothing that people
// know of was changed.
AuditId audit(Draft& draft, const Order& order, const std::string& remark);

// The same for what a new configuration says otherwise.
void audit(Draft& draft, const Settings& before, const Settings& after);

// The same for what a client's host changes by itself: "declare_jobs", "enrol_anew", "change_key",
// "unenrol". To be called when all of it is decided.
void audit_host(Draft& draft, const Client& client, std::string_view action);

}  // namespace vaultbell::core
