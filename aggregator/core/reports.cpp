#include "aggregator/core/reports.hpp"

#include <algorithm>

#include "aggregator/core/alerts.hpp"

namespace vaultbell::core {

namespace {

bool is_good(Outcome outcome) {
  return outcome == Outcome::succeeded || outcome == Outcome::warning;
}

bool is_backup(Operation operation) {
  return operation == Operation::backup || operation == Operation::log_backup;
}

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
  std::size_t count = 0;
  for (auto row = by_name.lower_bound({client, ""}); row != by_name.end(); ++row) {
    if (row->first.first != client) break;
    if (++count >= kJobsPerClientMax) return std::nullopt;
  }
  return Job{.id = draft.next_job(), .client = client, .name = name, .created_at = draft.now()};
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

// Recovers and raises what the run's end means, and notes on the run what came of it.
void judge(Draft& draft, Run& run) {
  const auto meaning = meaning_of(run.report);
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
  if (!meaning.raises) return;
  const auto raised = raise(
      draft,
      {.subject = subject(*meaning.raises), .run = run.id, .message = message_of(run.report)});
  run.verdict = raised.is_new ? RunVerdict::raised_alert : RunVerdict::added_occurrence;
  run.alert = raised.alert;
}

void book(Draft& draft, const ReportReceived& received, Job job) {
  auto run = run_for(draft, received, job);
  const OpenRun::Key open_key{received.client, received.report.run};
  if (run.report.outcome == Outcome::running) {
    if (!draft.get<OpenRun>(open_key)) bound_open_runs(draft, received.client);
    draft.put(OpenRun{.client = received.client,
                      .run = run.report.run,
                      .id = run.id,
                      .job = job.id,
                      .operation = run.report.operation,
                      .trigger = run.report.trigger,
                      .started_at = run.report.started_at});
  } else if (draft.get<OpenRun>(open_key)) {
    draft.erase(open_key);
  }
  judge(draft, run);
  if (!run.report.tool.empty()) job.tool = run.report.tool;
  job.last_operation = run.report.operation;
  job.last_outcome = run.report.outcome;
  job.last_run = run.id;
  job.last_run_at = draft.now();
  if (is_backup(run.report.operation) && is_good(run.report.outcome))
    job.last_good_at = draft.now();
  draft.put(std::move(job));
  draft.put(std::move(run));
}

}  // namespace

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
  book(draft, received, std::move(*job));
  draft.emit(SendAck{received.client, ack});
}

}  // namespace vaultbell::core
