// What [[job]] says of runs that nobody reports, together with the adapters.
#pragma once

#include <string>
#include <vector>

#include "agent/configuration.hpp"
#include "agent/watch/log_watcher.hpp"
#include "shared/base/result.hpp"

namespace vaultbell::agent {

// Reads the adapter from the disk. Error: there is none for that tool, or it has a mistake.
Result<classify::Adapter> adapter_of(const JobConfiguration& job,
                                     const Configuration& configuration);

struct WatchedLogs {
  std::vector<watch::WatchedLog> logs;
  std::vector<std::string> mistakes;  // why a log that is named cannot be read, a sentence each
};
WatchedLogs watched_logs(const Configuration& configuration);

}  // namespace vaultbell::agent
