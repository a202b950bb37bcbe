#include <array>
#include <utility>

#include "agent/hooks/hook.hpp"

namespace vaultbell::agent::hooks {

namespace {

constexpr std::array kOperations = {
    std::pair{"Backup", Operation::backup}, std::pair{"Restore", Operation::restore},
    std::pair{"Test", Operation::verify},   std::pair{"Delete", Operation::prune},
    std::pair{"Compact", Operation::prune}, std::pair{"PurgeFiles", Operation::prune},
};

Operation operation_of(const std::string& name) {
  for (const auto& [known, operation] : kOperations) {
    if (name == known) return operation;
  }
  return Operation::configure;
}

void judge(RunReport& report, const std::string& result) {
  if (result == "Success") {
    report.outcome = Outcome::succeeded;
  } else if (result == "Warning") {
    report.outcome = Outcome::warning;
    report.message = "Duplicati warns";
  } else {
    report.outcome = Outcome::failed;
    report.reason = OutcomeReason::error;
    report.message = "Duplicati says: " + (result.empty() ? "nothing" : result);
  }
}

}  // namespace

Result<Told> told_by_duplicati(const Call& call) {
  const auto value = [&](const char* name) { return call.variable(name).value_or(""); };
  const auto event = value("DUPLICATI__EVENTNAME");
  if (event.empty()) {
    return fail(ErrorCode::invalid,
                "there is no $DUPLICATI__EVENTNAME: this is for --run-script-before and "
                "--run-script-after");
  }
  if (event != "BEFORE" && event != "AFTER") return Told{.is_anything = false};
  Told told{.report = {.job = call.job.empty() ? value("DUPLICATI__backup_name") : call.job,
                       .operation = operation_of(value("DUPLICATI__OPERATIONNAME")),
                       .tool = "duplicati"}};
  if (told.report.job.empty()) {
    return fail(ErrorCode::invalid, "--job is missing, and there is no $DUPLICATI__backup_name");
  }
  if (event == "AFTER") judge(told.report, value("DUPLICATI__PARSED_RESULT"));
  return told;
}

}  // namespace vaultbell::agent::hooks
