// Outages: when many clients of a vault fall silent together, one alert stands for them (R2.11).
//
// The life of an outage: enough clients of a vault fall silent within a short time; one alert is
// raised, and their own alerts wait. When most of them are back for that short time again, or all
// are, it is over: its alert recovers, and those still away are alerted one by one, with a fresh
// hold.
#pragma once

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

// Clients of the vault that are away and fell silent at or after `since`.
std::size_t away_since(const State& state, VaultId vault, Instant since);

// Of a client that just fell silent: begins an outage, or makes it part of one. Its alert was
// raised in this decision or before. May set the alert's `not_before`.
void note_silence(Draft& draft, const Client& client, AlertId alert);

// Of a client that was away and is back, or is not expected any more: `vault` is the one that it
// was in when it fell silent.
void note_return(Draft& draft, VaultId vault);

// When the outage is over if nothing changes.
std::optional<Instant> outage_over_at(const State& state, const Outage& outage);

void end_due_outages(Draft& draft);

}  // namespace vaultbell::core
