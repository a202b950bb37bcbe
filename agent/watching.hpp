// What [[job]] says of runs that nobody reports, together with the adapters.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/configuration.hpp"
#include "agent/watch/log_watcher.hpp"
#include "shared/base/result.hpp"

namespace vaultbell::agent {

// Reads the adapter from the disk. Error: there is none for that tool, or it has a mistake.
Result<classify::Adapter> adapter_of(const JobConfiguration& job,
                                     const Configuration& configuration);

// The logs that [[job]]s name, as the daemon reads them.
class JobLogs {
 public:
  // Reads the adapters from the disk. What no adapter knows is logged.
  void watch(const Configuration& configuration, Steady now);

  void add_to(net::Poller& poller) const { watcher_.add_to(poller); }
  [[nodiscard]] std::optional<Steady> next_deadline() const { return watcher_.next_deadline(); }
  // See LogWatcher.
  Result<bool> turn(spool::Spool& spool, Steady now, Instant wall) {
    return watcher_.turn(spool, now, wall);
  }
  // Why a log is not read.
  [[nodiscard]] std::vector<watch::LogTrouble> troubles() const;

 private:
  watch::LogWatcher watcher_;
  std::vector<watch::LogTrouble> unknown_;
};

// Why what [[job]]s say of runs that nobody reports cannot work, a sentence each.
std::vector<std::string> mistakes_in_watching(const Configuration& configuration);

// Whether that command says by its end how the backups are: its adapter has no list of them, and
// knows the command as one that verifies.
bool says_how_it_is(const classify::Adapter& adapter, const std::vector<std::string>& command);

}  // namespace vaultbell::agent
