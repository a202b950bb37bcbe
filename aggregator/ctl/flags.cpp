#include <array>

#include "aggregator/ctl/command.hpp"

namespace vaultbell::ctl {

namespace {

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
    {"expires", "", "DURATION", "how long it can be used (1h)", "", "expires_in"},
    {"needs-approval", "", "", "each host waits for an administrator"},
    {"auto-approve", "", "", "no host waits, even with several uses"},
    {"fingerprint", "", "TEXT", "the host whose key has this fingerprint"},
});

}  // namespace

std::span<const Flag> flags() {
  return kFlags;
}

std::span<const std::string_view> global_flags() {
  return kGlobalFlags;
}

}  // namespace vaultbell::ctl
