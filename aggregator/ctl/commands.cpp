#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/command.hpp"

namespace vaultbell::ctl {

namespace {

constexpr std::size_t kMany = 1000;  // arguments of a command that takes several

constexpr auto kGlobalFlags = std::to_array<std::string_view>(
    {"output", "columns", "sort", "limit", "no-header", "utc", "color", "quiet", "timeout", "yes",
     "dry-run", "exit-code", "socket", "help", "version"});

constexpr auto kFlags = std::to_array<Flag>({
    {"output", "o", "FORMAT", "table, wide, json, ndjson or tsv; table on a terminal, else tsv"},
    {"columns", "", "LIST", "the columns to show, separated by commas"},
    {"sort", "", "COLUMN", "order by this column; -COLUMN backwards"},
    {"limit", "", "N", "at most so many items"},
    {"no-header", "", "", "without the line of column names"},
    {"utc", "", "", "times in UTC instead of local time"},
    {"color", "", "WHEN", "auto, always or never"},
    {"quiet", "q", "", "no remarks on standard error"},
    {"timeout", "", "DURATION", "how long to wait for an answer (15s)"},
    {"yes", "", "", "do not ask"},
    {"dry-run", "", "", "show what would change, change nothing"},
    {"exit-code", "", "", "with --dry-run: exit 10 if something would change"},
    {"socket", "", "PATH", "the aggregator's socket ($VAULTBELL_SOCKET)"},
    {"help", "h", "", "this help"},
    {"version", "", "", "the version of this program"},
    {"state", "", "STATE", "only those in this state"},
    {"vault", "", "VAULT", "only of this vault; of a token: the vault it lets hosts into"},
    {"client", "", "CLIENT", "only of this client"},
    {"job", "", "JOB", "only of this job (with --client)"},
    {"outcome", "", "OUTCOME", "running, succeeded, warning, failed or cancelled"},
    {"operation", "", "OPERATION", "backup, log_backup, restore, verify, ..."},
    {"since", "", "WHEN", "a duration back from now (24h) or a time"},
    {"all", "", "", "also what is left out: log backups; inactive alerts; hosts that do not wait"},
    {"failed", "", "", "only failed runs; only deliveries that were given up"},
    {"severity", "", "SEVERITY", "critical, warning or informational"},
    {"kind", "", "KIND", "backup_failed, client_disconnected, ..."},
    {"alert", "", "ID", "only about this alert"},
    {"recipient", "", "NAME", "only to this person or address"},
    {"why", "m", "TEXT", "kept with the alert"},
    {"policy", "", "POLICY", "default (tell the owners) or off"},
    {"heartbeat-every", "", "DURATION", "how often its agents say that they are there"},
    {"disconnect-after", "", "DURATION", "silence after which a client is disconnected"},
    {"offline-grace", "", "DURATION", "how long a client that said goodbye may stay away"},
    {"uses", "", "N", "how many hosts it lets in (1)"},
    {"expires", "", "DURATION", "how long it can be used (1h)"},
    {"needs-approval", "", "", "each host waits for an administrator"},
    {"auto-approve", "", "", "no host waits, even with several uses"},
    {"fingerprint", "", "TEXT", "the host whose key has this fingerprint"},
});

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
    {"policy set vault", "NAME POLICY", 2, 2, "", "who is told of a vault's alerts",
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

std::span<const Flag> flags() {
  return kFlags;
}

std::span<const std::string_view> global_flags() {
  return kGlobalFlags;
}

Expected<ExitCode> show_version(Session& session) {
  if (session.manner().is_json()) {
    session.print_json({{"api_version", 1}, {"version", VAULTBELL_VERSION}});
  } else {
    session.print(fmt::format("vaultbell {}\n", VAULTBELL_VERSION));
  }
  return ExitCode::done;
}

Expected<ExitCode> show_help(Session& session) {
  const auto text = help_for(session.typed().arguments);
  if (!text) return tl::unexpected<Failure>(text.error());
  if (session.manner().is_json()) {
    session.print_json({{"api_version", 1}, {"help", *text}});
  } else {
    session.print(*text);
  }
  return ExitCode::done;
}

}  // namespace vaultbell::ctl
