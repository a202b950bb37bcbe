// Rows: the rows that an answer refers to by number, each read once a request.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "aggregator/storage/snapshot.hpp"

namespace vaultbell::api {

class Rows {
 public:
  explicit Rows(const storage::Snapshot& snapshot) : snapshot_(snapshot) {}

  // Null if there is none. Valid as long as this.
  template <class R>
  const R* find(const typename R::Key& key) {
    auto& cache = std::get<Cache<R>>(caches_);
    if (const auto known = cache.find(key); known != cache.end()) return pointer_to(known->second);
    auto row = snapshot_.get<R>(key);
    if (!row && status_) status_ = fail(row.error());
    return pointer_to(cache[key] = row ? std::move(*row) : std::nullopt);
  }

  // "" if there is none.
  std::string name_of(VaultId id);
  std::string name_of(ClientId id);
  std::string name_of(JobId id);

  // The maintenances that are not over.
  const std::map<MaintenanceId, core::Maintenance>& maintenances();

  // The first row that could not be read: then the whole answer is worth nothing.
  [[nodiscard]] const Status& status() const { return status_; }

 private:
  template <class R>
  using Cache = std::map<typename R::Key, std::optional<R>>;

  template <class R>
  static const R* pointer_to(const std::optional<R>& row) {
    return row ? &*row : nullptr;
  }

  const storage::Snapshot& snapshot_;
  std::tuple<Cache<core::Vault>, Cache<core::Client>, Cache<core::Job>, Cache<core::Alert>,
             Cache<core::Contact>, Cache<core::Group>, Cache<core::Address>, Cache<core::Outage>>
      caches_;
  std::optional<std::map<MaintenanceId, core::Maintenance>> maintenances_;
  Status status_;
};

}  // namespace vaultbell::api
