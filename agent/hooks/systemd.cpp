#include <array>
#include <charconv>
#include <csignal>
#include <cstring>

#include "agent/hooks/hook.hpp"

namespace vaultbell::agent::hooks {

namespace {

constexpr std::string_view kServiceSuffix = ".service";
constexpr std::size_t kInvocationDigits = 32;

// What systemd says of a service's end (systemd.exec(5), environment variables).
struct End {
  std::string result;  // success, exit-code, signal, timeout, ...
  std::string code;    // exited, killed, dumped; empty: the main process never ran, or who knows
  std::string status;  // an exit code, or a signal's name
};

std::string value_of(const Call& call, const char* name) {
  return call.variable(name).value_or("");
}

// 32 digits without hyphens.
std::optional<Uuid> invocation_of(const std::string& text) {
  if (text.size() != kInvocationDigits) return std::nullopt;
  auto hyphened = text;
  for (const std::size_t at : {20U, 16U, 12U, 8U}) hyphened.insert(at, "-");
  const auto uuid = parse_uuid(hyphened);
  return uuid ? std::optional(*uuid) : std::nullopt;
}

std::optional<int> number_in(const std::string& text) {
  int number = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return number;
}

std::optional<int> signal_called(const std::string& name) {
  for (int number = 1; number < NSIG; ++number) {
    const char* known = sigabbrev_np(number);
    if (known != nullptr && name == known) return number;
  }
  return std::nullopt;
}

void fail_because(Told& told, const std::string& message,
                  OutcomeReason reason = OutcomeReason::error) {
  told.report.outcome = Outcome::failed;
  told.report.reason = reason;
  told.report.message = message;
}

// Systemd calls it a success, too, when a signal has stopped a service: that is not the end of a
// backup.
void judge_success(Told& told, const End& end) {
  const auto number = number_in(end.status);
  if (end.code == "exited" && number == 0) {
    told.end = classify::End{.exit_code = 0};
    return;
  }
  told.report.outcome = Outcome::warning;
  told.report.exit_code = number;
  told.report.message =
      end.code == "exited"
          ? "exit code " + end.status + ", which the unit takes for a success"
          : "systemd takes it for a success, but does not know how its main process ended";
}

void judge_result(Told& told, const End& end) {
  if (end.result == "exec-condition") {
    told.report.outcome = Outcome::cancelled;
    told.report.reason = OutcomeReason::user_cancelled;
    told.report.message = "skipped by ExecCondition=";
  } else if (end.result == "timeout" || end.result == "watchdog") {
    fail_because(told, "ended by systemd: " + end.result, OutcomeReason::timeout);
  } else if (end.result == "oom-kill") {
    fail_because(told, "killed: the host or the unit was out of memory");
  } else {
    fail_because(told, "systemd says: " + end.result);
  }
}

void judge(Told& told, const End& end) {
  const bool is_killed = end.code == "killed" || end.code == "dumped";
  const bool is_of_process = end.result == "success" || end.result == "exit-code" ||
                             end.result == "signal" || end.result == "core-dump";
  if (is_of_process && is_killed) {
    const auto signal = signal_called(end.status);
    if (!signal) return fail_because(told, "killed by " + end.status, OutcomeReason::interrupted);
    told.report.signal = signal;
    told.end = classify::End{.signal = signal};
  } else if (end.result == "success") {
    judge_success(told, end);
  } else if (end.result == "exit-code" && end.code == "exited" &&
             number_in(end.status).value_or(0) != 0) {
    told.end = classify::End{.exit_code = number_in(end.status)};
  } else {
    judge_result(told, end);
  }
}

// The unit's name says which job this is.
std::string job_of(const Call& call) {
  if (!call.job.empty()) return call.job;
  auto unit = value_of(call, "MONITOR_UNIT");
  if (unit.ends_with(kServiceSuffix)) unit.resize(unit.size() - kServiceSuffix.size());
  return unit;
}

}  // namespace

Result<Told> told_by_systemd(const Call& call) {
  Told told{.report = {.job = job_of(call)}};
  if (told.report.job.empty()) {
    return fail(ErrorCode::invalid, "--job is missing, and there is no $MONITOR_UNIT");
  }
  const bool is_monitor = call.variable("MONITOR_SERVICE_RESULT").has_value();
  const std::string prefix = is_monitor ? "MONITOR_" : "";
  const auto value = [&](const char* name) { return value_of(call, (prefix + name).c_str()); };
  told.rid = invocation_of(value("INVOCATION_ID"));
  if (told.rid) told.report.run = *told.rid;
  if (call.is_start) return told;
  const End end{value("SERVICE_RESULT"), value("EXIT_CODE"), value("EXIT_STATUS")};
  if (end.result.empty()) {
    return fail(ErrorCode::invalid,
                "there is neither $SERVICE_RESULT (of ExecStopPost=) nor $MONITOR_SERVICE_RESULT "
                "(of a unit that OnFailure= or OnSuccess= of one other unit has started)");
  }
  if (end.code == "exited") told.report.exit_code = number_in(end.status);
  judge(told, end);
  return told;
}

}  // namespace vaultbell::agent::hooks
