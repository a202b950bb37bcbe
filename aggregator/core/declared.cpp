#include "aggregator/core/declared.hpp"

#include <utility>

namespace vaultbell::core {

namespace {

template <class R>
constexpr bool kCanBeDeclared = requires(R& row) {
  row.managed_by;
};

// What is changed by an order that only changes one object. Absent: nothing that a file declares.
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

struct Name {
  const State& state;

  std::string operator()(const Vault& row) const { return named("vault", row.name); }
  std::string operator()(const Client& row) const { return named("client", row.name); }
  std::string operator()(const Job& row) const {
    const auto client = state.clients.find(row.client);
    const auto of = client == state.clients.end() ? std::string() : client->second.name;
    return named("job", row.name) + " of " + named("client", of);
  }
  std::string operator()(const Contact& row) const { return named("contact", row.name); }
  std::string operator()(const Group& row) const { return named("group", row.name); }
  std::string operator()(const Maintenance& row) const {
    return "maintenance " + std::to_string(row.id.value);
  }
};

// Calls `use` with the object's row, if there is one.
template <class Use>
void with_row(const Draft& draft, const ObjectId& object, const Use& use) {
  const auto find = [&]<class Id>(const Id& id) {
    if (const auto row = draft.get<RowOf<Id>>(id)) use(*row);
  };
  std::visit(find, object);
}

}  // namespace

std::string managed_by(const State& state, const ObjectId& object) {
  std::string place;
  with_row(Draft(state, Instant{}), object, [&](const auto& row) { place = row.managed_by; });
  return place;
}

Status check_not_declared(const Draft& draft, const Order& order) {
  const auto object = std::visit(Changed{}, order.what);
  if (!object) return {};
  Status status;
  with_row(draft, *object, [&](const auto& row) {
    if (row.managed_by.empty()) return;
    status =
        fail(ErrorCode::refused,
             Name{draft.before()}(row) + " is declared in " + row.managed_by +
                 ": change it there, or take it out there, and run \"vaultbell config apply\"");
  });
  return status;
}

void mark_changed(Draft& draft, const std::string& declared_at) {
  const auto changes = draft.changes();
  const auto mark = [&]<class R>(R row) {
    if constexpr (kCanBeDeclared<R>) {
      row.managed_by = declared_at;
      draft.put(std::move(row));
    }
  };
  for (const auto& change : changes) {
    if (const auto* put = std::get_if<Put>(&change)) std::visit(mark, put->row);
  }
}

Result<std::string> mark_managed(Draft& draft, const MarkManaged& order) {
  if (order.managed_by.size() > kManagedByBytesMax) {
    return fail(ErrorCode::invalid, "the place \"" + order.managed_by + "\" is longer than " +
                                        std::to_string(kManagedByBytesMax) + " bytes");
  }
  bool is_there = false;
  with_row(draft, order.object, [&](auto row) {
    is_there = true;
    if (row.managed_by == order.managed_by) return;
    row.managed_by = order.managed_by;
    draft.put(std::move(row));
  });
  if (is_there) return std::string();
  return fail(ErrorCode::not_found, "the object to be marked is not there");
}

bool is_only_moved(const State& before, const Order& order) {
  const auto* mark = std::get_if<MarkManaged>(&order.what);
  return mark != nullptr && !mark->managed_by.empty() && !managed_by(before, mark->object).empty();
}

}  // namespace vaultbell::core
