// The whole command, from what was typed to its exit code.
#pragma once

#include <string>
#include <vector>

#include "aggregator/ctl/session.hpp"

namespace vaultbell::ctl {

// Failures are told on streams.err, as JSON where JSON is wanted.
ExitCode run(const std::vector<std::string>& typed, const Streams& streams);

}  // namespace vaultbell::ctl
