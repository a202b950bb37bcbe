// Due: the rules of telling once more, in their plainest form: whether an alert that nobody was
// told of should have been told. Shares nothing with the core that decides it; a moment late is no
// matter here, an hour is. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aggregator/core/rows.hpp"

namespace vaultbell::auditor {

// What somebody sees who comes by.
struct Circumstances {
  core::Settings settings;
  Instant now;
  // Since when the aggregator has been listening without a gap: before that, and for a while after,
  // it tells nothing.
  Instant listening_since;
};

// How long the aggregator may take for anything that is to be done at once: far longer than the
// slowest disk and the largest crowd of alerts need.
inline constexpr Duration kPatience = std::chrono::minutes(5);

// What stands in the store about one alert that is active. Borrows the maintenances.
struct Surroundings {
  std::optional<core::Client> client;
  std::optional<core::Vault> vault;                    // the client's, or its own
  std::optional<core::Outage> outage;                  // the last one of the alert's vault
  const std::vector<core::Maintenance>& maintenances;  // that are not over
};

// Whether nothing that is due can be expected to be done: the aggregator has only just come.
bool is_too_early(const Circumstances& circumstances);

// Why this alert, on which nothing is decided, should have been; absent: it may well wait.
std::optional<std::string> overdue(const core::Alert& alert, const Surroundings& surroundings,
                                   const Circumstances& circumstances);

}  // namespace vaultbell::auditor
