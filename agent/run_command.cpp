#include <algorithm>
#include <filesystem>
#include <iostream>
#include <unistd.h>

#include <fmt/format.h>

#include "agent/adapter_text.hpp"
#include "agent/blocked_signals.hpp"
#include "agent/child.hpp"
#include "agent/classify/classifier.hpp"
#include "agent/classify/words.hpp"
#include "agent/commands.hpp"
#include "agent/exit_code.hpp"
#include "agent/outcome.hpp"
#include "agent/reporting.hpp"
#include "agent/tool_version.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/duration.hpp"
#include "shared/base/local_time.hpp"

namespace vaultbell::agent {

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
          {"operation", "WHAT", "backup, verify, prune, ... (default: as the command's words say)"},
          {"tool", "NAME", "whose adapter judges the end (default: the command's file name)"},
          {"trigger", "WHO", "scheduled or user (default: user at a terminal)"},
          {"timeout", "TIME", "end the command after so long (\"6h\"): failed, reason timeout"},
          {"map", "CODE=OUTCOME", "what an exit code means; may be repeated", "", true},
      })};
  return instance;
}

namespace {

struct Plan {
  Words command;
  RunReport start;
  Judging judging;
  classify::Adapter adapter;  // empty where there is none: then the exit code alone counts
  std::string trouble;        // why the tool's adapter is not used
  bool is_operation_given = false;
};

// A broken file must not stop a backup: it is as if there were none, and said where it is read. Nor
// must a tool without one; that it may be misspelt is said where it was named.
void find_adapter(Plan& plan, const Loaded& loaded, bool is_named) {
  const auto& name = plan.start.tool;
  const auto shelf = loaded.configuration.adapters.shelf();
  auto found = shelf.find(name);
  if (!found) {
    const auto hint = is_named ? shelf.hint(name) : std::string();
    if (!hint.empty()) plan.trouble = no_adapter(name, hint);
  } else if (found->mistakes.empty()) {
    plan.adapter = std::move(found->adapter);
  } else {
    plan.trouble = fmt::format("the adapter for {} is not used: {}", name, found->mistakes.front());
  }
}

// What was said, what the command's words say, what the configuration expects of the job.
Status find_operation(Plan& plan, const Arguments& arguments, const JobConfiguration* job) {
  const Words words(plan.command.begin() + 1, plan.command.end());
  const auto expected = job == nullptr ? std::nullopt : job->declared.settings.operation;
  const auto said =
      classify::operation_of(plan.adapter, words).value_or(expected.value_or(Operation::backup));
  const auto operation = arguments.choice("operation", said);
  if (!operation) return fail(operation.error());
  plan.start.operation = *operation;
  plan.is_operation_given = arguments.has("operation");
  return {};
}

Result<Plan> plan_of(const Arguments& arguments, Words command, const Loaded& loaded) {
  if (command.empty()) {
    return fail(ErrorCode::invalid, "what is to be run stands behind \"--\"");
  }
  const auto job = arguments.value("job");
  if (!job) return fail(ErrorCode::invalid, "--job is missing: which job is this a run of?");
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
  const auto* declared = loaded.configuration.job_named(*job);
  auto tool = declared == nullptr ? std::string() : declared->tool;
  const bool is_tool_named = !tool.empty() || arguments.has("tool");
  if (tool.empty()) tool = std::filesystem::path(command.front()).filename().string();
  plan.start = {.run = random_uuid(),
                .job = *job,
                .trigger = *trigger,
                .tool = arguments.value("tool").value_or(tool)};
  plan.command = std::move(command);
  find_adapter(plan, loaded, is_tool_named);
  if (auto ok = find_operation(plan, arguments, declared); !ok) return fail(ok.error());
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

classify::Verdict verdict_of(const Plan& plan, classify::Classifier& classifier,
                             const Ended& ended) {
  classifier.finish();
  if (ended.start_error) return {};
  const classify::End end{ended.exit_code, ended.signal, ended.interrupted_by};
  std::optional<classify::Version> version;
  if (classifier.wants_version(end)) version = ask_version(plan.adapter, plan.command.front());
  return classifier.judge(end, version);
}

// What the tool's own words change in the report, besides the outcome.
void add_words(RunReport& end, const Plan& plan, const classify::Verdict& verdict) {
  if (verdict.operation && !plan.is_operation_given) end.operation = *verdict.operation;
  if (plan.trouble.empty()) return;
  end.message += end.message.empty() ? plan.trouble : fmt::format(" ({})", plan.trouble);
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
  if (!plan.trouble.empty()) complain(plan.trouble);
  classify::Classifier classifier(plan.adapter, plan.start.operation);
  const auto ended = run_child(
      plan.command, plan.judging.timeout, signals,
      [&](classify::Stream stream, std::string_view bytes) { classifier.feed(stream, bytes); });
  auto end = plan.start;
  end.ended_at = clock.wall();
  const auto verdict = verdict_of(plan, classifier, ended);
  judge(end, ended, plan.judging, verdict);
  add_words(end, plan, verdict);
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
  const auto loaded = load_configuration(*opening.arguments);
  auto plan = plan_of(*opening.arguments, command, loaded);
  if (!plan) return complain_of_usage(run_syntax(), plan.error());
  return carry_out(loaded, std::move(*plan));
}

}  // namespace vaultbell::agent
