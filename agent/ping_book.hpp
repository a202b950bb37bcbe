// What a ping means, and that it is kept: in the spool before it is answered (docs/agent.md,
// "Pings").
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>

#include "agent/configuration.hpp"
#include "agent/pings/request_reader.hpp"
#include "agent/spool/spool.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::agent {

struct BookedPing {
  pings::Answer answer;
  std::optional<Error> trouble{};  // of the spool's, except that it is full
  bool is_lost = false;            // it is a ping, and is not kept: somebody should know
};

// Names that no [[job]] has and that are taken, until the agent ends: whoever can reach the port
// could make up others until the client's jobs at the aggregator are all used up.
inline constexpr std::size_t kUndeclaredNamesMax = 100;

// For one thread.
class PingBook {
 public:
  // Blocks on the disk, and (where the job's tool has an adapter) reads it.
  BookedPing book(const pings::Request& request, spool::Spool& spool,
                  const Configuration& configuration, Instant now);

 private:
  [[nodiscard]] std::optional<pings::Answer> refuse_name(const std::string& job,
                                                         const Configuration& configuration) const;

  std::set<std::string> undeclared_;  // that were kept
};

}  // namespace vaultbell::agent
