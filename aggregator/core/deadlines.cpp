#include "aggregator/core/deadlines.hpp"

#include <algorithm>

#include "aggregator/core/alerts.hpp"
#include "aggregator/core/connections.hpp"
#include "aggregator/core/state.hpp"

namespace vaultbell::core {

std::optional<Instant> hold_ends_at(const Alert& alert, const Settings& settings,
                                    Instant settled_at) {
  if (alert.decision || alert.state == AlertState::inactive) return std::nullopt;
  return std::max(alert.hold_from + hold_of(settings, alert.kind), settled_at);
}

std::optional<Instant> hold_ends_at(const State& state, const Alert& alert) {
  const auto settled = state.listening_since + settling_time(timing_of(state, alert.client));
  return hold_ends_at(alert, state.settings, settled);
}

std::optional<Instant> next_deadline(const State& state) {
  if (!state.clock_shifts.empty()) return Instant::min();
  auto earliest = state.alerts_held.first();
  const auto delivery = state.lines_ready.first();
  if (delivery && state.sending_count < kSendingMax && (!earliest || *delivery < *earliest)) {
    earliest = delivery;
  }
  return earliest;
}

}  // namespace vaultbell::core
