// Options: how large and how bad the world of one run is. All of it follows from the seed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/core/settings.hpp"
#include "shared/base/time.hpp"
#include "tests/simulation/canary.hpp"

namespace vaultbell::simulation {

// A run begins in the night to 2026-03-01, so that 30 days have a change of daylight saving.
inline constexpr Instant kBegin =
    std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) + std::chrono::hours(2);
inline constexpr Steady kSteadyBegin = Steady(std::chrono::hours(1000));

// Of a thousand messages that an agent or the aggregator sends.
struct NetworkRates {
  std::uint64_t lost = 0;
  std::uint64_t doubled = 0;
  std::uint64_t late = 0;  // so that others overtake it
};

// How often each kind of trouble comes, on average; while faults are on.
struct FaultRates {
  Duration crash{};            // of the aggregator, at any moment
  Duration crash_at_commit{};  // the next commit before or behind which it ends
  Duration restart{};          // in good order
  Duration slow_disk{};
  Duration full_disk{};
  Duration suspension{};
  Duration clock_step{};
  Duration partition{};       // of one host
  Duration wide_partition{};  // of many at once
  Duration agent_restart{};   // in good order, or killed; of one host
  Duration host_crash{};
  Duration receiver_trouble{};
  Duration relay_trouble{};  // of a whole channel
  Duration reload{};         // with other settings
  Duration order{};          // of an administrator
};

struct Options {
  std::uint64_t seed = 0;
  std::optional<Canary> canary;
  int days = 30;

  std::size_t vaults = 1;
  std::size_t hosts = 3;
  std::size_t jobs_per_host = 2;
  std::size_t contacts = 2;
  std::uint64_t spool_max_bytes = 0;
  std::uint64_t failing_runs = 0;  // of a thousand
  core::Settings settings;         // of the aggregator, at first
  NetworkRates network;
  FaultRates faults;

  // When the faults end; from then on everything must come right.
  [[nodiscard]] Steady calm_from() const;
  [[nodiscard]] Steady end() const { return kSteadyBegin + std::chrono::days(days); }
};

Options draw_options(std::uint64_t seed, int days);

// Settings as a reload may bring them, around those of the options.
core::Settings draw_settings(std::uint64_t seed, std::uint64_t number);

}  // namespace vaultbell::simulation
