// The end of a run of which only the exit code (or signal) and perhaps some output is known, judged
// by what is known of its tool.
#pragma once

#include <string_view>

#include "agent/classify/classifier.hpp"
#include "agent/configuration.hpp"
#include "shared/domain/run_report.hpp"

namespace vaultbell::agent {

// The tool and operation that [[job]] names for the report's job; none: they stay.
void add_declared(RunReport& report, const Configuration& configuration);

// Fills in outcome, reason, message, figures and snapshot by the adapter for `report.tool`; by the
// end alone where there is none. Reads the adapter from the disk.
void judge_by_tool(RunReport& report, const classify::End& end, std::string_view output,
                   const Configuration& configuration);

}  // namespace vaultbell::agent
