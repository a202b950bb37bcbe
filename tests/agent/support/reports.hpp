// Reports for tests; they name only what matters.
#pragma once

#include <string>

#include "shared/domain/run_report.hpp"

namespace vaultbell::agent::testing {

inline Uuid uuid(std::uint8_t number) {
  Uuid result;
  result.bytes.fill(number);
  return result;
}

inline RunReport a_report(const std::string& job, Outcome outcome = Outcome::succeeded) {
  return {.run = random_uuid(), .job = job, .outcome = outcome};
}

inline RunReport a_start(const std::string& job) {
  return a_report(job, Outcome::running);
}

inline RunReport the_end_of(const RunReport& start, Outcome outcome = Outcome::succeeded) {
  auto end = start;
  end.outcome = outcome;
  return end;
}

// As large as check_report allows.
inline RunReport the_largest_report() {
  constexpr std::int64_t kLastMs = 315'360'000'000'000;
  const Instant last{Duration(-kLastMs)};
  auto report = a_report(std::string(120, 'j'), Outcome::failed);
  report.reason = OutcomeReason::timeout;
  report.started_at = last;
  report.ended_at = last;
  report.utc_offset_minutes = -840;
  report.exit_code = INT32_MIN;
  report.signal = INT32_MIN;
  report.statistics = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX};
  report.tool = std::string(kSmallTextBytesMax, 't');
  report.snapshot = std::string(kSmallTextBytesMax, 's');
  report.message = std::string(kMessageBytesMax, 'm');
  report.output = std::string(kOutputBytesMax, 'o');
  return report;
}

}  // namespace vaultbell::agent::testing
