#include "agent/hooks/hook.hpp"

namespace vaultbell::agent::hooks {

Result<Told> told_by_bacula(const Call& call) {
  if (call.job.empty())
    return fail(ErrorCode::invalid, "--job is missing: in a RunScript, --job %n");
  Told told{.report = {.job = call.job, .tool = "bacula"}};
  auto& report = told.report;
  if (call.is_start) return told;
  std::string status;
  for (const auto& word : call.words) status += (status.empty() ? "" : " ") + word;
  if (status.empty()) {
    return fail(ErrorCode::invalid, "how the job ended is missing: in a RunScript, '%e'");
  }
  if (status == "OK") {
    report.outcome = Outcome::succeeded;
  } else if (status.starts_with("OK ") || status == "Warning") {
    report.outcome = Outcome::warning;
    report.message = "the job ended with warnings";
  } else if (status == "Canceled") {
    report.outcome = Outcome::cancelled;
    report.reason = OutcomeReason::user_cancelled;
    report.message = "the job was cancelled";
  } else {
    report.outcome = Outcome::failed;
    report.reason = OutcomeReason::error;
    report.message = "the job ended with: " + status;
  }
  return told;
}

}  // namespace vaultbell::agent::hooks
