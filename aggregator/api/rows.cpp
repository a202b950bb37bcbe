#include "aggregator/api/rows.hpp"

namespace vaultbell::api {

namespace {

template <class R>
std::string name_in(const R* row) {
  return row == nullptr ? std::string() : row->name;
}

template <class R>
std::optional<R> copy_of(const R* row) {
  return row == nullptr ? std::nullopt : std::optional(*row);
}

}  // namespace

const std::map<MaintenanceId, core::Maintenance>& Rows::maintenances() {
  if (maintenances_) return *maintenances_;
  auto& rows = maintenances_.emplace();
  const auto seen = snapshot_.each_in<core::Maintenance>(
      storage::TableNumber::open_maintenances, {}, storage::Order::ascending, std::nullopt,
      [&](const core::Maintenance& row) {
        rows[row.id] = row;
        return true;
      });
  if (!seen && status_) status_ = fail(seen.error());
  return rows;
}

std::string Rows::name_of(VaultId id) {
  return name_in(find<core::Vault>(id));
}

std::string Rows::name_of(ClientId id) {
  return name_in(find<core::Client>(id));
}

std::string Rows::name_of(JobId id) {
  return name_in(find<core::Job>(id));
}

std::string Rows::name_of(ContactId id) {
  return name_in(find<core::Contact>(id));
}

std::string Rows::name_of(GroupId id) {
  return name_in(find<core::Group>(id));
}

void Rows::assume(const core::Row& row) {
  std::visit(
      [&]<class R>(const R& known) {
        if constexpr (Known::kHas<R>) {
          std::get<Cache<R>>(caches_)[known.key()] = known;
        }
      },
      row);
}

void Rows::assume_absent(const core::ErasedKey& key) {
  std::visit(
      [&]<class Key>(const Key& known) {
        using R = core::RowOf<Key>;
        if constexpr (Known::kHas<R>) {
          std::get<Cache<R>>(caches_)[known] = std::nullopt;
        }
      },
      key);
}

std::optional<core::Contact> RowsDirectory::contact(ContactId id) const {
  return copy_of(rows_.find<core::Contact>(id));
}

std::optional<core::Group> RowsDirectory::group(GroupId id) const {
  return copy_of(rows_.find<core::Group>(id));
}

std::optional<core::Address> RowsDirectory::address(const core::AddressKey& key) const {
  return copy_of(rows_.find<core::Address>(key));
}

}  // namespace vaultbell::api
