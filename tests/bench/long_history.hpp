// LongHistory: a store as it is after years: a fleet with its jobs, runs, alerts, messages and
// changes, written row by row, without a core that decides them.
#pragma once

#include <cstddef>

#include "aggregator/storage/store.hpp"

namespace vaultbell::bench {

struct HistorySize {
  std::size_t clients = 0;
  std::size_t runs = 0;
};

// Says on standard error how far it is. The runs are of the ten days before begin(), every
// hundredth has failed; those of a client stand as far apart as they can.
Status fill(storage::Store& store, const HistorySize& size);

}  // namespace vaultbell::bench
