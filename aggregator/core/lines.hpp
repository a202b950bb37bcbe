// Lines: the derived order in which notifications go out, one line an address. Only evolve() calls
// these; each keeps `lines`, `queues` and `followers` as the rows say.
#pragma once

#include "aggregator/core/state.hpp"

namespace vaultbell::core {

void join_line(State& state, const Notification& notification);
void leave_line(State& state, const Notification& notification);

// Once a notification has ended, those that waited for it may be attempted.
void release_followers(State& state, NotificationId ended);
void forget_follower(State& state, const Notification& notification);

// When something is next to be done for the address, after a change of its row or the limits.
void refresh_line(State& state, const AddressKey& key);
void refresh_lines(State& state);

// When the channel's limits let the next message to this address go (R7.11).
Instant within_limits_at(const Settings& settings, const Address& address);

}  // namespace vaultbell::core
