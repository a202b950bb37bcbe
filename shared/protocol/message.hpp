// The messages between agent and aggregator, version 1, as plain structs. docs/protocol.md has a
// table for each; codec.hpp turns them into bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "shared/base/enum_text.hpp"
#include "shared/base/time.hpp"
#include "shared/base/uuid.hpp"
#include "shared/domain/job_settings.hpp"
#include "shared/domain/public_key.hpp"
#include "shared/domain/run_report.hpp"
#include "shared/domain/spool.hpp"

namespace vaultbell::protocol {

inline constexpr std::uint32_t kVersionMin = 1;
inline constexpr std::uint32_t kVersionMax = 1;
inline constexpr std::size_t kMessageBytesMax = 64UL * 1024;  // 8 KiB of output and room to grow
inline constexpr std::size_t kSpoolsPerHelloMax = 16;
inline constexpr std::size_t kReportsInFlightMax = 64;  // sent and not yet acknowledged, per agent

// ---- agent to aggregator

// First on every connection, and again whenever the aggregator asks for it.
struct Hello {
  std::uint32_t version_min = kVersionMin;
  std::uint32_t version_max = kVersionMax;
  Uuid boot;  // of the host's kernel
  std::string agent_version;
  std::string hostname;
  std::string os;
  Instant client_time;
  std::vector<SpoolRange> spools;  // in the order in which they will be sent
  std::vector<AgentJob> jobs;      // all that its configuration declares
  bool operator==(const Hello&) const = default;
};

struct Heartbeat {
  Instant client_time;
  std::uint64_t spool_used_bytes = 0;
  bool is_spool_full = false;
  bool operator==(const Heartbeat&) const = default;
};

// The start or the end of a run: its place in the spool is the envelope's sequence.
struct Report {
  Uuid spool;
  RunReport report;
  bool operator==(const Report&) const = default;
};

struct Goodbye {
  GoodbyeReason reason = GoodbyeReason::stopped;
  bool operator==(const Goodbye&) const = default;
};

// The key that is to take the place of the connection's. Needs no hello. Said with the new key
// itself it asks whether that has happened.
struct KeyOffer {
  PublicKey public_key;
  bool operator==(const KeyOffer&) const = default;
};

// On the enrolment socket, where the connection's key is the key that asks.
struct EnrolRequest {
  std::array<std::uint8_t, 32> token_hash{};
  std::string name;
  Uuid boot;
  std::string agent_version;
  std::string hostname;
  std::string os;
  bool operator==(const EnrolRequest&) const = default;
};

// ---- aggregator to agent

// What the aggregator wants of a connected agent (R2.4); sent again when it changes.
struct Timing {
  Duration heartbeat_every = std::chrono::seconds(30);
  Duration disconnect_after = std::chrono::seconds(90);
  bool operator==(const Timing&) const = default;
};

struct Welcome {
  std::uint32_t version = kVersionMax;
  std::string client;  // the name this host has at the aggregator
  std::string vault;
  Timing timing;
  Instant server_time;
  std::vector<SpoolAck> acks;  // for each spool of the hello
  bool operator==(const Welcome&) const = default;
};

struct HeartbeatAck {
  Instant server_time;
  bool operator==(const HeartbeatAck&) const = default;
};

struct Ack {
  SpoolAck ack;
  bool operator==(const Ack&) const = default;
};

enum class RefusalCode : std::uint8_t {
  hello_needed = 1,         // say hello first (the aggregator was restarted)
  version_unsupported = 2,  // no common version
  unsupported = 3,          // unknown message type
  malformed = 4,            // the message could not be read
  out_of_order = 5,         // a report came too early: send from the ack in `ack`
  report_invalid = 6,       // this report can never be accepted: set it aside
  not_enrolled = 7,         // this key is not (or no longer) a client
  token_unknown = 8,
  token_used = 9,
  token_expired = 10,
  token_revoked = 11,
  name_taken = 12,
  rejected = 13,  // an administrator said no
  busy = 14,      // try later
};

// `sequence` of the envelope repeats that of the refused message.
struct Refusal {
  RefusalCode code = RefusalCode::malformed;
  std::string message;
  std::optional<SpoolAck> ack;  // with out_of_order and report_invalid
  bool operator==(const Refusal&) const = default;
};

struct EnrolAccepted {
  std::string client;
  std::string vault;
  std::string endpoint;  // where to connect from now on
  bool operator==(const EnrolAccepted&) const = default;
};

struct EnrolPending {
  std::string next_command;  // what the administrator types to approve
  bool operator==(const EnrolPending&) const = default;
};

// The connection's key is the client's.
struct KeyAccepted {
  PublicKey public_key;
  bool operator==(const KeyAccepted&) const = default;
};

using Body =
    std::variant<Hello, Heartbeat, Report, Goodbye, EnrolRequest, KeyOffer, Welcome, Timing,
                 HeartbeatAck, Ack, Refusal, EnrolAccepted, EnrolPending, KeyAccepted>;

// `sequence`: of a report, its place in the spool; of any other message from an agent, a number of
// the sender's; of an answer, the number it answers.
struct Message {
  std::uint64_t sequence = 0;
  Body body;
  bool operator==(const Message&) const = default;
};

}  // namespace vaultbell::protocol

namespace vaultbell {

template <>
inline constexpr auto kEnumText<protocol::RefusalCode> =
    std::to_array<EnumText<protocol::RefusalCode>>({
        {protocol::RefusalCode::hello_needed, "hello_needed"},
        {protocol::RefusalCode::version_unsupported, "version_unsupported"},
        {protocol::RefusalCode::unsupported, "unsupported"},
        {protocol::RefusalCode::malformed, "malformed"},
        {protocol::RefusalCode::out_of_order, "out_of_order"},
        {protocol::RefusalCode::report_invalid, "report_invalid"},
        {protocol::RefusalCode::not_enrolled, "not_enrolled"},
        {protocol::RefusalCode::token_unknown, "token_unknown"},
        {protocol::RefusalCode::token_used, "token_used"},
        {protocol::RefusalCode::token_expired, "token_expired"},
        {protocol::RefusalCode::token_revoked, "token_revoked"},
        {protocol::RefusalCode::name_taken, "name_taken"},
        {protocol::RefusalCode::rejected, "rejected"},
        {protocol::RefusalCode::busy, "busy"},
    });

}  // namespace vaultbell
