// What a ping means, and that it is kept: in the spool before it is answered (docs/agent.md,
// "Pings").
#pragma once

#include <optional>

#include "agent/configuration.hpp"
#include "agent/pings/request_reader.hpp"
#include "agent/spool/spool.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::agent {

struct BookedPing {
  pings::Answer answer;
  std::optional<Error> trouble{};  // of the spool's, except that it is full
};

// Blocks on the disk, and (where the job's tool has an adapter) reads it.
BookedPing book_ping(const pings::Request& request, spool::Spool& spool,
                     const Configuration& configuration, Instant now);

}  // namespace vaultbell::agent
