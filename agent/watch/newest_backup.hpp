// The newest backup in what a tool says of its repository.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "agent/classify/traces.hpp"
#include "shared/base/time.hpp"
#include "shared/domain/run_report.hpp"

namespace vaultbell::agent::watch {

struct FoundBackup {
  std::string id;  // empty: it has none
  std::optional<Instant> started_at;
  Instant ended_at;
  RunStatistics statistics;
};

// Of those that are good and have ended by `now`. Absent where there is none.
std::optional<FoundBackup> newest_backup(const classify::BackupList& list,
                                         const nlohmann::json& document, Instant now);

}  // namespace vaultbell::agent::watch
