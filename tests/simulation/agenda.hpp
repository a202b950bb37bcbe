// Agenda: what happens next in the simulated world. Time jumps from event to event: a day on which
// nothing is due costs nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "shared/base/clock.hpp"

namespace vaultbell::simulation {

// The aggregator's two clocks: the steady one moves with the agenda, the wall clock can be stepped.
class WorldClock final : public Clock {
 public:
  WorldClock(Instant wall, Steady steady)
      : steady_(steady),
        right_offset_(wall.time_since_epoch() - steady.time_since_epoch()),
        offset_(right_offset_) {}

  [[nodiscard]] Instant wall() const override {
    return Instant(steady_.time_since_epoch() + offset_);
  }
  [[nodiscard]] Steady steady() const override { return steady_; }

  void advance_to(Steady steady) { steady_ = steady; }
  // The time as it is, which no step of the aggregator's clock moves.
  [[nodiscard]] Instant right() const {
    return Instant(steady_.time_since_epoch() + right_offset_);
  }
  void step(Duration by) { offset_ += by; }

 private:
  Steady steady_;
  Duration right_offset_;
  Duration offset_;
};

class Agenda {
 public:
  using Task = std::function<void()>;

  explicit Agenda(WorldClock& clock) : clock_(clock) {}

  [[nodiscard]] Steady now() const { return clock_.steady(); }

  // Events of one moment happen in the order in which they were put here; what is already past
  // happens as soon as possible.
  void at(Steady when, Task task);
  void in(Duration after, Task task) { at(now() + after, std::move(task)); }

  // Everything until then, or until `is_enough` says so, which is asked behind every event. May be
  // called from within an event: that event then takes so long, and the world goes on meanwhile.
  void run_until(Steady until, const std::function<bool()>& is_enough);

  [[nodiscard]] std::uint64_t count() const { return count_; }  // events that have happened

 private:
  struct Entry {
    Steady when;
    std::uint64_t number = 0;
    Task task;
  };
  static bool is_later(const Entry& a, const Entry& b) {
    return a.when != b.when ? a.when > b.when : a.number > b.number;
  }
  Entry take();

  WorldClock& clock_;
  std::vector<Entry> heap_;  // the next one first
  std::uint64_t last_number_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace vaultbell::simulation
