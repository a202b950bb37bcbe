#include "agent/hooks/hook.hpp"

namespace vaultbell::agent::hooks {

Result<Told> told_by_vzdump(const Call& call) {
  if (call.words.empty()) {
    return fail(ErrorCode::invalid,
                "the phase is missing: in vzdump's hook script, exec vaultbell-agent hook vzdump "
                "\"$@\"");
  }
  const auto& phase = call.words.front();
  Told told{.report = {.job = call.job.empty() ? "vzdump" : call.job, .tool = "vzdump"}};
  auto& report = told.report;
  // The job as a whole ends well even where guests have failed: only its own failure says anything.
  if (phase == "job-abort") {
    report.outcome = Outcome::failed;
    report.reason = OutcomeReason::error;
    report.message = "vzdump has given up the whole job";
    return told;
  }
  const bool is_known = phase == "backup-start" || phase == "backup-end" || phase == "backup-abort";
  if (!is_known) return Told{.is_anything = false};
  if (call.words.size() < 3) {
    return fail(ErrorCode::invalid, "behind the phase " + phase + " stand a mode and a guest");
  }
  report.job += "-" + call.words[2];
  if (phase == "backup-end") {
    report.outcome = Outcome::succeeded;
    report.snapshot = call.variable("TARGET").value_or("");
  } else if (phase == "backup-abort") {
    report.outcome = Outcome::failed;
    report.reason = OutcomeReason::error;
    report.message = "vzdump has aborted the backup";
  }
  return told;
}

}  // namespace vaultbell::agent::hooks
