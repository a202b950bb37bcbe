// Trial: orders given to a copy of the State, one after the other, to see whether all of them would
// be carried out, and what they would change together. Pure, as the core that decides them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "aggregator/core/engine.hpp"

namespace vaultbell::declared {

// Borrows the State; copies it with the first order, so that looking costs nothing.
class Trial {
 public:
  Trial(const core::State& state, Instant now, std::string actor)
      : before_(state), now_(now), actor_(std::move(actor)) {}

  // As the orders given so far would leave it.
  [[nodiscard]] const core::State& state() const { return after_ ? *after_ : before_; }
  [[nodiscard]] Instant now() const { return now_; }

  // Gives an order for what is declared at that place (empty: nowhere). What it says of it where it
  // is carried out; a refused one has changed nothing.
  Result<std::string> give(decltype(core::Order::what) what, const std::string& declared_at);

  // The orders that were not refused. Given again, in this order, to the State that the trial began
  // with, at the same time, each of them does the same.
  std::vector<core::Order> take_orders() { return std::move(orders_); }

  // What they change together: each object once, as it was and as it is in the end, without those
  // that are only declared in another line than before.
  [[nodiscard]] core::OrderDone done() const;

 private:
  // What people know of, among the rows that such orders write.
  using Key =
      std::variant<VaultId, ClientId, JobId, ContactId, GroupId, MaintenanceId, NotificationId>;
  struct Changed {
    Key key;
    std::optional<core::Row> before;
    std::optional<core::Row> after;
  };
  struct Note;

  core::State& copy();
  Changed& changed(const Key& key);

  const core::State& before_;
  std::optional<core::State> after_;
  Instant now_;
  std::string actor_;
  std::vector<core::Order> orders_;
  std::vector<Changed> changed_;
  std::map<Key, std::size_t> by_key_;
};

}  // namespace vaultbell::declared
