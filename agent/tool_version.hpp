// Asks a backup tool for its version.
#pragma once

#include <optional>
#include <string>

#include "agent/classify/adapter.hpp"

namespace vaultbell::agent {

// `command`: what was run. It is asked itself where its file is called as the tool is; where it is
// something else (a script) the tool is looked for in PATH. Nothing where the adapter does not say
// how to ask, or what answers within 5 s is no version. Blocks.
std::optional<classify::Version> ask_version(const classify::Adapter& adapter,
                                             const std::string& command);

}  // namespace vaultbell::agent
