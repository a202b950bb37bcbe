// Scene: what all parts of the simulated world share: its time, its options, and where they say
// what happens and what is wrong.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "tests/simulation/agenda.hpp"
#include "tests/simulation/options.hpp"

namespace vaultbell::simulation {

// Something that must never be true was found.
struct Fault {
  Instant at;
  std::string sentence;
};

class Scene {
 public:
  explicit Scene(Options drawn);

  WorldClock clock;
  Agenda agenda;
  const Options options;

  [[nodiscard]] Steady now() const { return clock.steady(); }
  [[nodiscard]] Instant wall() const { return clock.wall(); }
  [[nodiscard]] bool is_calm() const { return now() >= options.calm_from(); }

  // One line about an event. The last of them are kept, to be shown around a fault.
  void tell(const std::string& text);

  // Only the first fault of a run counts: the next ones follow from it.
  void fail(const std::string& sentence);
  [[nodiscard]] const std::optional<Fault>& fault() const { return fault_; }
  [[nodiscard]] const std::deque<std::string>& last_events() const { return last_events_; }

  bool is_aloud = false;  // whether events are told at all

 private:
  static constexpr std::size_t kEventsKept = 400;  // some hours of a busy world

  std::optional<Fault> fault_;
  std::deque<std::string> last_events_;
};

}  // namespace vaultbell::simulation
