// Effect: what to do to the world once a decision's changes are durable. Plain data; the shells
// carry it out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "aggregator/core/change.hpp"
#include "aggregator/core/command.hpp"
#include "shared/base/result.hpp"

namespace vaultbell::core {

// ---- to an agent, through the gateway

struct SendWelcome {
  ClientId client;
  std::string name;
  std::string vault;
  ClientTiming timing;
  std::vector<SpoolAck> acks;
  bool operator==(const SendWelcome&) const = default;
};
struct SendTiming {
  ClientId client;
  ClientTiming timing;
  bool operator==(const SendTiming&) const = default;
};
// The agent is to say hello once more: not all of what its configuration declares was taken in.
struct AskForHello {
  ClientId client;
  bool operator==(const AskForHello&) const = default;
};
struct SendAck {
  ClientId client;
  SpoolAck ack;
  bool operator==(const SendAck&) const = default;
};

// A report that was not booked. out_of_order: send again from behind `ack`; otherwise it can never
// be accepted, `ack` passes it by, and the agent sets it aside.
struct SendReportRefused {
  ClientId client;
  std::uint64_t sequence = 0;
  bool is_out_of_order = false;
  std::string message;
  SpoolAck ack;
  bool operator==(const SendReportRefused&) const = default;
};

// ---- to the gateway itself

// Let this key in as this client.
struct Admit {
  ClientId client;
  PublicKey public_key;
  bool operator==(const Admit&) const = default;
};

// Let this key in no more.
struct Expel {
  ClientId client;
  PublicKey public_key;
  bool operator==(const Expel&) const = default;
};

// Watch a client's silence with this limit; fresh: from now on. Absent: it is known to be silent,
// report its return.
struct Watch {
  ClientId client;
  std::optional<Duration> limit;
  bool is_fresh = true;
  bool operator==(const Watch&) const = default;
};

// ---- to a host that asks to be let in

struct EnrolmentAccepted {
  std::string client;
  std::string vault;
  bool operator==(const EnrolmentAccepted&) const = default;
};
struct EnrolmentWaits {
  std::string client;
  bool operator==(const EnrolmentWaits&) const = default;
};
enum class EnrolmentRefusal : std::uint8_t {
  token_unknown,
  token_used,
  token_expired,
  token_revoked,
  name_taken,
  rejected,
  busy,
};
struct EnrolmentRefused {
  EnrolmentRefusal why = EnrolmentRefusal::token_unknown;
  std::string message;
  bool operator==(const EnrolmentRefused&) const = default;
};
struct AnswerEnrolment {
  RequestId request = 0;
  std::variant<EnrolmentAccepted, EnrolmentWaits, EnrolmentRefused> answer;
  bool operator==(const AnswerEnrolment&) const = default;
};

// ---- to the delivery workers

struct Deliver {
  NotificationId notification;
  std::uint32_t attempt = 0;
  bool operator==(const Deliver&) const = default;
};

// ---- to whoever gave an order

// The changes that were (or, in a dry run, would be) made, a remark where nothing was to do, and
// the rows that the changes replace or erase, as they were.
struct OrderDone {
  WriteSet changes;
  std::string remark;
  std::vector<Row> before;
  std::optional<Error> refusal;  // the order failed, and what was changed is that it did
  AuditId repeats;               // the order had been carried out before: what it changed then
  bool operator==(const OrderDone&) const = default;
};
struct Reply {
  RequestId request = 0;
  tl::expected<OrderDone, Error> result;
  bool operator==(const Reply&) const = default;
};

// ---- to the log

enum class NoteKind : std::uint8_t {
  reports_missing,     // an agent no longer has reports that were never booked here
  possible_duplicate,  // an attempt was open when the aggregator ended
  run_ended_by_limit,  // too many open runs on one client
  agent_jobs,          // what an agent declares of its jobs does not count, or not any more
  client_enrolled,
  client_online,   // it was not before
  client_offline,  // it said goodbye
  alert_raised,
  alert_over,
};

// Whether it is the ordinary course of things; the others ask for somebody's attention.
constexpr bool is_usual(NoteKind kind) {
  switch (kind) {
    case NoteKind::client_enrolled:
    case NoteKind::client_online:
    case NoteKind::client_offline:
    case NoteKind::alert_raised:
    case NoteKind::alert_over:
      return true;
    case NoteKind::reports_missing:
    case NoteKind::possible_duplicate:
    case NoteKind::run_ended_by_limit:
    case NoteKind::agent_jobs:
      return false;
  }
  return false;
}

struct Note {
  NoteKind kind = NoteKind::reports_missing;
  std::string text;
  bool operator==(const Note&) const = default;
};

using Effect = std::variant<SendWelcome, SendTiming, AskForHello, SendAck, SendReportRefused, Admit,
                            Expel, Watch, AnswerEnrolment, Deliver, Reply, Note>;

}  // namespace vaultbell::core
