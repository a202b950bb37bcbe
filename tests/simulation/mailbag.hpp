// Mailbag: what each receiver has got, and whether it should have: nothing twice without need,
// nothing that nobody sent, a recovery only after what it recovers (R4.12, R7.3).
#pragma once

#include <deque>
#include <map>
#include <set>
#include <utility>

#include "aggregator/core/change.hpp"
#include "tests/simulation/messages.hpp"
#include "tests/simulation/scene.hpp"

namespace vaultbell::simulation {

class Mailbag {
 public:
  explicit Mailbag(Scene& scene) : scene_(scene) {}

  void attempt_begins(const Message& message);
  void received(const Message& message);
  void committed(const core::Put& put);
  // Limits are counted by the wall clock: what was sent before a step counts no more.
  void clock_stepped() { sent_.clear(); }

  // Whether somebody at this place has heard of the alert.
  [[nodiscard]] bool has_heard(const core::AddressKey& place, AlertId alert) const;
  [[nodiscard]] bool has_heard_end(const core::AddressKey& place, AlertId alert) const;
  // The same as far as the aggregator can know: not by a message that it gave up.
  [[nodiscard]] bool is_heard_for_sure(const core::AddressKey& place, AlertId alert) const;
  // It may end once more.
  void reactivated(AlertId alert) { reactivated_.insert(alert); }
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  void hear(const Message& message, const Statement& statement);
  void check_limits(const Message& message);
  [[nodiscard]] bool is_overtaken(const Message& message,
                                  const std::pair<core::AddressKey, AlertId>& key) const;

  Scene& scene_;
  std::map<std::uint64_t, NotificationId> by_message_id_;  // of those received
  std::map<NotificationId, std::size_t> received_;
  std::set<NotificationId> delivered_;  // as the store says
  std::set<NotificationId> given_up_;   // the same, or cancelled
  std::set<AlertId> reactivated_;
  std::map<core::AddressKey, std::deque<Steady>> sent_;  // when they were known to be delivered
  // Who was told of which alert, and by which message.
  std::map<std::pair<core::AddressKey, AlertId>, std::uint64_t> raised_;
  std::map<std::pair<core::AddressKey, AlertId>, std::uint64_t> recovered_;
  std::map<std::pair<core::AddressKey, AlertId>, std::uint64_t> reminded_;  // by the first of them
  std::size_t count_ = 0;
};

}  // namespace vaultbell::simulation
