#include "tests/simulation/witness.hpp"

#include "aggregator/core/invariants.hpp"
#include "shared/base/check.hpp"
#include "tests/simulation/aggregator.hpp"

namespace vaultbell::simulation {

namespace {

// Every so many turns the store is loaded and compared: it costs as much as some hundred turns.
constexpr std::uint64_t kTurnsPerReload = 200;

}  // namespace

Witness::Witness(Scene& scene)
    : scene_(scene), random_(scene.options.seed, "witness"), bookings_(scene), mailbag_(scene) {}

void Witness::aggregator_starts(const core::State&, const core::Settings&) {
  must_reload_ = true;
}

void Witness::aggregator_ended() {}
void Witness::listening_began() {}
void Witness::listening_ended() {}
void Witness::settings_change(const core::Settings&) {}
void Witness::heard(ClientId) {}
void Witness::turn_begins() {}

void Witness::committed(const core::WriteSet& changes) {
  for (const auto& change : changes) {
    const auto* put = std::get_if<core::Put>(&change);
    if (put == nullptr) continue;
    bookings_.committed(*put);
    mailbag_.committed(*put);
  }
}

void Witness::turn_ended(const Aggregator& aggregator) {
  ++turns_;
  check_state(aggregator);
  if (must_reload_ || random_.one_in(kTurnsPerReload)) check_reload(aggregator);
  must_reload_ = false;
}

void Witness::check_state(const Aggregator& aggregator) {
  for (const auto& sentence : core::broken_invariants(aggregator.state())) scene_.fail(sentence);
}

void Witness::check_reload(const Aggregator& aggregator) {
  const auto& state = aggregator.state();
  const auto loaded = aggregator.store().load(state.settings, state.listening_since);
  check(loaded.has_value(), "a simulated store can be loaded");
  if (*loaded == state) return;
  scene_.fail("the State in memory is not the one that the store gives");
}

void Witness::finish(const Aggregator& aggregator) {
  check_reload(aggregator);
  bookings_.finish(aggregator.store());
}

std::string Witness::figures() const {
  return std::to_string(turns_) + " turns, " + std::to_string(bookings_.booked()) +
         " reports booked, " + std::to_string(mailbag_.count()) + " messages received";
}

}  // namespace vaultbell::simulation
