// The core of the agent: when to greet, to beat, to send, to send again, to give up a socket, and
// when the local command is to say that no aggregator can be reached. Pure:
// no clock, file, socket, thread, log or random number; the same arguments give the same decision.
//
// The life of a report here: a SpoolRead shows it; as soon as the aggregator has welcomed us and
// the window has room, SendReports sends it; Acknowledged leads to Discard. If no acknowledgement
// comes it is sent again, alone. Start reading at Dispatch in engine.cpp.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "agent/core/command.hpp"
#include "agent/core/effect.hpp"
#include "agent/core/state.hpp"

namespace vaultbell::agent::core {

// A part of the State, as it is from now on. Nothing of it is durable: the spool is, and what
// KeepAlone says.
using Change = std::variant<Link, Sending, Alone>;

struct Decision {
  std::vector<Change> changes;
  std::vector<Effect> effects;  // in the order in which they are to be carried out

  bool operator==(const Decision&) const = default;
};

Decision decide(const State& state, Moment now, const Command& command);

// The only function that modifies a State.
void evolve(State& state, const Change& change);

// When decide() wants a Tick; absent: only when a command arrives.
std::optional<Steady> next_deadline(const State& state);

}  // namespace vaultbell::agent::core
