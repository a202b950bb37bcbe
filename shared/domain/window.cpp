#include "shared/domain/window.hpp"

#include "shared/domain/occurrence.hpp"

namespace vaultbell {

std::optional<Instant> window_end(const Cron& cron, Zone zone, Duration length, Instant instant) {
  const auto begin = last_moment(cron, zone, instant, instant - length + Duration(1));
  if (!begin) return std::nullopt;
  return *begin + length;
}

}  // namespace vaultbell
