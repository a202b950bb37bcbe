// The keys of aggregator.toml that the core's decisions depend on: whom alerts go to, when, how
// many, and how long history is kept.
#pragma once

#include "aggregator/core/settings.hpp"
#include "shared/config/toml_file.hpp"

namespace vaultbell::aggregator {

void read_account(config::TomlFile& file, core::Settings& settings);

// [alerts], [notify_after], [limits] and [retention].
void read_alerting(config::TomlFile& file, core::Settings& settings);

}  // namespace vaultbell::aggregator
