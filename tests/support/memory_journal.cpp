#include "tests/support/memory_journal.hpp"

#include "aggregator/core/engine.hpp"

namespace vaultbell::support {

namespace {

bool still_matters(const core::Alert& alert) {
  return alert.state != core::AlertState::inactive || alert.recovery_next;
}
bool still_matters(const core::Notification& notification) {
  return notification.state == core::NotificationState::pending ||
         notification.state == core::NotificationState::sending;
}
bool still_matters(const core::Maintenance& maintenance) {
  return !maintenance.ended_at;
}
template <class R>
bool still_matters(const R&) {
  return true;
}

}  // namespace

Result<core::Committed> MemoryJournal::commit(const core::WriteSet& changes) {
  const auto keep = [this](const auto& row) {
    using R = std::decay_t<decltype(row)>;
    std::get<core::Table<R>>(tables_)[row.key()] = row;
  };
  const auto drop = [this](const auto& key) {
    using R = core::RowOf<std::decay_t<decltype(key)>>;
    std::get<core::Table<R>>(tables_).erase(key);
  };
  for (const auto& change : changes) {
    if (const auto* put = std::get_if<core::Put>(&change)) std::visit(keep, put->row);
    if (const auto* erase = std::get_if<core::Erase>(&change)) std::visit(drop, erase->key);
  }
  return core::Committed::durable;
}

core::WriteSet MemoryJournal::everything() const {
  core::WriteSet rows;
  const auto add = [&](const auto& table) {
    for (const auto& [key, row] : table) rows.push_back(core::Put{row});
  };
  std::apply([&](const auto&... tables) { (add(tables), ...); }, tables_);
  return rows;
}

core::State MemoryJournal::load(const core::Settings& settings, Instant listening_since) const {
  core::State state;
  core::evolve(state, core::Remember{settings});
  core::evolve(state, core::Remember{core::ListeningSince{listening_since}});
  const auto replay = [&](const auto& table) {
    for (const auto& [key, row] : table) {
      if (still_matters(row)) core::evolve(state, core::Put{row});
    }
  };
  std::apply([&](const auto&... tables) { (replay(tables), ...); }, tables_);
  return state;
}

}  // namespace vaultbell::support
