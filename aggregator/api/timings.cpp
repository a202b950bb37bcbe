#include "aggregator/api/timings.hpp"

namespace vaultbell::api {

core::TimingOverrides timing_in(Fields& body) {
  return {.heartbeat_every = body.duration("heartbeat_every"),
          .disconnect_after = body.duration("disconnect_after"),
          .offline_grace = body.duration("offline_grace")};
}

core::TimingEdit timing_edit_in(Fields& body) {
  const auto edit = [&](std::string_view name) {
    if (body.is_null(name)) return core::Edit<Duration>::inherited();
    const auto value = body.duration(name);
    return value ? core::Edit<Duration>(*value) : core::Edit<Duration>();
  };
  return {edit("heartbeat_every"), edit("disconnect_after"), edit("offline_grace")};
}

}  // namespace vaultbell::api
