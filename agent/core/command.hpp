// Command: what arrived at the agent and wants a decision. Plain data from the shells.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "agent/core/state.hpp"
#include "shared/base/time.hpp"
#include "shared/domain/spool.hpp"

namespace vaultbell::agent::core {

// ---- from the loop

// What the spool holds at this moment.
struct SpoolView {
  std::vector<SpoolRange> ranges;  // in sending order
  std::uint64_t used_bytes = 0;
  bool is_full = false;
};

struct Started {  // the first command
  SpoolView spool;
  std::uint64_t jitter_seed = 0;  // any number; sets the jitter of the back-off
  AloneSetting alone{};
  AloneRow alone_kept{};
  bool is_same_boot = true;  // the row was kept in this boot
};
struct Tick {};     // a deadline is due
struct SpoolRead {  // the spool was looked at again
  SpoolView spool;
};
struct ReportUnreadable {  // a report that was to be sent is damaged
  SpoolAck position;
  std::string why;
};
struct KeyChanged {};   // the link is to be made anew, with another key
struct JobsChanged {};  // what a hello says of this host's jobs
struct Stopping {
  GoodbyeReason reason = GoodbyeReason::stopped;
};
struct AloneCommandEnded {  // or could not be started
  std::optional<std::int32_t> exit_code;
  std::string failure;  // empty: it has told
};

// ---- from the link

struct LinkUp {};     // the handshake succeeded
struct LinkDown {};   // libzmq tries again by itself
struct LinkRefused {  // final for this socket
  std::string why;
};

// ---- from the aggregator

struct Welcomed {
  std::string client;
  std::string vault;
  Duration heartbeat_every{};
  Duration clock_ahead{};
  std::vector<SpoolAck> acks;
};
struct Retimed {
  Duration heartbeat_every{};
};
struct HeartbeatAnswered {
  Duration clock_ahead{};
};
struct Acknowledged {
  SpoolAck ack;
};
struct HelloWanted {};
struct OutOfOrder {  // the report `sequence` came too early; everything up to `ack` is booked
  std::uint64_t sequence = 0;
  SpoolAck ack;
};
struct ReportRefused {  // for good; `ack` passes it by
  std::uint64_t sequence = 0;
  SpoolAck ack;
  std::string why;
};
struct NotUnderstood {  // the aggregator cannot read our message with this number; of any spool
  std::uint64_t sequence = 0;
  std::string why;
};
struct TurnedAway {  // not enrolled, or no common version
  std::string why;
};
struct Heard {};  // anything else that shows that it lives

using Command = std::variant<Started, Tick, SpoolRead, ReportUnreadable, KeyChanged, JobsChanged,
                             Stopping, AloneCommandEnded, LinkUp, LinkDown, LinkRefused, Welcomed,
                             Retimed, HeartbeatAnswered, Acknowledged, HelloWanted, OutOfOrder,
                             ReportRefused, NotUnderstood, TurnedAway, Heard>;

}  // namespace vaultbell::agent::core
