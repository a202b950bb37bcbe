#include "aggregator/core/settings.hpp"

#include <algorithm>

#include "shared/base/check.hpp"
#include "shared/base/duration.hpp"

namespace vaultbell::core {

namespace {

Status at_most(const char* name, Duration value, Duration most) {
  if (value <= most) return {};
  return fail(ErrorCode::invalid,
              std::string(name) + " " + to_text(value) + " is longer than " + to_text(most));
}

}  // namespace

const ChannelSettings& settings_of(const Settings& settings, Channel channel) {
  switch (channel) {
    case Channel::email:
      return settings.email;
    case Channel::mobile:
      return settings.mobile;
    case Channel::webhook:
      return settings.webhook;
  }
  check(false, "every channel has settings");
  return settings.email;
}

Status check_timing(const ClientTiming& timing) {
  if (timing.heartbeat_every < kHeartbeatEveryMin) {
    return fail(ErrorCode::invalid,
                "heartbeat_every is shorter than " + to_text(kHeartbeatEveryMin));
  }
  if (auto ok = at_most("heartbeat_every", timing.heartbeat_every, kHeartbeatEveryMax); !ok) {
    return ok;
  }
  if (auto ok = at_most("disconnect_after", timing.disconnect_after, kDisconnectAfterMax); !ok) {
    return ok;
  }
  if (auto ok = at_most("offline_grace", timing.offline_grace, kOfflineGraceMax); !ok) return ok;
  if (timing.disconnect_after < 2 * timing.heartbeat_every) {
    return fail(ErrorCode::invalid, "disconnect_after is shorter than two heartbeats (" +
                                        to_text(2 * timing.heartbeat_every) +
                                        "): one late heartbeat would be a false alert");
  }
  return {};
}

ClientTiming inherit(const ClientTiming& account, const TimingOverrides& vault,
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

ClientTiming resolve(const ClientTiming& account, const TimingOverrides& vault,
                     const TimingOverrides& client) {
  auto timing = inherit(account, vault, client);
  timing.disconnect_after = std::max(timing.disconnect_after, 2 * timing.heartbeat_every);
  return timing;
}

}  // namespace vaultbell::core
