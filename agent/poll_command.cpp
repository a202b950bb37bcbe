#include <cstring>
#include <iostream>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "agent/adapter_text.hpp"
#include "agent/child.hpp"
#include "agent/classify/fields.hpp"
#include "agent/commands.hpp"
#include "agent/exit_code.hpp"
#include "agent/reporting.hpp"
#include "agent/status.hpp"
#include "agent/tool_end.hpp"
#include "agent/watch/newest_backup.hpp"
#include "agent/watching.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/duration.hpp"
#include "shared/base/local_time.hpp"

namespace vaultbell::agent {

const Syntax& poll_syntax() {
  static const Syntax instance{
      .command = "poll",
      .example = "vaultbell-agent poll",
      .usage = "[--job JOB]... [options]",
      .about =
          "Looks for backups that nobody reports: runs the command that \"poll\" in a [[job]] "
          "names,\n"
          "and reports the newest backup that it shows, once. vaultbell-poll.timer does this "
          "every\n"
          "hour. Run as a user who may read the repository.",
      .options =
          with_common({{"job", "JOB", "only this one (more than once: only these)", {}, true},
                       {"timeout", "TIME", "for each command (default: 10m)"},
                       {"output", "FORMAT", "text (default) or json", "o"}})};
  return instance;
}

namespace {

constexpr Duration kPollWithin = std::chrono::minutes(10);

struct Poll {
  Duration within = kPollWithin;
  Instant now;  // when the command had ended
  std::string printed;
  Ended ended;
};

// The command's standard output is ours to read; its errors are the caller's.
Poll run_poll(const JobConfiguration& job, Duration within, const BlockedSignals& signals) {
  Poll poll{.within = within};
  poll.ended = run_child(
      job.poll, within, signals,
      [&](classify::Stream stream, std::string_view bytes) {
        if (stream == classify::Stream::err) return;
        if (poll.printed.size() <= classify::kDocumentBytesMax) poll.printed += bytes;
      },
      Passing::errors);
  poll.now = SystemClock().wall();
  return poll;
}

Status check_answered(const Poll& poll, const std::string& program) {
  const auto& ended = poll.ended;
  if (ended.interrupted_by) return fail("interrupted");
  if (ended.start_error) {
    return fail(fmt::format("{} cannot be run: {}", program, std::strerror(*ended.start_error)));
  }
  if (ended.has_timed_out) {
    return fail(fmt::format("{} gave no answer within {}", program, to_text(poll.within)));
  }
  if (ended.signal) {
    return fail(fmt::format("{} was killed by {}", program, signal_text(*ended.signal)));
  }
  return {};
}

RunReport report_of(const JobConfiguration& job) {
  return {.run = random_uuid(),
          .job = job.declared.name,
          .operation = job.declared.settings.operation.value_or(Operation::backup),
          .tool = job.tool};
}

std::string backup_text(const watch::FoundBackup& found) {
  const auto id = found.id.empty() ? std::string() : fmt::format(" ({})", found.id);
  return fmt::format("the newest backup ended {}{}", to_iso(found.ended_at), id);
}

// The newest backup of the list that was printed, as the report of a run.
PollFacts newest_of(const JobConfiguration& job, const classify::BackupList& list, const Poll& poll,
                    const Loaded& loaded) {
  const auto& program = job.poll.front();
  if (poll.ended.exit_code != 0) {
    return {.job = job.declared.name,
            .trouble = fmt::format("{} exited with {}", program, *poll.ended.exit_code)};
  }
  if (poll.printed.size() > classify::kDocumentBytesMax) {
    return {.job = job.declared.name,
            .trouble = fmt::format("{} printed more than {}: let it show the newest only", program,
                                   size_in_words(classify::kDocumentBytesMax))};
  }
  const auto document = classify::parse_json(poll.printed);
  if (!document)
    return {.job = job.declared.name, .trouble = fmt::format("{} did not print JSON", program)};
  const auto looked = watch::newest_backup(list, *document, poll.now);
  if (!looked) {
    return {.job = job.declared.name,
            .trouble = fmt::format("what {} printed: {}", program, looked.error().message)};
  }
  const auto& found = *looked;
  if (!found) return {.job = job.declared.name, .text = "there is no good backup yet"};
  auto report = report_of(job);
  report.outcome = Outcome::succeeded;
  report.started_at = found->started_at;
  report.ended_at = found->ended_at;
  report.utc_offset_minutes = utc_offset_at(found->ended_at);
  report.statistics = found->statistics;
  report.snapshot = found->id;
  report.message = "found in the repository";
  fit_to_limits(report);
  PollFacts facts{.job = job.declared.name, .text = backup_text(*found), .report = report};
  const auto kept = with_spool(loaded, [&](spool::Spool& spool) -> Status {
    const auto is_new = spool.keep_polled(report, {found->id, found->ended_at});
    if (!is_new) return fail(is_new.error());
    facts.is_new = *is_new;
    return {};
  });
  if (!kept) facts.trouble = kept.error().message;
  return facts;
}

// The command says by its end how it is: as sanoid --monitor-snapshots does, each time is a run.
PollFacts state_of(const JobConfiguration& job, const Poll& poll, const Loaded& loaded) {
  auto report = report_of(job);
  report.ended_at = poll.now;
  report.utc_offset_minutes = utc_offset_at(poll.now);
  report.exit_code = poll.ended.exit_code;
  report.output = poll.ended.output;
  judge_by_tool(report, {.exit_code = poll.ended.exit_code}, poll.ended.output,
                loaded.configuration);
  fit_to_limits(report);
  PollFacts facts{.job = job.declared.name,
                  .text = fmt::format("{}{}{}", to_text(report.outcome),
                                      report.message.empty() ? "" : ": ", report.message),
                  .report = report,
                  .is_new = true};
  const auto kept = with_spool(loaded, [&](spool::Spool& spool) { return spool.append(report); });
  if (!kept) facts.trouble = kept.error().message;
  return facts;
}

PollFacts poll_job(const JobConfiguration& job, Duration within, const Loaded& loaded,
                   const BlockedSignals& signals, bool& is_interrupted) {
  const auto adapter = adapter_of(job, loaded.configuration);
  if (!adapter) return {.job = job.declared.name, .trouble = adapter.error().message};
  if (!adapter->backups && !says_how_it_is(*adapter, job.poll)) {
    return {.job = job.declared.name,
            .trouble = fmt::format("the adapter for {} has no list of backups (vaultbell-agent "
                                   "check-config)",
                                   job.tool)};
  }
  const auto poll = run_poll(job, within, signals);
  is_interrupted = poll.ended.interrupted_by.has_value();
  if (const auto ok = check_answered(poll, job.poll.front()); !ok) {
    return {.job = job.declared.name, .trouble = ok.error().message};
  }
  if (adapter->backups) return newest_of(job, *adapter->backups, poll, loaded);
  return state_of(job, poll, loaded);
}

Result<std::vector<const JobConfiguration*>> jobs_meant(const Arguments& arguments,
                                                        const Configuration& configuration) {
  std::vector<const JobConfiguration*> meant;
  for (const auto& name : arguments.values("job")) {
    const auto* job = configuration.job_named(name);
    if (job == nullptr || job->poll.empty()) {
      return fail(ErrorCode::invalid,
                  fmt::format("--job {}: no [[job]] of that name has poll in agent.toml", name));
    }
    meant.push_back(job);
  }
  if (arguments.has("job")) return meant;
  for (const auto& job : configuration.jobs) {
    if (!job.poll.empty()) meant.push_back(&job);
  }
  return meant;
}

void print(const PollFacts& facts, OutputFormat format) {
  if (format == OutputFormat::json) {
    std::cout << to_json(facts) << '\n';
  } else if (facts.trouble.empty()) {
    const auto* news = !facts.report ? "" : facts.is_new ? "; reported" : "; reported before";
    std::cout << fmt::format("{}: {}{}\n", facts.job, facts.text, news);
  }
  if (!facts.trouble.empty()) complain(fmt::format("{}: {}", facts.job, facts.trouble));
}

}  // namespace

int poll_command(const Words& words) {
  const auto opening = open_command(poll_syntax(), words);
  if (!opening.arguments) return opening.exit_code;
  const auto& arguments = *opening.arguments;
  const auto format = arguments.choice("output", OutputFormat::text);
  if (!format) return complain_of_usage(poll_syntax(), format.error());
  const auto within = parse_duration(arguments.value("timeout").value_or(to_text(kPollWithin)));
  if (!within)
    return complain_of_usage(poll_syntax(), fail_within("--timeout", within.error()).value());
  const auto loaded = load_configuration(arguments);
  if (!loaded.mistakes.empty()) {
    std::cerr << lines_of(loaded.mistakes);
    return kWrongConfiguration;
  }
  const auto jobs = jobs_meant(arguments, loaded.configuration);
  if (!jobs) return complain_of_usage(poll_syntax(), jobs.error());
  if (jobs->empty() && *format == OutputFormat::text) {
    std::cout << "no [[job]] has poll: there is nothing to look at\n";
  }
  const BlockedSignals signals;
  bool has_trouble = false;
  bool is_interrupted = false;
  for (const auto* job : *jobs) {
    const auto facts = poll_job(*job, *within, loaded, signals, is_interrupted);
    print(facts, *format);
    has_trouble |= !facts.trouble.empty();
    if (is_interrupted) return kFailed;
  }
  return has_trouble ? kFailed : kDone;
}

}  // namespace vaultbell::agent
