// Clock shift: what is counted against the wall clock moves along when that is stepped.
#pragma once

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

// A slice of the work that a clock step leaves (ClockShift): moves the holds and the delivery times
// that were counted against the wall clock as it was.
void continue_clock_shift(Draft& draft, ClockShift shift);

}  // namespace vaultbell::core
