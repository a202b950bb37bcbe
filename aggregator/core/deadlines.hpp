// When the core next wants to be asked. Deadlines are derived from rows, never stored; a
// DeadlineIndex keeps those of one kind in order.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "aggregator/core/telling.hpp"
#include "shared/base/ids.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::core {

inline bool is_due(const std::optional<Instant>& at, Instant now) {
  return at && *at <= now;
}

// Things that each have at most one deadline, ordered by it; ties by the thing itself.
template <class Key>
class DeadlineIndex {
 public:
  // Absent: it has no deadline (any more).
  void set(const Key& key, std::optional<Instant> at) {
    if (const auto found = at_.find(key); found != at_.end()) {
      order_.erase({found->second, key});
      at_.erase(found);
    }
    if (!at) return;
    at_.emplace(key, *at);
    order_.emplace(*at, key);
  }

  void clear() {
    at_.clear();
    order_.clear();
  }

  [[nodiscard]] const std::set<std::pair<Instant, Key>>& in_order() const { return order_; }
  [[nodiscard]] std::optional<Instant> first() const {
    if (order_.empty()) return std::nullopt;
    return order_.begin()->first;
  }
  bool operator==(const DeadlineIndex&) const = default;

 private:
  std::map<Key, Instant> at_;
  std::set<std::pair<Instant, Key>> order_;
};

struct State;

// Deliveries that may be under way at once by one channel: a crash leaves at most so many in doubt,
// and it is twice the default number of delivery workers, so that none waits for the loop.
inline constexpr std::size_t kSendingMax = 16;

// Of alerts about the aggregator's own clock.
inline constexpr const char* kClockTopic = "clock";
// Of a change in the configuration that the owners must know of.
inline constexpr const char* kSettingsTopic = "settings";

// What the telling of an alert depends on, as the State has it.
TellingFacts telling_of(const State& state, const Alert& alert);

// When an alert ends without anything that happens: a test, what is quiet for long enough, what is
// about a client that is retired. Absent: not as things are.
std::optional<Instant> ends_by_itself_at(const State& state, const Alert& alert);

// When something is next to be done about an alert.
std::optional<Instant> attention_at(const State& state, const Alert& alert);

// When decide() wants a Tick: never later than the earliest thing that is due. Absent: only when a
// command arrives.
std::optional<Instant> next_deadline(const State& state);

}  // namespace vaultbell::core
