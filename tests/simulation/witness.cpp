#include "tests/simulation/witness.hpp"

#include "aggregator/core/invariants.hpp"
#include "shared/base/check.hpp"
#include "tests/simulation/aggregator.hpp"

namespace vaultbell::simulation {

namespace {

// Every so many turns the store is loaded and compared: it costs as much as some hundred turns.
constexpr std::uint64_t kTurnsPerReload = 200;

// A daily digest waits for a day, and what a limit holds back for some hours.
constexpr Duration kUnderWayMax = std::chrono::hours(48);

constexpr Duration kLongTurn = std::chrono::seconds(1);

}  // namespace

Witness::Witness(Scene& scene)
    : scene_(scene),
      random_(scene.options.seed, "witness"),
      bookings_(scene),
      mailbag_(scene),
      tellings_(scene, ledger_, mailbag_),
      punctuality_(scene, ledger_),
      expectations_(scene, bookings_) {}

void Witness::aggregator_starts(const core::State& loaded, const core::Settings& settings) {
  must_reload_ = true;
  ledger_.read(loaded, settings);
  listening_began();
}

void Witness::listening_began() {
  punctuality_.listening_began();
  expectations_.disturbed();
}

void Witness::clock_stepped() {
  punctuality_.disturbed();
  expectations_.disturbed();
  mailbag_.clock_stepped();
}

void Witness::settings_sent(const core::Settings& settings) {
  ledger_.settings_sent(settings);
  punctuality_.ordered();
}

void Witness::posted(const core::Command& command) {
  const auto* silent = std::get_if<core::ClientSilent>(&command);
  if (silent != nullptr) punctuality_.called_silent(silent->client);
}

void Witness::reactivated(AlertId alert) {
  tellings_.hurried(alert);
  mailbag_.reactivated(alert);
}

void Witness::turn_begins() {
  turn_began_at_ = scene_.now();
  ledger_.end_windows(scene_.wall());
  tellings_.turn_begins();
}

void Witness::committed(const core::WriteSet& changes) {
  for (const auto& change : changes) {
    ledger_.committed(change);
    const auto* put = std::get_if<core::Put>(&change);
    if (put == nullptr) continue;
    bookings_.committed(*put);
    mailbag_.committed(*put);
    expectations_.committed(*put);
  }
  tellings_.committed(changes);
}

void Witness::look(const Aggregator& aggregator) {
  if (!aggregator.is_listening()) return punctuality_.listening_ended();
  punctuality_.look(aggregator.state());
  expectations_.look(aggregator.state());
}

void Witness::turn_ended(const Aggregator& aggregator) {
  ++turns_;
  if (aggregator.is_idle()) ledger_.settings_taken();
  if (scene_.now() - turn_began_at_ > kLongTurn) punctuality_.disturbed();
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

// Everybody is back, and nothing is under way for longer than it may be.
void Witness::check_calm(const Aggregator& aggregator) {
  for (const auto& [id, client] : aggregator.state().clients) {
    if (client.state == core::ClientState::online) continue;
    scene_.fail("client \"" + client.name + "\" is " + std::string(to_text(client.state)) +
                " at the end, and its host is well");
  }
  for (const auto& [id, message] : aggregator.state().notifications) {
    if (scene_.wall() - message.created_at < kUnderWayMax) continue;
    scene_.fail("message " + std::to_string(id.value) + " to " + message.recipient.address +
                " is under way since " + to_iso(message.created_at));
  }
}

void Witness::finish(const Aggregator& aggregator) {
  if (!aggregator.is_listening()) return scene_.fail("the aggregator does not run at the end");
  check_calm(aggregator);
  check_reload(aggregator);
  bookings_.finish(aggregator.store());
  tellings_.finish(aggregator.store());
}

std::string Witness::figures() const {
  return std::to_string(turns_) + " turns, " + std::to_string(bookings_.booked()) +
         " reports booked, " + std::to_string(mailbag_.count()) + " messages received, " +
         std::to_string(tellings_.count()) + " alerts told";
}

}  // namespace vaultbell::simulation
