#include "shared/base/clock.hpp"

#include <chrono>

namespace vaultbell {

Instant SystemClock::wall() const {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

Steady SystemClock::steady() const {
  return Steady(std::chrono::floor<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

}  // namespace vaultbell
