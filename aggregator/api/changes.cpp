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
    return Thing{"vault", row.id.value, row.name, view_of(row)};
  }
  Maybe operator()(const core::Client& row) const {
    return Thing{"client", row.id.value, row.name, view_of(row, rows)};
  }
  Maybe operator()(const core::Job& row) const {
    return Thing{"job", row.id.value, row.name, view_of(row, rows)};
  }
  Maybe operator()(const core::Run& row) const {
    return Thing{"run", row.id.value, std::to_string(row.id.value), view_of(row, rows)};
  }
  Maybe operator()(const core::Alert& row) const {
    return Thing{"alert", row.id.value, std::to_string(row.id.value), view_of(row, rows)};
  }
  Maybe operator()(const core::Notification& row) const {
    return Thing{"delivery", row.id.value, std::to_string(row.id.value), view_of(row, rows)};
  }
  Maybe operator()(const core::Token& row) const {
    return Thing{"token", row.id.value, std::to_string(row.id.value), view_of(row, rows, now)};
  }
  Maybe operator()(const core::Enrolment& row) const {
    return Thing{"enrolment request", row.id.value, row.name, view_of(row, rows)};
  }
  Maybe operator()(const core::Counters&) const { return {}; }
  Maybe operator()(const core::SpoolMark&) const { return {}; }
  Maybe operator()(const core::OpenRun&) const { return {}; }
  Maybe operator()(const core::Attempt&) const { return {}; }
  Maybe operator()(const core::ClockShift&) const { return {}; }
  Maybe operator()(const core::Contact&) const { return {}; }
  Maybe operator()(const core::Group&) const { return {}; }
  Maybe operator()(const core::Address&) const { return {}; }
  Maybe operator()(const core::ChannelHealth&) const { return {}; }
  Maybe operator()(const core::Maintenance&) const { return {}; }
  Maybe operator()(const core::Outage&) const { return {}; }
  Maybe operator()(const core::AuditEntry&) const { return {}; }
};

Json change_of(std::string_view action, const Thing& thing) {
  return {{"action", action}, {"what", thing.what}, {"id", thing.id}, {"name", thing.name}};
}

// The row of the same type and key, as it was; null if there was none.
const core::Row* same_before(const core::OrderDone& done, const core::Row& after) {
  const auto is_same = [&](const auto& row) {
    using R = std::decay_t<decltype(row)>;
    const auto* other = std::get_if<R>(&after);
    return other != nullptr && other->key() == row.key();
  };
  for (const auto& row : done.before) {
    if (std::visit(is_same, row)) return &row;
  }
  return nullptr;
}

// The row that an erased key stood for.
const core::Row* erased_row(const core::OrderDone& done, const core::ErasedKey& key) {
  const auto is_erased = [&](const auto& row) {
    using Key = typename std::decay_t<decltype(row)>::Key;
    const auto is_key = [&](const auto& erased) {
      if constexpr (std::is_same_v<std::decay_t<decltype(erased)>, Key>) return erased == row.key();
      return false;
    };
    return std::visit(is_key, key);
  };
  for (const auto& row : done.before) {
    if (std::visit(is_erased, row)) return &row;
  }
  return nullptr;
}

}  // namespace

Json changes_of(const core::OrderDone& done, Rows& rows, Instant now) {
  const ToThing to_thing{rows, now};
  Json changes = Json::array();
  for (const auto& change : done.changes) {
    const auto* put = std::get_if<core::Put>(&change);
    const auto* erase = std::get_if<core::Erase>(&change);
    const auto* row = put != nullptr     ? &put->row
                      : erase != nullptr ? erased_row(done, erase->key)
                                         : nullptr;
    const auto thing = row == nullptr ? std::nullopt : std::visit(to_thing, *row);
    if (!thing) continue;
    const auto* before = put == nullptr ? row : same_before(done, put->row);
    auto& json = changes.emplace_back(change_of(put == nullptr      ? "delete"
                                                : before == nullptr ? "create"
                                                                    : "update",
                                                *thing));
    json["before"] = before == nullptr ? Json() : std::visit(to_thing, *before)->view;
    json["after"] = put == nullptr ? Json() : thing->view;
  }
  return changes;
}

}  // namespace vaultbell::api
