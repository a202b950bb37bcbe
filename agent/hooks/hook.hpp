// Hooks: what systemd and backup tools say to a command that they call, as a report. Pure: words
// and variables in, a report out. docs/agent.md describes them under "hook".
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/classify/classifier.hpp"
#include "shared/base/result.hpp"
#include "shared/base/uuid.hpp"
#include "shared/domain/run_report.hpp"

namespace vaultbell::agent::hooks {

// How the hook was called.
struct Call {
  std::vector<std::string> words{};  // behind the hook's name
  std::function<std::optional<std::string>(const char* name)> variable;
  std::string job{};      // empty: the hook knows, or it is an error
  bool is_start = false;  // where nothing else says so
};

struct Told {
  bool is_anything = true;             // false: this call says nothing of a run
  RunReport report{};                  // without times; `run` where the caller has named it
  std::optional<Uuid> rid{};           // ties start and end together; none: the job's last open run
  std::optional<classify::End> end{};  // decides the outcome, with what is known of the tool
};

// $SERVICE_RESULT of ExecStopPost=, or $MONITOR_SERVICE_RESULT of OnFailure= and OnSuccess=. The
// error says what is missing.
Result<Told> told_by_systemd(const Call& call);
// PHASE [MODE VMID]: each guest is a job.
Result<Told> told_by_vzdump(const Call& call);
// DUPLICATI__EVENTNAME and others.
Result<Told> told_by_duplicati(const Call& call);
// The words of Bacula's and Bareos's %e.
Result<Told> told_by_bacula(const Call& call);

}  // namespace vaultbell::agent::hooks
