// Clients: what a list and a page show of one besides its row.
#pragma once

#include <cstddef>
#include <optional>

#include "aggregator/api/json.hpp"
#include "aggregator/api/scene.hpp"

namespace vaultbell::api {

// What its jobs say of a client.
struct ClientJobs {
  const core::Job* last = nullptr;      // of which a report came last; null: of none yet
  std::optional<Instant> last_good_at;  // the last good backup of any of them
  std::size_t count = 0;
};
ClientJobs jobs_of(const Scene& scene, ClientId client);

// Whether its agent is of another version than the aggregator. One that never said is not.
bool is_outdated(const Scene& scene, const core::Client& client);

Json client_in_full(const Scene& scene, const core::Client& client, const ClientJobs& jobs);

// The client of that name; where none in service has it, the one that was retired last: its history
// can be read, and nothing ordered. Error as client_named().
Result<core::Client> client_known_as(const Scene& scene, std::string_view name);

}  // namespace vaultbell::api
