#include "shared/base/clock.hpp"

#include <chrono>
#include <ctime>

#include "shared/base/check.hpp"

namespace vaultbell {

Instant SystemClock::wall() const {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

Steady SystemClock::steady() const {
  timespec now{};
  check(clock_gettime(CLOCK_BOOTTIME, &now) == 0, "CLOCK_BOOTTIME can be read");
  return Steady(std::chrono::seconds(now.tv_sec) +
                std::chrono::floor<Duration>(std::chrono::nanoseconds(now.tv_nsec)));
}

}  // namespace vaultbell
