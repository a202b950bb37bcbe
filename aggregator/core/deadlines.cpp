#include "aggregator/core/deadlines.hpp"

#include <algorithm>

#include "aggregator/core/alerts.hpp"
#include "aggregator/core/connections.hpp"
#include "aggregator/core/delivery_trouble.hpp"
#include "aggregator/core/recipients.hpp"
#include "aggregator/core/state.hpp"

namespace vaultbell::core {

namespace {

const Policy kDefaultPolicy;
const Policy kVaultsPolicy{.mode = PolicyMode::same_as_vault};

// Long enough to see it everywhere, short enough to be forgotten.
constexpr Duration kTestAlertLife = std::chrono::minutes(5);

// After so long without another sign, what came again and again is over (R2.10, R4.8).
constexpr Duration kQuietAfter = std::chrono::hours(1);

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

TellingFacts telling_of(const State& state, const Alert& alert) {
  const auto client = state.clients.find(alert.client);
  const auto* row = client == state.clients.end() ? nullptr : &client->second;
  const auto vault_id = row == nullptr ? alert.vault : row->vault;
  const auto vault = state.vaults.find(vault_id);
  const auto outage = state.outages.find(alert.vault);
  const auto settled = state.listening_since + settling_time(timing_of(state, alert.client));
  return {.settings = state.settings,
          .vault_policy = vault == state.vaults.end() ? kDefaultPolicy : vault->second.policy,
          .client_policy = row == nullptr ? kVaultsPolicy : row->policy,
          .vault = vault_id,
          .client = row,
          .outage = outage == state.outages.end() ? nullptr : &outage->second,
          .maintenances = state.maintenances,
          .listening = {state.listening_since, settled}};
}

std::optional<Instant> ends_by_itself_at(const State& state, const Alert& alert) {
  const auto client = state.clients.find(alert.client);
  const bool has_client = client != state.clients.end();
  const bool is_retired = has_client && client->second.state == ClientState::retired;
  if (is_retired && subject_of(alert) != unenrolment_of(alert.client)) return Instant::min();
  if (alert.kind == AlertKind::test) return alert.first_at + kTestAlertLife;
  if (alert.kind == AlertKind::cloned_client || alert.topic == kClockTopic ||
      alert.topic == kSettingsTopic) {
    return alert.last_at + kQuietAfter;
  }
  if (!alert.is_flapping || !has_client) return std::nullopt;
  if (client->second.state != ClientState::online) return std::nullopt;
  return client->second.state_since + kQuietAfter;
}

std::optional<Instant> attention_at(const State& state, const Alert& alert) {
  const auto facts = telling_of(state, alert);
  Earliest earliest;
  if (const auto held_now = held(alert, facts)) earliest.consider(held_now->until);
  earliest.consider(reminded_next_at(alert, facts));
  earliest.consider(escalated_next_at(alert, facts));
  earliest.consider(ends_by_itself_at(state, alert));
  return earliest.get();
}

std::optional<Instant> next_deadline(const State& state) {
  if (has_work(state)) return Instant::min();
  Earliest earliest;
  earliest.consider(state.alerts_due.first());
  earliest.consider(state.jobs_due.first());
  earliest.consider(state.runs_due.first());
  earliest.consider(state.clients_due.first());
  earliest.consider(state.maintenances_due.first());
  earliest.consider(state.outages_due.first());
  earliest.consider(channels_judged_at(state));
  for (const auto& [channel, queue] : state.queues) {
    if (queue.sending_count < kSendingMax) earliest.consider(queue.lines_ready.first());
  }
  return earliest.get();
}

}  // namespace vaultbell::core
