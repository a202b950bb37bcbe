// What a command line says about the operation of its tool.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/classify/adapter.hpp"

namespace vaultbell::agent::classify {

// `arguments`: the words behind the command. The first word that an operation claims counts, or
// (with is_backup_first) any that says backup; nothing where none does. A dry run only shows what
// would be done, which is `configure`: it must not count as a backup.
std::optional<Operation> operation_of(const Adapter& adapter,
                                      const std::vector<std::string>& arguments);

}  // namespace vaultbell::agent::classify
