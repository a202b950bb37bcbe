#include "aggregator/wording/alert.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "aggregator/core/shown_address.hpp"

namespace vaultbell::wording {

namespace {

using core::AlertKind;
using core::NotificationEvent;

// The same event in the two lengths that people meet.
struct Phrase {
  std::string thing;      // `backup of "nightly" on db-1`
  std::string happened;   // `failed`
  std::string in_a_word;  // `backup "nightly" failed`, where the client is named before
};

// What a failed operation was doing to its job: `pruning of "nightly"`.
std::string_view noun_of(Operation operation) {
  switch (operation) {
    case Operation::configure:
      return "configuration";
    case Operation::backup:
      return "backup";
    case Operation::log_backup:
      return "log backup";
    case Operation::restore:
      return "restore";
    case Operation::verify:
      return "verification";
    case Operation::prune:
      return "pruning";
    case Operation::delete_backup:
      return "deletion of backups";
    case Operation::stop_protection_retain:
    case Operation::stop_protection_delete:
      return "end of protection";
  }
  return "operation";
}

// Of trouble with deliveries: "by email", "to alice@example.org by email".
std::string way_of(const std::string& topic) {
  const auto space = topic.find(' ');
  if (space == std::string::npos) return "by " + topic;
  return "to " + topic.substr(space + 1) + " by " + topic.substr(0, space);
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char letter) {
    return static_cast<char>(std::toupper(letter));
  });
  return result;
}

// The alert's phrase with its job's name as `job` shows it (with quotes or without).
Phrase phrase_of(const AlertFacts& facts, const std::string& job) {
  const auto on_client = " on " + facts.client;
  const auto operation = facts.alert.operation.value_or(Operation::backup);
  switch (facts.alert.kind) {
    case AlertKind::backup_failed:
      return {"backup of " + job + on_client, "failed", "backup " + job + " failed"};
    case AlertKind::restore_failed:
      return {"restore of " + job + on_client, "failed", "restore " + job + " failed"};
    case AlertKind::operation_failed:
      return {fmt::format("{} of {}{}", noun_of(operation), job, on_client), "failed",
              fmt::format("{} {} failed", to_text(operation), job)};
    case AlertKind::backup_warning:
      return {"backup of " + job + on_client, "ended with warnings",
              "backup " + job + " ended with warnings"};
    case AlertKind::protection_stopped:
      if (facts.job.empty()) return {facts.client, "was unenrolled", "unenrolled"};
      return {"protection of " + job + on_client, "was stopped",
              "protection of " + job + " was stopped"};
    case AlertKind::backup_data_deleted:
      return {"backup data of " + job + on_client, "was deleted",
              "backup data of " + job + " was deleted"};
    case AlertKind::client_disconnected:
      if (facts.alert.is_flapping) {
        return {facts.client, "comes and goes (flapping)", "comes and goes (flapping)"};
      }
      return {facts.client, "is disconnected", "disconnected"};
    case AlertKind::spool_full:
      return {"the spool of " + facts.client, "is full", "spool full"};
    case AlertKind::vault_outage:
      return {"vault " + facts.vault, "is out: most of its clients are silent",
              "most clients are silent"};
    case AlertKind::backup_missed:
      return {"backup of " + job + on_client, "was missed", "backup " + job + " was missed"};
    case AlertKind::backup_overdue:
      return {"backup of " + job + on_client, "is overdue", "backup " + job + " is overdue"};
    case AlertKind::run_too_long:
      return {"run of " + job + on_client, "takes too long", "run " + job + " takes too long"};
    case AlertKind::backup_blocked:
      return {"backup of " + job + on_client, "is blocked", "backup " + job + " is blocked"};
    case AlertKind::verify_overdue:
      return {"verification of " + job + on_client, "is overdue",
              "verification " + job + " is overdue"};
    case AlertKind::duration_anomaly:
      return {"duration of " + job + on_client, "is unusual", "duration of " + job + " is unusual"};
    case AlertKind::size_anomaly:
      return {"size of " + job + on_client, "is unusual", "size of " + job + " is unusual"};
    case AlertKind::cloned_client:
      return {"the key of " + facts.client, "is used by two hosts", "two hosts use its key"};
    case AlertKind::never_connected:
      return {facts.client, "has never connected", "never connected"};
    case AlertKind::delivery_failing:
      return {"delivery " + way_of(core::shown_topic(facts.alert)), "fails",
              "delivery " + way_of(core::shown_topic(facts.alert)) + " fails"};
    case AlertKind::self:
      return {"Vaultbell's " + facts.alert.topic, "is in trouble",
              "trouble with the " + facts.alert.topic};
    case AlertKind::test:
      return {"a test alert for " + (facts.client.empty() ? "vault " + facts.vault : facts.client),
              "was raised", "a test alert"};
  }
  return {};
}

// `CRITICAL`, or `RESOLVED` when it is over. "TEST" stands before everything: nobody must take it
// for the real thing.
std::string state_of(const AlertFacts& facts, NotificationEvent event) {
  const std::string mark = facts.alert.kind == AlertKind::test ? "TEST " : "";
  const auto severity = upper(to_text(facts.alert.severity));
  switch (event) {
    case NotificationEvent::recovered:
      return mark + "RESOLVED";
    case NotificationEvent::reminder:
      return mark + "STILL " + severity;
    case NotificationEvent::escalated:
      return mark + "ESCALATED " + severity;
    case NotificationEvent::raised:
    case NotificationEvent::digest:
    case NotificationEvent::verification:
    case NotificationEvent::welcome:
    case NotificationEvent::test:
      break;
  }
  return mark + severity;
}

Phrase quoted_phrase_of(const AlertFacts& facts) {
  return phrase_of(facts, '"' + facts.job + '"');
}

// `db-1: backup "nightly" failed`
std::string where_and_what(const AlertFacts& facts) {
  auto where = facts.client;
  if (where.empty()) where = facts.vault.empty() ? "Vaultbell" : "vault " + facts.vault;
  return where + ": " + quoted_phrase_of(facts).in_a_word;
}

// ` (vault prod)`, where the client alone would not say it.
std::string vault_of(const AlertFacts& facts) {
  return facts.client.empty() ? std::string() : fmt::format(" (vault {})", facts.vault);
}

// Of UTF-8, whose further bytes of a character begin with the bits 10.
std::size_t characters_in(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

constexpr auto kBackupFailed = std::to_array<std::string_view>({
    "Read the last lines of the output: they usually name the cause.",
    "On the client, check the backup tool's own log, the network and the free space.",
    "Run the job again; the alert ends by itself when a backup ends well.",
});
constexpr auto kRestoreFailed = std::to_array<std::string_view>({
    "Read the last lines of the output, and check that the target has space and is writable.",
    "Try another snapshot: if none can be restored, the backup itself is in doubt.",
    "This alert never ends by itself: inactivate it when the restore is done.",
});
constexpr auto kOperationFailed = std::to_array<std::string_view>({
    "Read the last lines of the output: they usually name the cause.",
    "A verification that fails puts the stored backups in doubt: look at it first.",
    "Run the operation again; the alert ends by itself when it ends well.",
});
constexpr auto kBackupWarning = std::to_array<std::string_view>({
    "A backup exists, but it may not hold everything.",
    "Look in the output for files that could not be read, and decide whether they matter.",
    "Exclude them or give access; the alert ends when a backup ends without warnings.",
});
constexpr auto kProtectionStopped = std::to_array<std::string_view>({
    "No further backups are made of this job; what was backed up so far is kept.",
    "If nobody meant this, start the protection again and find out who stopped it.",
});
constexpr auto kBackupDataDeleted = std::to_array<std::string_view>({
    "Ask at once who deleted it: this is also what an intruder does before encrypting a host.",
    "If nobody meant this, stop further deletions and look for another copy of the backups.",
    "This alert never ends by itself: inactivate it when the matter is settled.",
});
constexpr auto kClientDisconnected = std::to_array<std::string_view>({
    "Is the host up? Until it is back, nobody knows whether its backups run.",
    "On the host: systemctl status vaultbell-agent, then vaultbell-agent status.",
    "From the host, check that the aggregator's name resolves and its port is reachable.",
});
constexpr auto kVaultOutage = std::to_array<std::string_view>({
    "So many clients rarely fail at once: look at the network or the power between them and here.",
    "Which they are: vaultbell client list --vault VAULT --state disconnected.",
    "Their own alerts wait; whoever stays away afterwards is told one by one.",
});
constexpr auto kBackupMissed = std::to_array<std::string_view>({
    "Did the scheduler run? On the host: systemctl list-timers, or the log of cron.",
    "Check that the job still exists there and still runs under vaultbell-agent.",
    "If the schedule was changed on purpose: vaultbell job edit CLIENT JOB --cron ...",
});
constexpr auto kBackupOverdue = std::to_array<std::string_view>({
    "The last good backup is older than it may be: what was written since is not protected.",
    "Look at the job's last runs: vaultbell run list --client CLIENT --job JOB.",
    "The alert ends by itself when a backup ends well.",
});
constexpr auto kRunTooLong = std::to_array<std::string_view>({
    "See whether it still makes progress or hangs on a lock, a prompt or a dead mount.",
    "If it is only slow, allow it more: vaultbell job edit CLIENT JOB --max-duration ...",
});
constexpr auto kBackupBlocked = std::to_array<std::string_view>({
    "Three runs found another one in progress: it hangs, or it left a stale lock behind.",
    "On the host: is the other process alive? If not, remove the lock as the tool documents it.",
    "The alert ends by itself when a backup ends well.",
});
constexpr auto kVerifyOverdue = std::to_array<std::string_view>({
    "A backup that nobody has verified may be worth nothing.",
    "Run a verification or a test restore under vaultbell-agent; the alert ends when it ends well.",
});
constexpr auto kAnomaly = std::to_array<std::string_view>({
    "It ended well, but not as usual: much data may be missing, or much may have changed.",
    "The message shows what is usual and what that was learnt from.",
    "The alert ends when the next run is as usual, or inactivate it.",
});
constexpr auto kClonedClient = std::to_array<std::string_view>({
    "Two machines report as one: their outcomes are mixed, and one may hide the other's failure.",
    "On the copy: vaultbell-agent unenrol, then enrol it with a token of its own.",
});
constexpr auto kNeverConnected = std::to_array<std::string_view>({
    "It was enrolled, but its agent has never said hello.",
    "On the host: systemctl enable --now vaultbell-agent, then vaultbell-agent status.",
});
constexpr auto kDeliveryFailing = std::to_array<std::string_view>({
    "Somebody is not told of alerts: what was given up is listed by vaultbell delivery list "
    "--failed.",
    "The answer above says what is wrong: the address, the mail server or the SMS gateway.",
    "Mend it, then: vaultbell delivery retry ID. The alert ends with the next message delivered.",
});
constexpr auto kSelf = std::to_array<std::string_view>({
    "Until this is over, silence cannot be trusted: vaultbell check says what is wrong.",
    "On the aggregator's host: journalctl -u vaultbell-aggregator.",
});
constexpr auto kTest = std::to_array<std::string_view>({
    "Nothing is wrong: somebody asked for this message to see that it arrives.",
    "It ends by itself after five minutes.",
});
constexpr auto kSpoolFull = std::to_array<std::string_view>({
    "The agent refuses new reports: from now on runs of this client go unrecorded.",
    "Why does it not get rid of them? On the host: vaultbell-agent status.",
    "If they only need more room, raise max_size in [spool] of its agent.toml.",
});

}  // namespace

std::string headline(const AlertFacts& facts) {
  const auto phrase = quoted_phrase_of(facts);
  return phrase.thing + " " + phrase.happened;
}

std::string mail_subject(const AlertFacts& facts, NotificationEvent event) {
  return fmt::format("[{}] {}{}", state_of(facts, event), where_and_what(facts), vault_of(facts));
}

std::string sms_text(const AlertFacts& facts, NotificationEvent event) {
  const auto text = state_of(facts, event) + ' ' + where_and_what(facts);
  const auto vault = vault_of(facts);
  return characters_in(text) + characters_in(vault) > kSmsLettersMax ? text : text + vault;
}

std::string scenario_line(const AlertFacts& facts, NotificationEvent event) {
  const auto phrase = phrase_of(facts, facts.job);
  const auto severity = to_text(facts.alert.severity);
  switch (event) {
    case NotificationEvent::raised:
      return fmt::format("{}: {} {}", severity, phrase.thing, phrase.happened);
    case NotificationEvent::reminder:
      return fmt::format("still {}: {} {}", severity, phrase.thing, phrase.happened);
    case NotificationEvent::escalated:
      return fmt::format("escalated {}: {} {}", severity, phrase.thing, phrase.happened);
    case NotificationEvent::recovered:
      return "recovered: " + phrase.thing;
    case NotificationEvent::digest:
    case NotificationEvent::verification:
    case NotificationEvent::welcome:
    case NotificationEvent::test:
      break;  // not about one alert
  }
  return std::string(to_text(event));
}

std::span<const std::string_view> next_steps(AlertKind kind) {
  switch (kind) {
    case AlertKind::backup_failed:
      return kBackupFailed;
    case AlertKind::restore_failed:
      return kRestoreFailed;
    case AlertKind::operation_failed:
      return kOperationFailed;
    case AlertKind::backup_warning:
      return kBackupWarning;
    case AlertKind::protection_stopped:
      return kProtectionStopped;
    case AlertKind::backup_data_deleted:
      return kBackupDataDeleted;
    case AlertKind::client_disconnected:
      return kClientDisconnected;
    case AlertKind::spool_full:
      return kSpoolFull;
    case AlertKind::vault_outage:
      return kVaultOutage;
    case AlertKind::backup_missed:
      return kBackupMissed;
    case AlertKind::backup_overdue:
      return kBackupOverdue;
    case AlertKind::run_too_long:
      return kRunTooLong;
    case AlertKind::backup_blocked:
      return kBackupBlocked;
    case AlertKind::verify_overdue:
      return kVerifyOverdue;
    case AlertKind::duration_anomaly:
    case AlertKind::size_anomaly:
      return kAnomaly;
    case AlertKind::cloned_client:
      return kClonedClient;
    case AlertKind::never_connected:
      return kNeverConnected;
    case AlertKind::delivery_failing:
      return kDeliveryFailing;
    case AlertKind::self:
      return kSelf;
    case AlertKind::test:
      return kTest;
  }
  return {};
}

}  // namespace vaultbell::wording
