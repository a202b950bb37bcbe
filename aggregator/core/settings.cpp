#include "aggregator/core/settings.hpp"

namespace vaultbell::core {

ClientTiming resolve(const ClientTiming& account, const TimingOverrides& vault,
                     const TimingOverrides& client) {
  const auto pick = [](const std::optional<Duration>& own, const std::optional<Duration>& above,
                       Duration general) { return own ? *own : above.value_or(general); };
  return {
      .heartbeat_every =
          pick(client.heartbeat_every, vault.heartbeat_every, account.heartbeat_every),
      .disconnect_after =
          pick(client.disconnect_after, vault.disconnect_after, account.disconnect_after),
      .offline_grace = pick(client.offline_grace, vault.offline_grace, account.offline_grace),
  };
}

}  // namespace vaultbell::core
