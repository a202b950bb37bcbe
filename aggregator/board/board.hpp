// Board: figures that one thread publishes and others show: when each client was last heard, how
// busy the loop is, what the auditor says; and when the gateway last listened, without which the
// loop judges nothing.
// Atomics only; writers never wait for readers.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "aggregator/board/change_feed.hpp"
#include "shared/base/ids.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::board {

// When each client was last heard. One thread writes (the gateway), any may read.
class LastHeard {
 public:
  LastHeard();
  ~LastHeard();
  LastHeard(const LastHeard&) = delete;
  LastHeard& operator=(const LastHeard&) = delete;

  void set(ClientId client, Instant at);
  [[nodiscard]] std::optional<Instant> get(ClientId client) const;
  [[nodiscard]] std::uint64_t highest() const { return highest_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kChunk = 4096;   // clients a chunk; chunks never move once made
  static constexpr std::size_t kChunks = 1024;  // for 4 million clients
  using Chunk = std::array<std::atomic<std::int64_t>, kChunk>;

  std::array<std::atomic<Chunk*>, kChunks> chunks_{};
  std::atomic<std::uint64_t> highest_{0};
};

struct Board {
  LastHeard last_heard;

  // Written by the gateway.
  std::atomic<std::uint64_t> heartbeats{0};         // since the start
  std::atomic<std::uint64_t> messages_refused{0};   // malformed, unknown sender, wrong version
  std::atomic<std::uint64_t> reports_postponed{0};  // not taken because the inbox was full
  std::atomic<std::uint64_t> clients_connected{0};  // with a hello on a standing connection
  // When the gateway last read its sockets, by the steady clock in milliseconds. A gap is in the
  // inbox before it shows here: whoever sees a fresh value has been told of every gap before it.
  std::atomic<std::int64_t> listened_at_ms{0};

  // Written by the main loop.
  ChangeFeed changes;  // that are durable
  std::atomic<std::uint64_t> commits{0};
  std::atomic<std::uint64_t> commands{0};
  std::atomic<std::int64_t> last_commit_us{0};   // how long the last commit took
  std::atomic<std::int64_t> slowest_turn_ms{0};  // longest turn of the loop since the start
  std::atomic<std::int64_t> last_turn_at_ms{0};  // steady clock, milliseconds
  std::atomic<std::uint64_t> inbox_depth{0};
  // Since when the aggregator has been listening without a gap, by the wall clock; 0: not yet.
  std::atomic<std::int64_t> listening_since_ms{0};
  std::atomic<bool> are_deliveries_failing{false};  // by every channel, for long
  std::atomic<std::uint64_t> disk_free_bytes{0};    // in the file system of the state folder
  std::atomic<std::uint64_t> disk_bytes{0};         // of all of it; 0: nobody has looked yet

  // Written for the auditor, after each of its rounds.
  std::atomic<std::int64_t> auditor_agreed_at_ms{0};  // last; steady clock; 0: never yet
  std::atomic<bool> does_auditor_disagree{false};     // its last word
};

}  // namespace vaultbell::board
