// JobSettings: what is expected of a backup job (sections 3 and 4 of docs/domain.md): set at the
// aggregator, declared in its files, or in the configuration of the agent that runs the job.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/domain/run.hpp"
#include "shared/domain/schedule.hpp"

namespace vaultbell {

inline constexpr Duration kMaxAgeMin = std::chrono::minutes(1);
inline constexpr Duration kMaxAgeMax = std::chrono::hours(24 * 366);
inline constexpr std::uint32_t kTolerateFailuresMax = 100;

// What is absent is not expected.
struct JobSettings {
  std::optional<Operation> operation;  // that the schedule and max_age are about; absent: backups
  std::optional<Schedule> schedule;
  std::optional<Duration> max_age;       // of the last good run
  std::optional<Duration> max_duration;  // of any run
  std::optional<Duration> verify_every;
  bool is_high_frequency = false;            // R3.8
  std::uint32_t tolerate_failures = 0;       // in a row, without an alert (R4.10)
  std::optional<Outcome> warning_counts_as;  // failed or succeeded; absent: as its vault says
  bool has_bands = true;                     // whether unusual runs are alerts

  bool operator==(const JobSettings&) const = default;
};

// A job as the configuration of the agent that runs it declares it.
struct AgentJob {
  std::string name;  // unique among the agent's
  JobSettings settings;

  bool operator==(const AgentJob&) const = default;
};

// They are in every hello, and a list in a message has no more entries (shared/pack).
inline constexpr std::size_t kAgentJobsMax = 64;

// Refuses what cannot be meant; the error names the field. Not before load_zones() has succeeded
// (zone.hpp); the other leaves time zones to whoever has them.
Status check_job_settings(const JobSettings& settings);
Status check_job_settings_but_zone(const JobSettings& settings);

// What a run with warnings may count as (R3.2): failed, succeeded, or (absent) what it is.
Status check_counts_as(const std::optional<Outcome>& warning_counts_as);

}  // namespace vaultbell
