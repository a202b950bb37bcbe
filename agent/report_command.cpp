#include <array>
#include <charconv>
#include <iostream>
#include <unistd.h>

#include <fmt/format.h>

#include "agent/commands.hpp"
#include "agent/exit_code.hpp"
#include "agent/reporting.hpp"
#include "agent/status.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/local_time.hpp"

namespace vaultbell::agent {

const Syntax& report_syntax() {
  static const Syntax instance{
      .command = "report",
      .example = "vaultbell-agent report --job nightly --outcome failed --message -",
      .usage = "--job JOB --outcome OUTCOME [options]",
      .about =
          "Reports a run that something else carries out: for hooks and scripts. The report is on\n"
          "disk when this exits with 0. With --outcome running it prints the run's identity, for\n"
          "--run in the report of its end.",
      .options = with_common({
          {"job", "JOB", "what is backed up; names the job at the aggregator"},
          {"outcome", "OUTCOME", "succeeded, warning, failed, cancelled or running"},
          {"operation", "WHAT", "backup (default), log_backup, restore, verify, prune, ..."},
          {"reason", "WHY", "error, user_cancelled, another_run_in_progress, source_gone, ..."},
          {"message", "TEXT", "what people shall read; - reads it from standard input"},
          {"exit-code", "NUMBER", "of the tool"},
          {"bytes-read", "NUMBER", "how much the tool read"},
          {"bytes-added", "NUMBER", "how much it added to the repository"},
          {"bytes-total", "NUMBER", "how large the backup is"},
          {"files", "NUMBER", "how many files it holds"},
          {"snapshot", "ID", "what the tool calls it"},
          {"tool", "NAME", "the backup tool"},
          {"trigger", "WHO", "scheduled (default) or user"},
          {"started-at", "TIME", "for example 2026-03-01T02:00:00+01:00"},
          {"ended-at", "TIME", "likewise (default: now)"},
          {"run", "UUID", "the run whose start was reported before"},
          {"output", "FORMAT", "text (default) or json", "o"},
      })};
  return instance;
}

namespace {

constexpr std::size_t kMessageReadMax = 64UL * 1024;  // of which the first part is kept

// Reads options of one report into it; the first mistake stays.
class Reader {
 public:
  explicit Reader(const Arguments& arguments) : arguments_(arguments) {}

  void text(const char* name, std::string& value) {
    if (const auto given = arguments_.value(name)) value = *given;
  }
  template <std::integral T>
  void number(const char* name, std::optional<T>& value) {
    const auto given = arguments_.value(name);
    if (!given) return;
    T number{};
    const auto* end = given->data() + given->size();
    const auto [rest, error] = std::from_chars(given->data(), end, number);
    if (error != std::errc{} || rest != end) {
      return note(fail(ErrorCode::invalid, fmt::format("--{} {}: not a number", name, *given)));
    }
    value = number;
  }
  void time(const char* name, std::optional<Instant>& value) {
    const auto given = arguments_.value(name);
    if (!given) return;
    const auto instant = parse_iso(*given);
    if (!instant) return note(fail_within(fmt::format("--{}", name), instant.error()));
    value = *instant;
  }
  template <HasText E>
  void choice(const char* name, E& value) {
    const auto chosen = arguments_.choice(name, value);
    if (!chosen) return note(fail(chosen.error()));
    value = *chosen;
  }
  template <HasText E>
  void choice(const char* name, std::optional<E>& value) {
    if (!arguments_.has(name)) return;
    value.emplace();
    choice(name, *value);
  }
  void identity(const char* name, Uuid& value) {
    const auto given = arguments_.value(name);
    if (!given) return;
    const auto uuid = parse_uuid(*given);
    if (!uuid) return note(fail_within(fmt::format("--{}", name), uuid.error()));
    value = *uuid;
  }

  void note(Status mistake) {
    if (status_) status_ = std::move(mistake);
  }
  [[nodiscard]] const Status& status() const { return status_; }

 private:
  const Arguments& arguments_;
  Status status_;
};

std::string read_standard_input() {
  std::string text;
  std::array<char, 4096> buffer{};
  while (text.size() < kMessageReadMax) {
    const auto got = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

// What contradicts itself would be booked as it is, and be believed.
Status check_sense(const RunReport& report, Instant now) {
  if (report.ended_at && *report.ended_at > now) {
    return fail(ErrorCode::invalid, fmt::format("--ended-at {} is in the future: it is {} now",
                                                to_iso(*report.ended_at), to_iso(now)));
  }
  if (report.ended_at && report.started_at && *report.ended_at < *report.started_at) {
    return fail(ErrorCode::invalid,
                fmt::format("the run ends before it starts: --started-at {}, --ended-at {}",
                            to_iso(*report.started_at), to_iso(*report.ended_at)));
  }
  if (report.outcome == Outcome::succeeded && report.exit_code.value_or(0) != 0) {
    return fail(ErrorCode::invalid,
                fmt::format("--outcome succeeded and --exit-code {} contradict each other: report "
                            "warning or failed, or leave the exit code out",
                            *report.exit_code));
  }
  return {};
}

Result<RunReport> report_of(const Arguments& arguments, Instant now) {
  for (const auto* name : {"job", "outcome"}) {
    if (!arguments.has(name)) {
      return fail(ErrorCode::invalid, fmt::format("--{} is missing", name));
    }
  }
  RunReport report{.run = random_uuid()};
  Reader reader(arguments);
  reader.text("job", report.job);
  reader.choice("outcome", report.outcome);
  reader.choice("operation", report.operation);
  reader.choice("reason", report.reason);
  reader.choice("trigger", report.trigger);
  reader.number("exit-code", report.exit_code);
  reader.number("bytes-read", report.statistics.bytes_read);
  reader.number("bytes-added", report.statistics.bytes_added);
  reader.number("bytes-total", report.statistics.bytes_total);
  reader.number("files", report.statistics.files);
  reader.text("snapshot", report.snapshot);
  reader.text("tool", report.tool);
  reader.text("message", report.message);
  (report.outcome == Outcome::running ? report.started_at : report.ended_at) = now;
  reader.time("started-at", report.started_at);
  reader.time("ended-at", report.ended_at);
  reader.identity("run", report.run);
  if (!reader.status()) return fail(reader.status().error());
  if (auto ok = check_sense(report, now); !ok) return fail(ok.error());
  report.utc_offset_minutes = utc_offset_at(now);
  if (report.message == "-") report.message = read_standard_input();
  fit_to_limits(report);
  if (auto ok = check_report(report); !ok) return fail(ok.error());
  return report;
}

}  // namespace

int report_command(const Words& words) {
  const auto opening = open_command(report_syntax(), words);
  if (!opening.arguments) return opening.exit_code;
  const auto& arguments = *opening.arguments;
  const auto format = arguments.choice("output", OutputFormat::text);
  if (!format) return complain_of_usage(report_syntax(), format.error());
  const auto report = report_of(arguments, SystemClock().wall());
  if (!report) return complain_of_usage(report_syntax(), report.error());
  const auto kept = with_spool(load_configuration(arguments),
                               [&](spool::Spool& spool) { return spool.append(*report); });
  if (!kept) {
    complain(fmt::format("the report was not kept: {}", kept.error().message));
    return kFailed;
  }
  if (*format == OutputFormat::json) {
    std::cout << receipt_of(*report) << '\n';
  } else if (report->outcome == Outcome::running) {
    std::cout << to_text(report->run) << '\n';
  }
  return kDone;
}

}  // namespace vaultbell::agent
