// Command: what arrived and wants a decision. Plain data from the shells; already checked at the
// border for size, depth and type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

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
struct ClientSilent {  // nothing was heard for longer than the client's limit
  ClientId client;
  Instant last_heard_at;
};
struct ClientHeard {  // again, on a connection that had been silent
  ClientId client;
};
struct GoodbyeReceived {
  ClientId client;
  GoodbyeReason reason = GoodbyeReason::stopped;
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
};

// ---- from people, through the API

struct CreateVault {
  std::string name;
  PolicyMode policy = PolicyMode::default_recipients;
  TimingOverrides timing;
};
struct EditVault {  // absent: as it is
  VaultId vault;
  std::optional<PolicyMode> policy;
  TimingOverrides timing;
};
struct EditClient {
  ClientId client;
  TimingOverrides timing;
};
struct CreateToken {
  VaultId vault;
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
struct InactivateAlert {
  AlertId alert;
  std::string why;
};
struct RetryDelivery {
  Notification notification;  // as the store has it: the core forgets what has ended
};

struct Order {
  RequestId request = 0;
  std::string actor;        // who gave it
  bool is_dry_run = false;  // say what would change, change nothing
  std::variant<CreateVault, EditVault, EditClient, CreateToken, RevokeToken, ApproveEnrolment,
               RejectEnrolment, InactivateAlert, RetryDelivery>
      what;
};

using Command =
    std::variant<Started, Tick, ListeningResumed, ClockStepped, Reconfigured, HelloReceived,
                 ClientSilent, ClientHeard, GoodbyeReceived, SpoolFullChanged, ReportReceived,
                 EnrolmentRequested, DeliveryEnded, Order>;

}  // namespace vaultbell::core
