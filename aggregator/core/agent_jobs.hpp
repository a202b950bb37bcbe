// Jobs that the configuration of an agent declares ([[job]] in agent.toml). What people or the
// files of the aggregator say of a job wins over it; where the two differ, both are shown.
#pragma once

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

// Makes the jobs that are not there yet, sets those of which nobody else has said anything, and
// expects nothing more of those that are declared no more. What does not fit into one decision
// follows with another hello, which it asks for. A job that cannot be meant is passed by, with a
// note.
void take_agent_jobs(Draft& draft, const AgentJobsReceived& received);

}  // namespace vaultbell::core
