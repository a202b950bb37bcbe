// Connections: how clients come, go and fall silent (section 2 of docs/domain.md).
#pragma once

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

// A client's own times, inherited from its vault and the account.
ClientTiming timing_of(const State& state, ClientId client);

// What the gateway should watch a client of this state with; absent: not at all.
std::optional<Duration> silence_limit(ClientState state, const ClientTiming& timing);

// R4.8: so many returns from a disconnect within this time.
inline constexpr std::size_t kFlappingReturns = 5;
inline constexpr Duration kFlappingWindow = std::chrono::hours(1);

inline constexpr std::size_t kBootsMax = 4;  // that are remembered of a client (R2.10)

void hello(Draft& draft, const HelloReceived& hello);
void fell_silent(Draft& draft, const ClientSilent& silent);
void heard_again(Draft& draft, const ClientHeard& heard);
void goodbye(Draft& draft, const GoodbyeReceived& goodbye);
void spool_full_changed(Draft& draft, const SpoolFullChanged& changed);

// Raises an alert for clients that should have connected by now (R2.12).
void judge_invited(Draft& draft);

// Orders, as carry_out() in operator.hpp.
Result<std::string> retire_client(Draft& draft, const RetireClient& order);
Result<std::string> move_client(Draft& draft, const MoveClient& order);
Result<std::string> rename_client(Draft& draft, const RenameClient& order);

// Tells agents and gateway of the times that follow from `settings` and the draft's rows where they
// differ from before: for all clients, or those of one vault, or one client.
void retime(Draft& draft, const Settings& settings, std::optional<VaultId> vault,
            std::optional<ClientId> client);

}  // namespace vaultbell::core
