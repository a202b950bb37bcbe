// Effect: what to do to the world. Plain data; the uplink sends, the loop does the rest.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "agent/core/state.hpp"
#include "shared/base/uuid.hpp"
#include "shared/domain/spool.hpp"

namespace vaultbell::agent::core {

// ---- to the uplink

struct OpenLink {
  bool operator==(const OpenLink&) const = default;
};
struct CloseLink {
  bool operator==(const CloseLink&) const = default;
};
struct SendHello {
  std::vector<SpoolRange> spools;
  bool operator==(const SendHello&) const = default;
};
struct SendHeartbeat {
  std::uint64_t spool_used_bytes = 0;
  bool is_spool_full = false;
  bool operator==(const SendHeartbeat&) const = default;
};
struct SendReports {  // `count` of them, behind `after`
  SpoolAck after;
  std::size_t count = 0;
  bool operator==(const SendReports&) const = default;
};
struct SendGoodbye {
  GoodbyeReason reason = GoodbyeReason::stopped;
  bool operator==(const SendGoodbye&) const = default;
};

// ---- to the spool; after any of them the core wants a SpoolRead

struct Discard {  // durable at the aggregator
  SpoolAck ack;
  bool operator==(const Discard&) const = default;
};
struct SetAside {
  SpoolAck position;
  std::string why;
  bool operator==(const SetAside&) const = default;
};
struct Renew {  // count on under a new identity
  Uuid spool;
  bool operator==(const Renew&) const = default;
};

// ---- about being alone

struct KeepAlone {  // durable, before what follows
  AloneRow row;
  bool operator==(const KeepAlone&) const = default;
};
// Leads to one AloneCommandEnded. Where the KeepAlone before it failed it is not carried out, and
// that is how it has ended.
struct RunAloneCommand {
  AloneEvent event = AloneEvent::alone;
  Instant since;      // the last contact before
  Duration lasted{};  // without contact
  bool operator==(const RunAloneCommand&) const = default;
};

// ---- to the log

struct Note {
  bool is_warning = false;
  std::string text;
  bool operator==(const Note&) const = default;
};

using Effect = std::variant<OpenLink, CloseLink, SendHello, SendHeartbeat, SendReports, SendGoodbye,
                            Discard, SetAside, Renew, KeepAlone, RunAloneCommand, Note>;

}  // namespace vaultbell::agent::core
