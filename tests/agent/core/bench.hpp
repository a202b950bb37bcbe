// Bench: the agent's core under a virtual clock. do_() gives it a command and returns the effects;
// wait() lets time pass, ticking whenever the core wants it.
#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "agent/core/engine.hpp"
#include "tests/agent/support/reports.hpp"

namespace vaultbell::agent::core {

using Effects = std::vector<Effect>;

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""s;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""ms;
using testing::uuid;

class Bench {
 public:
  Effects do_(const Command& command) {
    auto decision = decide(state, {now, wall()}, command);
    for (const auto& change : decision.changes) evolve(state, change);
    return std::move(decision.effects);
  }

  Effects wait(Duration patience) {
    Effects effects;
    const auto end = now + patience;
    for (auto next = next_deadline(state); next && *next <= end; next = next_deadline(state)) {
      now = std::max(now, *next);
      const auto some = do_(Tick{});
      effects.insert(effects.end(), some.begin(), some.end());
    }
    now = end;
    return effects;
  }

  // As a running agent: greeted and welcomed, with these reports in its spool.
  void be_welcomed(const std::vector<SpoolRange>& ranges = {}, Duration heartbeat_every = 30s) {
    do_(Started{{ranges}, 1});
    do_(LinkUp{});
    do_(Welcomed{.client = "db-1", .vault = "prod", .heartbeat_every = heartbeat_every});
  }

  // 2026-03-01T02:20:00Z at the start.
  [[nodiscard]] Instant wall() const {
    return Instant(1'772'331'600s) + wall_ahead + (now - Steady(1000s));
  }

  State state;
  Steady now{1000s};
  Duration wall_ahead{};  // a step of the wall clock
};

// Only those of one kind, so that a test names what it is about.
template <class E>
std::vector<E> only(const Effects& effects) {
  std::vector<E> found;
  for (const auto& effect : effects) {
    if (const auto* one = std::get_if<E>(&effect)) found.push_back(*one);
  }
  return found;
}

template <class E>
std::size_t count_of(const Effects& effects) {
  return only<E>(effects).size();
}

inline std::vector<std::string> warnings_in(const Effects& effects) {
  std::vector<std::string> texts;
  for (const auto& note : only<Note>(effects)) {
    if (note.is_warning) texts.push_back(note.text);
  }
  return texts;
}

}  // namespace vaultbell::agent::core
