// What the end of a command means for its run, and with which code the wrapper exits.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/child.hpp"
#include "agent/classify/classifier.hpp"
#include "shared/base/result.hpp"
#include "shared/domain/run_report.hpp"

namespace vaultbell::agent {

using OutcomeByCode = std::map<int, Outcome>;  // --map

// "3=warning", each code once.
Result<OutcomeByCode> parse_map(const std::vector<std::string>& texts);

struct Judging {
  OutcomeByCode map;
  std::string command;  // its first word, for the message
  std::optional<Duration> timeout;
};

// Fills in outcome, reason, exit code, signal, message, output and figures. `verdict`: what the
// tool's adapter makes of it, which counts where `run` itself does not know better.
void judge(RunReport& report, const Ended& ended, const Judging& judging,
           const classify::Verdict& verdict);

// The command's own code; 128 + N for one that signal N killed; 127 or 126 for one that could not
// be started; 1 for one that ended with 0 after its time was up.
int exit_code_of(const Ended& ended);

}  // namespace vaultbell::agent
