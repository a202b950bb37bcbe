// Changes: what an order changed (or, in a dry run, would change), as before and after; and what
// the audit log kept of it.
#pragma once

#include "aggregator/api/json.hpp"
#include "aggregator/api/rows.hpp"
#include "aggregator/core/effect.hpp"

namespace vaultbell::api {

// [{"action":"create|update|delete","what":"vault","id":1,"name":"prod","before":...,"after":...}],
// without the rows that nobody outside knows of (counters, cursors). Each side is shown as all rows
// were, or have become, at that time. Error: a row that these refer to cannot be read.
Result<Json> changes_of(const core::OrderDone& done, const storage::Snapshot& snapshot,
                        Instant now);

// An object of that number as it is, as its own route shows it; null where it is gone.
Result<Json> current_of(const core::ObjectId& object, const storage::Snapshot& snapshot,
                        Instant now);

// The same of an entry; what it refers to is named as it is named now.
Json changes_of(const core::AuditEntry& entry, Rows& rows, Instant now);

}  // namespace vaultbell::api
