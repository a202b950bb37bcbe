#include "aggregator/core/declared.hpp"

#include <utility>

#include "aggregator/core/objects.hpp"

namespace vaultbell::core {

namespace {

template <class R>
constexpr bool kCanBeDeclared = requires(R& row) {
  row.managed_by;
};

}  // namespace

std::string managed_by(const State& state, const ObjectId& object) {
  std::string place;
  with_row(Draft(state, Instant{}), object, [&](const auto& row) { place = row.managed_by; });
  return place;
}

Status check_not_declared(const Draft& draft, const Order& order) {
  const auto object = object_of(order);
  if (!object) return {};
  Status status;
  with_row(draft, *object, [&](const auto& row) {
    if (row.managed_by.empty()) return;
    status =
        fail(ErrorCode::refused,
             name_of(draft.before(), row) + " is declared in " + row.managed_by +
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
