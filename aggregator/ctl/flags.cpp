#include <array>

#include "aggregator/ctl/command.hpp"

namespace vaultbell::ctl {

namespace {

constexpr auto kGlobalFlags = std::to_array<std::string_view>(
    {"output", "columns", "sort", "limit", "no-header", "utc", "color", "quiet", "timeout", "yes",
     "dry-run", "exit-code", "socket", "help", "version"});

constexpr auto kFlags = std::to_array<Flag>({
    // of every command
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
    // what a list shows, what an order is about
    {"all", "", "",
     "also what is left out: log backups, inactive alerts, hosts that do not wait, "
     "maintenances that are over, declared objects; of a new maintenance: it is about "
     "everything"},
    {"state", "", "STATE", "only those in this state"},
    {"vault", "", "VAULT", "this vault alone; of a token: the vault it lets hosts into"},
    {"client", "", "CLIENT", "this client alone"},
    {"for-client", "", "CLIENT",
     "a token that lets its host in anew, with another key; it keeps its history"},
    {"job", "", "JOB", "this job alone (with --client)"},
    {"outcome", "", "OUTCOME", "running, succeeded, warning, failed or cancelled"},
    {"operation", "", "OPERATION",
     "backup, log_backup, restore, verify, ...; of a job: what its "
     "schedule is about, or none"},
    {"since", "", "WHEN", "a duration back from now (24h) or a time"},
    {"failed", "", "", "only failed runs; only deliveries that were given up"},
    {"severity", "", "SEVERITY", "critical, warning or informational"},
    {"kind", "", "KIND", "backup_failed, client_disconnected, ...: these alone"},
    {"alert", "", "ID", "only about this alert"},
    {"recipient", "", "NAME", "only to this person or address"},
    {"stale", "", "DURATION", "only clients without a good backup for that long"},
    {"outdated", "", "", "only clients whose agent is of another version than the aggregator"},
    {"message", "", "", "the message itself: its subject and its text"},
    {"nobody", "", "", "only those of whom nobody would be told"},
    {"effective", "", "", "what counts in the end; it always does"},
    {"actor", "", "NAME", "only what this user changed"},
    {"action", "", "ACTION", "only changes of this kind: set_policy, ..."},
    {"expect", "", "LIST",
     "names or addresses, separated by commas, or nobody: exit 1 if others "
     "are told (of backup_failed, without --kind)"},
    {"why", "m", "TEXT", "a reason or a comment; it is kept, and others read it"},
    // contacts and groups
    {"name", "", "NAME", "the new name; of a login link: who signs in"},
    {"role", "", "ROLE",
     "viewer (looks), operator (also acknowledges, inactivates, silences) or admin"},
    {"mail", "", "ADDRESS", "a mail address, or none", "email", "email"},
    {"mobile", "", "NUMBER", "a mobile number, +49..., or none"},
    {"webhook", "", "URL", "https://..., slack+https://... and others; or none"},
    {"member", "", "CONTACT", "who is in it"},
    // policies
    {"policy", "", "POLICY", "default (tell the owners) or off"},
    {"contact", "", "CONTACT", "who is told"},
    {"group", "", "GROUP", "which group is told"},
    {"min-severity", "", "SEVERITY", "nobody is told of what is less severe", "", "least_severity"},
    {"notify-after", "", "DURATION", "how long an alert must last before it is told", "hold"},
    {"notify-after-kind", "", "KIND=DURATION", "the same for one kind of alert", "",
     "notify_after_by_kind"},
    {"frequency", "", "FREQUENCY", "each, or gathered: hourly or daily", "digest"},
    {"no-recovery", "", "", "nobody is told that an alert is over", "", "tells_recovery"},
    {"remind-every", "", "DURATION", "tell again, while nobody has claimed the alert"},
    {"escalate-after", "", "DURATION", "tell others then, if nobody has claimed it"},
    {"escalate-contact", "", "CONTACT", "who is told then", "", "escalation_contacts"},
    {"escalate-group", "", "GROUP", "which group is told then", "", "escalation_groups"},
    {"quiet-hours", "", "HOURS", "22:00-07:00: what comes then waits until they are over"},
    {"quiet-zone", "", "ZONE", "by the clock of this time zone: Europe/Berlin"},
    {"quiet-critical", "", "", "critical alerts wait too", "", "do_critical_pass"},
    // times of vaults and clients
    {"heartbeat-every", "", "DURATION", "how often its agents say that they are there; or inherit"},
    {"disconnect-after", "", "DURATION",
     "silence after which a client is disconnected; or "
     "inherit"},
    {"offline-grace", "", "DURATION",
     "how long a client that said goodbye may stay away; or "
     "inherit"},
    // jobs
    {"schedule", "", "none", "take the schedule away"},
    {"every", "", "DURATION", "from one start to the next, or none"},
    {"cron", "", "EXPRESSION", "when it starts: '30 2 * * *'; of a maintenance: when each begins"},
    {"zone", "", "ZONE", "the time zone of --cron: Europe/Berlin"},
    {"grace", "", "DURATION", "how late it may start (1h)"},
    {"max-age", "", "DURATION", "how old its last good run may be, or none"},
    {"max-duration", "", "DURATION", "how long it may run, or none"},
    {"verify-every", "", "DURATION", "how often it must be verified or restored, or none"},
    {"high-frequency", "", "YES|NO", "its scheduled runs are left out of lists", "",
     "is_high_frequency"},
    {"tolerate-failures", "", "N", "failures in a row without an alert"},
    {"warnings-as", "", "OUTCOME", "runs with warnings count as failed or succeeded; or none", "",
     "warning_counts_as"},
    {"bands", "", "YES|NO", "alerts of unusual durations and sizes", "", "has_bands"},
    // maintenances
    {"for", "", "DURATION", "until so long from now"},
    {"until", "", "TIME", "2026-03-01T06:00:00Z"},
    {"from", "", "TIME", "when it begins (now)"},
    {"length", "", "DURATION", "how long each of the windows of --cron is"},
    // declared objects
    {"adopt", "", "", "take over what is there already, differs, and no file declared so far"},
    {"prune", "", "", "delete what is declared no more and used nowhere"},
    // enrolment
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
