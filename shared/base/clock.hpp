// Where a shell gets the time. A core never sees a clock: it is handed an Instant or a Steady.
#pragma once

#include "shared/base/time.hpp"

namespace vaultbell {

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  [[nodiscard]] virtual Instant wall() const = 0;
  [[nodiscard]] virtual Steady steady() const = 0;
};

// The machine's clocks: CLOCK_REALTIME and CLOCK_BOOTTIME. The latter goes on while the machine is
// suspended, so that a suspension shows as a gap.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant wall() const override;
  [[nodiscard]] Steady steady() const override;
};

}  // namespace vaultbell
