#include "aggregator/core/jobs.hpp"

#include <algorithm>

#include "aggregator/core/alerts.hpp"
#include "aggregator/core/connections.hpp"
#include "aggregator/core/nights.hpp"
#include "aggregator/core/refusals.hpp"
#include "aggregator/core/reports.hpp"
#include "shared/base/duration.hpp"
#include "shared/domain/name.hpp"

namespace vaultbell::core {

namespace {

// A client that announced more reports than it sends is judged in the end all the same.
constexpr Duration kCatchUpMax = std::chrono::hours(1);

// Occurrences of a schedule that are passed by at once after a long time away: a week of one every
// minute. Those beyond it are passed by with the next.
constexpr int kOccurrencesMax = 10'000;

// Rows that one due job may cost: itself, three alerts, their counter and its vault's night.
constexpr std::size_t kRowsPerJob = 6;
constexpr std::size_t kRowsPerRun = 3;

// Since when an expectation counts: "never" is a value of its own, and nothing before the moment
// at which it was set counts (R4.11).
Instant aged_from(const Job& job) {
  return std::max(job.last_good_at.value_or(job.aged_from), job.aged_from);
}

Subject about(AlertKind kind, const Job& job) {
  return {.kind = kind, .client = job.client, .job = job.id};
}

void recover_job(Draft& draft, AlertKind kind, const Job& job, InactiveReason reason,
                 RunId run = {}) {
  recover(draft, about(kind, job), {.reason = reason, .at = draft.now(), .run = run});
}

std::string last_seen(std::string_view what, const std::optional<Instant>& at) {
  return std::string(what) + (at ? " was at " + to_iso(*at) : " was never");
}

// Passes by the occurrences that nobody waits for any more, and raises one alert for them.
void judge_missed(Draft& draft, Job& job) {
  std::size_t count = 0;
  Instant last;
  while (count < kOccurrencesMax) {
    const auto due = next_due(*job.settings.schedule, job.expected_after);
    if (!due || due->latest + job.settings.schedule->grace > draft.now()) break;
    last = due->latest;
    job.expected_after = due->latest;
    ++count;
  }
  if (count == 0) return;
  auto message = "the run that was due at " + to_iso(last) + " has not started within " +
                 to_text(job.settings.schedule->grace);
  if (count > 1) message += " (" + std::to_string(count) + " in a row)";
  raise(draft, {.subject = about(AlertKind::backup_missed, job), .message = std::move(message)});
  count_missed_night(draft, job);
}

void judge_overdue(Draft& draft, Job& job) {
  raise(draft, {.subject = about(AlertKind::backup_overdue, job),
                .message = "no good run for " + to_text(*job.settings.max_age) + ": " +
                           last_seen("the last one", job.last_good_at)});
  job.aged_from = draft.now();
}

void judge_verified(Draft& draft, Job& job) {
  raise(draft,
        {.subject = about(AlertKind::verify_overdue, job),
         .message = "no good verification or restore for " + to_text(*job.settings.verify_every)});
  job.unverified_from = draft.now();
}

void judge_job(Draft& draft, Job job) {
  const auto as_it_was = job;
  if (is_due(missed_at(job), draft.now())) judge_missed(draft, job);
  if (is_due(overdue_at(job), draft.now())) judge_overdue(draft, job);
  if (is_due(unverified_at(job), draft.now())) judge_verified(draft, job);
  if (job != as_it_was) draft.put(std::move(job));
}

void restart(Draft& draft, Job& job, const JobSettings& before) {
  const auto& now = job.settings;
  const auto drop = [&](AlertKind kind) {
    recover_job(draft, kind, job, InactiveReason::no_longer_expected);
  };
  if (now.schedule != before.schedule) {
    job.expected_after = draft.now();
    drop(AlertKind::backup_missed);
  }
  if (now.max_age != before.max_age) {
    job.aged_from = draft.now();
    drop(AlertKind::backup_overdue);
  }
  if (now.verify_every != before.verify_every) {
    job.unverified_from = draft.now();
    drop(AlertKind::verify_overdue);
  }
  if (!now.max_duration && before.max_duration) drop(AlertKind::run_too_long);
  if (!now.has_bands && before.has_bands) {
    drop(AlertKind::size_anomaly);
    drop(AlertKind::duration_anomaly);
  }
}

bool is_verification(Operation operation) {
  return operation == Operation::verify || operation == Operation::restore;
}

// Whether another open run of the job has taken too long.
bool is_another_too_long(const Draft& draft, const Job& job, RunId run) {
  const auto& rows = draft.before().open_runs;
  for (auto row = rows.lower_bound({job.client, Uuid{}}); row != rows.end(); ++row) {
    if (row->first.client != job.client) break;
    const auto& open = row->second;
    if (open.job == job.id && open.id != run && open.is_too_long) return true;
  }
  return false;
}

}  // namespace

std::optional<Instant> missed_at(const Job& job) {
  if (!job.settings.schedule) return std::nullopt;
  const auto due = next_due(*job.settings.schedule, job.expected_after);
  return due ? std::optional(due->latest + job.settings.schedule->grace) : std::nullopt;
}

std::optional<Instant> overdue_at(const Job& job) {
  if (!job.settings.max_age) return std::nullopt;
  return aged_from(job) + *job.settings.max_age;
}

std::optional<Instant> unverified_at(const Job& job) {
  if (!job.settings.verify_every) return std::nullopt;
  return job.unverified_from + *job.settings.verify_every;
}

bool is_expected_operation(const Job& job, Operation operation) {
  if (job.settings.operation) return operation == *job.settings.operation;
  return is_backup(operation);
}

std::optional<Instant> judged_from(const State& state, ClientId id) {
  const auto client = state.clients.find(id);
  if (client == state.clients.end()) return std::nullopt;
  switch (client->second.state) {
    case ClientState::invited:
    case ClientState::disconnected:
    case ClientState::retired:
      return std::nullopt;
    case ClientState::online:
    case ClientState::offline:
      break;
  }
  const auto settling = settling_time(timing_of(state, id));
  auto from = std::max(state.listening_since, client->second.state_since) + settling;
  if (!client->second.catching_up.empty()) {
    from = std::max(from, client->second.state_since + kCatchUpMax);
  }
  const auto outage = state.outages.find(client->second.vault);
  if (outage == state.outages.end()) return from;
  if (!outage->second.over_at) return std::nullopt;
  return std::max(from, *outage->second.over_at + settling);
}

std::optional<Instant> job_due_at(const State& state, const Job& job) {
  std::optional<Instant> first;
  for (const auto& at : {missed_at(job), overdue_at(job), unverified_at(job)}) {
    if (at && (!first || *at < *first)) first = at;
  }
  if (!first) return std::nullopt;
  const auto from = judged_from(state, job.client);
  return from ? std::optional(std::max(*first, *from)) : std::nullopt;
}

std::optional<Instant> run_due_at(const State& state, const OpenRun& run) {
  const auto job = state.jobs.find(run.job);
  if (run.is_too_long || job == state.jobs.end()) return std::nullopt;
  const auto& most = job->second.settings.max_duration;
  const auto from = judged_from(state, run.client);
  if (!most || !from) return std::nullopt;
  return std::max(run.began_at + *most, *from);
}

void judge_jobs(Draft& draft) {
  for (const auto& [at, id] : draft.before().jobs_due.in_order()) {
    if (at > draft.now() || !draft.has_room_for(kRowsPerJob)) return;
    judge_job(draft, *draft.get<Job>(id));
  }
}

void judge_runs(Draft& draft) {
  for (const auto& [at, key] : draft.before().runs_due.in_order()) {
    if (at > draft.now() || !draft.has_room_for(kRowsPerRun)) return;
    auto run = *draft.get<OpenRun>(key);
    const auto job = *draft.get<Job>(run.job);
    raise(draft, {.subject = about(AlertKind::run_too_long, job),
                  .run = run.id,
                  .message = "it runs since " + to_iso(run.began_at) + ", longer than " +
                             to_text(*job.settings.max_duration)});
    run.is_too_long = true;
    draft.put(std::move(run));
  }
}

void meet_expectations(Draft& draft, Job& job, const Run& run, const RunTimes& times) {
  const auto& report = run.report;
  const bool has_ended = report.outcome != Outcome::running;
  if (has_ended && !is_another_too_long(draft, job, run.id)) {
    recover_job(draft, AlertKind::run_too_long, job, InactiveReason::recovered_by_run, run.id);
  }
  if (is_verification(report.operation) && is_good(report.outcome)) {
    job.unverified_from = std::max(job.unverified_from, times.ended_at);
    recover_job(draft, AlertKind::verify_overdue, job, InactiveReason::recovered_by_run, run.id);
  }
  if (!is_expected_operation(job, report.operation)) return;
  if (const auto& schedule = job.settings.schedule) {
    job.expected_after = std::max(job.expected_after, credited_until(*schedule, times.started_at));
    recover_job(draft, AlertKind::backup_missed, job, InactiveReason::recovered_by_start, run.id);
  }
  if (!is_good(report.outcome)) return;
  job.last_good_at = std::max(job.last_good_at.value_or(times.ended_at), times.ended_at);
  recover_job(draft, AlertKind::backup_overdue, job, InactiveReason::recovered_by_run, run.id);
}

Job new_job(Draft& draft, ClientId client, const std::string& name, const JobSettings& settings) {
  return {.id = draft.next_job(),
          .client = client,
          .name = name,
          .created_at = draft.now(),
          .settings = settings,
          .expected_after = draft.now(),
          .aged_from = draft.now(),
          .unverified_from = draft.now()};
}

void set_settings(Draft& draft, Job& job, const JobSettings& settings) {
  const auto before = std::exchange(job.settings, settings);
  restart(draft, job, before);
}

Result<std::string> create_job(Draft& draft, const CreateJob& order) {
  const auto client = draft.get<Client>(order.client);
  if (!client) {
    return there_is_no("client", order.client.value);
  }
  if (auto ok = check_name("job name", order.name); !ok) return fail(ok.error());
  if (auto ok = check_job_settings(order.settings); !ok) return fail(ok.error());
  const auto& by_name = draft.before().job_by_name;
  if (by_name.contains({order.client, order.name})) {
    return fail(ErrorCode::refused,
                "client \"" + client->name + "\" already has a job \"" + order.name + "\"");
  }
  if (room_for_jobs(draft, order.client) == 0) {
    return fail(ErrorCode::full, "client \"" + client->name + "\" already has " +
                                     std::to_string(kJobsPerClientMax) + " jobs");
  }
  draft.put(new_job(draft, order.client, order.name, order.settings));
  return std::string();
}

Result<std::string> set_job(Draft& draft, const SetJob& order) {
  auto job = draft.get<Job>(order.job);
  if (!job) {
    return there_is_no("job", order.job.value);
  }
  if (auto ok = check_job_settings(order.settings); !ok) return fail(ok.error());
  if (job->settings == order.settings) return std::string("nothing to change");
  set_settings(draft, *job, order.settings);
  draft.put(std::move(*job));
  return std::string();
}

Result<std::string> forget_job(Draft& draft, const ForgetJob& order) {
  const auto job = draft.get<Job>(order.job);
  if (!job) {
    return there_is_no("job", order.job.value);
  }
  if (job->agent_settings) {
    return fail(ErrorCode::refused, "job \"" + job->name +
                                        "\" is declared in agent.toml of its host; take it out "
                                        "there first");
  }
  for (const auto& [id, alert] : draft.before().alerts) {
    if (alert.job != job->id) continue;
    return fail(ErrorCode::refused, "job \"" + job->name + "\" has active alerts, for example " +
                                        std::to_string(id.value) + "; inactivate them first");
  }
  for (const auto& [key, run] : draft.before().open_runs) {
    if (run.job == job->id) {
      return fail(ErrorCode::refused, "job \"" + job->name + "\" is running");
    }
  }
  draft.erase(job->key());
  return std::string("its runs are kept; a new report makes the job anew");
}

}  // namespace vaultbell::core
