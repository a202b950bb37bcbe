// Rows: the rows that an answer refers to by number, each read once a request; and people as they
// stand in them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "aggregator/core/change.hpp"
#include "aggregator/core/directory.hpp"
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
  std::string name_of(ContactId id);
  std::string name_of(GroupId id);

  // From now on that row is as given, or is not there, whatever the store has. Rows that nothing
  // refers to are passed by.
  void assume(const core::Row& row);
  void assume_absent(const core::ErasedKey& key);

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
  template <class... R>
  struct Caches : std::tuple<Cache<R>...> {
    template <class T>
    static constexpr bool kHas = (std::is_same_v<T, R> || ...);
  };
  using Known = Caches<core::Vault, core::Client, core::Job, core::Alert, core::Contact,
                       core::Group, core::Address, core::Outage>;
  Known caches_;
  std::optional<std::map<MaintenanceId, core::Maintenance>> maintenances_;
  Status status_;
};

// Borrows the rows.
class RowsDirectory final : public core::Directory {
 public:
  explicit RowsDirectory(Rows& rows) : rows_(rows) {}
  [[nodiscard]] std::optional<core::Contact> contact(ContactId id) const override;
  [[nodiscard]] std::optional<core::Group> group(GroupId id) const override;
  [[nodiscard]] std::optional<core::Address> address(const core::AddressKey& key) const override;

 private:
  Rows& rows_;
};

}  // namespace vaultbell::api
