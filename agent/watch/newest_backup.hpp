// The newest backup in what a tool says of its repository.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "agent/classify/traces.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/domain/run_report.hpp"

namespace vaultbell::agent::watch {

struct FoundBackup {
  std::string id;  // empty: it has none
  std::optional<Instant> started_at;
  Instant ended_at;
  RunStatistics statistics;
};

// Of those that are good. Absent where there is none. Error: the document is another one than the
// tool would print, its newest backup ends after `now`, or one does not say when it ended.
Result<std::optional<FoundBackup>> newest_backup(const classify::BackupList& list,
                                                 const nlohmann::json& document, Instant now);

}  // namespace vaultbell::agent::watch
