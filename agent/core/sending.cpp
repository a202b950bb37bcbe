#include "agent/core/sending.hpp"

#include <algorithm>

#include "agent/core/link.hpp"

namespace vaultbell::agent::core {

namespace {

Lane* find(Sending& sending, const Uuid& spool) {
  for (auto& lane : sending.lanes) {
    if (lane.spool == spool) return &lane;
  }
  return nullptr;
}

std::size_t in_flight(const Sending& sending) {
  std::size_t count = 0;
  for (const auto& lane : sending.lanes) count += lane.sent - lane.acked;
  return count;
}

// The report that must be acknowledged before any other.
std::optional<SpoolAck> oldest_in_flight(const Sending& sending) {
  for (const auto& lane : sending.lanes) {
    if (lane.sent > lane.acked) return SpoolAck{lane.spool, lane.acked + 1};
  }
  return std::nullopt;
}

// The aggregator has booked more than this spool ever counted: it is an older copy, and what it
// will count next would be taken for repetitions.
void renew(Draft& draft, const Uuid& spool) {
  draft.emit(Note{true,
                  "the spool was restored from an older copy: it counts on under a new "
                  "identity, and what it holds is sent again"});
  draft.emit(Renew{spool});
  std::erase_if(draft.sending.lanes, [&](const Lane& lane) { return lane.spool == spool; });
}

}  // namespace

void look_at_spool(Draft& draft, const SpoolView& spool) {
  auto& sending = draft.sending;
  std::vector<Lane> lanes;
  for (const auto& range : spool.ranges) {
    const auto* known = find(sending, range.spool);
    auto lane = known != nullptr ? *known : Lane{.spool = range.spool};
    lane.last = range.last;
    lane.acked = std::max(lane.acked, range.first - 1);
    lane.sent = std::max(lane.sent, lane.acked);
    lanes.push_back(lane);
  }
  sending.lanes = std::move(lanes);
  if (sending.is_full != spool.is_full) {
    draft.emit(Note{spool.is_full, spool.is_full ? "the spool is full: new reports are refused"
                                                 : "the spool has room again"});
  }
  sending.used_bytes = spool.used_bytes;
  sending.is_full = spool.is_full;
  tell_if_full_changed(draft);
}

void fill_window(Draft& draft) {
  auto& sending = draft.sending;
  if (draft.link.state != LinkState::welcomed) return;
  const auto lane =
      std::ranges::find_if(sending.lanes, [](const Lane& one) { return one.acked < one.last; });
  if (lane == sending.lanes.end()) return;
  const auto count = lane->sent - lane->acked;
  if (count >= sending.window) return;
  const auto more = std::min<std::uint64_t>(lane->last - lane->sent, sending.window - count);
  if (more == 0) return;
  if (count == 0) sending.progress_at = draft.now;
  draft.emit(SendReports{{lane->spool, lane->sent}, more});
  lane->sent += more;
}

void rewind(Draft& draft, std::size_t window) {
  for (auto& lane : draft.sending.lanes) lane.sent = lane.acked;
  draft.sending.window = window;
  draft.sending.progress_at = draft.now;
  draft.sending.is_rewound = false;
}

void acknowledge(Draft& draft, const SpoolAck& ack) {
  auto& sending = draft.sending;
  auto* lane = find(sending, ack.spool);
  if (lane == nullptr || ack.sequence <= lane->acked) return;
  if (ack.sequence > lane->last) return renew(draft, ack.spool);
  lane->acked = ack.sequence;
  lane->sent = std::max(lane->sent, lane->acked);
  sending.progress_at = draft.now;
  sending.window = kWindowMax;
  sending.is_rewound = false;
  draft.emit(Discard{ack});
}

void out_of_order(Draft& draft, const OutOfOrder& refusal) {
  if (draft.link.state != LinkState::welcomed) return;
  const auto* lane = find(draft.sending, refusal.ack.spool);
  if (lane == nullptr) return;
  const bool is_in_flight = refusal.sequence > lane->acked && refusal.sequence <= lane->sent;
  if (!is_in_flight) return;
  // It asks for what is gone: only a hello tells it to go on behind that.
  if (refusal.ack.sequence < lane->acked) return greet(draft);
  // The whole window was refused one by one: to send it again once is enough.
  if (draft.sending.is_rewound) return;
  acknowledge(draft, refusal.ack);
  rewind(draft, kWindowMax);
  draft.sending.is_rewound = true;
}

void report_refused(Draft& draft, const ReportRefused& refusal) {
  draft.emit(Note{true, "the aggregator refused report " + std::to_string(refusal.sequence) +
                            ", which is set aside: " + refusal.why});
  draft.emit(SetAside{{refusal.ack.spool, refusal.sequence}, refusal.why});
  acknowledge(draft, refusal.ack);
}

void give_up_report(Draft& draft, const SpoolAck& position, const std::string& why) {
  if (oldest_in_flight(draft.sending) != position) return;
  draft.emit(Note{true, "report " + std::to_string(position.sequence) +
                            " cannot be delivered and is set aside: " + why});
  draft.emit(SetAside{position, why});
  acknowledge(draft, position);
  if (draft.is_up()) greet(draft);
}

void not_understood(Draft& draft, const NotUnderstood& refusal) {
  const auto oldest = oldest_in_flight(draft.sending);
  if (oldest && oldest->sequence == refusal.sequence) give_up_report(draft, *oldest, refusal.why);
}

void tick_sending(Draft& draft) {
  if (draft.link.state != LinkState::welcomed || in_flight(draft.sending) == 0) return;
  if (draft.now < draft.sending.progress_at + kAnswerWithin) return;
  // One alone: an aggregator that is stuck is not fed the same window again and again.
  rewind(draft, 1);
}

std::optional<Steady> next_sending_deadline(const Sending& sending) {
  if (in_flight(sending) == 0) return std::nullopt;
  return sending.progress_at + kAnswerWithin;
}

}  // namespace vaultbell::agent::core
