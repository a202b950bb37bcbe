// Command: what arrived and wants a decision. Plain data from the shells; already checked at the
// border for size, depth and type.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "aggregator/core/change.hpp"
#include "aggregator/core/rows.hpp"
#include "aggregator/core/settings.hpp"
#include "shared/domain/run_report.hpp"
#include "shared/domain/spool.hpp"

namespace vaultbell::core {

// A request that waits for an answer; the shell that asked knows it by this number.
using RequestId = std::uint64_t;

// ---- from the loop itself

struct Started {};  // the store is loaded; the first command of every process
struct Tick {};     // a deadline is due
// The sockets were not read for so long (R2.6).
struct ListeningResumed {
  Duration gap{0};
};

// What the daemon found of itself (R8.1): `topic` is one of a few, "disk" for example.
struct SelfChecked {
  std::string topic;
  std::string problem;  // empty: all is well
};

// History that was kept for as long as is configured: what still matters is left alone.
struct DropExpired {
  std::vector<ErasedKey> keys;  // at most kExpiredMax
};

struct ClockStepped {  // the wall clock moved against the steady clock
  Duration by{};
};
struct Reconfigured {  // the configuration file was read again
  Settings settings;
};

// ---- from the gateway

struct HelloReceived {
  ClientId client;
  HostFacts host;
  Instant client_time;
  std::vector<SpoolRange> spools;
};
// What the configuration of a client's agent declares of its jobs, all of it: with every hello, and
// after it.
struct AgentJobsReceived {
  ClientId client;
  std::vector<AgentJob> jobs;
};
struct ClientSilent {  // nothing was heard for longer than the client's limit
  ClientId client;
  Instant last_heard_at;
};
struct ClientHeard {  // again, on a connection that had been silent
  ClientId client;
};
struct GoodbyeReceived {
  ClientId client;
  PublicKey by;  // the key of the connection on which it was said
  GoodbyeReason reason = GoodbyeReason::stopped;
};
struct KeyOffered {  // by the client itself, on a connection with the key that it has
  ClientId client;
  PublicKey by;
  PublicKey public_key;  // in the place of that
};
struct SpoolFullChanged {
  ClientId client;
  bool is_full = false;
};
struct ReportReceived {
  ClientId client;
  Uuid spool;
  std::uint64_t sequence = 0;
  RunReport report;
};
struct EnrolmentRequested {
  RequestId request = 0;
  TokenHash token_hash{};
  PublicKey public_key;
  std::string name;
  HostFacts host;
};

// ---- from the delivery workers

struct DeliveryEnded {
  NotificationId notification;
  std::uint32_t attempt = 0;
  AttemptResult result = AttemptResult::delivered;  // never open
  std::string answer;
  // A failure that may be of this address alone: the server answered so to the recipient or the
  // content, and not to us.
  bool is_about_recipient = false;
  bool is_proven = false;  // whoever got a code has answered with it
};

// ---- from people, through the API

// What an edit says of one field: nothing, a value, or (given, and absent) that there is none of
// its own.
template <class T>
struct Edit {
  bool is_given = false;
  std::optional<T> value;

  Edit() = default;
  template <std::convertible_to<T> V>
  Edit(V given)
      : is_given(true), value(given) {}  // NOLINT(google-explicit-constructor): reads well
  static Edit inherited() {
    Edit edit;
    edit.is_given = true;
    return edit;
  }

  [[nodiscard]] std::optional<T> applied_to(const std::optional<T>& before) const {
    return is_given ? value : before;
  }
};
struct TimingEdit {
  Edit<Duration> heartbeat_every;
  Edit<Duration> disconnect_after;
  Edit<Duration> offline_grace;
};

struct CreateVault {
  std::string name;
  Policy policy;
  TimingOverrides timing;
};
struct EditVault {
  VaultId vault;
  TimingEdit timing;
  Edit<Outcome> warning_counts_as;
};
struct EditClient {
  ClientId client;
  TimingEdit timing;
};
// The whole policy of a vault or of a client: one of the two is set.
struct SetPolicy {
  PolicyHolder holder;
  Policy policy;
};

// A code that can be sent to an address: made by whoever gives the order, since the core draws no
// random numbers and knows no keys.
struct NewCode {
  CodeNonce nonce{};
  CodeHash hash{};
};
// What is said of one channel of a contact.
struct ChannelOrder {
  Channel channel = Channel::email;
  std::string address;  // empty: take the channel away
  NewCode code;         // to be sent there if it is not verified
};
struct CreateContact {
  std::string name;
  std::vector<ChannelOrder> channels;
};
struct EditContact {  // what is not named stays as it is
  ContactId contact;
  std::optional<std::string> name;
  std::vector<ChannelOrder> channels;
};
struct DeleteContact {
  ContactId contact;
};
struct SendCodes {  // again, to those of these addresses that are not verified
  ContactId contact;
  std::vector<ChannelOrder> channels;  // as they are
};
// A code that somebody typed, as it would be hashed for each of these addresses.
struct ConfirmCode {
  struct Candidate {
    AddressKey place;
    CodeHash hash{};
  };
  ContactId contact;
  std::vector<Candidate> candidates;
};
struct TestContact {  // a message to each address that is in use
  ContactId contact;
};
struct CreateGroup {
  std::string name;
  std::vector<ContactId> members;
};
struct EditGroup {
  GroupId group;
  std::optional<std::string> name;
  std::vector<ContactId> add;
  std::vector<ContactId> remove;
};
struct DeleteGroup {
  GroupId group;
};
struct CreateToken {
  VaultId vault;
  ClientId client;  // whose key the host's takes the place of; then its vault counts, not `vault`
  TokenHash hash{};
  Instant expires_at;
  std::uint32_t uses_max = 1;
  std::optional<bool> needs_approval;  // absent: as configured
};
struct RevokeToken {
  TokenId token;
};
struct ApproveEnrolment {
  EnrolmentId enrolment;
};
struct RejectEnrolment {
  EnrolmentId enrolment;
};
struct CreateJob {  // before it is first reported
  ClientId client;
  std::string name;
  JobSettings settings;
};
struct SetJob {
  JobId job;
  JobSettings settings;  // all of them
};
struct ForgetJob {
  JobId job;
};
struct StartMaintenance {
  Scope scope;
  std::optional<Instant> from;  // absent: now
  std::optional<Instant> until;
  std::optional<Recurrence> recurrence;
  std::string why;
};
struct ExtendMaintenance {
  MaintenanceId maintenance;
  Instant until;
};
struct EndMaintenance {
  MaintenanceId maintenance;
};
struct RetireClient {  // its history stays
  ClientId client;
};
struct MoveClient {
  ClientId client;
  VaultId vault;
};
struct RenameClient {
  ClientId client;
  std::string name;
};
struct RenameVault {
  VaultId vault;
  std::string name;
};
struct DeleteVault {  // only an empty one
  VaultId vault;
};
// What files can declare (R9.2).
using ObjectId = std::variant<VaultId, ClientId, JobId, ContactId, GroupId, MaintenanceId>;
// Sets where an object is declared, and nothing else of it.
struct MarkManaged {
  ObjectId object;
  std::string managed_by;  // "conf.d/vaults.toml:3"; empty: nowhere any more
};
struct AcknowledgeAlert {
  AlertId alert;
  std::string why;
};
struct InactivateAlert {
  AlertId alert;
  std::string why;
};
struct ReactivateAlert {
  Alert alert;  // as the store has it: the core forgets what has ended
  std::string why;
  std::vector<Notification> messages;  // by which `alert.told` were told, those that are still kept
};
struct CommentAlert {
  Alert alert;  // the same
  std::string text;
};
struct NotifyAlertNow {
  AlertId alert;
};
struct RaiseTest {  // about a client, or a vault alone
  VaultId vault;
  ClientId client;
  Severity severity = Severity::informational;
};
struct RetryDelivery {
  Notification notification;  // as the store has it
};
struct CancelDelivery {
  NotificationId notification;
};
struct SendDigestNow {  // what waits for digests of this address; absent: of all
  std::optional<AddressKey> place;
};

// An API token, or a login link (R9.3).
struct CreateAccess {
  AccessKind kind = AccessKind::api_token;
  std::string name;
  Role role = Role::viewer;
  TokenHash hash{};
  Instant expires_at;
};
// A browser comes with a token or a link.
struct OpenSession {
  AccessId access;
  TokenHash hash{};
};
struct RevokeAccess {
  AccessId access;
};

struct Order {
  RequestId request = 0;
  std::string actor;        // who gave it
  bool is_dry_run = false;  // say what would change, change nothing
  // The place in a file that wants this, as Vault::managed_by has it. Empty: a person does, who
  // cannot change what a file declares.
  std::string declared_at = {};
  std::optional<Revision> revision = {};  // of what is to be changed, as it was seen
  std::string key = {};                   // DoneOrder::order_key; empty: none
  TokenHash asked{};                      // of all that was asked, where there is a key
  std::variant<CreateVault, EditVault, EditClient, SetPolicy, CreateContact, EditContact,
               DeleteContact, SendCodes, ConfirmCode, TestContact, CreateGroup, EditGroup,
               DeleteGroup, CreateToken, RevokeToken, ApproveEnrolment, RejectEnrolment,
               AcknowledgeAlert, InactivateAlert, ReactivateAlert, CommentAlert, NotifyAlertNow,
               RaiseTest, RetryDelivery, CancelDelivery, SendDigestNow, CreateJob, SetJob,
               ForgetJob, StartMaintenance, ExtendMaintenance, EndMaintenance, RetireClient,
               MoveClient, RenameClient, RenameVault, MarkManaged, DeleteVault, CreateAccess,
               OpenSession, RevokeAccess>
      what;
};

using Command =
    std::variant<Started, Tick, ListeningResumed, ClockStepped, Reconfigured, SelfChecked,
                 DropExpired, HelloReceived, AgentJobsReceived, ClientSilent, ClientHeard,
                 GoodbyeReceived, KeyOffered, SpoolFullChanged, ReportReceived, EnrolmentRequested,
                 DeliveryEnded, Order>;

}  // namespace vaultbell::core
