// The rows of the store, as plain data: what the core decides on and what it writes. Each has a
// key; a Change (change.hpp) puts or erases one. Nothing here is derived from another row.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/core/settings.hpp"
#include "aggregator/core/words.hpp"
#include "shared/base/ids.hpp"
#include "shared/base/time.hpp"
#include "shared/base/uuid.hpp"
#include "shared/domain/public_key.hpp"
#include "shared/domain/run_report.hpp"
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

  [[nodiscard]] Key key() const { return {}; }
  bool operator==(const Counters&) const = default;
};

struct Vault {
  using Key = VaultId;
  VaultId id;
  std::string name;  // unique
  PolicyMode policy = PolicyMode::default_recipients;
  TimingOverrides timing;
  Instant created_at;

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

  [[nodiscard]] Key key() const { return id; }
  bool operator==(const Client&) const = default;
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

  [[nodiscard]] Key key() const { return {client, run}; }
  bool operator==(const OpenRun&) const = default;
};

// Where one message can go.
struct Recipient {
  std::string name;  // of the contact; an owner's is the address
  Channel channel = Channel::email;
  std::string address;

  auto operator<=>(const Recipient&) const = default;
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

struct Alert {
  using Key = AlertId;
  AlertId id;
  AlertKind kind = AlertKind::backup_failed;
  Severity severity = Severity::critical;
  VaultId vault;
  ClientId client;
  JobId job;                           // not set where the kind is about the client
  std::optional<Operation> operation;  // where the kind is about an operation
  AlertState state = AlertState::active;
  Instant first_at;
  Instant last_at;
  std::uint64_t occurrences = 1;
  RunId run;            // of the last occurrence
  std::string message;  // what the run or the core said about it
  Instant hold_from;    // the hold counts from here: first_at, moved along when the clock steps
  std::optional<NotifyDecision> decision;  // absent while it is held
  std::vector<Told> told;
  std::optional<Inactivation> inactivation;

  [[nodiscard]] Key key() const { return id; }
  bool operator==(const Alert&) const = default;
};

// One message to one recipient. It exists from the moment it is owed (R7.3).
struct Notification {
  using Key = NotificationId;
  NotificationId id;
  AlertId alert;
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
  std::string last_answer;  // of the remote

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

  [[nodiscard]] Key key() const { return number; }
  bool operator==(const ClockShift&) const = default;
};

}  // namespace vaultbell::core
