// Loop: the main thread's one turn. Commands in, one commit, effects out; nothing else writes.
#pragma once

#include <functional>
#include <vector>

#include "aggregator/board/board.hpp"
#include "aggregator/core/engine.hpp"
#include "aggregator/core/journal.hpp"
#include "aggregator/inbox.hpp"
#include "shared/base/clock.hpp"

namespace vaultbell::aggregator {

class Loop {
 public:
  using Perform = std::function<void(const core::Effect&)>;

  Loop(core::State state, core::Journal& journal, Inbox& inbox, const Clock& clock,
       board::Board& board, Perform perform);

  // How long nothing needs to be done unless a command arrives; at most kTurnEvery.
  [[nodiscard]] Duration patience() const;

  // Takes what waits in the inbox, decides it in its order, and what is due; commits all changes at
  // once; then performs the effects. An error means that the commit failed: nothing was
  // acknowledged, and the process must end (the state in memory is ahead of the store).
  Status turn();

  // The same without looking for what is due: before the end nothing new is begun.
  Status finish();

  // What to do with the State as it is now.
  using Plan = std::function<std::vector<core::Command>(const core::State& state, Instant now)>;

  // Decides all commands of a plan, between two turns, and commits their changes at once: together
  // they are done or not, also through a crash.
  Status carry_out(const Plan& plan);

  [[nodiscard]] const core::State& state() const { return state_; }

  // The longest between two turns: a step of the clock or a gap in listening is noticed by then.
  static constexpr Duration kTurnEvery = std::chrono::milliseconds(500);

  static constexpr std::size_t kBatchMax = 256;  // commands a turn: keeps one under 50 ms

 private:
  // One reading of the clocks a turn; a step of the wall clock becomes a command.
  Instant read_clock();
  [[nodiscard]] bool is_listening() const;
  // Decides what waits in the inbox; says whether what is due may be judged after that.
  bool decide_waiting(Instant now);
  void judge(Instant now);
  Status settle();
  void decide(Instant now, const core::Command& command);
  Status commit();

  core::State state_;
  core::Journal& journal_;
  Inbox& inbox_;
  const Clock& clock_;
  board::Board& board_;
  Perform perform_;
  Instant last_wall_;
  Steady last_steady_;
  core::WriteSet changes_;
  std::vector<core::Effect> effects_;
};

}  // namespace vaultbell::aggregator
