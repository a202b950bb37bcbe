#include "aggregator/core/retention.hpp"

#include <algorithm>
#include <set>

#include "aggregator/core/enrolment.hpp"

namespace vaultbell::core {

namespace {

// Whether something that is going on refers to the row.
struct Matters {
  const Draft& draft;
  const std::set<RunId>& runs;  // that active alerts name

  [[nodiscard]] const State& state() const { return draft.before(); }

  bool operator()(const Run::Key& key) const { return runs.contains(key); }
  bool operator()(const Alert::Key& key) const {
    return state().alerts.contains(key) || state().recovering.contains(key);
  }
  bool operator()(const Notification::Key& key) const {
    return state().notifications.contains(key);
  }
  bool operator()(const Attempt::Key& key) const {
    return state().notifications.contains(key.notification);
  }
  bool operator()(const Token::Key& key) const {
    const auto token = draft.get<Token>(key);
    return !token || !refusal_of(*token, draft.now());
  }
  bool operator()(const Maintenance::Key& key) const { return state().maintenances.contains(key); }
  bool operator()(const Address::Key& key) const {
    const bool is_owners =
        key.channel == Channel::email &&
        std::ranges::find(state().settings.owners, key.address) != state().settings.owners.end();
    return is_owners || state().contacts_at.contains(key) || state().lines.contains(key);
  }
  bool operator()(const AuditEntry::Key&) const { return false; }
  // These are not history: they end by themselves.
  bool operator()(const SpoolMark::Key&) const { return true; }
  bool operator()(const OpenRun::Key&) const { return true; }
  bool operator()(const Enrolment::Key&) const { return true; }
  bool operator()(const ClockShift::Key&) const { return true; }
  bool operator()(const Contact::Key&) const { return true; }
  bool operator()(const Group::Key&) const { return true; }
  bool operator()(const Job::Key&) const { return true; }
};

}  // namespace

void drop_expired(Draft& draft, const DropExpired& expired) {
  std::set<RunId> runs;
  for (const auto& [id, alert] : draft.before().alerts) runs.insert(alert.run);
  for (const auto& key : expired.keys) {
    if (!draft.has_room_for(1)) return;
    if (!std::visit(Matters{draft, runs}, key)) draft.erase(key);
  }
}

}  // namespace vaultbell::core
