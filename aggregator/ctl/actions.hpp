// What the commands do, one function each: commands.cpp says which.
#pragma once

#include "aggregator/ctl/session.hpp"

namespace vaultbell::ctl {

// ---- overview.cpp
Expected<ExitCode> show_status(Session& session);
Expected<ExitCode> check_silence(Session& session);
// What a monitor reads: one line, without the "|" that has a meaning there.
std::string for_monitor(std::string_view word, std::string_view sentence);

// ---- clients.cpp
Expected<ExitCode> list_clients(Session& session);
Expected<ExitCode> show_client(Session& session);
Expected<ExitCode> edit_client(Session& session);

// ---- vaults.cpp
Expected<ExitCode> list_vaults(Session& session);
Expected<ExitCode> show_vault(Session& session);
Expected<ExitCode> create_vault(Session& session);
Expected<ExitCode> edit_vault(Session& session);

// ---- policies.cpp
Expected<ExitCode> set_vault_policy(Session& session);

// ---- jobs.cpp
Expected<ExitCode> list_jobs(Session& session);
Expected<ExitCode> show_job(Session& session);

// ---- runs.cpp
Expected<ExitCode> list_runs(Session& session);
Expected<ExitCode> show_run(Session& session);

// ---- alerts.cpp
Expected<ExitCode> list_alerts(Session& session);
Expected<ExitCode> show_alert(Session& session);
Expected<ExitCode> inactivate_alerts(Session& session);

// ---- deliveries.cpp
Expected<ExitCode> list_deliveries(Session& session);
Expected<ExitCode> show_delivery(Session& session);
Expected<ExitCode> retry_deliveries(Session& session);

// ---- enrolling.cpp
Expected<ExitCode> create_token(Session& session);
Expected<ExitCode> list_tokens(Session& session);
Expected<ExitCode> revoke_tokens(Session& session);
Expected<ExitCode> list_requests(Session& session);
Expected<ExitCode> approve_request(Session& session);
Expected<ExitCode> reject_request(Session& session);

// ---- explaining.cpp
Expected<ExitCode> explain_client(Session& session);
Expected<ExitCode> explain_alert(Session& session);
Expected<ExitCode> explain_run(Session& session);

// ---- help.cpp
Expected<ExitCode> show_version(Session& session);
Expected<ExitCode> show_help(Session& session);

}  // namespace vaultbell::ctl
