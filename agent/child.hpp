// Child: runs somebody's backup command as if we were not there, and watches how it ends.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/blocked_signals.hpp"
#include "agent/classify/adapter.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::agent {

// How the command ended. One of the first three is set.
struct Ended {
  std::optional<int> exit_code;
  std::optional<int> signal;          // that killed it
  std::optional<int> start_error;     // errno: it could not be started
  std::optional<int> interrupted_by;  // the last of SIGINT, SIGTERM, SIGHUP that reached us
  bool has_timed_out = false;
  std::string output;  // the last kOutputBytesMax of what it printed on both streams
};

// Hears everything that the command prints, as it comes.
using Listener = std::function<void(classify::Stream stream, std::string_view bytes)>;

// What of the command's output is passed on.
enum class Passing : std::uint8_t { both, errors };

// Standard input is inherited; standard output and error are passed on as they come, each to its
// own stream, even if nobody reads ours any more (with Passing::errors the latter only). SIGTERM,
// SIGINT and SIGHUP to this process are forwarded, unless this process ignores them or the terminal
// has already sent them to the whole group. After `timeout` the command gets SIGTERM, ten seconds
// later SIGKILL. What it has printed when it ends is passed on whole; a process that it leaves
// behind with its output open is waited for no longer than a second. To be called before any other
// thread starts. Blocks until the end.
Ended run_child(const std::vector<std::string>& command, std::optional<Duration> timeout,
                const BlockedSignals& signals, const Listener& listener,
                Passing passing = Passing::both);

}  // namespace vaultbell::agent
