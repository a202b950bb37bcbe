#include "tests/simulation/punctuality.hpp"

#include <algorithm>

#include "aggregator/core/connections.hpp"
#include "shared/base/duration.hpp"

namespace vaultbell::simulation {

namespace {

// What the gateway may be early, and the whole program late, while nothing is wrong with it.
constexpr Duration kEarlyMax = std::chrono::seconds(1);
constexpr Duration kLateMax = std::chrono::seconds(30);

// A disk may be slow by so much.
constexpr Duration kOrderTaken = std::chrono::minutes(10);

bool is_about_unseen_backups(const core::Alert& alert) {
  return alert.kind == core::AlertKind::backup_missed ||
         alert.kind == core::AlertKind::backup_overdue;
}

}  // namespace

void Punctuality::listening_began() {
  is_listening_ = true;
  listening_since_ = scene_.now();
  disturbed();
}

void Punctuality::called_silent(ClientId id) {
  const auto client = ledger_.clients().find(id);
  if (client == ledger_.clients().end()) return;
  const auto limit = core::silence_limit(client->second.state, ledger_.timing_of(id));
  // After other times were ordered the gateway may not know of them yet; the core looks again.
  if (!limit || scene_.now() - ordered_at_ < kOrderTaken) return;
  const auto silent = scene_.now() - std::max(heard_at_[id], listening_since_);
  if (silent + kEarlyMax >= *limit) return;
  scene_.fail("client \"" + client->second.name + "\" is called silent, and was heard " +
              to_text(silent) + " ago; its limit is " + to_text(*limit));
}

void Punctuality::look(const core::State& state) {
  if (!is_listening_) return disturbed();
  for (const auto& [id, client] : state.clients) look_at(client);
  std::erase_if(counted_from_, [&](const auto& entry) {
    const auto alert = state.alerts.find(entry.first);
    return alert == state.alerts.end() || alert->second.decision;
  });
  for (const auto& [id, alert] : state.alerts) look_at(state, alert);
}

void Punctuality::look_at(const core::Client& client) {
  if (client.state != core::ClientState::online) return;
  const auto limit = ledger_.timing_of(client.id).disconnect_after;
  const auto from = std::max(heard_at_[client.id], disturbed_at_);
  const auto silent = scene_.now() - from;
  if (silent <= limit + core::kReturnWithin + kLateMax) return;
  scene_.fail("client \"" + client.name + "\" is silent for " + to_text(silent) +
              " and counts as online; its limit is " + to_text(limit));
}

// Whether the alert waits for something else than its hold.
bool Punctuality::is_waiting(const core::State& state, const core::Alert& alert) const {
  if (ledger_.is_covered(alert, scene_.wall())) return true;
  const auto client = state.clients.find(alert.client);
  const auto outage = state.outages.find(alert.vault);
  const bool is_vault_out = outage != state.outages.end() && !outage->second.over_at;
  if (is_vault_out) return true;
  return is_about_unseen_backups(alert) && client != state.clients.end() &&
         client->second.state == core::ClientState::disconnected;
}

void Punctuality::look_at(const core::State& state, const core::Alert& alert) {
  if (alert.decision) return;
  auto& from = counted_from_.try_emplace(alert.id, scene_.now()).first->second;
  if (is_waiting(state, alert)) from = scene_.now();
  // A host that came back begins the hold anew (R4.6).
  const auto client = state.clients.find(alert.client);
  if (client != state.clients.end() && client->second.returned_at) {
    from = std::max(from, scene_.now() - (scene_.wall() - *client->second.returned_at));
  }
  const auto held = scene_.now() - std::max(from, disturbed_at_);
  const auto most = ledger_.hold_of(alert).most + core::kSettlingMax + kLateMax;
  if (held <= most) return;
  scene_.fail("alert " + std::to_string(alert.id.value) + " (" + std::string(to_text(alert.kind)) +
              ") is held for " + to_text(held) + ", longer than " + to_text(most));
}

}  // namespace vaultbell::simulation
