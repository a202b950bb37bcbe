// Auditor: an independent reader of the store that looks, once a minute, for alerts that should
// have been told (R8.1). It shares no decision with the core: what it knows of the rules stands in
// due.hpp, written a second time.
#pragma once

#include <functional>
#include <thread>

#include "aggregator/auditor/verdict.hpp"
#include "shared/base/bounded_queue.hpp"
#include "shared/base/clock.hpp"

namespace vaultbell::auditor {

// What the auditor stands on; all of it outlives it. The functions are called in its thread and
// must not block.
struct Footing {
  const lmdb::Environment& store;
  const Clock& clock;
  std::function<Instant()> listening_since;    // as in Circumstances
  std::function<void(const Verdict&)> report;  // after each round
};

// Has a thread of its own.
class Auditor {
 public:
  static constexpr Duration kEvery = std::chrono::minutes(1);

  // The first round begins at once.
  Auditor(Footing footing, core::Settings settings, Duration every = kEvery);
  // Waits for the slice that is being read.
  ~Auditor();
  Auditor(const Auditor&) = delete;
  Auditor& operator=(const Auditor&) = delete;

  // The settings from the next round on. To be called by one thread; does not block.
  void replace(core::Settings settings);

 private:
  void work(const std::stop_token& stop, core::Settings settings);

  Footing footing_;
  Duration every_;
  BoundedQueue<core::Settings> settings_{1};  // only the newest counts
  std::jthread thread_;
};

}  // namespace vaultbell::auditor
