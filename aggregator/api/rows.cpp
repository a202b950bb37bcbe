#include "aggregator/api/rows.hpp"

namespace vaultbell::api {

namespace {

template <class R>
std::string name_in(const R* row) {
  return row == nullptr ? std::string() : row->name;
}

}  // namespace

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
