// PingRecord: what came of the pings to one URL, and when that is worth a line in the log.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "shared/base/log.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::watchdog {

// How one ping ended.
struct PingEnd {
  int status = 0;      // of the HTTP answer; 0: none came
  int curl_code = 0;   // libcurl's error, where no answer came
  std::string detail;  // in its words
};

// What can be shown of one URL.
struct PingState {
  std::string target;                   // "https://hc-ping.com": the rest may be a secret
  std::optional<Instant> last_success;  // since the pinger was started
  std::string last_answer;              // "200", "Couldn't connect to server"; empty: none yet

  bool operator==(const PingState&) const = default;
};

struct LogLine {
  log::Level level = log::Level::info;
  std::string text;

  bool operator==(const LogLine&) const = default;
};

// Atomics only, as on the board: one thread notes, any may ask for the state.
class PingRecord {
 public:
  explicit PingRecord(std::string target) : target_(std::move(target)) {}

  // A 2xx is a success, whatever follows it. Returns a line at the first failure and at the first
  // success after failures.
  std::optional<LogLine> note(const PingEnd& end, Instant now);

  [[nodiscard]] PingState state() const;

 private:
  const std::string target_;
  std::atomic<std::int64_t> last_success_ms_{0};  // 0: never
  std::atomic<int> last_end_{0};                  // a status, or a libcurl error below 0; 0: none
  bool is_failing_ = false;                       // of the thread that notes
};

}  // namespace vaultbell::watchdog
