// Mailbag: what each receiver has got, and whether it should have: nothing twice without need,
// nothing that nobody sent, a recovery only after what it recovers (R4.12, R7.3).
#pragma once

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

  // Whether somebody at this place has heard of the alert.
  [[nodiscard]] bool has_heard(const core::AddressKey& place, AlertId alert) const;
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  void hear(const Message& message, const Statement& statement);

  Scene& scene_;
  std::map<std::uint64_t, NotificationId> by_message_id_;  // of those received
  std::map<NotificationId, std::size_t> received_;
  std::set<NotificationId> delivered_;  // as the store says
  // Who was told of which alert, and by which message.
  std::map<std::pair<core::AddressKey, AlertId>, std::uint64_t> raised_;
  std::map<std::pair<core::AddressKey, AlertId>, std::uint64_t> recovered_;
  std::size_t count_ = 0;
};

}  // namespace vaultbell::simulation
