// Jobs that the configuration of an agent declares ([[job]] in agent.toml). What people or the
// files of the aggregator say of a job wins over it; where the two differ, both are shown.
#pragma once

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

// Of one client: who has more of them is helped by the first.
inline constexpr std::size_t kPassedJobsMax = 16;
inline constexpr std::size_t kPassedWhyBytesMax = 256;  // the longest of ours with room for a name

// Makes the jobs that are not there yet, sets those of which nobody else has said anything, and
// expects nothing more of those that are declared no more. What does not fit into one decision
// follows with another hello, which it asks for. A job that cannot be meant, or for which there
// is no room, is passed by: noted, and kept with the client, so that somebody hears of it.
void take_agent_jobs(Draft& draft, const AgentJobsReceived& received);

}  // namespace vaultbell::core
