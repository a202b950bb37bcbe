#include "agent/core/link.hpp"

#include <algorithm>
#include <utility>

#include "agent/core/sending.hpp"

namespace vaultbell::agent::core {

namespace {

// A number that looks random (splitmix64), so that agents that were turned away together do not
// come back together.
std::uint64_t mixed(std::uint64_t seed, std::uint64_t round) {
  std::uint64_t z = seed + round * 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

// Doubling from the first to the longest, of which between a half and the whole is waited.
Duration back_off_of(const Link& link) {
  auto full = kBackOffFirst;
  for (std::uint32_t i = 1; i < link.times_refused && full < kBackOffLongest; ++i) full *= 2;
  full = std::min(full, kBackOffLongest);
  const auto half = full.count() / 2;
  const auto share = mixed(link.jitter_seed, link.times_refused) % static_cast<std::uint64_t>(half);
  return Duration(half + static_cast<Duration::rep>(share));
}

Steady silent_at(const Link& link) {
  return link.quiet_since + std::max(kSilenceMin, kSilentHeartbeats * link.heartbeat_every);
}

void wait_for_answer(Draft& draft) {
  draft.link.beat_at = draft.now;
  if (!draft.link.unanswered_since) draft.link.unanswered_since = draft.now;
}

}  // namespace

void open_link(Draft& draft) {
  draft.link.state = LinkState::connecting;
  draft.link.open_at.reset();
  draft.link.quiet_since = draft.now;
  draft.emit(OpenLink{});
}

void back_off(Draft& draft, const std::string& why) {
  auto& link = draft.link;
  if (link.state == LinkState::closed) return;
  if (link.trouble != why) draft.emit(Note{true, "the aggregator does not let us in: " + why});
  link.trouble = why;
  link.state = LinkState::closed;
  ++link.times_refused;
  link.open_at = draft.now + back_off_of(link);
  draft.emit(CloseLink{});
}

void greet(Draft& draft) {
  draft.link.state = LinkState::greeting;
  draft.link.greeted_at = draft.now;
  draft.link.is_full_told = false;
  SendHello hello;
  for (const auto& lane : draft.sending.lanes) {
    hello.spools.push_back({lane.spool, lane.acked + 1, lane.last});
  }
  draft.emit(std::move(hello));
  wait_for_answer(draft);
}

void beat(Draft& draft) {
  draft.link.is_full_told = draft.sending.is_full;
  draft.emit(SendHeartbeat{draft.sending.used_bytes, draft.sending.is_full});
  wait_for_answer(draft);
}

void tell_if_full_changed(Draft& draft) {
  if (draft.is_up() && draft.link.is_full_told != draft.sending.is_full) beat(draft);
}

void note_heard(Draft& draft) {
  draft.link.heard_at = draft.now;
  draft.link.quiet_since = draft.now;
  draft.link.unanswered_since.reset();
  draft.link.is_silence_noted = false;
}

void become_welcome(Draft& draft, const Welcomed& welcomed) {
  auto& link = draft.link;
  if (link.state == LinkState::greeting) {
    draft.emit(Note{false, "connected as client \"" + welcomed.client + "\" of vault \"" +
                               welcomed.vault + "\""});
    link.welcomed_at = draft.now;
  }
  link.state = LinkState::welcomed;
  link.times_refused = 0;
  link.trouble.clear();
  link.client = welcomed.client;
  link.vault = welcomed.vault;
  link.clock_ahead = welcomed.clock_ahead;
  retime(draft, welcomed.heartbeat_every);
  // What was on its way when the last connection ended may be lost.
  rewind(draft, kWindowMax);
}

void retime(Draft& draft, Duration heartbeat_every) {
  draft.link.heartbeat_every = std::clamp(heartbeat_every, kHeartbeatEveryMin, kHeartbeatEveryMax);
}

void say_goodbye(Draft& draft, GoodbyeReason reason) {
  if (draft.is_up()) draft.emit(SendGoodbye{reason});
  if (draft.link.state != LinkState::closed) draft.emit(CloseLink{});
  draft.link.state = LinkState::stopped;
}

void tick_link(Draft& draft) {
  auto& link = draft.link;
  if (link.state == LinkState::stopped) return;
  if (link.state == LinkState::closed) {
    if (link.open_at && draft.now >= *link.open_at) open_link(draft);
    return;
  }
  if (draft.now >= silent_at(link)) {
    if (!std::exchange(link.is_silence_noted, true)) {
      draft.emit(Note{true, "nothing is heard from the aggregator; it is tried again and again"});
    }
    draft.emit(CloseLink{});
    return open_link(draft);
  }
  if (link.state == LinkState::greeting && draft.now >= link.greeted_at + kAnswerWithin) {
    greet(draft);
  }
  if (draft.is_up() && draft.now >= link.beat_at + link.heartbeat_every) beat(draft);
}

std::optional<Steady> next_link_deadline(const Link& link) {
  switch (link.state) {
    case LinkState::stopped:
      return std::nullopt;
    case LinkState::closed:
      return link.open_at;
    case LinkState::connecting:
      return silent_at(link);
    case LinkState::greeting:
      return std::min(
          {silent_at(link), link.greeted_at + kAnswerWithin, link.beat_at + link.heartbeat_every});
    case LinkState::welcomed:
      return std::min(silent_at(link), link.beat_at + link.heartbeat_every);
  }
  return std::nullopt;
}

}  // namespace vaultbell::agent::core
