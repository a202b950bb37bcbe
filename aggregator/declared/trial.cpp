#include "aggregator/declared/trial.hpp"

#include <type_traits>
#include <utility>

namespace vaultbell::declared {

namespace {

// Whether the rows are the same but for the line that declares them.
bool is_only_moved(const core::Row& before, const core::Row& after) {
  return std::visit(
      [&]<class R>(const R& old) {
        if constexpr (requires { old.managed_by; }) {
          auto now = std::get<R>(after);
          if (old.managed_by.empty() || now.managed_by.empty()) return false;
          now.managed_by = old.managed_by;
          return now == old;
        }
        return false;
      },
      before);
}

}  // namespace

// Notes the rows that a change is about, before it is made.
struct Trial::Note {
  Trial& trial;

  template <class Id>
  static constexpr bool kIsKnown = std::is_constructible_v<Key, Id>;

  void operator()(const core::Put& put) const {
    const auto note = [this]<class R>(const R& row) {
      if constexpr (kIsKnown<typename R::Key>) trial.changed(row.key()).after = row;
    };
    std::visit(note, put.row);
  }
  void operator()(const core::Erase& erase) const {
    const auto note = [this]<class Id>(const Id& id) {
      if constexpr (kIsKnown<Id>) trial.changed(id).after.reset();
    };
    std::visit(note, erase.key);
  }
  void operator()(const core::Remember&) const {}
};

core::State& Trial::copy() {
  if (!after_) after_ = before_;
  return *after_;
}

Trial::Changed& Trial::changed(const Key& key) {
  const auto [place, is_new] = by_key_.emplace(key, changed_.size());
  if (!is_new) return changed_[place->second];
  auto& added = changed_.emplace_back(Changed{key, std::nullopt, std::nullopt});
  const auto find = [&]<class Id>(const Id& id) {
    const auto& table = core::table_of(state(), static_cast<const core::RowOf<Id>*>(nullptr));
    if (const auto row = table.find(id); row != table.end()) added.before = row->second;
  };
  std::visit(find, key);
  return added;
}

Result<std::string> Trial::give(decltype(core::Order::what) what, const std::string& declared_at) {
  core::Order order{.actor = actor_, .declared_at = declared_at, .what = std::move(what)};
  auto decision = core::decide(state(), now_, order);
  const auto& reply = std::get<core::Reply>(decision.effects.back());
  if (!reply.result) return fail(reply.result.error());
  for (const auto& change : decision.changes) std::visit(Note{*this}, change);
  auto& after = copy();
  for (const auto& change : decision.changes) core::evolve(after, change);
  orders_.push_back(std::move(order));
  return reply.result->remark;
}

core::OrderDone Trial::done() const {
  core::OrderDone done;
  for (const auto& [key, before, after] : changed_) {
    if (before == after) continue;
    if (before && after && is_only_moved(*before, *after)) continue;
    if (before) done.before.push_back(*before);
    if (after) {
      done.changes.emplace_back(core::Put{*after});
      continue;
    }
    const auto erase = [&]<class Id>(const Id& id) {
      if constexpr (std::is_constructible_v<core::ErasedKey, Id>) {
        done.changes.emplace_back(core::Erase{id});
      }
    };
    std::visit(erase, key);
  }
  return done;
}

}  // namespace vaultbell::declared
