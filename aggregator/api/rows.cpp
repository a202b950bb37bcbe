#include "aggregator/api/rows.hpp"

namespace vaultbell::api {

namespace {

template <class R>
std::string name_in(const R* row) {
  return row == nullptr ? std::string() : row->name;
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

}  // namespace vaultbell::api
