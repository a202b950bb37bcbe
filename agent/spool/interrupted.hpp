// interrupted_end: how a run ends that can no longer say so itself.
#pragma once

#include <string>

#include "agent/spool/rows.hpp"
#include "shared/base/uuid.hpp"
#include "shared/domain/run_report.hpp"

namespace vaultbell::agent::spool {

// failed/interrupted, with what is known of the run and what was logged so far. When it ended is
// not known: for the caller to set, where it has an idea.
RunReport interrupted_end(const Uuid& run, const OpenRun& open, std::string message);

}  // namespace vaultbell::agent::spool
