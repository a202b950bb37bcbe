// Being alone: for how long no aggregator could be reached, and when the local command is run to
// say so, or to say that contact is back (R8.2).
//
// The life of a call here: settle_alone begins it and has it kept before it is run; if it fails it
// is tried again, until it is over. A restart finds it as it was kept: what was over is not
// repeated, what was begun is not begun anew, and what is owed is still done.
#pragma once

#include "agent/core/draft.hpp"

namespace vaultbell::agent::core {

// Takes over what was kept before the start.
void start_alone(Draft& draft, const Started& started);
// The time since the last decision, which counts where the agent was awake and without contact.
void count_time(Draft& draft);
// A welcome or an answered heartbeat, of a link that is welcome.
void note_contact(Draft& draft);
void alone_command_ended(Draft& draft, const AloneCommandEnded& ended);
// After every command: what follows from the link as it is now.
void settle_alone(Draft& draft);

std::optional<Steady> next_alone_deadline(const State& state);

}  // namespace vaultbell::agent::core
