#include "aggregator/core/due.hpp"

#include "aggregator/core/jobs.hpp"
#include "aggregator/core/outages.hpp"

namespace vaultbell::core {

namespace {

void refresh_subject(State& state, const Subject& subject) {
  const auto found = state.alert_by_subject.find(subject);
  if (found != state.alert_by_subject.end()) refresh_alert(state, state.alerts.at(found->second));
}

// Alerts whose telling depends on whether the client is there (R4.6, R4.8).
void refresh_presence_alerts(State& state, ClientId client, JobId job) {
  for (const auto kind : {AlertKind::backup_missed, AlertKind::backup_overdue}) {
    refresh_subject(state, {.kind = kind, .client = client, .job = job});
  }
}

template <class Visit>
void each_job_of(const State& state, ClientId client, const Visit& visit) {
  const auto& by_name = state.job_by_name;
  for (auto row = by_name.lower_bound({client, ""}); row != by_name.end(); ++row) {
    if (row->first.first != client) break;
    visit(state.jobs.at(row->second));
  }
}

template <class Visit>
void each_run_of(const State& state, ClientId client, const Visit& visit) {
  const auto& runs = state.open_runs;
  for (auto row = runs.lower_bound({client, Uuid{}}); row != runs.end(); ++row) {
    if (row->first.client != client) break;
    visit(row->second);
  }
}

bool is_judged_otherwise(const Client& before, const Client& after) {
  return before.state != after.state || before.state_since != after.state_since ||
         before.catching_up.empty() != after.catching_up.empty() || before.vault != after.vault ||
         before.timing != after.timing || before.returned_at != after.returned_at;
}

// What decides how long any alert of the client is held.
bool are_holds_moved(const Client& before, const Client& after) {
  return before.timing != after.timing || before.vault != after.vault ||
         before.policy != after.policy;
}

// Subjects are ordered by kind, then by client.
void refresh_alerts_of(State& state, ClientId client) {
  for (const auto& [kind, text] : kEnumText<AlertKind>) {
    auto row = state.alert_by_subject.lower_bound({.kind = kind, .client = client});
    for (; row != state.alert_by_subject.end(); ++row) {
      if (row->first.kind != kind || row->first.client != client) break;
      refresh_alert(state, state.alerts.at(row->second));
    }
  }
}

void refresh_jobs_of(State& state, ClientId client) {
  each_job_of(state, client, [&](const Job& job) { refresh_job(state, job); });
  each_run_of(state, client, [&](const OpenRun& run) { refresh_run(state, run); });
}

void note_vault(State& state, const Client& before, const Client& after) {
  if (before.id.is_set() && before.vault == after.vault) return;
  if (before.id.is_set()) {
    auto& left = state.clients_in[before.vault];
    left.erase(before.id);
    if (left.empty()) state.clients_in.erase(before.vault);
  }
  state.clients_in[after.vault].insert(after.id);
}

void count_online(State& state, const Client& client, bool is_added) {
  if (!client.id.is_set() || client.state != ClientState::online) return;
  if (is_added) {
    ++state.online_in[client.vault];
  } else if (--state.online_in[client.vault] == 0) {
    state.online_in.erase(client.vault);
  }
}

}  // namespace

void refresh_alert(State& state, const Alert& alert) {
  state.alerts_due.set(alert.id, attention_at(state, alert));
}

void refresh_alerts(State& state) {
  for (const auto& [id, alert] : state.alerts) refresh_alert(state, alert);
}

void refresh_job(State& state, const Job& job) {
  state.jobs_due.set(job.id, job_due_at(state, job));
}

void refresh_run(State& state, const OpenRun& run) {
  state.runs_due.set(run.key(), run_due_at(state, run));
}

void refresh_runs(State& state, const Job& job) {
  each_run_of(state, job.client, [&](const OpenRun& run) {
    if (run.job == job.id) refresh_run(state, run);
  });
}

void refresh_jobs(State& state) {
  for (const auto& [id, job] : state.jobs) refresh_job(state, job);
  for (const auto& [key, run] : state.open_runs) refresh_run(state, run);
}

void refresh_jobs_in(State& state, VaultId vault) {
  const auto clients = state.clients_in.find(vault);
  if (clients == state.clients_in.end()) return;
  for (const auto id : clients->second) refresh_jobs_of(state, id);
}

void refresh_outage(State& state, const Outage& outage) {
  state.outages_due.set(outage.vault, outage_over_at(state, outage));
}

void client_changed(State& state, const Client& before, const Client& after) {
  note_vault(state, before, after);
  count_online(state, before, false);
  count_online(state, after, true);
  const bool is_expected = after.state == ClientState::invited;
  state.clients_due.set(after.id, is_expected ? after.expected_until : std::nullopt);
  if (!before.id.is_set()) return;
  const bool is_retired =
      after.state == ClientState::retired && before.state != ClientState::retired;
  if (is_retired || are_holds_moved(before, after)) refresh_alerts_of(state, after.id);
  if (!is_judged_otherwise(before, after)) return;
  refresh_subject(state, {.kind = AlertKind::client_disconnected, .client = after.id});
  each_job_of(state, after.id, [&](const Job& job) {
    refresh_job(state, job);
    refresh_presence_alerts(state, after.id, job.id);
  });
  each_run_of(state, after.id, [&](const OpenRun& run) { refresh_run(state, run); });
}

void outage_changed(State& state, const Outage& outage) {
  refresh_outage(state, outage);
  refresh_alerts(state);  // what belongs to it, and what waits for it
  refresh_jobs_in(state, outage.vault);
}

void maintenance_changed(State& state, const Maintenance& maintenance) {
  const auto until = maintenance.ended_at ? std::nullopt : maintenance.until;
  state.maintenances_due.set(maintenance.id, until);
  refresh_alerts(state);
}

void count_disconnect(State& state, const Alert& alert, bool is_active) {
  if (alert.kind != AlertKind::client_disconnected) return;
  const auto second = std::chrono::floor<std::chrono::seconds>(alert.first_at);
  auto& seconds = state.disconnects_in[alert.vault];
  if (is_active) {
    ++seconds[second];
    return;
  }
  if (--seconds[second] == 0) seconds.erase(second);
  if (seconds.empty()) state.disconnects_in.erase(alert.vault);
}

}  // namespace vaultbell::core
