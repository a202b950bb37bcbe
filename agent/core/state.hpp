// State: all that the agent's decisions depend on, in three parts. Link is the connection to the
// aggregator; Sending is how far each spool incarnation has been sent and acknowledged; Alone is
// for how long no aggregator could be reached, and what the local command was run for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/enum_text.hpp"
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

// A longer pause between two decisions means that the host slept or this process was stopped: the
// agent looks at least every kAwakeEvery while it has no contact. With contact it may look less
// often; then a pause means nothing, since no time counts.
inline constexpr Duration kAsleepAfter = std::chrono::seconds(60);
inline constexpr Duration kAwakeEvery = std::chrono::seconds(20);

// After a start or a sleep the network, a VPN and the aggregator get so long (at most `after`)
// before the host counts as alone.
inline constexpr Duration kFreshChance = std::chrono::minutes(5);

// How often the local command is tried for one call, and the pause after the first failure; each
// further pause is six times as long: 10 s, 1 min, 6 min and 36 min outlast a mail server's update.
inline constexpr std::uint32_t kAloneAttemptsMax = 5;
inline constexpr Duration kAloneRetryFirst = std::chrono::seconds(10);
inline constexpr int kAloneRetryFactor = 6;

// While contact is missing the time that counts is kept so many times on the way to `after`, and
// no more often than that: what a restart forgets is small, and so is what is written.
inline constexpr int kAloneKeptTimes = 16;
inline constexpr Duration kAloneKeptEvery = std::chrono::minutes(1);

// As the configuration says.
struct AloneSetting {
  Duration after{};  // zero: nobody wants to know
  bool has_command = false;

  bool operator==(const AloneSetting&) const = default;
};

// What the local command is run for.
enum class AloneEvent : std::uint8_t { alone = 1, back = 2 };

// One call of the local command, of one or several attempts.
struct AloneCall {
  AloneEvent event = AloneEvent::alone;
  Instant since;                          // the last contact before
  Duration lasted{};                      // from then to the last attempt (alone) or contact (back)
  std::uint32_t attempts = 0;             // begun; never 0
  bool is_open = false;                   // an attempt was begun and its end is not known yet
  bool is_over = false;                   // told, or given up
  Instant run_at;                         // the last attempt
  std::optional<std::int32_t> exit_code;  // of the last attempt; absent: none is known
  std::string failure;                    // of the last attempt; empty: none is known

  bool operator==(const AloneCall&) const = default;
};

// What a restart must not forget; on disk.
struct AloneRow {
  std::optional<Instant> since;   // the last contact; absent: there is contact
  Duration counted{};             // as in Alone
  std::optional<AloneCall> call;  // the last

  bool operator==(const AloneRow&) const = default;
};

// A period of being without contact begins when the link stops answering (is_in_contact) and ends
// with a welcome or an answered heartbeat. The host is alone when `counted` has reached `after`:
// what counts is the time for which this agent ran, awake, and reached nobody.
struct Alone {
  AloneSetting setting;
  bool has_contact = false;
  Steady seen_at;                       // the last decision
  Steady contact_at;                    // the last contact; before the first one the start
  std::optional<Instant> since_before;  // the last contact, where it was before the start
  Duration counted{};
  Steady fresh_until;      // does not become alone before
  bool is_alone = false;   // until there is contact
  Duration last_lasted{};  // the period before this contact
  std::optional<AloneCall> call;
  std::optional<Steady> retry_at;  // of a call that has failed and is not over
  AloneRow kept;

  bool operator==(const Alone&) const = default;
};

struct State {
  Link link;
  Sending sending;
  Alone alone;

  bool operator==(const State&) const = default;
};

// Whether the aggregator answers: welcomed, and no heartbeat is overdue for its answer (R8.2).
bool is_in_contact(const Link& link, Steady now);

// The last contact; before the first one the start.
Instant last_contact(const Alone& alone, Moment now);
// When the local command is run next if nothing changes; absent: not at all.
std::optional<Steady> next_alone_call(const Alone& alone);

}  // namespace vaultbell::agent::core

namespace vaultbell {

template <>
inline constexpr auto kEnumText<agent::core::AloneEvent> =
    std::to_array<EnumText<agent::core::AloneEvent>>({
        {agent::core::AloneEvent::alone, "alone"},
        {agent::core::AloneEvent::back, "back"},
    });

}  // namespace vaultbell
