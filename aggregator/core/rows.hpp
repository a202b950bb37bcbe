// The rows of the store, as plain data: what the core decides on and what it writes. Each has a
// key; a Change (change.hpp) puts or erases one. Nothing here is derived from another row.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/core/policy.hpp"
#include "aggregator/core/settings.hpp"
#include "aggregator/core/words.hpp"
#include "shared/base/ids.hpp"
#include "shared/base/time.hpp"
#include "shared/base/uuid.hpp"
#include "shared/domain/job_settings.hpp"
#include "shared/domain/public_key.hpp"
#include "shared/domain/run_report.hpp"
#include "shared/domain/schedule.hpp"
#include "shared/domain/spool.hpp"

namespace vaultbell::core {

// The last number given to a row of each kind, and who this installation is. Exactly one row.
struct Counters {
  struct Key {
    auto operator<=>(const Key&) const = default;
  };
  Uuid installation;  // part of every Message-ID
  std::uint64_t vault = 0;
  std::uint64_t client = 0;
  std::uint64_t job = 0;
  std::uint64_t run = 0;
  std::uint64_t alert = 0;
  std::uint64_t notification = 0;
  std::uint64_t token = 0;
  std::uint64_t enrolment = 0;
  std::uint64_t clock_shift = 0;
  std::uint64_t contact = 0;
  std::uint64_t group = 0;
  std::uint64_t maintenance = 0;
  std::uint64_t audit = 0;
  std::uint64_t access = 0;

  [[nodiscard]] Key key() const { return {}; }
  bool operator==(const Counters&) const = default;
};

// The number of the last entry of the audit log that changed the row; 0: none has. Who edits says
// which revision they saw, so that nobody undoes unseen what another has changed.
using Revision = std::uint64_t;

struct Vault {
  using Key = VaultId;
  VaultId id;
  std::string name;  // unique
  Policy policy;
  TimingOverrides timing;
  Instant created_at;
  std::optional<Outcome> warning_counts_as;  // of its jobs; absent: what it is
  std::string managed_by;  // the file and line that declare it (R9.2); empty: none
  Revision revision = 0;

  [[nodiscard]] Key key() const { return id; }
  bool operator==(const Vault&) const = default;
};

// What an agent says about its host; shown to people, never decided on.
struct HostFacts {
  Uuid boot;
  std::string agent_version;
  std::string hostname;
  std::string os;
  std::string address;  // where it connected from

  bool operator==(const HostFacts&) const = default;
};

// A boot in which a client was seen, and from where.
struct BootSeen {
  Uuid boot;
  std::string address;

  bool operator==(const BootSeen&) const = default;
};

// A job that its agent declares and of which nothing is expected here.
struct PassedJob {
  std::string name;
  std::string why;  // a sentence

  bool operator==(const PassedJob&) const = default;
};

struct Client {
  using Key = ClientId;
  ClientId id;
  VaultId vault;
  std::string name;  // unique among clients that are not retired
  PublicKey public_key;
  ClientState state = ClientState::invited;
  Instant state_since;
  TimingOverrides timing;
  Instant created_at;
  HostFacts host;
  Duration clock_skew{};                 // client's clock minus ours, at its last hello
  std::optional<GoodbyeReason> goodbye;  // of an offline client
  Policy policy{.mode = PolicyMode::same_as_vault};
  std::optional<Instant> expected_until;  // of one that never connected: then that is an alert
  std::optional<Instant> returned_at;     // the last time that it was back from a disconnect
  std::vector<Instant> returns;           // those of the last hour, at most kFlappingReturns
  std::vector<BootSeen> boots;            // the newest last, at most kBootsMax
  std::vector<SpoolAck> catching_up;      // reports that its hello announced and are not yet here
  std::string managed_by;                 // of its vault, times and policy
  std::vector<PassedJob> passed_jobs;     // by its last hello, the first kPassedJobsMax
  Revision revision = 0;

  [[nodiscard]] Key key() const { return id; }
  bool operator==(const Client&) const = default;
};

// What one good run took, for learning what is usual.
struct RunSample {
  std::optional<Duration> duration;
  std::optional<std::uint64_t> bytes_added;
  std::optional<std::uint64_t> bytes_total;

  bool operator==(const RunSample&) const = default;
};

struct Job {
  using Key = JobId;
  JobId id;
  ClientId client;
  std::string name;  // unique within its client
  Instant created_at;
  std::string tool;
  Operation last_operation = Operation::backup;
  Outcome last_outcome = Outcome::running;
  RunId last_run;
  Instant last_run_at;                  // when its latest report arrived
  std::optional<Instant> last_good_at;  // when its last good backup ended
  JobSettings settings;
  // From when the next run, good run, good verification is counted, by the aggregator's clock.
  Instant expected_after;
  Instant aged_from;
  Instant unverified_from;
  std::uint32_t failures_in_row = 0;
  std::uint32_t blocked_in_row = 0;           // ends with another_run_in_progress
  std::vector<RunSample> samples;             // of the last good backups, the newest last
  std::string managed_by;                     // of its settings
  std::optional<JobSettings> agent_settings;  // as its agent's configuration declares them
  Revision revision = 0;

  [[nodiscard]] Key key() const { return id; }
  bool operator==(const Job&) const = default;
};

// How far the reports of one spool incarnation are booked (R3.6).
struct SpoolMark {
  struct Key {
    ClientId client;
    Uuid spool;
    auto operator<=>(const Key&) const = default;
  };
  ClientId client;
  Uuid spool;
  std::uint64_t sequence = 0;
  Instant used_at;

  [[nodiscard]] Key key() const { return {client, spool}; }
  bool operator==(const SpoolMark&) const = default;
};

struct Run {
  using Key = RunId;
  RunId id;
  ClientId client;
  JobId job;
  Instant received_at;  // when its latest report arrived
  RunReport report;
  RunVerdict verdict = RunVerdict::still_running;
  AlertId alert;  // that it raised, added to or recovered

  [[nodiscard]] Key key() const { return id; }
  bool operator==(const Run&) const = default;
};

// A run whose end is still to come, found by the name its agent gave it.
struct OpenRun {
  struct Key {
    ClientId client;
    Uuid run;
    auto operator<=>(const Key&) const = default;
  };
  ClientId client;
  Uuid run;
  RunId id;
  JobId job;
  Operation operation = Operation::backup;
  Trigger trigger = Trigger::scheduled;
  std::optional<Instant> started_at;
  Instant began_at;          // the same by the aggregator's clock
  bool is_too_long = false;  // an alert says so

  [[nodiscard]] Key key() const { return {client, run}; }
  bool operator==(const OpenRun&) const = default;
};

// A place where messages can go, whosever it is.
struct AddressKey {
  Channel channel = Channel::email;
  std::string address;

  auto operator<=>(const AddressKey&) const = default;
};

// Somebody at such a place.
struct Recipient {
  std::string name;  // of the contact; an owner's is the address
  Channel channel = Channel::email;
  std::string address;

  [[nodiscard]] AddressKey place() const { return {channel, address}; }
  auto operator<=>(const Recipient&) const = default;
};

using CodeNonce = std::array<std::uint8_t, 16>;
using CodeHash = std::array<std::uint8_t, 32>;

// A code that was sent to an address and is to come back (R5.2). The code itself follows from the
// nonce and a key that only the shells know; here is only its keyed hash.
struct PendingCode {
  CodeNonce nonce{};
  CodeHash hash{};
  Instant expires_at;
  std::uint32_t tries_left = 0;
  NotificationId notification;

  bool operator==(const PendingCode&) const = default;
};

// What is known of an address, whoever names it: whether somebody proved to read it, and what was
// sent there.
struct Address {
  using Key = AddressKey;
  Channel channel = Channel::email;
  std::string address;
  std::optional<Instant> verified_at;
  std::optional<PendingCode> code;
  std::vector<Instant> codes_sent;  // those that still count against the limit
  std::optional<Instant> welcomed_at;
  std::vector<Instant> sent;  // messages delivered that still count against the limit, in order
  std::vector<NotificationId> failed_digests;  // given up: nobody heard of what is in them

  [[nodiscard]] Key key() const { return {channel, address}; }
  bool operator==(const Address&) const = default;
};

// How one contact is reached by one channel. A changed address is used when it is verified; until
// then the one before it stays in use (R5.3).
struct ContactChannel {
  Channel channel = Channel::email;
  std::string address;
  std::string address_before;  // empty: none

  bool operator==(const ContactChannel&) const = default;
};

// A person, or a team with one address (R5.1).
struct Contact {
  using Key = ContactId;
  ContactId id;
  std::string name;                      // unique
  std::vector<ContactChannel> channels;  // ordered, at most one of each kind
  Instant created_at;
  std::string managed_by;
  Revision revision = 0;

  [[nodiscard]] Key key() const { return id; }
  bool operator==(const Contact&) const = default;
};

// R5.5
struct Group {
  using Key = GroupId;
  GroupId id;
  std::string name;                // unique
  std::vector<ContactId> members;  // ordered, each once
  Instant created_at;
  std::string managed_by;
  Revision revision = 0;

  [[nodiscard]] Key key() const { return id; }
  bool operator==(const Group&) const = default;
};

// How well messages go out by a channel (R7.4).
struct ChannelHealth {
  using Key = Channel;
  Channel channel = Channel::email;
  std::optional<Instant> failing_since;  // that of the channel itself, after the last success
  std::optional<Instant> delivered_at;   // the last success
  std::string last_answer;               // of the first failure after it
  // Since when messages fail at one address alone, which may be its own trouble; and where.
  std::optional<Instant> lone_since;
  std::string lone_address;

  [[nodiscard]] Key key() const { return channel; }
  bool operator==(const ChannelHealth&) const = default;
};

// Somebody who was told of an alert, or is about to be.
struct Told {
  NotificationId notification;
  Recipient recipient;

  bool operator==(const Told&) const = default;
};

struct NotifyDecision {
  NotifyReason reason = NotifyReason::notified;
  Instant at;
  PolicyLevel level = PolicyLevel::vault;  // whose policy counted

  bool operator==(const NotifyDecision&) const = default;
};

struct Inactivation {
  InactiveReason reason = InactiveReason::by_operator;
  Instant at;
  std::string who;  // of an operator
  std::string why;  // what the operator wrote
  RunId run;        // of a recovery by a run

  bool operator==(const Inactivation&) const = default;
};

// What somebody wrote at an alert, or that they claimed it (R4.2).
struct Remark {
  Instant at;
  std::string who;
  std::string text;

  bool operator==(const Remark&) const = default;
};

struct Alert {
  using Key = AlertId;
  AlertId id;
  AlertKind kind = AlertKind::backup_failed;
  Severity severity = Severity::critical;
  VaultId vault;                       // not set where it is about the aggregator itself
  ClientId client;                     // the same
  JobId job;                           // not set where the kind is about the client
  std::optional<Operation> operation;  // where the kind is about an operation
  std::string topic;                   // where it is about the aggregator itself: what of it
  AlertState state = AlertState::active;
  Instant first_at;
  Instant last_at;
  std::uint64_t occurrences = 1;
  RunId run;            // of the last occurrence
  std::string message;  // what the run or the core said about it
  Instant hold_from;    // the hold counts from here: first_at, moved along when the clock steps
  std::optional<NotifyDecision> decision;  // absent while it is held
  std::vector<Told> told;
  // Of an alert that is over: which of `told` is the next to hear of it; absent: nobody (any more).
  std::optional<std::uint32_t> recovery_next;
  std::optional<Inactivation> inactivation;
  std::optional<Remark> acknowledgement;
  std::vector<Remark> comments;
  // It may belong to an outage of its vault until then, or ran into a window.
  std::optional<Instant> not_before;
  bool is_flapping = false;            // R4.8
  std::optional<Instant> reminded_at;  // the last time
  std::uint32_t reminders = 0;
  std::optional<Instant> escalated_at;

  [[nodiscard]] Key key() const { return id; }
  bool operator==(const Alert&) const = default;
};

// One message to one recipient. It exists from the moment it is owed (R7.3).
struct Notification {
  using Key = NotificationId;
  NotificationId id;
  AlertId alert;  // not set where it is about the recipient: a code, a welcome, a digest
  NotificationEvent event = NotificationEvent::raised;
  Recipient recipient;
  RecipientReason why = RecipientReason::owner_by_default_policy;
  NotificationState state = NotificationState::pending;
  Instant created_at;
  Instant next_attempt_at;
  Instant give_up_at;
  std::uint32_t attempts = 0;
  std::optional<Instant> attempting_since;  // while `sending`
  NotificationId follows;    // wait until that one has ended (a recovery after its raise)
  bool is_doubtful = false;  // an earlier attempt may have arrived
  std::optional<EndReason> end_reason;
  std::optional<Instant> ended_at;
  std::string last_answer;     // of the remote
  ContactId contact;           // whose address it is; not set for an owner
  GroupId group;               // through which somebody is a recipient
  bool is_for_digest = false;  // it waits to be gathered, until next_attempt_at
  NotificationId digest;       // that it was gathered into

  [[nodiscard]] Key key() const { return id; }
  bool operator==(const Notification&) const = default;
};

// One try to deliver a notification (R7.6).
struct Attempt {
  struct Key {
    NotificationId notification;
    std::uint32_t number = 0;
    auto operator<=>(const Key&) const = default;
  };
  NotificationId notification;
  std::uint32_t number = 0;  // from 1
  Instant started_at;
  std::optional<Instant> ended_at;
  AttemptResult result = AttemptResult::open;
  std::string answer;

  [[nodiscard]] Key key() const { return {notification, number}; }
  bool operator==(const Attempt&) const = default;
};

using TokenHash = std::array<std::uint8_t, 32>;

struct Token {
  using Key = TokenId;
  TokenId id;
  TokenHash hash{};
  VaultId vault;
  std::string created_by;
  Instant created_at;
  Instant expires_at;
  std::uint32_t uses_max = 1;
  std::uint32_t uses = 0;
  bool needs_approval = false;
  std::optional<Instant> revoked_at;
  ClientId last_client;  // that it let in
  ClientId client;       // whose key it replaces, once; not set: it makes new clients

  [[nodiscard]] Key key() const { return id; }
  bool operator==(const Token&) const = default;
};

// A host that asked to be let in and is not a client (yet).
struct Enrolment {
  using Key = EnrolmentId;
  EnrolmentId id;
  PublicKey public_key;
  std::string name;
  TokenId token;
  VaultId vault;
  EnrolmentState state = EnrolmentState::waiting;
  Instant asked_at;
  HostFacts host;

  [[nodiscard]] Key key() const { return id; }
  bool operator==(const Enrolment&) const = default;
};

// How the backups of a vault ended on one day: what a calendar of its nights shows.
struct Night {
  struct Key {
    VaultId vault;
    std::uint32_t day = 0;
    auto operator<=>(const Key&) const = default;
  };
  VaultId vault;
  std::uint32_t day = 0;  // since 1970-01-01, in the zone of the daily digest
  std::uint64_t succeeded = 0;
  std::uint64_t warning = 0;
  std::uint64_t failed = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t missed = 0;  // alerts that a run which was due did not start

  [[nodiscard]] Key key() const { return {vault, day}; }
  bool operator==(const Night&) const = default;
};

// What lets somebody in who is not on the aggregator's host (R9.3). There is one for as long as it
// is good, or until somebody takes note that it has expired.
struct Access {
  using Key = AccessId;
  AccessId id;
  AccessKind kind = AccessKind::api_token;
  std::string name;  // who comes with it
  Role role = Role::viewer;
  TokenHash hash{};  // of its secret, which nobody keeps
  std::string created_by;
  Instant created_at;
  Instant expires_at;
  AccessId opened_by;  // of a session: the token, without which it is good no more

  [[nodiscard]] Key key() const { return id; }
  bool operator==(const Access&) const = default;
};

// An order that was given with a key of the giver's choice, so that one who heard no answer can ask
// again without having it carried out twice.
struct DoneOrder {
  struct Key {
    std::string actor;
    std::string key;
    auto operator<=>(const Key&) const = default;
  };
  std::string actor;
  std::string order_key;
  TokenHash asked{};  // of all that was asked
  Instant at;
  AuditId audit;  // what was changed

  [[nodiscard]] Key key() const { return {actor, order_key}; }
  bool operator==(const DoneOrder&) const = default;
};

// The wall clock was stepped by `by`: what was counted against it before must move along. Worked
// off in slices; gone when done.
struct ClockShift {
  using Key = std::uint64_t;
  std::uint64_t number = 0;
  Duration by{};
  AlertId alerts_done;  // cursors: up to here it is done
  AlertId alerts_last;  // and up to here it is to be done
  NotificationId notifications_done;
  NotificationId notifications_last;
  JobId jobs_done;
  JobId jobs_last;
  std::optional<ClientId> clients_done;
  std::optional<ClientId> clients_last;  // absent: the step was too small to matter to them

  [[nodiscard]] Key key() const { return number; }
  bool operator==(const ClockShift&) const = default;
};

// What a maintenance is about; what is not set is not asked for. Nothing set: everything.
struct Scope {
  VaultId vault;
  ClientId client;
  JobId job;
  std::optional<AlertKind> kind;

  bool operator==(const Scope&) const = default;
};

// Windows that come again.
struct Recurrence {
  std::string cron;  // when each begins
  std::string zone;
  Duration length{};

  bool operator==(const Recurrence&) const = default;
};

// A time in which alerts are raised and listed, but not told (R4.7): once, or again and again. A
// silence is one that begins at once.
struct Maintenance {
  using Key = MaintenanceId;
  MaintenanceId id;
  Scope scope;
  Instant from;
  std::optional<Instant> until;  // absent: it recurs without end
  std::optional<Recurrence> recurrence;
  std::string why;
  std::string created_by;
  Instant created_at;
  std::optional<Instant> ended_at;  // it is over
  std::string ended_by;             // by hand
  std::string managed_by;
  Revision revision = 0;

  [[nodiscard]] Key key() const { return id; }
  bool operator==(const Maintenance&) const = default;
};

// A vault of which many clients fell silent together: one alert stands for them (R2.11).
struct Outage {
  using Key = VaultId;
  VaultId vault;
  AlertId alert;
  Instant silent_from;  // clients that fell silent since then are part of it
  std::uint64_t affected = 0;
  std::optional<Instant> calm_since;  // most of them are back
  std::optional<Instant> over_at;     // those still away are alerted one by one

  [[nodiscard]] Key key() const { return vault; }
  bool operator==(const Outage&) const = default;
};

// A row as it was, or has become, for the audit log: one of them is there.
struct AuditedRow {
  std::optional<Vault> vault;
  std::optional<Client> client;
  std::optional<Job> job;
  std::optional<Contact> contact;
  std::optional<Group> group;
  std::optional<Maintenance> maintenance;
  std::optional<Alert> alert;
  std::optional<Notification> notification;
  std::optional<Token> token;
  std::optional<Enrolment> enrolment;
  std::optional<Access> access;

  bool operator==(const AuditedRow&) const = default;
};

struct AuditedChange {
  std::optional<AuditedRow> before;  // absent: there was none
  std::optional<AuditedRow> after;   // absent: it is gone

  bool operator==(const AuditedChange&) const = default;
};

// Who changed what, and when (R9.4).
struct AuditEntry {
  using Key = AuditId;
  AuditId id;
  Instant at;
  std::string actor;
  std::string action;  // the order's name: "set_policy"
  std::string remark;
  std::vector<AuditedChange> changes;  // the first kAuditedChangesMax
  std::uint64_t more = 0;              // changes that are not listed

  [[nodiscard]] Key key() const { return id; }
  bool operator==(const AuditEntry&) const = default;
};

}  // namespace vaultbell::core
