#include "aggregator/core/reports.hpp"

#include <algorithm>

#include "aggregator/core/alerts.hpp"
#include "aggregator/core/bands.hpp"
#include "aggregator/core/clock_shift.hpp"
#include "aggregator/core/jobs.hpp"
#include "aggregator/core/nights.hpp"

namespace vaultbell::core {

namespace {

constexpr std::uint32_t kBlockedRunsMax = 3;  // R4.1: from then on it looks like a stale lock

// Makes room for marks of new spools, as many as `fresh`: the spools used last longest ago have
// nothing left to send.
void drop_oldest_marks(Draft& draft, ClientId client, std::size_t fresh) {
  std::vector<SpoolMark> known;
  const auto& marks = draft.before().spool_marks;
  for (auto row = marks.lower_bound({client, Uuid{}}); row != marks.end(); ++row) {
    if (row->first.client != client) break;
    known.push_back(*draft.get<SpoolMark>(row->first));
  }
  std::stable_sort(known.begin(), known.end(),
                   [](const auto& a, const auto& b) { return a.used_at < b.used_at; });
  const auto wanted = known.size() + fresh;
  for (std::size_t i = 0; i < known.size() && wanted - i > kSpoolMarksMax; ++i) {
    draft.erase(known[i].key());
  }
}

// The job of that name, made when it is first reported; absent when the client has too many.
std::optional<Job> job_for(Draft& draft, ClientId client, const std::string& name) {
  const auto& by_name = draft.before().job_by_name;
  if (const auto found = by_name.find({client, name}); found != by_name.end()) {
    return draft.get<Job>(found->second);
  }
  if (room_for_jobs(draft, client) == 0) return std::nullopt;
  return Job{.id = draft.next_job(), .client = client, .name = name, .created_at = draft.now()};
}

// A time by the client's clock, by ours: as the clocks stood to each other at its last hello, and
// never in the future. A step of ours that the client's row does not know of yet changes both.
Instant by_our_clock(const Draft& draft, const Client& client, Instant at) {
  const auto stepped_by = draft.now() - now_for(draft, client.id);
  return std::min(at - client.clock_skew + stepped_by, draft.now());
}

RunTimes times_of(const Draft& draft, const Client& client, const Run& run,
                  const std::optional<OpenRun>& open) {
  const auto& report = run.report;
  const auto stepped_by = draft.now() - now_for(draft, client.id);
  const auto began_at = open ? open->began_at + stepped_by : draft.now();
  return {
      .started_at = report.started_at ? by_our_clock(draft, client, *report.started_at) : began_at,
      .ended_at = report.ended_at ? by_our_clock(draft, client, *report.ended_at) : draft.now()};
}

// The same by the clock that the job's times are still counted by.
RunTimes as_counted_by(const Draft& draft, const Job& job, const RunTimes& times) {
  const auto stepped_by = draft.now() - now_for(draft, job.id);
  return {.started_at = times.started_at - stepped_by, .ended_at = times.ended_at - stepped_by};
}

// What the report counts as: an administrator may say what a warning is (R4.10).
RunReport as_counted(const Draft& draft, const Client& client, const Job& job, RunReport report) {
  if (report.outcome != Outcome::warning) return report;
  auto counts_as = job.settings.warning_counts_as;
  if (!counts_as) {
    if (const auto vault = draft.get<Vault>(client.vault)) counts_as = vault->warning_counts_as;
  }
  report.outcome = counts_as.value_or(report.outcome);
  return report;
}

// The run that this report begins or ends.
Run run_for(Draft& draft, const ReportReceived& received, const Job& job) {
  const auto open = draft.get<OpenRun>({received.client, received.report.run});
  Run run{.id = open ? open->id : draft.next_run(),
          .client = received.client,
          .job = job.id,
          .received_at = draft.now(),
          .report = received.report};
  if (open && !run.report.started_at) run.report.started_at = open->started_at;
  return run;
}

// A client that starts runs without ever ending them: the oldest is ended for it.
void bound_open_runs(Draft& draft, ClientId client) {
  const auto& rows = draft.before().open_runs;
  const OpenRun* oldest = nullptr;
  std::size_t count = 0;
  for (auto row = rows.lower_bound({client, Uuid{}}); row != rows.end(); ++row) {
    if (row->first.client != client) break;
    ++count;
    if (oldest == nullptr || row->second.id < oldest->id) oldest = &row->second;
  }
  if (count < kOpenRunsPerClientMax) return;
  const auto job = draft.get<Job>(oldest->job);
  Run run{.id = oldest->id,
          .client = client,
          .job = oldest->job,
          .received_at = draft.now(),
          .verdict = RunVerdict::not_alerted_end_unknown};
  run.report.run = oldest->run;
  run.report.job = job ? job->name : "";
  run.report.operation = oldest->operation;
  run.report.outcome = Outcome::failed;
  run.report.reason = OutcomeReason::interrupted;
  run.report.trigger = oldest->trigger;
  run.report.started_at = oldest->started_at;
  run.report.message = "ended by the aggregator: too many runs of this client never ended";
  draft.emit(Note{NoteKind::run_ended_by_limit,
                  "run " + std::to_string(run.id.value) + ": " + run.report.message});
  draft.put(std::move(run));
  draft.erase(oldest->key());
}

std::string message_of(const RunReport& report) {
  if (!report.message.empty()) return report.message;
  if (report.signal) return "killed by signal " + std::to_string(*report.signal);
  if (report.exit_code) return "exit code " + std::to_string(*report.exit_code);
  return report.reason ? std::string(to_text(*report.reason)) : std::string();
}

// Counts what comes again and again, and says whether the failure is tolerated (R4.1, R4.10).
bool is_tolerated(Draft& draft, Job& job, const Run& run, const RunMeaning& meaning) {
  const Subject blocked{.kind = AlertKind::backup_blocked, .client = run.client, .job = run.job};
  const bool is_blocked = meaning.verdict == RunVerdict::not_alerted_another_run;
  if (is_blocked && ++job.blocked_in_row >= kBlockedRunsMax) {
    raise(draft, {.subject = blocked,
                  .run = run.id,
                  .message = std::to_string(job.blocked_in_row) +
                             " runs in a row ended because another one was in progress"});
  }
  const bool is_over = run.report.outcome != Outcome::running && !is_blocked;
  if (is_over) job.blocked_in_row = 0;
  if (meaning.raises == AlertKind::backup_failed) {
    const bool is_in_time = ++job.failures_in_row <= job.settings.tolerate_failures;
    return is_in_time && !draft.before().alert_by_subject.contains(
                             subject_about(AlertKind::backup_failed, run.client, run.job, {}));
  }
  if (!is_backup(run.report.operation) || !is_good(run.report.outcome)) return false;
  job.failures_in_row = 0;
  recover(draft, blocked,
          {.reason = InactiveReason::recovered_by_run, .at = draft.now(), .run = run.id});
  return false;
}

// Recovers and raises what the run's end means, and notes on the run what came of it.
void judge(Draft& draft, Job& job, Run& run, const RunMeaning& meaning) {
  run.verdict = meaning.verdict;
  const auto subject = [&](AlertKind kind) {
    return subject_about(kind, run.client, run.job, run.report.operation);
  };
  for (const auto kind : meaning.recovers) {
    const auto recovered =
        recover(draft, subject(kind),
                {.reason = InactiveReason::recovered_by_run, .at = draft.now(), .run = run.id});
    if (!recovered.is_set()) continue;
    run.verdict = RunVerdict::recovered_alert;
    run.alert = recovered;
  }
  if (is_tolerated(draft, job, run, meaning)) {
    run.verdict = RunVerdict::tolerated;
    return;
  }
  if (!meaning.raises) return;
  const auto raised = raise(
      draft,
      {.subject = subject(*meaning.raises), .run = run.id, .message = message_of(run.report)});
  run.verdict = raised.is_new ? RunVerdict::raised_alert : RunVerdict::added_occurrence;
  run.alert = raised.alert;
}

// Whether the run was as usual, if it was a good backup.
void compare_with_usual(Draft& draft, Job& job, Run& run) {
  if (!is_backup(run.report.operation) || !is_good(run.report.outcome)) return;
  const auto raised = judge_bands(draft, job, run);
  if (!raised.is_set() || run.alert.is_set()) return;
  run.alert = raised;
  run.verdict = RunVerdict::raised_alert;
}

void keep_open(Draft& draft, const Run& run, const RunTimes& times,
               const std::optional<OpenRun>& open) {
  const OpenRun::Key key{run.client, run.report.run};
  if (run.report.outcome != Outcome::running) {
    if (open) draft.erase(key);
    return;
  }
  if (!open) bound_open_runs(draft, run.client);
  draft.put(OpenRun{.client = run.client,
                    .run = run.report.run,
                    .id = run.id,
                    .job = run.job,
                    .operation = run.report.operation,
                    .trigger = run.report.trigger,
                    .started_at = run.report.started_at,
                    .began_at = times.started_at - (draft.now() - now_for(draft, run.client)),
                    .is_too_long = open && open->is_too_long});
}

void note_last(const Draft& draft, Job& job, const Run& run) {
  if (!run.report.tool.empty()) job.tool = run.report.tool;
  job.last_operation = run.report.operation;
  job.last_outcome = run.report.outcome;
  job.last_run = run.id;
  job.last_run_at = draft.now();
}

void book(Draft& draft, const ReportReceived& received, const Client& client, Job job) {
  auto run = run_for(draft, received, job);
  const auto open = draft.get<OpenRun>({received.client, received.report.run});
  const auto times = times_of(draft, client, run, open);
  keep_open(draft, run, times, open);
  auto counted = run;
  counted.report = as_counted(draft, client, job, run.report);
  judge(draft, job, counted, meaning_of(counted.report));
  meet_expectations(draft, job, counted, as_counted_by(draft, job, times));
  compare_with_usual(draft, job, counted);
  count_night(draft, client, job, counted);
  run.verdict = counted.verdict;
  run.alert = counted.alert;
  note_last(draft, job, run);
  draft.put(std::move(job));
  draft.put(std::move(run));
}

// What its hello announced has arrived: its jobs can be judged (R4.6).
void note_caught_up(Draft& draft, Client client, const SpoolMark& mark) {
  const auto is_here = [&](const SpoolAck& wanted) {
    return wanted.spool == mark.spool && wanted.sequence <= mark.sequence;
  };
  if (std::erase_if(client.catching_up, is_here) > 0) draft.put(std::move(client));
}

}  // namespace

std::size_t room_for_jobs(const Draft& draft, ClientId client) {
  const auto& by_name = draft.before().job_by_name;
  auto room = kJobsPerClientMax;
  for (auto row = by_name.lower_bound({client, ""}); row != by_name.end() && room > 0; ++row) {
    if (row->first.first != client) break;
    --room;
  }
  return room;
}

bool is_good(Outcome outcome) {
  return outcome == Outcome::succeeded || outcome == Outcome::warning;
}

std::vector<SpoolAck> announced(const std::vector<SpoolRange>& spools,
                                const std::vector<SpoolAck>& booked) {
  std::vector<SpoolAck> wanted;
  for (const auto& range : spools) {
    const auto known = std::ranges::find(booked, range.spool, &SpoolAck::spool);
    const auto sequence = known == booked.end() ? 0 : known->sequence;
    if (range.last > sequence) wanted.push_back({range.spool, range.last});
  }
  return wanted;
}

std::vector<SpoolAck> catch_up(Draft& draft, const Client& client,
                               const std::vector<SpoolRange>& spools) {
  std::vector<SpoolAck> acks;
  std::size_t fresh = 0;
  for (const auto& range : spools) {
    const auto mark = draft.get<SpoolMark>({client.id, range.spool});
    const auto booked = mark ? mark->sequence : 0;
    if (range.first <= booked + 1) {
      acks.push_back({range.spool, booked});
      continue;
    }
    if (!mark) ++fresh;
    draft.put(SpoolMark{client.id, range.spool, range.first - 1, draft.now()});
    draft.emit(Note{NoteKind::reports_missing,
                    "client \"" + client.name + "\" no longer has the reports " +
                        std::to_string(booked + 1) + " to " + std::to_string(range.first - 1) +
                        " of its spool " + to_text(range.spool) +
                        ", which were never booked here"});
    acks.push_back({range.spool, range.first - 1});
  }
  if (fresh > 0) drop_oldest_marks(draft, client.id, fresh);
  return acks;
}

void report(Draft& draft, const ReportReceived& received) {
  const auto client = draft.get<Client>(received.client);
  if (!client) return;
  const auto known = draft.get<SpoolMark>({received.client, received.spool});
  auto mark = known.value_or(SpoolMark{received.client, received.spool, 0, draft.now()});
  const SpoolAck booked{received.spool, mark.sequence};
  if (received.sequence <= mark.sequence) {
    draft.emit(SendAck{received.client, booked});
    return;
  }
  if (received.sequence > mark.sequence + 1) {
    draft.emit(SendReportRefused{received.client, received.sequence, true,
                                 "expected report " + std::to_string(mark.sequence + 1), booked});
    return;
  }
  const SpoolAck ack{received.spool, received.sequence};
  mark.sequence = received.sequence;
  mark.used_at = draft.now();
  if (!known) drop_oldest_marks(draft, received.client, 1);
  draft.put(mark);
  auto job = job_for(draft, received.client, received.report.job);
  if (!job) {
    draft.emit(SendReportRefused{received.client, received.sequence, false,
                                 "client \"" + client->name + "\" already has " +
                                     std::to_string(kJobsPerClientMax) + " jobs",
                                 ack});
    return;
  }
  book(draft, received, *client, std::move(*job));
  note_caught_up(draft, *client, mark);
  draft.emit(SendAck{received.client, ack});
}

}  // namespace vaultbell::core
