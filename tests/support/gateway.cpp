#include "tests/support/gateway.hpp"

#include "aggregator/core/connections.hpp"

namespace vaultbell::support {

namespace {

constexpr Duration kGapMin = std::chrono::seconds(1);  // as aggregator/gateway
constexpr std::size_t kSilentPerSweepMax = 1000;

}  // namespace

Gateway::Gateway(const core::State& state, Post post, Moment now)
    : post_(std::move(post)), last_turn_(now.steady) {
  for (const auto& [id, client] : state.clients) {
    const auto limit = core::silence_limit(client.state, core::timing_of(state, id));
    if (limit) silence_.watch(id, *limit, true, now.steady);
  }
  silence_.resume(now.steady);
}

void Gateway::hear(ClientId client, Moment now) {
  const auto heard = silence_.heard(client, now.steady);
  if (heard != core::Silence::Heard::after_silence) return;
  const auto known = is_return_told_.find(client);
  if (known == is_return_told_.end() || known->second) return;
  known->second = true;
  post_(core::ClientHeard{client});
}

void Gateway::watch(const core::Watch& watch, Moment now) {
  if (watch.limit) {
    silence_.watch(watch.client, *watch.limit, watch.is_fresh, now.steady);
  } else {
    silence_.presume_silent(watch.client);
  }
  if (const auto known = is_return_told_.find(watch.client); known != is_return_told_.end()) {
    known->second = false;
  }
}

void Gateway::turn(Moment now) {
  if (now.steady - last_turn_ > kGapMin) {
    silence_.resume(now.steady);
    post_(core::ListeningResumed{now.steady - last_turn_});
  }
  last_turn_ = now.steady;
  for (const auto client : silence_.sweep(now.steady, kSilentPerSweepMax)) {
    const auto heard = silence_.last_heard(client).value_or(now.steady);
    post_(core::ClientSilent{client, now.wall - (now.steady - heard)});
  }
}

}  // namespace vaultbell::support
