// What `run` and `report` have in common: keeping a report in the spool and waking the daemon.
#pragma once

#include <functional>
#include <optional>

#include "agent/configuration.hpp"
#include "agent/spool/spool.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::agent {

// Opens the spool, does that with it, closes it again (a child must not inherit it) and wakes the
// daemon, if it runs. Error not_found: the host is not enrolled; nothing was made.
Status with_spool(const Loaded& loaded, const std::function<Status(spool::Spool&)>& what);

}  // namespace vaultbell::agent
