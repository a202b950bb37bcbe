// The connection: hello, heartbeat, goodbye, and when a socket is given up.
#pragma once

#include "agent/core/draft.hpp"

namespace vaultbell::agent::core {

void open_link(Draft& draft);
// Gives the socket up and waits before the next one, each time longer.
void back_off(Draft& draft, const std::string& why);
void greet(Draft& draft);
void beat(Draft& draft);
// Tells at once that the spool has become full, or has room again.
void tell_if_full_changed(Draft& draft);
void note_heard(Draft& draft);
void become_welcome(Draft& draft, const Welcomed& welcomed);
void retime(Draft& draft, Duration heartbeat_every);
void say_goodbye(Draft& draft, GoodbyeReason reason);
void tick_link(Draft& draft);

std::optional<Steady> next_link_deadline(const Link& link);

}  // namespace vaultbell::agent::core
