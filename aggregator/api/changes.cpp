#include "aggregator/api/changes.hpp"

#include "aggregator/api/in_json.hpp"
#include "aggregator/api/views.hpp"

namespace vaultbell::api {

namespace {

// A row as people know it; without a name of its own its number stands for it.
struct Thing {
  std::string what;
  std::uint64_t id = 0;
  std::string name;
  Json view;
};

struct ToThing {
  Rows& rows;
  Instant now;

  using Maybe = std::optional<Thing>;

  Maybe operator()(const core::Vault& row) const {
    return Thing{"vault", row.id.value, row.name, view_of(row, rows)};
  }
  Maybe operator()(const core::Client& row) const {
    return Thing{"client", row.id.value, row.name, view_of(row, rows)};
  }
  Maybe operator()(const core::Job& row) const {
    return Thing{"job", row.id.value, row.name, view_of(row, rows)};
  }
  Maybe operator()(const core::Contact& row) const {
    return Thing{"contact", row.id.value, row.name, view_of(row, rows, now)};
  }
  Maybe operator()(const core::Group& row) const {
    return Thing{"group", row.id.value, row.name, view_of(row, rows)};
  }
  Maybe operator()(const core::Enrolment& row) const {
    return Thing{"enrolment request", row.id.value, row.name, view_of(row, rows)};
  }
  Maybe operator()(const core::Run& row) const {
    return numbered("run", row.id.value, view_of(row, rows));
  }
  Maybe operator()(const core::Alert& row) const {
    return numbered("alert", row.id.value, view_of(row, rows));
  }
  Maybe operator()(const core::Notification& row) const {
    return numbered("delivery", row.id.value, view_of(row, rows));
  }
  Maybe operator()(const core::Token& row) const {
    return numbered("token", row.id.value, view_of(row, rows, now));
  }
  Maybe operator()(const core::Access& row) const {
    return Thing{std::string(to_text(row.kind)), row.id.value, row.name, view_of(row)};
  }
  Maybe operator()(const core::Maintenance& row) const {
    return numbered("maintenance", row.id.value, view_of(row, rows, now));
  }
  template <class R>
  Maybe operator()(const R&) const {
    return std::nullopt;
  }

 private:
  static Maybe numbered(const char* what, std::uint64_t id, Json view) {
    return Thing{what, id, std::to_string(id), std::move(view)};
  }
};

// Absent: nothing that people know of.
std::optional<Json> change_of(const std::optional<Thing>& before,
                              const std::optional<Thing>& after) {
  if (!before && !after) return std::nullopt;
  const auto& thing = after ? *after : *before;
  return Json{{"action", !before ? "create"
                         : after ? "update"
                                 : "delete"},
              {"what", thing.what},
              {"id", thing.id},
              {"name", thing.name},
              {"before", before ? before->view : Json()},
              {"after", after ? after->view : Json()}};
}

template <class R>
bool has_key(const core::Row& row, const typename R::Key& key) {
  const auto* same_type = std::get_if<R>(&row);
  return same_type != nullptr && same_type->key() == key;
}

// The row of that key, as it was; null if there was none.
template <class R>
const core::Row* row_before(const core::OrderDone& done, const typename R::Key& key) {
  for (const auto& row : done.before) {
    if (has_key<R>(row, key)) return &row;
  }
  return nullptr;
}

// The two sides of an order: all rows as they were, and as they have become.
class Sides {
 public:
  Sides(const core::OrderDone& done, const storage::Snapshot& snapshot, Instant now)
      : done_(done), now_(now), before_(snapshot), after_(snapshot) {
    for (const auto& change : done.changes) std::visit(*this, change);
    for (const auto& row : done.before) before_.assume(row);
  }

  void operator()(const core::Put& put) {
    after_.assume(put.row);
    std::visit(
        [&]<class R>(const R& row) {
          if constexpr (std::is_constructible_v<core::ErasedKey, typename R::Key>) {
            before_.assume_absent(row.key());
          }
        },
        put.row);
  }
  void operator()(const core::Erase& erase) { after_.assume_absent(erase.key); }
  void operator()(const core::Remember&) {}

  std::optional<Json> of(const core::Put& put) {
    const auto* before =
        std::visit([&]<class R>(const R& row) { return row_before<R>(done_, row.key()); }, put.row);
    return change_of(thing_of(before, before_), thing_of(&put.row, after_));
  }
  std::optional<Json> of(const core::Erase& erase) {
    const auto* before = std::visit(
        [&]<class Key>(const Key& key) { return row_before<core::RowOf<Key>>(done_, key); },
        erase.key);
    return change_of(thing_of(before, before_), std::nullopt);
  }
  static std::optional<Json> of(const core::Remember&) { return std::nullopt; }

  [[nodiscard]] Status status() const {
    return before_.status() ? after_.status() : before_.status();
  }

 private:
  [[nodiscard]] std::optional<Thing> thing_of(const core::Row* row, Rows& rows) const {
    return row == nullptr ? std::nullopt : std::visit(ToThing{rows, now_}, *row);
  }

  const core::OrderDone& done_;
  Instant now_;
  Rows before_;
  Rows after_;
};

struct ToAuditedThing {
  Rows& rows;
  Instant now;

  std::optional<Thing> operator()(const core::AuditedRow& row) const {
    std::optional<Thing> thing;
    const auto look = [&](const auto& kept) {
      if (kept) thing = ToThing{rows, now}(*kept);
    };
    look(row.vault);
    look(row.client);
    look(row.job);
    look(row.contact);
    look(row.group);
    look(row.maintenance);
    look(row.alert);
    look(row.notification);
    look(row.token);
    look(row.enrolment);
    look(row.access);
    return thing;
  }
  std::optional<Thing> operator()(const std::optional<core::AuditedRow>& row) const {
    return row ? (*this)(*row) : std::nullopt;
  }
};

}  // namespace

Result<Json> changes_of(const core::OrderDone& done, const storage::Snapshot& snapshot,
                        Instant now) {
  Sides sides(done, snapshot, now);
  Json changes = Json::array();
  for (const auto& change : done.changes) {
    auto json = std::visit([&](const auto& one) { return sides.of(one); }, change);
    if (json) changes.push_back(std::move(*json));
  }
  if (auto ok = sides.status(); !ok) return fail(ok.error());
  return changes;
}

Result<Json> current_of(const core::ObjectId& object, const storage::Snapshot& snapshot,
                        Instant now) {
  Rows rows(snapshot);
  return std::visit(
      [&](const auto& id) -> Result<Json> {
        const auto row = snapshot.get<core::RowOf<std::decay_t<decltype(id)>>>(id);
        if (!row) return fail(row.error());
        if (!*row) return Json();
        auto view = ToThing{rows, now}(**row)->view;
        if (!rows.status()) return fail(rows.status().error());
        return view;
      },
      object);
}

Json changes_of(const core::AuditEntry& entry, Rows& rows, Instant now) {
  const ToAuditedThing to_thing{rows, now};
  Json changes = Json::array();
  for (const auto& change : entry.changes) {
    auto json = change_of(to_thing(change.before), to_thing(change.after));
    if (json) changes.push_back(std::move(*json));
  }
  return changes;
}

}  // namespace vaultbell::api
