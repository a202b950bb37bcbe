#include <array>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/command.hpp"

namespace vaultbell::ctl {

namespace {

constexpr std::size_t kMany = 1000;  // arguments of a command that takes several

constexpr auto kCommands = std::to_array<Command>({
    {"status", "", 0, 0, "", "the overview: is anything wrong?", "vaultbell status", show_status},
    {"check", "", 0, 0, "", "can silence be trusted? a Nagios plugin (exit 0, 1, 2 or 3)",
     "vaultbell check", check_silence},
    {"client list", "", 0, 0, "state vault", "the clients, those in trouble first",
     "vaultbell client list --state disconnected", list_clients},
    {"client show", "NAME", 1, 1, "", "one client, with its active alerts",
     "vaultbell client show db-1", show_client},
    {"client edit", "NAME", 1, 1, "heartbeat-every disconnect-after offline-grace",
     "a client's own times", "vaultbell client edit db-1 --disconnect-after 5m", edit_client},
    {"vault list", "", 0, 0, "", "the vaults, with their clients by state", "vaultbell vault list",
     list_vaults},
    {"vault show", "NAME", 1, 1, "", "one vault", "vaultbell vault show prod", show_vault},
    {"vault create", "NAME", 1, 1, "policy heartbeat-every disconnect-after offline-grace",
     "a new vault", "vaultbell vault create prod", create_vault},
    {"vault edit", "NAME", 1, 1, "policy heartbeat-every disconnect-after offline-grace",
     "a vault's policy and times", "vaultbell vault edit lab --policy off", edit_vault},
    {"policy set vault", "NAME MODE", 2, 2, "", "who is told of a vault's alerts",
     "vaultbell policy set vault lab off", set_vault_policy},
    {"job list", "", 0, 0, "client", "the jobs, failed ones first",
     "vaultbell job list --client db-1", list_jobs},
    {"job show", "CLIENT JOB", 2, 2, "", "one job", "vaultbell job show db-1 nightly", show_job},
    {"run list", "", 0, 0, "client job outcome operation since failed all",
     "the runs, newest first", "vaultbell run list --failed --since 24h", list_runs},
    {"run show", "ID", 1, 1, "", "one run, with the end of its output", "vaultbell run show 412",
     show_run},
    {"alert list", "", 0, 0, "state severity vault client kind all",
     "the active alerts, critical ones first", "vaultbell alert list --severity critical",
     list_alerts},
    {"alert show", "ID", 1, 1, "", "one alert, with its deliveries", "vaultbell alert show 7",
     show_alert},
    {"alert inactivate", "ID...", 1, kMany, "why", "end alerts by hand; nobody is told",
     "vaultbell alert inactivate 7 8 -m 'disk replaced'", inactivate_alerts},
    {"delivery list", "", 0, 0, "state alert recipient failed",
     "the messages and what became of them", "vaultbell delivery list --failed", list_deliveries},
    {"delivery show", "ID", 1, 1, "", "one message, with every attempt",
     "vaultbell delivery show 31", show_delivery},
    {"delivery retry", "ID...", 1, kMany, "", "send messages again, now",
     "vaultbell delivery retry 31", retry_deliveries},
    {"enrol token create", "", 0, 0, "vault uses expires needs-approval auto-approve",
     "a token that lets a host in; printed once",
     "vaultbell enrol token create --vault prod --expires 1h", create_token},
    {"enrol token list", "", 0, 0, "", "the tokens", "vaultbell enrol token list", list_tokens},
    {"enrol token revoke", "ID...", 1, kMany, "", "make tokens worthless",
     "vaultbell enrol token revoke 3", revoke_tokens},
    {"enrol pending", "", 0, 0, "state all", "the hosts that want to be let in",
     "vaultbell enrol pending", list_requests},
    {"enrol approve", "[NAME]", 0, 1, "fingerprint", "let a host in",
     "vaultbell enrol approve web-1", approve_request},
    {"enrol reject", "[NAME]", 0, 1, "fingerprint", "keep a host out",
     "vaultbell enrol reject web-1", reject_request},
    {"explain client", "NAME", 1, 1, "kind", "who would be told of its alerts, when and why",
     "vaultbell explain client db-1 --kind backup_failed", explain_client},
    {"explain alert", "ID", 1, 1, "", "why each message about it was or was not sent",
     "vaultbell explain alert 7", explain_alert},
    {"explain run", "ID", 1, 1, "", "why a run did or did not raise an alert",
     "vaultbell explain run 412", explain_run},
    {"version", "", 0, 0, "", "the version of this program", "vaultbell version", show_version},
    {"help", "[COMMAND]", 0, 3, "", "this help", "vaultbell help alert inactivate", show_help},
});

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

}  // namespace vaultbell::ctl
