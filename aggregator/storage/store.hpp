// Store: the journal on one machine, an LMDB environment in the state folder. One commit is one
// LMDB transaction, flushed to the disk when it returns. The main thread is its only writer.
#pragma once

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "aggregator/core/engine.hpp"
#include "aggregator/core/journal.hpp"
#include "aggregator/storage/snapshot.hpp"
#include "shared/lmdb/environment.hpp"

namespace vaultbell::storage {

// Most the file may grow to. It costs address space only; 64 GiB hold about 50 million runs.
inline constexpr std::size_t kMapBytesDefault = 64ULL << 30U;

class Store final : public core::Journal {
 public:
  // Opens or makes the store in `folder`, which must exist. A store of a newer schema is refused.
  static Result<std::unique_ptr<Store>> open(
      const std::filesystem::path& folder, std::size_t map_bytes = kMapBytesDefault,
      lmdb::Durability durability = lmdb::Durability::power_cut);

  Result<core::Committed> commit(const core::WriteSet& changes) override;
  [[nodiscard]] bool may_act() const override { return true; }

  // The State that the stored rows give: what has ended is not read, so that the time depends on
  // what is going on, not on the length of the history.
  [[nodiscard]] Result<core::State> load(const core::Settings& settings,
                                         Instant listening_since) const;

  // Writes when clients were last heard, in bulk; for display after a restart, never for judging
  // silence.
  Status checkpoint(const std::vector<std::pair<ClientId, Instant>>& last_heard);

  [[nodiscard]] const lmdb::Environment& environment() const { return *environment_; }

 private:
  explicit Store(std::unique_ptr<lmdb::Environment> environment)
      : environment_(std::move(environment)) {}
  Status prepare();
  // Those that a store from before has not; commits.
  Status build_indexes(lmdb::WriteTransaction& transaction);

  std::unique_ptr<lmdb::Environment> environment_;
};

// What files can declare, and what that refers to, as a State of its own: without hosts that ask,
// runs, alerts and messages. For comparing with files; from any thread.
Result<core::State> load_objects(const Snapshot& snapshot, const core::Settings& settings);

}  // namespace vaultbell::storage
