#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "agent/commands.hpp"
#include "agent/exit_code.hpp"
#include "agent/hooks/hook.hpp"
#include "agent/reporting.hpp"
#include "agent/tool_end.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/local_time.hpp"
#include "shared/base/nearest.hpp"

namespace vaultbell::agent {

const Syntax& hook_syntax() {
  static const Syntax instance{
      .command = "hook",
      .example = "vaultbell-agent hook systemd --job nightly",
      .usage = "systemd|vzdump|duplicati|bacula [WORD...] [options]",
      .about =
          "Called by systemd or a backup tool: reports what that says of a run, in words or\n"
          "variables. An end that cannot be kept exits with 1; a start is complained of only, for\n"
          "the backup must go on.",
      .options = with_common({
          {"job", "JOB", "what is backed up (default: as systemd or the tool calls it)"},
          {"operation", "WHAT", "backup (default), verify, prune, ..."},
          {"start", "", "systemd, bacula: the run begins (ExecStartPre=, RunsWhen=Before)"},
      }),
      .operands_max = 8};
  return instance;
}

namespace {

// Duplicati's meaning of 1 is "all is well"; 4 is an error, after which it goes on.
constexpr int kDuplicatiError = 4;

struct Hook {
  std::string_view name;
  Result<hooks::Told> (*read)(const hooks::Call&);
  int not_kept = kFailed;
};

constexpr std::array kHooks = {
    Hook{"systemd", hooks::told_by_systemd},
    Hook{"vzdump", hooks::told_by_vzdump},
    Hook{"duplicati", hooks::told_by_duplicati, kDuplicatiError},
    Hook{"bacula", hooks::told_by_bacula},
};

const Hook* find(std::string_view name) {
  for (const auto& hook : kHooks) {
    if (hook.name == name) return &hook;
  }
  return nullptr;
}

int complain_of_hook(const Words& operands) {
  if (operands.empty()) {
    return complain_of_usage(hook_syntax(), {ErrorCode::invalid, "whose hook is this?"});
  }
  std::array<std::string_view, kHooks.size()> names;
  for (std::size_t i = 0; i < names.size(); ++i) names.at(i) = kHooks.at(i).name;
  return complain_of_usage(
      hook_syntax(), {ErrorCode::invalid, fmt::format("unknown hook \"{}\"{}", operands.front(),
                                                      did_you_mean(operands.front(), names))});
}

Result<hooks::Told> told_by(const Hook& hook, const Arguments& arguments) {
  auto words = arguments.operands();
  words.erase(words.begin());
  const hooks::Call call{.words = std::move(words),
                         .variable = [](const char* name) -> std::optional<std::string> {
                           const char* value = std::getenv(name);
                           return value == nullptr ? std::nullopt : std::optional(value);
                         },
                         .job = arguments.value("job").value_or(""),
                         .is_start = arguments.has("start")};
  return hook.read(call);
}

RunReport report_of(const hooks::Told& told, std::optional<Operation> operation,
                    const Configuration& configuration, Instant now) {
  auto report = told.report;
  if (report.tool.empty()) add_declared(report, configuration);
  report.operation = operation.value_or(report.operation);
  if (!report.run.is_set()) report.run = random_uuid();
  if (told.end) judge_by_tool(report, *told.end, {}, configuration);
  (report.outcome == Outcome::running ? report.started_at : report.ended_at) = now;
  report.utc_offset_minutes = utc_offset_at(now);
  fit_to_limits(report);
  return report;
}

Status keep(const Loaded& loaded, const RunReport& report, const std::optional<Uuid>& rid) {
  return with_spool(loaded, [&](spool::Spool& spool) -> Status {
    if (report.outcome != Outcome::running) return spool.end_pinged(report, rid);
    const auto begun = spool.begin_pinged(report, rid);
    return begun ? Status() : Status(fail(begun.error()));
  });
}

}  // namespace

int hook_command(const Words& words) {
  const auto opening = open_command(hook_syntax(), words);
  if (!opening.arguments) return opening.exit_code;
  const auto operands = opening.arguments->operands();
  const auto* hook = operands.empty() ? nullptr : find(operands.front());
  if (hook == nullptr) return complain_of_hook(operands);
  const auto told = told_by(*hook, *opening.arguments);
  if (!told) return complain_of_usage(hook_syntax(), told.error());
  if (!told->is_anything) return kDone;
  const auto operation = opening.arguments->choice("operation", Operation::backup);
  if (!operation) return complain_of_usage(hook_syntax(), operation.error());
  const auto loaded = load_configuration(*opening.arguments);
  const auto report = report_of(
      *told, opening.arguments->has("operation") ? std::optional(*operation) : std::nullopt,
      loaded.configuration, SystemClock().wall());
  if (auto ok = check_report(report); !ok) return complain_of_usage(hook_syntax(), ok.error());
  const auto kept = keep(loaded, report, told->rid);
  if (kept) return kDone;
  const bool is_start = report.outcome == Outcome::running;
  complain(fmt::format("the {} of this run is not reported: {}", is_start ? "start" : "end",
                       kept.error().message));
  return is_start ? static_cast<int>(kDone) : hook->not_kept;
}

}  // namespace vaultbell::agent
