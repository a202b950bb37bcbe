// State: all that the agent's decisions depend on, in two parts. Link is the connection to the
// aggregator; Sending is how far each spool incarnation has been sent and acknowledged.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/time.hpp"
#include "shared/base/uuid.hpp"
#include "shared/domain/spool.hpp"

namespace vaultbell::agent::core {

// When something is decided. Only `steady` decides; `wall` is what is shown and kept.
struct Moment {
  Steady steady;
  Instant wall;
};

inline constexpr Duration kHeartbeatEveryDefault = std::chrono::seconds(30);
// What a wrong aggregator could ask for is brought inside these.
inline constexpr Duration kHeartbeatEveryMin = std::chrono::milliseconds(100);
inline constexpr Duration kHeartbeatEveryMax = std::chrono::hours(1);

inline constexpr Duration kAnswerWithin =
    std::chrono::seconds(10);  // a welcome, an acknowledgement

// When nothing at all was heard for so many heartbeats, and at least so long, the socket is made
// anew: libzmq may have given up without telling.
inline constexpr int kSilentHeartbeats = 3;
inline constexpr Duration kSilenceMin = std::chrono::seconds(20);

// Before a key that was turned away tries again: doubling, so that a forgotten host costs nothing.
inline constexpr Duration kBackOffFirst = std::chrono::seconds(2);
inline constexpr Duration kBackOffLongest = std::chrono::seconds(60);

// Reports that are sent and not yet acknowledged; protocol::kReportsInFlightMax, which a core
// cannot see (the uplink checks that they are equal).
inline constexpr std::size_t kWindowMax = 64;

enum class LinkState : std::uint8_t {
  closed,      // there is no socket; `open_at` says when the next is made
  connecting,  // libzmq tries by itself
  greeting,    // connected, hello said, no welcome yet
  welcomed,
  stopped,  // for good
};

struct Link {
  LinkState state = LinkState::closed;
  std::optional<Steady> open_at;
  std::uint64_t jitter_seed = 0;
  std::uint32_t times_refused = 0;         // in a row, without a welcome
  Steady quiet_since;                      // when something was heard last, or the socket was made
  Steady greeted_at;                       // the last hello
  Steady beat_at;                          // the last hello or heartbeat
  std::optional<Steady> unanswered_since;  // the first hello or heartbeat after which all is quiet
  Steady welcomed_at;
  std::optional<Steady> heard_at;  // absent: never
  bool is_silence_noted = false;   // since something was heard last
  std::string trouble;             // why the aggregator does not let us in
  bool is_full_told = false;       // on this connection

  // As the aggregator said last.
  Duration heartbeat_every = kHeartbeatEveryDefault;
  std::string client;
  std::string vault;
  Duration clock_ahead{};  // this host's clock before the aggregator's

  bool operator==(const Link&) const = default;
};

// acked <= sent <= last, all sequences. What is behind `acked` may still be on disk.
struct Lane {
  Uuid spool;
  std::uint64_t acked = 0;
  std::uint64_t sent = 0;
  std::uint64_t last = 0;

  bool operator==(const Lane&) const = default;
};

struct Sending {
  std::vector<Lane> lanes;  // in the order in which they are sent
  std::uint64_t used_bytes = 0;
  bool is_full = false;
  std::size_t window = kWindowMax;  // how many reports may be in flight now
  Steady progress_at;               // the last acknowledgement, or the first report sent
  bool is_rewound = false;          // sent again and nothing acknowledged since

  bool operator==(const Sending&) const = default;
};

struct State {
  Link link;
  Sending sending;

  bool operator==(const State&) const = default;
};

// Whether the aggregator answers: welcomed, and no heartbeat is overdue for its answer (R8.2).
bool is_in_contact(const State& state, Steady now);

}  // namespace vaultbell::agent::core
