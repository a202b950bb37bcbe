// Strong types for identities: numbers of rows, each its own type, so that a job can never be
// taken for a run.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace vaultbell {

// A number given once and never again; 0 means "none".
template <class Tag>
struct Id {
  std::uint64_t value = 0;

  auto operator<=>(const Id&) const = default;
  [[nodiscard]] bool is_set() const { return value != 0; }
};

using VaultId = Id<struct VaultTag>;
using ClientId = Id<struct ClientTag>;
using JobId = Id<struct JobTag>;
using RunId = Id<struct RunTag>;
using AlertId = Id<struct AlertTag>;
using NotificationId = Id<struct NotificationTag>;
using TokenId = Id<struct TokenTag>;
using EnrolmentId = Id<struct EnrolmentTag>;
using ContactId = Id<struct ContactTag>;
using GroupId = Id<struct GroupTag>;
using MaintenanceId = Id<struct MaintenanceTag>;
using AuditId = Id<struct AuditTag>;
using AccessId = Id<struct AccessTag>;

}  // namespace vaultbell

template <class Tag>
struct std::hash<vaultbell::Id<Tag>> {
  std::size_t operator()(const vaultbell::Id<Tag>& id) const noexcept {
    return std::hash<std::uint64_t>{}(id.value);
  }
};
