// State: all that decisions depend on, in memory. Tables hold the rows that still matter (what has
// ended stays only in the store); everything below them is derived and rebuilt by evolve().
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "aggregator/core/change.hpp"
#include "aggregator/core/deadlines.hpp"
#include "aggregator/core/settings.hpp"

namespace vaultbell::core {

template <class R>
using Table = std::map<typename R::Key, R>;

// What makes two occurrences the same alert (R4.3).
struct Subject {
  AlertKind kind = AlertKind::backup_failed;
  ClientId client;
  JobId job;
  std::optional<Operation> operation;

  auto operator<=>(const Subject&) const = default;
};

Subject subject_of(const Alert& alert);

// The notifications of one recipient, one after the other.
struct RecipientLine {
  std::set<std::pair<Instant, NotificationId>> waiting;  // by their next attempt
  NotificationId sending;                                // not set: none

  bool operator==(const RecipientLine&) const = default;
};

// Only the main thread touches a State, and only evolve() modifies it.
struct State {
  // Not stored.
  Settings settings;
  Instant listening_since;

  // Rows. `alerts` holds those that are not inactive, `notifications` those that have not ended.
  Counters counters;
  Table<Vault> vaults;
  Table<Client> clients;
  Table<Job> jobs;
  Table<SpoolMark> spool_marks;
  Table<OpenRun> open_runs;
  Table<Alert> alerts;
  Table<Notification> notifications;
  Table<Token> tokens;
  Table<Enrolment> enrolments;
  Table<ClockShift> clock_shifts;

  // Derived.
  std::map<std::string, VaultId> vault_by_name;
  std::map<std::string, ClientId> client_by_name;  // not of retired clients
  std::map<PublicKey, ClientId> client_by_key;     // not of retired clients
  std::map<std::pair<ClientId, std::string>, JobId> job_by_name;
  std::map<Subject, AlertId> alert_by_subject;
  std::map<TokenHash, TokenId> token_by_hash;
  std::map<PublicKey, EnrolmentId> enrolment_by_key;
  std::map<NotificationId, std::set<NotificationId>> followers;  // of one that has not ended
  std::map<Recipient, RecipientLine> lines;                      // of recipients with notifications
  std::size_t sending_count = 0;
  DeadlineIndex<AlertId> alerts_held;    // when their hold ends
  DeadlineIndex<Recipient> lines_ready;  // when their next attempt is due

  bool operator==(const State&) const = default;
};

// The table a row type lives in; for reading by type.
inline const Table<Vault>& table_of(const State& s, const Vault*) {
  return s.vaults;
}
inline const Table<Client>& table_of(const State& s, const Client*) {
  return s.clients;
}
inline const Table<Job>& table_of(const State& s, const Job*) {
  return s.jobs;
}
inline const Table<SpoolMark>& table_of(const State& s, const SpoolMark*) {
  return s.spool_marks;
}
inline const Table<OpenRun>& table_of(const State& s, const OpenRun*) {
  return s.open_runs;
}
inline const Table<Alert>& table_of(const State& s, const Alert*) {
  return s.alerts;
}
inline const Table<Notification>& table_of(const State& s, const Notification*) {
  return s.notifications;
}
inline const Table<Token>& table_of(const State& s, const Token*) {
  return s.tokens;
}
inline const Table<Enrolment>& table_of(const State& s, const Enrolment*) {
  return s.enrolments;
}
inline const Table<ClockShift>& table_of(const State& s, const ClockShift*) {
  return s.clock_shifts;
}

}  // namespace vaultbell::core
