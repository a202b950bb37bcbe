#include "aggregator/wording/alert.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

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
      return {"protection of " + job + on_client, "was stopped",
              "protection of " + job + " was stopped"};
    case AlertKind::backup_data_deleted:
      return {"backup data of " + job + on_client, "was deleted",
              "backup data of " + job + " was deleted"};
    case AlertKind::client_disconnected:
      return {facts.client, "is disconnected", "disconnected"};
    case AlertKind::spool_full:
      return {"the spool of " + facts.client, "is full", "spool full"};
  }
  return {};
}

Phrase quoted_phrase_of(const AlertFacts& facts) {
  return phrase_of(facts, '"' + facts.job + '"');
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char letter) {
    return static_cast<char>(std::toupper(letter));
  });
  return result;
}

// `CRITICAL`, or `RESOLVED` when it is over.
std::string state_of(const AlertFacts& facts, NotificationEvent event) {
  return event == NotificationEvent::recovered ? "RESOLVED" : upper(to_text(facts.alert.severity));
}

// `db-1: backup "nightly" failed`
std::string where_and_what(const AlertFacts& facts) {
  return facts.client + ": " + quoted_phrase_of(facts).in_a_word;
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
  return fmt::format("[{}] {} (vault {})", state_of(facts, event), where_and_what(facts),
                     facts.vault);
}

std::string sms_text(const AlertFacts& facts, NotificationEvent event) {
  const auto text = state_of(facts, event) + ' ' + where_and_what(facts);
  const auto vault = fmt::format(" (vault {})", facts.vault);
  return characters_in(text) + characters_in(vault) > kSmsLettersMax ? text : text + vault;
}

std::string scenario_line(const AlertFacts& facts, NotificationEvent event) {
  const auto phrase = phrase_of(facts, facts.job);
  switch (event) {
    case NotificationEvent::raised:
      return fmt::format("{}: {} {}", to_text(facts.alert.severity), phrase.thing, phrase.happened);
    case NotificationEvent::recovered:
      return "recovered: " + phrase.thing;
  }
  return {};
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
  }
  return {};
}

}  // namespace vaultbell::wording
