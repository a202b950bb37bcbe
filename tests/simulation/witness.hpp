// Witness: knows from the world what is right, and says when something is not. Asked by all parts
// of the world; hands on to those that know one subject.
#pragma once

#include "aggregator/core/state.hpp"
#include "tests/simulation/bookings.hpp"
#include "tests/simulation/expectations.hpp"
#include "tests/simulation/ledger.hpp"
#include "tests/simulation/mailbag.hpp"
#include "tests/simulation/punctuality.hpp"
#include "tests/simulation/random.hpp"
#include "tests/simulation/scene.hpp"
#include "tests/simulation/tellings.hpp"

namespace vaultbell::simulation {

class Aggregator;
class Host;

class Witness {
 public:
  explicit Witness(Scene& scene);

  // ---- hosts

  void accepted(const Host& host, const RunReport& report) { bookings_.accepted(host, report); }
  void acknowledged(const Host& host, const RunReport& report) {
    bookings_.acknowledged(host, report);
  }
  [[nodiscard]] ClientId client_of(const Host& host) const { return bookings_.client_of(host); }

  // ---- the aggregator

  void aggregator_starts(const core::State& loaded, const core::Settings& settings);
  void aggregator_ended() { punctuality_.listening_ended(); }
  void listening_began();
  void listening_ended() { punctuality_.listening_ended(); }
  void heard(ClientId client) { punctuality_.heard(client); }
  void posted(const core::Command& command);
  void turn_begins();
  void committed(const core::WriteSet& changes);
  void turn_ended(const Aggregator& aggregator);
  // From time to time, also when nothing happens.
  void look(const Aggregator& aggregator);

  // ---- administrators, and the clock

  void settings_sent(const core::Settings& settings);
  void policy_sent(const core::SetPolicy& order) { ledger_.policy_sent(order); }
  void policy_answered(const core::SetPolicy& order, bool is_done) {
    ledger_.policy_answered(order, is_done);
  }
  void window_begins(const core::Maintenance& window) { ledger_.window_begins(window); }
  void window_may_end(MaintenanceId window) { ledger_.window_may_end(window); }
  void hurried(AlertId alert) { tellings_.hurried(alert); }
  void reactivated(AlertId alert);
  void ordered() { punctuality_.ordered(); }
  void clock_stepped();
  [[nodiscard]] const Ledger& ledger() const { return ledger_; }

  // ---- receivers

  void attempt_begins(const Message& message) { mailbag_.attempt_begins(message); }
  void received(const Message& message) { mailbag_.received(message); }

  // At the end of a run, when everything should be right.
  void finish(const Aggregator& aggregator);

  [[nodiscard]] std::string figures() const;

 private:
  void check_state(const Aggregator& aggregator);
  void check_calm(const Aggregator& aggregator);
  void check_reload(const Aggregator& aggregator);

  Scene& scene_;
  Random random_;
  Bookings bookings_;
  Mailbag mailbag_;
  Ledger ledger_;
  Tellings tellings_;
  Punctuality punctuality_;
  Expectations expectations_;
  Steady turn_began_at_;
  bool must_reload_ = false;  // and compare, behind the next turn
  std::size_t turns_ = 0;
};

}  // namespace vaultbell::simulation
