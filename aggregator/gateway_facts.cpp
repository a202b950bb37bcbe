#include "aggregator/gateway_facts.hpp"

#include "aggregator/core/connections.hpp"

namespace vaultbell::aggregator {

std::vector<gateway::KnownClient> known_clients(const core::State& state) {
  std::vector<gateway::KnownClient> known;
  for (const auto& [id, client] : state.clients) {
    if (client.state == core::ClientState::retired) continue;
    known.push_back(
        {id, client.public_key, core::silence_limit(client.state, core::timing_of(state, id))});
  }
  return known;
}

Inbox::Lane lane_of(gateway::Lane lane) {
  switch (lane) {
    case gateway::Lane::connections:
      return Inbox::Lane::connections;
    case gateway::Lane::reports:
      return Inbox::Lane::reports;
    case gateway::Lane::enrolments:
      return Inbox::Lane::enrolments;
  }
  return Inbox::Lane::reports;
}

}  // namespace vaultbell::aggregator
