#include "aggregator/core/audit.hpp"

#include <array>

#include "aggregator/core/declared.hpp"
#include "shared/base/duration.hpp"

namespace vaultbell::core {

namespace {

using What = decltype(Order::what);

// In the order of the alternatives of Order::what.
constexpr auto kActions = std::to_array<std::string_view>({
    "create_vault",     "edit_vault",        "edit_client",        "set_policy",
    "create_contact",   "edit_contact",      "delete_contact",     "send_codes",
    "confirm_code",     "test_contact",      "create_group",       "edit_group",
    "delete_group",     "create_token",      "revoke_token",       "approve_enrolment",
    "reject_enrolment", "acknowledge_alert", "inactivate_alert",   "reactivate_alert",
    "comment_alert",    "notify_alert_now",  "raise_test",         "retry_delivery",
    "cancel_delivery",  "send_digest_now",   "create_job",         "set_job",
    "forget_job",       "start_maintenance", "extend_maintenance", "end_maintenance",
    "retire_client",    "move_client",       "rename_client",      "rename_vault",
    "mark_managed",     "delete_vault",      "create_access",      "open_session",
    "revoke_access",
});
static_assert(kActions.size() == std::variant_size_v<What>);

// Puts a row in its place; false: people do not know of rows of this type.
struct PutInto {
  AuditedRow& row;

  bool operator()(const Vault& r) const { return keep(row.vault, r); }
  bool operator()(const Client& r) const { return keep(row.client, r); }
  bool operator()(const Job& r) const { return keep(row.job, r); }
  bool operator()(const Contact& r) const { return keep(row.contact, r); }
  bool operator()(const Group& r) const { return keep(row.group, r); }
  bool operator()(const Maintenance& r) const { return keep(row.maintenance, r); }
  bool operator()(const Alert& r) const { return keep(row.alert, r); }
  bool operator()(const Notification& r) const { return keep(row.notification, r); }
  bool operator()(const Token& r) const { return keep(row.token, r); }
  bool operator()(const Enrolment& r) const { return keep(row.enrolment, r); }
  bool operator()(const Access& r) const { return keep(row.access, r); }
  template <class R>
  bool operator()(const R&) const {
    return false;
  }

 private:
  template <class R>
  static bool keep(std::optional<R>& place, const R& r) {
    place = r;
    return true;
  }
};

// The row of that key as it was before the decision; absent: none, or nothing people know of.
template <class R>
std::optional<AuditedRow> before_of(const State& state, const typename R::Key& key) {
  if constexpr (requires { table_of(state, static_cast<const R*>(nullptr)); }) {
    const auto& table = table_of(state, static_cast<const R*>(nullptr));
    const auto found = table.find(key);
    AuditedRow row;
    if (found != table.end() && PutInto{row}(found->second)) return row;
  }
  return std::nullopt;
}

struct ToAudited {
  const State& state;

  std::optional<AuditedChange> operator()(const Put& put) const {
    AuditedRow after;
    if (!std::visit(PutInto{after}, put.row)) return std::nullopt;
    const auto find = [&]<class R>(const R& row) { return before_of<R>(state, row.key()); };
    return AuditedChange{std::visit(find, put.row), after};
  }
  std::optional<AuditedChange> operator()(const Erase& erase) const {
    const auto find = [&]<class Key>(const Key& key) { return before_of<RowOf<Key>>(state, key); };
    auto before = std::visit(find, erase.key);
    if (!before) return std::nullopt;
    return AuditedChange{std::move(before), std::nullopt};
  }
  std::optional<AuditedChange> operator()(const Remember&) const { return std::nullopt; }
};

void say(std::string& text, std::string_view name, const std::string& before,
         const std::string& after) {
  if (before == after) return;
  text += (text.empty() ? "" : "; ") + std::string(name) + ": " + before + " -> " + after;
}

std::string listed(const std::vector<std::string>& owners) {
  std::string text;
  for (const auto& owner : owners) text += (text.empty() ? "" : ", ") + owner;
  return text.empty() ? "nobody" : text;
}

// What is edited by people says which entry tells who did it last.
void stamp(Draft& draft, AuditId id) {
  const auto changes = draft.changes();
  const auto stamp_row = [&]<class R>(R row) {
    if constexpr (requires { row.revision; }) {
      row.revision = id.value;
      draft.put(std::move(row));
    }
  };
  for (const auto& change : changes) {
    if (const auto* put = std::get_if<Put>(&change)) std::visit(stamp_row, put->row);
  }
}

// Completes the entry with what the decision changes so far.
AuditId keep(Draft& draft, AuditEntry entry) {
  if (draft.changes().empty()) return {};
  entry.id = draft.next_audit();
  stamp(draft, entry.id);
  for (const auto& change : draft.changes()) {
    auto audited = std::visit(ToAudited{draft.before()}, change);
    if (!audited) continue;
    if (entry.changes.size() < kAuditedChangesMax) {
      entry.changes.push_back(std::move(*audited));
    } else {
      ++entry.more;
    }
  }
  const auto id = entry.id;
  draft.put(std::move(entry));
  return id;
}

}  // namespace

AuditId audit(Draft& draft, const Order& order, const std::string& remark) {
  if (is_only_moved(draft.before(), order)) return {};
  return keep(draft, {.at = draft.now(),
                      .actor = order.actor,
                      .action = std::string(kActions.at(order.what.index())),
                      .remark = remark});
}

void audit_host(Draft& draft, const Client& client, std::string_view action) {
  keep(draft, {.at = draft.now(),
               .actor = "agent of " + client.name,
               .action = std::string(action),
               .remark = {}});
}

void audit(Draft& draft, const Settings& before, const Settings& after) {
  std::string text;
  say(text, "owners", listed(before.owners), listed(after.owners));
  say(text, "notify_after", to_text(before.notify_after), to_text(after.notify_after));
  say(text, "off_silences_destructive", before.off_silences_destructive ? "true" : "false",
      after.off_silences_destructive ? "true" : "false");
  if (text.empty() && before != after) text = "other settings were changed";
  if (text.empty()) return;
  draft.put(AuditEntry{.id = draft.next_audit(),
                       .at = draft.now(),
                       .actor = "configuration file",
                       .action = "reload",
                       .remark = std::move(text)});
}

}  // namespace vaultbell::core
