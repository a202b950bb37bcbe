// AloneCaller: keeps what the core wants kept of being alone, and runs the command of [alone].
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/alone/kept.hpp"
#include "agent/alone/local_command.hpp"
#include "agent/alone/telling.hpp"
#include "agent/configuration.hpp"
#include "agent/core/command.hpp"
#include "agent/state_folder.hpp"

namespace vaultbell::agent {

// Belongs to the thread of the loop. Nothing here ends the process: reports matter more.
class AloneCaller {
 public:
  // `boot`: the kernel's that runs now.
  AloneCaller(AloneConfiguration configuration, StateFolder folder, const Uuid& boot)
      : configuration_(std::move(configuration)), folder_(std::move(folder)), boot_(boot) {}

  // Adds to the first command what an earlier life of the agent has kept. A file that cannot be
  // read is written of, and counts as none.
  void recall(core::Started& started) const;

  // Blocks on the disk.
  void keep(const core::AloneRow& row);
  // What was not kept is not told. Present: it has ended already, or could not be started.
  std::optional<core::AloneCommandEnded> run(const alone::Facts& facts, Steady now);

  void add_to(net::Poller& poller) const { command_.add_to(poller); }
  std::optional<core::AloneCommandEnded> turn(Steady now);
  [[nodiscard]] std::optional<Steady> next_deadline() const { return command_.next_deadline(); }
  // For when the agent stops: waits a little for a command that runs, then kills it.
  std::optional<core::AloneCommandEnded> finish();

 private:
  static core::AloneCommandEnded note(const alone::CommandEnd& end);

  AloneConfiguration configuration_;
  StateFolder folder_;
  Uuid boot_;
  Status kept_;  // the last keep()
  alone::LocalCommand command_;
};

}  // namespace vaultbell::agent
