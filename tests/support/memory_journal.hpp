// MemoryJournal: a journal that keeps every row in ordered tables, what has ended included. The
// second implementation of core::Journal, and what tests look into.
#pragma once

#include <map>
#include <optional>
#include <tuple>
#include <variant>

#include "aggregator/core/journal.hpp"
#include "aggregator/core/state.hpp"

namespace vaultbell::support {

class MemoryJournal final : public core::Journal {
 public:
  Result<core::Committed> commit(const core::WriteSet& changes) override;
  [[nodiscard]] bool may_act() const override { return true; }

  // The State that the rows give, as a store loads it: without what has ended.
  [[nodiscard]] core::State load(const core::Settings& settings, Instant listening_since) const;

  // Every row, as changes that make them.
  [[nodiscard]] core::WriteSet everything() const;

  template <class R>
  [[nodiscard]] const core::Table<R>& all() const {
    return std::get<core::Table<R>>(tables_);
  }
  template <class R>
  [[nodiscard]] std::optional<R> get(const typename R::Key& key) const {
    const auto found = all<R>().find(key);
    if (found == all<R>().end()) return std::nullopt;
    return found->second;
  }

 private:
  // A table for each type of row.
  template <class Rows>
  struct TablesOf;
  template <class... Rows>
  struct TablesOf<std::variant<Rows...>> {
    using Type = std::tuple<core::Table<Rows>...>;
  };
  TablesOf<core::Row>::Type tables_;
};

}  // namespace vaultbell::support
