// RunReport: what an agent tells about one run, at its start and at its end (R3.5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/base/uuid.hpp"
#include "shared/domain/run.hpp"

namespace vaultbell {

inline constexpr std::size_t kOutputBytesMax = std::size_t{8} * 1024;  // R3.5: the last 8 KiB
inline constexpr std::size_t kMessageBytesMax = 1024;                  // one paragraph in a mail
inline constexpr std::size_t kSmallTextBytesMax = 200;                 // tool, snapshot id

// What the tool counted; absent where it said nothing.
struct RunStatistics {
  std::optional<std::uint64_t> bytes_read;
  std::optional<std::uint64_t> bytes_added;
  std::optional<std::uint64_t> bytes_total;
  std::optional<std::uint64_t> files;

  bool operator==(const RunStatistics&) const = default;
};

// Only run, job, operation and outcome are always there. `outcome` is `running` in the report of a
// start; start and end carry the same `run`. Times are the client's clock.
struct RunReport {
  Uuid run;
  std::string job;
  Operation operation = Operation::backup;
  Outcome outcome = Outcome::running;
  std::optional<OutcomeReason> reason;
  Trigger trigger = Trigger::scheduled;
  std::optional<Instant> started_at;
  std::optional<Instant> ended_at;
  std::optional<std::int32_t> utc_offset_minutes;
  std::optional<std::int32_t> exit_code;
  std::optional<std::int32_t> signal;
  RunStatistics statistics;
  std::string tool;
  std::string snapshot;
  std::string message;
  std::string output;  // the last part of what the tool printed

  bool operator==(const RunReport&) const = default;
};

// Whether the report may be accepted: by the agent before it promises to keep it, and by the
// aggregator at its border, with the same answer. The error names the field.
Status check_report(const RunReport& report);

// Makes a report fit the limits: malformed bytes are replaced, the output keeps its end, the other
// texts their beginning. Names are left alone: a wrong name must be refused, not changed.
void fit_to_limits(RunReport& report);

}  // namespace vaultbell
