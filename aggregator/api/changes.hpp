// Changes: what an order changed (or, in a dry run, would change), as before and after.
#pragma once

#include "aggregator/api/json.hpp"
#include "aggregator/api/rows.hpp"
#include "aggregator/core/effect.hpp"

namespace vaultbell::api {

// [{"action":"create|update|delete","what":"vault","id":1,"name":"prod","before":...,"after":...}],
// without the rows that nobody outside knows of (counters, cursors).
Json changes_of(const core::OrderDone& done, Rows& rows, Instant now);

}  // namespace vaultbell::api
