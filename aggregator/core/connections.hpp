// Connections: how clients come, go and fall silent (section 2 of docs/domain.md).
#pragma once

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

// A client's own times, inherited from its vault and the account.
ClientTiming timing_of(const State& state, ClientId client);

// What the gateway should watch a client of this state with; absent: not at all.
std::optional<Duration> silence_limit(ClientState state, const ClientTiming& timing);

void hello(Draft& draft, const HelloReceived& hello);
void fell_silent(Draft& draft, const ClientSilent& silent);
void heard_again(Draft& draft, const ClientHeard& heard);
void goodbye(Draft& draft, const GoodbyeReceived& goodbye);
void spool_full_changed(Draft& draft, const SpoolFullChanged& changed);

// Tells agents and gateway of the times that follow from `settings` and the draft's rows where they
// differ from before: for all clients, or those of one vault, or one client.
void retime(Draft& draft, const Settings& settings, std::optional<VaultId> vault,
            std::optional<ClientId> client);

}  // namespace vaultbell::core
