// Reads the [log] and [backups] tables of an adapter's file.
#pragma once

#include "agent/classify/adapter.hpp"
#include "shared/config/toml_file.hpp"

namespace vaultbell::agent::adapters {

classify::LogTable read_log_table(config::TomlFile& file);

// Nothing where the file says nothing of it, or what cannot be used, which has been complained of.
std::optional<classify::BackupList> read_backup_list(config::TomlFile& file);

}  // namespace vaultbell::agent::adapters
