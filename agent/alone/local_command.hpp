// LocalCommand: runs somebody's command beside the loop, without ever waiting for it, and tells how
// it has ended. What it is run for is not known here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "shared/base/file_descriptor.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/net/poller.hpp"

namespace vaultbell::agent::alone {

// A command that still runs after `limit` gets SIGTERM, and SIGKILL so long after that.
inline constexpr Duration kKillAfter = std::chrono::seconds(10);
inline constexpr std::size_t kOutputBytesMax = 1024;  // of the end of what it prints
inline constexpr std::size_t kInputBytesMax = 4096;   // one page: what a pipe takes at once

struct Order {
  std::vector<std::string> words;        // the first is the path of a program; no shell sees them
  std::vector<std::string> environment;  // "NAME=value", besides our own
  std::string input;                     // its standard input, which then ends
  Duration limit{};
};

struct CommandEnd {
  std::optional<std::int32_t> exit_code;  // 128 + N where signal N ended it
  std::string failure;                    // "exit code 3"; empty: it has exited with 0 in time
  std::string output;                     // the last of both its streams, UTF-8
};

// Belongs to the thread of the loop. At most one command at a time.
class LocalCommand {
 public:
  LocalCommand() = default;
  LocalCommand(const LocalCommand&) = delete;
  LocalCommand& operator=(const LocalCommand&) = delete;
  ~LocalCommand();

  // In a session of its own, with signals as they are by default, without systemd's variables for
  // us. The error says why it could not be started.
  Status start(const Order& order, Steady now);
  [[nodiscard]] bool is_running() const { return pid_ > 0; }

  void add_to(net::Poller& poller) const;
  // Takes what it has printed, ends it when its time is up, and says how it has ended, once.
  std::optional<CommandEnd> turn(Steady now);
  [[nodiscard]] std::optional<Steady> next_deadline() const;

  // For when we stop: waits for its end, and kills it when `patience` is over. Absent where none
  // runs, or where not even SIGKILL ends it.
  std::optional<CommandEnd> end_within(Duration patience);

 private:
  void read_output();
  void act_on_time(Steady now);
  void wait(Duration patience) const;
  void signal(int number) const;

  pid_t pid_ = 0;       // until its end was taken note of: until then the number is its own
  FileDescriptor end_;  // a pidfd: readable when it has ended
  FileDescriptor output_;
  std::string printed_;
  Duration limit_{};
  std::optional<Steady> act_at_;  // the next signal
  bool has_timed_out_ = false;
};

}  // namespace vaultbell::agent::alone
