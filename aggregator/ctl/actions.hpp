// What the commands do, one function each: commands.cpp says which.
#pragma once

#include "aggregator/ctl/session.hpp"

namespace vaultbell::ctl {

// ---- overview.cpp
Expected<ExitCode> show_status(Session& session);
Expected<ExitCode> check_silence(Session& session);
// What a monitor reads: one line, without the "|" that has a meaning there.
std::string for_monitor(std::string_view word, std::string_view sentence);

// ---- searching.cpp
Expected<ExitCode> search_names(Session& session);

// ---- clients.cpp
Expected<ExitCode> list_clients(Session& session);
Expected<ExitCode> show_client(Session& session);
Expected<ExitCode> show_timeline(Session& session);
Expected<ExitCode> edit_client(Session& session);
Expected<ExitCode> move_client(Session& session);
Expected<ExitCode> rename_client(Session& session);
Expected<ExitCode> retire_client(Session& session);

// ---- vaults.cpp
Expected<ExitCode> list_vaults(Session& session);
Expected<ExitCode> show_vault(Session& session);
Expected<ExitCode> create_vault(Session& session);
Expected<ExitCode> edit_vault(Session& session);
Expected<ExitCode> rename_vault(Session& session);
Expected<ExitCode> delete_vault(Session& session);

// ---- policies.cpp
Expected<ExitCode> list_policies(Session& session);
Expected<ExitCode> show_vault_policy(Session& session);
Expected<ExitCode> show_client_policy(Session& session);
Expected<ExitCode> set_vault_policy(Session& session);
Expected<ExitCode> set_client_policy(Session& session);

// ---- contacts.cpp
Expected<ExitCode> list_contacts(Session& session);
Expected<ExitCode> show_contact(Session& session);
Expected<ExitCode> add_contact(Session& session);
Expected<ExitCode> edit_contact(Session& session);
Expected<ExitCode> verify_contact(Session& session);
Expected<ExitCode> confirm_contact(Session& session);
Expected<ExitCode> delete_contact(Session& session);
Expected<ExitCode> show_contact_uses(Session& session);
Expected<ExitCode> show_webhook_secret(Session& session);

// ---- testing.cpp
Expected<ExitCode> test_contact(Session& session);

// ---- groups.cpp
Expected<ExitCode> list_groups(Session& session);
Expected<ExitCode> show_group(Session& session);
Expected<ExitCode> create_group(Session& session);
Expected<ExitCode> edit_group(Session& session);
Expected<ExitCode> add_members(Session& session);
Expected<ExitCode> remove_members(Session& session);
Expected<ExitCode> delete_group(Session& session);
Expected<ExitCode> show_group_uses(Session& session);

// ---- jobs.cpp
Expected<ExitCode> list_jobs(Session& session);
Expected<ExitCode> show_job(Session& session);
Expected<ExitCode> add_job(Session& session);
Expected<ExitCode> edit_job(Session& session);
Expected<ExitCode> forget_job(Session& session);

// ---- runs.cpp
Expected<ExitCode> list_runs(Session& session);
Expected<ExitCode> show_run(Session& session);

// ---- alerts.cpp
Expected<ExitCode> list_alerts(Session& session);
Expected<ExitCode> show_alert(Session& session);
Expected<ExitCode> acknowledge_alerts(Session& session);
Expected<ExitCode> inactivate_alerts(Session& session);
Expected<ExitCode> reactivate_alerts(Session& session);
Expected<ExitCode> comment_alert(Session& session);
Expected<ExitCode> notify_alerts_now(Session& session);
Expected<ExitCode> raise_test_alert(Session& session);

// ---- deliveries.cpp
Expected<ExitCode> list_deliveries(Session& session);
Expected<ExitCode> show_delivery(Session& session);
Expected<ExitCode> retry_deliveries(Session& session);
Expected<ExitCode> cancel_deliveries(Session& session);

// ---- digests.cpp
Expected<ExitCode> show_digests(Session& session);
Expected<ExitCode> send_digests(Session& session);

// ---- channels.cpp
Expected<ExitCode> list_channels(Session& session);

// ---- maintenances.cpp
Expected<ExitCode> list_maintenances(Session& session);
Expected<ExitCode> start_maintenance(Session& session);
Expected<ExitCode> extend_maintenance(Session& session);
Expected<ExitCode> end_maintenances(Session& session);

// ---- enrolling.cpp
Expected<ExitCode> create_token(Session& session);
Expected<ExitCode> list_tokens(Session& session);
Expected<ExitCode> revoke_tokens(Session& session);

// ---- access.cpp
Expected<ExitCode> create_api_token(Session& session);
Expected<ExitCode> make_login_link(Session& session);
Expected<ExitCode> list_access(Session& session);
Expected<ExitCode> revoke_access(Session& session);
Expected<ExitCode> list_requests(Session& session);
Expected<ExitCode> approve_request(Session& session);
Expected<ExitCode> reject_request(Session& session);

// ---- explaining.cpp
Expected<ExitCode> explain_client(Session& session);
Expected<ExitCode> explain_alert(Session& session);
Expected<ExitCode> explain_run(Session& session);

// ---- config.cpp
Expected<ExitCode> show_config(Session& session);
Expected<ExitCode> check_config(Session& session);
Expected<ExitCode> diff_config(Session& session);
Expected<ExitCode> apply_config(Session& session);
Expected<ExitCode> export_config(Session& session);
Expected<ExitCode> print_schema(Session& session);

// ---- audit.cpp
Expected<ExitCode> list_audit(Session& session);

// ---- help.cpp
Expected<ExitCode> show_version(Session& session);
Expected<ExitCode> show_help(Session& session);

}  // namespace vaultbell::ctl
