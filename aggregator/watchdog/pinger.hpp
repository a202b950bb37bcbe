// Pinger: the aggregator's own heartbeat (R8.1). Tells the configured URLs now and then that the
// aggregator is well. When it is not, nothing is sent: silence is the alarm, and whoever watches
// the URLs raises it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "aggregator/watchdog/ping_record.hpp"
#include "aggregator/watchdog/settings.hpp"
#include "shared/base/clock.hpp"

namespace vaultbell::watchdog {

// Has a thread of its own, in which all URLs are asked at once: one that hangs delays no other, and
// is not asked again before its ping has ended. New settings need a new Pinger.
class Pinger {
 public:
  using IsWell = std::function<bool()>;

  // Begins at once. libcurl is initialised (notify::CurlLibrary). `is_well` is called from the
  // pinger's thread before every ping, and again within a second as long as it says no; it must
  // not block. It and `clock` outlive the pinger.
  Pinger(const PingSettings& settings, IsWell is_well, const Clock& clock);

  // Aborts what is under way; does not wait for the network.
  ~Pinger();
  Pinger(const Pinger&) = delete;
  Pinger& operator=(const Pinger&) = delete;

  // Of each URL, in the order of the settings. Any thread.
  [[nodiscard]] std::vector<PingState> states() const;

 private:
  class Target;
  class Transfers;

  void work();
  bool ping_if_well(Duration late);  // says whether it did

  const Duration every_;
  const IsWell is_well_;
  const Clock& clock_;
  std::vector<std::unique_ptr<Target>> targets_;
  std::unique_ptr<Transfers> transfers_;
  bool is_silent_ = false;  // and was said to be; of the thread
  std::atomic<bool> is_stopping_ = false;
  std::jthread thread_;
};

}  // namespace vaultbell::watchdog
