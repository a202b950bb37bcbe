#include "aggregator/core/objects.hpp"

namespace vaultbell::core {

namespace {

struct Changed {
  using Object = std::optional<ObjectId>;

  Object operator()(const EditVault& order) const { return order.vault; }
  Object operator()(const RenameVault& order) const { return order.vault; }
  Object operator()(const DeleteVault& order) const { return order.vault; }
  Object operator()(const SetPolicy& order) const {
    if (order.holder.client.is_set()) return order.holder.client;
    return order.holder.vault;
  }
  Object operator()(const EditClient& order) const { return order.client; }
  Object operator()(const MoveClient& order) const { return order.client; }
  Object operator()(const RenameClient& order) const { return order.client; }
  Object operator()(const RetireClient& order) const { return order.client; }
  Object operator()(const EditContact& order) const { return order.contact; }
  Object operator()(const DeleteContact& order) const { return order.contact; }
  Object operator()(const EditGroup& order) const { return order.group; }
  Object operator()(const DeleteGroup& order) const { return order.group; }
  Object operator()(const SetJob& order) const { return order.job; }
  Object operator()(const ForgetJob& order) const { return order.job; }
  Object operator()(const ExtendMaintenance& order) const { return order.maintenance; }
  Object operator()(const EndMaintenance& order) const { return order.maintenance; }

  // What makes something new, or is about what files do not declare: codes, alerts, deliveries,
  // tokens; and MarkManaged, which no person gives.
  template <class Other>
  Object operator()(const Other&) const {
    return std::nullopt;
  }
};

std::string named(std::string_view what, const std::string& name) {
  return std::string(what) + " \"" + name + "\"";
}

}  // namespace

std::optional<ObjectId> object_of(const Order& order) {
  return std::visit(Changed{}, order.what);
}

std::string name_of(const State&, const Vault& row) {
  return named("vault", row.name);
}
std::string name_of(const State&, const Client& row) {
  return named("client", row.name);
}
std::string name_of(const State& state, const Job& row) {
  const auto client = state.clients.find(row.client);
  const auto of = client == state.clients.end() ? std::string() : client->second.name;
  return named("job", row.name) + " of " + named("client", of);
}
std::string name_of(const State&, const Contact& row) {
  return named("contact", row.name);
}
std::string name_of(const State&, const Group& row) {
  return named("group", row.name);
}
std::string name_of(const State&, const Maintenance& row) {
  return "maintenance " + std::to_string(row.id.value);
}

Status check_revision(const Draft& draft, const Order& order) {
  const auto object = object_of(order);
  if (!order.revision || !object) return {};
  Status status;
  with_row(draft, *object, [&](const auto& row) {
    if (row.revision == *order.revision) return;
    status = fail(ErrorCode::stale, name_of(draft.before(), row) + " was changed since revision " +
                                        std::to_string(*order.revision) + ": it has revision " +
                                        std::to_string(row.revision) + " now");
  });
  return status;
}

}  // namespace vaultbell::core
