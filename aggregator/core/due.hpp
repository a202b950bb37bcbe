// Due: the derived indexes of deadlines, kept as the rows say. Only evolve() calls these. What
// moves the deadlines of one client or vault goes through its own alone; what moves all is rare.
#pragma once

#include "aggregator/core/state.hpp"

namespace vaultbell::core {

void refresh_alert(State& state, const Alert& alert);
void refresh_alerts(State& state);

void refresh_job(State& state, const Job& job);
void refresh_run(State& state, const OpenRun& run);
void refresh_runs(State& state, const Job& job);  // of this job
void refresh_jobs(State& state);                  // and open runs
void refresh_jobs_in(State& state, VaultId vault);
void refresh_outage(State& state, const Outage& outage);

// What follows for alerts, jobs and runs from a client that came, went, moved or was set anew.
void client_changed(State& state, const Client& before, const Client& after);
void outage_changed(State& state, const Outage& outage);
void maintenance_changed(State& state, const Maintenance& maintenance);

// Counts an active alert among those of its vault's clients that are away, or takes it out again.
void count_disconnect(State& state, const Alert& alert, bool is_active);

}  // namespace vaultbell::core
