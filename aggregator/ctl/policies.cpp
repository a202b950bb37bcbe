#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/changing.hpp"

namespace vaultbell::ctl {

Expected<ExitCode> set_vault_policy(Session& session) {
  const auto& policy = session.argument(1);
  if (policy == "same-as-vault") {
    return wrong_usage("a vault has no vault above it", "its policy is default or off");
  }
  return change(session, {"PATCH", path_of({"vaults", session.argument(0)}), {{"policy", policy}}});
}

}  // namespace vaultbell::ctl
