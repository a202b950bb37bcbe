#include <algorithm>
#include <filesystem>
#include <iostream>
#include <unistd.h>

#include <fmt/format.h>

#include "agent/blocked_signals.hpp"
#include "agent/child.hpp"
#include "agent/commands.hpp"
#include "agent/exit_code.hpp"
#include "agent/outcome.hpp"
#include "agent/reporting.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/duration.hpp"

namespace vaultbell::agent {

namespace {

const Syntax& run_syntax() {
  static const Syntax instance{
      .command = "run",
      .example = "vaultbell-agent run --job nightly --map 3=warning -- restic backup /srv",
      .usage = "--job JOB [options] -- COMMAND...",
      .about =
          "Runs the command, reports its start and its end, and exits with its exit code. If a\n"
          "report cannot be kept the command runs all the same; then a success exits with 1.",
      .options = with_common({
          {"job", "JOB", "what is backed up; names the job at the aggregator"},
          {"operation", "WHAT", "backup (default), log_backup, restore, verify, prune, ..."},
          {"tool", "NAME", "the backup tool (default: the command's file name)"},
          {"trigger", "WHO", "scheduled or user (default: user at a terminal)"},
          {"timeout", "TIME", "end the command after so long (\"6h\"): failed, reason timeout"},
          {"map", "CODE=OUTCOME", "what an exit code means; may be repeated", "", true},
      })};
  return instance;
}

struct Plan {
  Words command;
  RunReport start;
  Judging judging;
};

Result<Plan> plan_of(const Arguments& arguments, Words command) {
  if (command.empty()) {
    return fail(ErrorCode::invalid, "what is to be run stands behind \"--\"");
  }
  const auto job = arguments.value("job");
  if (!job) return fail(ErrorCode::invalid, "--job is missing: which job is this a run of?");
  const auto operation = arguments.choice("operation", Operation::backup);
  if (!operation) return fail(operation.error());
  const bool is_at_terminal = isatty(STDIN_FILENO) == 1;
  const auto trigger =
      arguments.choice("trigger", is_at_terminal ? Trigger::user : Trigger::scheduled);
  if (!trigger) return fail(trigger.error());
  auto map = parse_map(arguments.values("map"));
  if (!map) return fail(map.error());
  Plan plan{.judging = {.map = std::move(*map), .command = command.front()}};
  if (const auto text = arguments.value("timeout")) {
    const auto timeout = parse_duration(*text);
    if (!timeout) return fail_within("--timeout", timeout.error());
    if (*timeout > Duration::zero()) plan.judging.timeout = *timeout;
  }
  const auto tool = std::filesystem::path(command.front()).filename().string();
  plan.start = {.run = random_uuid(),
                .job = *job,
                .operation = *operation,
                .trigger = *trigger,
                .tool = arguments.value("tool").value_or(tool)};
  plan.command = std::move(command);
  fit_to_limits(plan.start);
  if (auto ok = check_report(plan.start); !ok) return fail(ok.error());
  return plan;
}

Status keep_start(const Loaded& loaded, const RunReport& start) {
  return with_spool(loaded, [&](spool::Spool& spool) -> Status {
    const auto own = spool::own_pid();
    if (!own) return fail(own.error());
    return spool.begin_run(start, *own);
  });
}

Status keep_end(const Loaded& loaded, const RunReport& end, bool was_begun) {
  return with_spool(loaded, [&](spool::Spool& spool) -> Status {
    if (!was_begun) return spool.append(end);
    const auto is_ours = spool.end_run(end);
    if (!is_ours) return fail(is_ours.error());
    if (*is_ours) return {};
    return fail("the agent took this run for interrupted and has already ended it as failed");
  });
}

int carry_out(const Loaded& loaded, Plan plan) {
  // From here on: a complaint that nobody can read must not end us before the backup has run.
  const BlockedSignals signals;
  const SystemClock clock;
  plan.start.started_at = clock.wall();
  plan.start.utc_offset_minutes = utc_offset_at(*plan.start.started_at);
  const auto begun = keep_start(loaded, plan.start);
  if (!begun) {
    complain(fmt::format("the start of this run is not reported: {}", begun.error().message));
  }
  const auto ended = run_child(plan.command, plan.judging.timeout, signals);
  auto end = plan.start;
  end.ended_at = clock.wall();
  judge(end, ended, plan.judging);
  fit_to_limits(end);
  if (ended.start_error) complain(end.message);
  const auto kept = keep_end(loaded, end, begun.has_value());
  if (!kept) complain(fmt::format("the end of this run is not reported: {}", kept.error().message));
  const int code = exit_code_of(ended);
  const bool is_reported = begun.has_value() && kept.has_value();
  return code == kDone && !is_reported ? static_cast<int>(kFailed) : code;
}

}  // namespace

int run_command(const Words& words) {
  const auto separator = std::find(words.begin(), words.end(), "--");
  const auto opening = open_command(run_syntax(), Words(words.begin(), separator));
  if (!opening.arguments) return opening.exit_code;
  const auto command = separator == words.end() ? Words() : Words(separator + 1, words.end());
  auto plan = plan_of(*opening.arguments, command);
  if (!plan) return complain_of_usage(run_syntax(), plan.error());
  return carry_out(load_configuration(*opening.arguments), std::move(*plan));
}

}  // namespace vaultbell::agent
