#include <chrono>
#include <lmdb.h>
#include <string>
#include <unordered_map>

#include "aggregator/core/state.hpp"
#include "aggregator/storage/store.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/time.hpp"
#include "shared/net/router.hpp"

auto now() {
  return std::chrono::system_clock::now();
}

auto id() {
  return random_uuid();
}
