#include "agent/watch/log_reader.hpp"

#include <algorithm>
#include <utility>

#include "agent/watch/tool_time.hpp"
#include "shared/base/local_time.hpp"
#include "shared/base/text.hpp"
#include "shared/base/uuid.hpp"

namespace vaultbell::agent::watch {

namespace {

using classify::LogEvent;
using classify::LogRow;

std::string message_of(const LogRow& row, std::string_view found, const std::string& note) {
  if (row.message.empty()) {
    if (!note.empty()) return note;
    return row.outcome == Outcome::succeeded ? std::string() : row.name;
  }
  auto message = row.message;
  const auto hole = message.find("{}");
  if (hole != std::string::npos) message.replace(hole, 2, found);
  return message;
}

// What is kept of a line must be text: it is stored.
void add_output(std::string& output, std::string_view line) {
  output += to_utf8(line) + "\n";
  if (output.size() > kOutputBytesMax) output = last_part(output, kOutputBytesMax);
}

void set_end(RunReport& report, const LogRow& row, std::string_view found,
             const std::string& note) {
  report.outcome = row.outcome;
  report.reason = row.reason;
  if (row.operation) report.operation = *row.operation;
  report.message = message_of(row, found, note);
  fit_to_limits(report);
}

}  // namespace

Instant LogReader::time_of(std::string_view line, Instant now) const {
  if (!table_.time) return now;
  const auto text = table_.time->find(line);
  const auto time = text ? parse_tool_time(*text) : std::nullopt;
  return std::min(time.value_or(now), now);
}

bool LogReader::is_ours(std::string_view line) const {
  return !job_.match || job_.match->find(line);
}

RunReport LogReader::report_of(const spool::LoggedRun& run, Instant at) const {
  RunReport report{.run = run.run,
                   .job = job_.name,
                   .operation = job_.operation,
                   .started_at = run.started_at,
                   .utc_offset_minutes = run.utc_offset_minutes,
                   .tool = job_.tool,
                   .output = run.output};
  if (report.started_at && *report.started_at > at) report.started_at = at;
  return report;
}

void LogReader::begin(std::string_view line, Instant at) {
  if (open_.size() >= kLoggedOpenMax) interrupt_oldest("others have begun since", at);
  spool::LoggedRun run{.run = random_uuid(), .is_others = !is_ours(line), .started_at = at};
  run.utc_offset_minutes = utc_offset_at(at);
  if (!run.is_others) reports_.push_back(report_of(run, at));
  add_output(run.output, line);
  open_.push_back(std::move(run));
}

void LogReader::interrupt_oldest(std::string_view why, Instant at) {
  const auto run = std::move(open_.front());
  open_.erase(open_.begin());
  if (run.is_others) return;
  auto report = report_of(run, at);
  report.outcome = Outcome::failed;
  report.reason = OutcomeReason::interrupted;
  report.ended_at = at;
  report.message = "the log does not say how this run ended: " + std::string(why);
  fit_to_limits(report);
  reports_.push_back(std::move(report));
}

void LogReader::give_up(std::string_view why, Instant now) {
  while (!open_.empty()) interrupt_oldest(why, now);
}

void LogReader::end(const LogRow& row, std::string_view found, Instant at) {
  const auto run = std::move(open_.back());
  open_.pop_back();
  if (row.reason != OutcomeReason::another_run_in_progress) {
    give_up("another one has ended since", at);
  }
  if (run.is_others) return;
  auto report = report_of(run, at);
  report.ended_at = at;
  set_end(report, row, found, run.note);
  reports_.push_back(std::move(report));
}

void LogReader::end_unbegun(const LogRow& row, std::string_view found, std::string_view line,
                            Instant at) {
  if (!is_ours(line)) return;
  auto report = report_of({.run = random_uuid(), .utc_offset_minutes = utc_offset_at(at)}, at);
  report.ended_at = at;
  add_output(report.output, line);
  set_end(report, row, found, {});
  reports_.push_back(std::move(report));
}

bool LogReader::is_marked(const std::string& mark) const {
  return !open_.empty() && std::ranges::find(open_.back().marks, mark) != open_.back().marks.end();
}

// The marks of a run whose start was not seen are not known: it is believed.
bool LogReader::is_after_its_mark(const LogRow& row) const {
  return row.after.empty() || open_.empty() || is_marked(row.after);
}

void LogReader::take(std::string_view line, Instant now) {
  const auto at = time_of(line, now);
  if (!open_.empty()) add_output(open_.back().output, line);
  for (const auto& row : table_.rows) {
    const auto found = row.pattern.find(line);
    if (!found || !is_after_its_mark(row)) continue;
    switch (row.event) {
      case LogEvent::start:
        return begin(line, at);
      case LogEvent::note:
        if (!open_.empty() && open_.back().note.empty()) {
          open_.back().note = first_part(to_utf8(*found), kMessageBytesMax);
        }
        return;
      case LogEvent::mark:
        if (!open_.empty() && !is_marked(row.name)) open_.back().marks.push_back(row.name);
        return;
      case LogEvent::end:
        // Without any that is open, it began before the log was watched.
        return open_.empty() ? end_unbegun(row, *found, line, at) : end(row, *found, at);
      case LogEvent::refused:
        return end_unbegun(row, *found, line, at);
    }
  }
}

}  // namespace vaultbell::agent::watch
