// MemoryJournal: a journal that keeps every row in ordered tables, what has ended included. The
// second implementation of core::Journal, and what tests look into.
#pragma once

#include <map>
#include <optional>
#include <tuple>

#include "aggregator/core/journal.hpp"
#include "aggregator/core/state.hpp"

namespace vaultbell::support {

class MemoryJournal final : public core::Journal {
 public:
  Result<core::Committed> commit(const core::WriteSet& changes) override;
  [[nodiscard]] bool may_act() const override { return true; }

  // The State that the rows give, as a store loads it: without what has ended.
  [[nodiscard]] core::State load(const core::Settings& settings, Instant listening_since) const;

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
  std::tuple<core::Table<core::Counters>, core::Table<core::Vault>, core::Table<core::Client>,
             core::Table<core::Job>, core::Table<core::SpoolMark>, core::Table<core::Run>,
             core::Table<core::OpenRun>, core::Table<core::Alert>, core::Table<core::Notification>,
             core::Table<core::Attempt>, core::Table<core::Token>, core::Table<core::Enrolment>,
             core::Table<core::ClockShift>>
      tables_;
};

}  // namespace vaultbell::support
