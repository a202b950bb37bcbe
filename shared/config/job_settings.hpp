// The keys of a [[job]], the same in the aggregator's declared objects and in an agent's file.
#pragma once

#include <optional>

#include "shared/config/toml_file.hpp"
#include "shared/domain/job_settings.hpp"

namespace vaultbell::config {

// `operation`, `every` or `cron` with `zone`, `grace` (these four also in a table `schedule`),
// `max_age`, `max_duration`, `verify_every`, `is_high_frequency`, `tolerate_failures`,
// `warning_counts_as`, `has_bands`. Every mistake is complained of; what `check` refuses, too.
using CheckJobSettings = Status (*)(const JobSettings&);
JobSettings read_job_settings(Section& section, CheckJobSettings check = check_job_settings);

// `warning_counts_as`
std::optional<Outcome> read_counts_as(Section& section);

}  // namespace vaultbell::config
