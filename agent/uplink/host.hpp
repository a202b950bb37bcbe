// What the agent tells the aggregator of its host.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/base/uuid.hpp"
#include "shared/domain/job_settings.hpp"

namespace vaultbell::agent::uplink {

struct HostFacts {
  Uuid boot;
  std::string agent_version;
  std::string hostname;
  std::string os;                // "Debian GNU/Linux 12 (bookworm)"; empty where nobody says
  std::vector<AgentJob> jobs{};  // as its configuration declares them

  bool operator==(const HostFacts&) const = default;
};

Result<HostFacts> read_host_facts();

// Whether the host is going down: systemd has a shutdown scheduled (systemd/shutdown/scheduled) or
// lets nobody log in any more (nologin), which it does first when it stops. `run_folder`: /run.
bool is_going_down(const std::filesystem::path& run_folder);

}  // namespace vaultbell::agent::uplink
