// What a message of the aggregator means to the agent's core.
#pragma once

#include "agent/core/command.hpp"
#include "shared/base/time.hpp"
#include "shared/protocol/message.hpp"

namespace vaultbell::agent::uplink {

// `now`: this host's clock when the message arrived.
core::Command to_command(const protocol::Message& message, Instant now);

}  // namespace vaultbell::agent::uplink
