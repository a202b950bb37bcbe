// Upkeep: what the aggregator looks after of itself, once a minute: room on its disk and in its
// store. Trouble becomes an alert of kind `self` before a commit fails for want of room.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "aggregator/board/board.hpp"
#include "aggregator/core/command.hpp"
#include "aggregator/core/state.hpp"
#include "shared/lmdb/environment.hpp"

namespace vaultbell::aggregator {

struct DiskRoom {
  std::uint64_t free_bytes = 0;  // that the daemon's user may write
  std::uint64_t all_bytes = 0;
};

// What is said of the room there is: what is wrong; "": nothing; absent: too little to be well and
// too much to be a problem, so that it stays what it was. `where` names the folder.
std::optional<std::string> problem_of(const DiskRoom& room, const std::filesystem::path& where);
std::optional<std::string> problem_of(const lmdb::Usage& store);

// Whether no message goes out any more: every channel by which any was tried fails for so long that
// there is an alert for it.
bool are_deliveries_failing(const core::State& state, Instant now);

// Belongs to the main thread.
class Upkeep {
 public:
  // Puts a command into the inbox; false: it has no room, and the next look says it again.
  using Post = std::function<bool(core::Command)>;

  // What it stands on outlives it.
  struct Footing {
    const lmdb::Environment& store;
    std::filesystem::path folder;  // whose file system is looked at
    board::Board& board;           // shows the room there is
    Post post;
  };
  explicit Upkeep(Footing footing) : footing_(std::move(footing)) {}

  // Looks if it is time to; the first time at once. Error: something could not be looked at.
  Status turn(Steady now);

  static constexpr Duration kEvery = std::chrono::minutes(1);

 private:
  Status look_at_disk();
  Status look_at_store();
  void say(const char* topic, const std::optional<std::string>& problem);

  Footing footing_;
  std::optional<Steady> looked_at_;
};

}  // namespace vaultbell::aggregator
