// Exit codes: what a script may rely on (docs/agent.md). `run` exits with its command's code
// instead.
#pragma once

namespace vaultbell::agent {

enum ExitCode : int {
  kDone = 0,
  kFailed = 1,  // also: status of an agent that is not connected
  kUsage = 2,
  kWrongConfiguration = 3,
  kNotAuthorised = 4,  // the join token is not (or no longer) good
  kRefused = 6,        // wrong state, or taken
  kUnreachable = 8,
  kTryLater = 75,
  kCannotServe = 78,         // not enrolled or not configured: starting again would not help
  kCommandNotStarted = 126,  // as shells do
  kCommandNotFound = 127,
};

}  // namespace vaultbell::agent
