// State: all that decisions depend on, in memory. Tables hold the rows that still matter (what has
// ended stays only in the store); everything below them is derived and rebuilt by evolve().
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

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
  std::string topic;  // of what is about the aggregator itself

  auto operator<=>(const Subject&) const = default;
};

Subject subject_of(const Alert& alert);

// Notifications by their next attempt.
using Waiting = std::set<std::pair<Instant, NotificationId>>;

// The notifications to one address, sent one after the other.
struct AddressLine {
  Waiting urgent;   // codes and tests: no limit holds them back
  Waiting waiting;  // within the channel's limits (R7.11)
  Waiting for_digest;
  NotificationId sending;      // not set: none
  NotificationId open_digest;  // one that waits for its first attempt and takes in more

  [[nodiscard]] bool is_empty() const {
    return urgent.empty() && waiting.empty() && for_digest.empty() && !sending.is_set();
  }
  bool operator==(const AddressLine&) const = default;
};

// What is going out by one channel; no channel waits for another (R7.5).
struct ChannelQueue {
  std::size_t sending_count = 0;
  DeadlineIndex<AddressKey> lines_ready;  // when something is to be done for a line

  bool operator==(const ChannelQueue&) const = default;
};

// Only the main thread touches a State, and only evolve() modifies it.
struct State {
  // Not stored.
  Settings settings;
  Instant listening_since;

  // Rows. `alerts` holds those that are not inactive, `recovering` those that are over and whose
  // recovery is still to be told, `notifications` those that have not ended.
  Counters counters;
  Table<Vault> vaults;
  Table<Client> clients;
  Table<Job> jobs;
  Table<SpoolMark> spool_marks;
  Table<OpenRun> open_runs;
  Table<Alert> alerts;
  Table<Alert> recovering;
  Table<Notification> notifications;
  Table<Token> tokens;
  Table<Enrolment> enrolments;
  Table<ClockShift> clock_shifts;
  Table<Contact> contacts;
  Table<Group> groups;
  Table<Address> addresses;
  Table<ChannelHealth> channels;
  Table<Maintenance> maintenances;  // that are not over
  Table<Outage> outages;
  Table<Night> nights;
  Table<Access> accesses;
  Table<DoneOrder> done_orders;

  // Derived.
  std::map<std::string, VaultId> vault_by_name;
  std::map<std::string, ClientId> client_by_name;  // not of retired clients
  std::map<PublicKey, ClientId> client_by_key;     // not of retired clients
  std::map<std::pair<ClientId, std::string>, JobId> job_by_name;
  std::map<Subject, AlertId> alert_by_subject;
  std::map<TokenHash, TokenId> token_by_hash;
  std::map<PublicKey, EnrolmentId> enrolment_by_key;
  std::set<std::pair<Instant, DoneOrder::Key>> done_orders_by_age;
  std::map<std::string, ContactId> contact_by_name;
  std::map<std::string, GroupId> group_by_name;
  std::map<AddressKey, std::set<ContactId>> contacts_at;  // who names this address
  std::map<ContactId, std::set<GroupId>> groups_of;
  std::map<ContactId, std::set<PolicyHolder>> policies_naming_contact;
  std::map<GroupId, std::set<PolicyHolder>> policies_naming_group;
  std::set<AddressKey> unwelcomed;  // of recipients who have not been greeted (R5.6)
  std::map<NotificationId, std::set<NotificationId>> followers;  // of one that has not ended
  std::map<AddressKey, AddressLine> lines;                       // of addresses with notifications
  std::map<Channel, ChannelQueue> queues{
      {Channel::email, {}}, {Channel::mobile, {}}, {Channel::webhook, {}}};
  std::map<VaultId, std::set<ClientId>> clients_in;
  std::map<VaultId, std::size_t> online_in;  // clients that are online, by vault
  // Active client_disconnected alerts by vault, and by the second in which they were raised.
  std::map<VaultId, std::map<std::chrono::sys_seconds, std::size_t>> disconnects_in;
  DeadlineIndex<AlertId> alerts_due;              // when something is next to be done about them
  DeadlineIndex<JobId> jobs_due;                  // when something is next missed
  DeadlineIndex<OpenRun::Key> runs_due;           // when they will have run for too long
  DeadlineIndex<ClientId> clients_due;            // when they should have connected
  DeadlineIndex<MaintenanceId> maintenances_due;  // when they are over
  DeadlineIndex<VaultId> outages_due;             // when their outage is over

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
inline const Table<Contact>& table_of(const State& s, const Contact*) {
  return s.contacts;
}
inline const Table<Group>& table_of(const State& s, const Group*) {
  return s.groups;
}
inline const Table<Address>& table_of(const State& s, const Address*) {
  return s.addresses;
}
inline const Table<Maintenance>& table_of(const State& s, const Maintenance*) {
  return s.maintenances;
}
inline const Table<Outage>& table_of(const State& s, const Outage*) {
  return s.outages;
}
inline const Table<Night>& table_of(const State& s, const Night*) {
  return s.nights;
}
inline const Table<Access>& table_of(const State& s, const Access*) {
  return s.accesses;
}
inline const Table<DoneOrder>& table_of(const State& s, const DoneOrder*) {
  return s.done_orders;
}
inline const Table<ChannelHealth>& table_of(const State& s, const ChannelHealth*) {
  return s.channels;
}

}  // namespace vaultbell::core
