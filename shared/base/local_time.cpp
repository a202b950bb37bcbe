#include "shared/base/local_time.hpp"

#include <ctime>

namespace vaultbell {

std::optional<std::int32_t> utc_offset_at(Instant instant) {
  const auto seconds = std::chrono::system_clock::to_time_t(instant);
  std::tm local{};
  if (localtime_r(&seconds, &local) == nullptr) return std::nullopt;
  return static_cast<std::int32_t>(local.tm_gmtoff / 60);
}

std::optional<Instant> from_local(Instant written) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(written);
  const std::time_t count = seconds.time_since_epoch().count();
  std::tm parts{};
  if (gmtime_r(&count, &parts) == nullptr) return std::nullopt;
  parts.tm_isdst = -1;
  const auto local = std::mktime(&parts);
  if (local == -1) return std::nullopt;
  return Instant(std::chrono::seconds(local)) + (written - seconds);
}

}  // namespace vaultbell
