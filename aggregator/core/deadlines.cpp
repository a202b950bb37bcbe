#include "aggregator/core/deadlines.hpp"

#include <algorithm>

#include "aggregator/core/alerts.hpp"
#include "aggregator/core/connections.hpp"
#include "aggregator/core/recipients.hpp"
#include "aggregator/core/delivery_trouble.hpp"
#include "aggregator/core/state.hpp"

namespace vaultbell::core {

namespace {

Duration hold_of(const State& state, const Alert& alert) {
  static const Policy kNone;
  static const Policy kVaults{.mode = PolicyMode::same_as_vault};
  const auto client = state.clients.find(alert.client);
  const auto vault = state.vaults.find(client == state.clients.end() ? alert.vault
                                                                     : client->second.vault);
  return hold_of(state.settings, vault == state.vaults.end() ? kNone : vault->second.policy,
                 client == state.clients.end() ? kVaults : client->second.policy, alert.kind);
}

// Long enough to see it everywhere, short enough to be forgotten.
constexpr Duration kTestAlertLife = std::chrono::minutes(5);

// Work that is to be done as soon as possible.
bool has_work(const State& state) {
  return !state.clock_shifts.empty() || !state.recovering.empty() || is_welcome_due(state);
}

class Earliest {
 public:
  void consider(std::optional<Instant> at) {
    if (at && (!earliest_ || *at < *earliest_)) earliest_ = at;
  }
  [[nodiscard]] std::optional<Instant> get() const { return earliest_; }

 private:
  std::optional<Instant> earliest_;
};

}  // namespace

std::optional<Instant> hold_ends_at(const Alert& alert, Duration hold, Instant settled_at) {
  if (alert.decision || alert.state == AlertState::inactive) return std::nullopt;
  if (hold == Duration::zero()) return alert.hold_from;  // it was beyond doubt when it was raised
  return std::max(alert.hold_from + hold, settled_at);
}

std::optional<Instant> hold_ends_at(const State& state, const Alert& alert) {
  const auto settled = state.listening_since + settling_time(timing_of(state, alert.client));
  return hold_ends_at(alert, hold_of(state, alert), settled);
}

std::optional<Instant> ends_by_itself_at(const Alert& alert) {
  if (alert.kind != AlertKind::test) return std::nullopt;
  return alert.first_at + kTestAlertLife;
}

std::optional<Instant> attention_at(const State& state, const Alert& alert) {
  Earliest earliest;
  earliest.consider(hold_ends_at(state, alert));
  earliest.consider(ends_by_itself_at(alert));
  return earliest.get();
}

std::optional<Instant> next_deadline(const State& state) {
  if (has_work(state)) return Instant::min();
  Earliest earliest;
  earliest.consider(state.alerts_due.first());
  earliest.consider(channels_judged_at(state));
  for (const auto& [channel, queue] : state.queues) {
    if (queue.sending_count < kSendingMax) earliest.consider(queue.lines_ready.first());
  }
  return earliest.get();
}

}  // namespace vaultbell::core
