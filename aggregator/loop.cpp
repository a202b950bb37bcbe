#include "aggregator/loop.hpp"

#include <algorithm>
#include <utility>

#include "aggregator/publishing.hpp"
#include "shared/base/log.hpp"

namespace vaultbell::aggregator {

namespace {

// The wall clock against the steady one: more than this in one turn is a step, less is the slewing
// of a time service.
constexpr Duration kStepMin = std::chrono::seconds(1);

// The gateway reads its sockets at least four times as often.
constexpr Duration kListeningMax = std::chrono::seconds(1);

constexpr int kTicksPerTurn = 8;  // the rest of what is due follows in the next turn
constexpr int kUnknownCommitsMax = 100;

}  // namespace

Loop::Loop(core::State state, core::Journal& journal, Inbox& inbox, const Clock& clock,
           board::Board& board, Perform perform)
    : state_(std::move(state)),
      journal_(journal),
      inbox_(inbox),
      clock_(clock),
      board_(board),
      perform_(std::move(perform)),
      last_wall_(clock.wall()),
      last_steady_(clock.steady()) {}

Duration Loop::patience() const {
  const auto deadline = core::next_deadline(state_);
  if (!deadline || !is_listening()) return kTurnEvery;
  const auto now = clock_.wall();
  if (*deadline <= now) return Duration::zero();
  return std::min(kTurnEvery, *deadline - now);
}

// What is due may be judged only while the gateway listens. A gap is in the inbox before the
// gateway shows itself listening again: asked before the inbox is emptied, no gap is overlooked.
bool Loop::is_listening() const {
  const Steady listened(Duration(board_.listened_at_ms.load(std::memory_order_acquire)));
  return clock_.steady() - listened <= kListeningMax;
}

Instant Loop::read_clock() {
  const auto wall = clock_.wall();
  const auto steady = clock_.steady();
  const auto step = (wall - last_wall_) - (steady - last_steady_);
  last_wall_ = wall;
  last_steady_ = steady;
  if (step > kStepMin || step < -kStepMin) {
    log::warning("the wall clock was stepped by {} ms", step.count());
    decide(wall, core::ClockStepped{step});
  }
  return wall;
}

void Loop::decide(Instant now, const core::Command& command) {
  auto decision = core::decide(state_, now, command);
  for (auto& change : decision.changes) {
    core::evolve(state_, change);
    const bool is_stored = !std::holds_alternative<core::Remember>(change);
    if (is_stored) changes_.push_back(std::move(change));
  }
  std::move(decision.effects.begin(), decision.effects.end(), std::back_inserter(effects_));
  ++board_.commands;
}

Status Loop::commit() {
  if (changes_.empty()) return {};
  const auto begin = std::chrono::steady_clock::now();
  for (int tries = 0; tries < kUnknownCommitsMax; ++tries) {
    const auto committed = journal_.commit(changes_);
    if (!committed) return fail_within("commit failed", committed.error());
    if (*committed == core::Committed::fenced) {
      return fail("another aggregator has taken over this state");
    }
    if (*committed == core::Committed::unknown) continue;
    publish(changes_, board_.changes);
    changes_.clear();
    ++board_.commits;
    board_.last_commit_us = std::chrono::duration_cast<std::chrono::microseconds>(
                                std::chrono::steady_clock::now() - begin)
                                .count();
    return {};
  }
  return fail("the journal gives no answer");
}

Status Loop::turn() {
  const auto now = read_clock();
  if (decide_waiting(now)) judge(now);
  return settle();
}

Status Loop::finish() {
  decide_waiting(read_clock());
  return settle();
}

Status Loop::carry_out(const Plan& plan) {
  const auto now = read_clock();
  for (const auto& command : plan(state_, now)) decide(now, command);
  return settle();
}

bool Loop::decide_waiting(Instant now) {
  const bool was_listening = is_listening();
  const auto batch = inbox_.take(kBatchMax);
  for (const auto& command : batch.commands) decide(now, command);
  return was_listening && batch.has_all_connections;
}

void Loop::judge(Instant now) {
  for (int i = 0; i < kTicksPerTurn; ++i) {
    const auto deadline = core::next_deadline(state_);
    if (!deadline || *deadline > now) return;
    decide(now, core::Tick{});
  }
}

Status Loop::settle() {
  if (auto ok = commit(); !ok) return ok;
  for (const auto& effect : std::exchange(effects_, {})) perform_(effect);
  const auto took = clock_.steady() - last_steady_;
  board_.inbox_depth = inbox_.depth();
  board_.slowest_turn_ms = std::max(board_.slowest_turn_ms.load(), took.count());
  board_.listening_since_ms = state_.listening_since.time_since_epoch().count();
  board_.last_turn_at_ms = clock_.steady().time_since_epoch().count();
  return {};
}

}  // namespace vaultbell::aggregator
