#include "aggregator/core/retention.hpp"

#include <algorithm>
#include <set>

#include "aggregator/core/enrolment.hpp"

namespace vaultbell::core {

namespace {

// What is going on, by what it refers to.
struct GoingOn {
  std::set<RunId> runs;                    // of open runs, and that active alerts name
  std::set<AlertId> alerts;                // that messages are still to be sent about
  std::set<NotificationId> notifications;  // by which somebody was told of an active alert
  std::set<AddressKey> places;             // where somebody was told of one
  std::set<TokenId> tokens;                // with which hosts asked that wait
};

void add_alert(GoingOn& going_on, const Alert& alert) {
  going_on.runs.insert(alert.run);
  if (alert.inactivation) going_on.runs.insert(alert.inactivation->run);
  for (const auto& told : alert.told) {
    going_on.notifications.insert(told.notification);
    going_on.places.insert(told.recipient.place());
  }
}

GoingOn going_on_in(const State& state) {
  GoingOn going_on;
  for (const auto& [id, alert] : state.alerts) add_alert(going_on, alert);
  for (const auto& [id, alert] : state.recovering) add_alert(going_on, alert);
  for (const auto& [key, run] : state.open_runs) going_on.runs.insert(run.id);
  for (const auto& [id, notification] : state.notifications) {
    going_on.alerts.insert(notification.alert);
    going_on.notifications.insert(notification.digest);
  }
  for (const auto& [id, enrolment] : state.enrolments) going_on.tokens.insert(enrolment.token);
  return going_on;
}

// Whether something that is going on refers to the row.
struct Matters {
  const Draft& draft;
  const GoingOn& going_on;

  [[nodiscard]] const State& state() const { return draft.before(); }

  bool operator()(const Run::Key& key) const { return going_on.runs.contains(key); }
  bool operator()(const Alert::Key& key) const {
    return state().alerts.contains(key) || state().recovering.contains(key) ||
           going_on.alerts.contains(key);
  }
  bool operator()(const Notification::Key& key) const {
    return state().notifications.contains(key) || going_on.notifications.contains(key);
  }
  bool operator()(const Attempt::Key& key) const { return (*this)(key.notification); }
  bool operator()(const Token::Key& key) const {
    const auto token = draft.get<Token>(key);
    return !token || !refusal_of(*token, draft.now()) || going_on.tokens.contains(key);
  }
  bool operator()(const Maintenance::Key& key) const { return state().maintenances.contains(key); }
  bool operator()(const Address::Key& key) const {
    const bool is_owners =
        key.channel == Channel::email &&
        std::ranges::find(state().settings.owners, key.address) != state().settings.owners.end();
    return is_owners || state().contacts_at.contains(key) || state().lines.contains(key) ||
           going_on.places.contains(key);
  }
  bool operator()(const AuditEntry::Key&) const { return false; }
  // These are not history: they end by themselves, or are deleted by people.
  bool operator()(const SpoolMark::Key&) const { return true; }
  bool operator()(const OpenRun::Key&) const { return true; }
  bool operator()(const Enrolment::Key&) const { return true; }
  bool operator()(const ClockShift::Key&) const { return true; }
  bool operator()(const Vault::Key&) const { return true; }
  bool operator()(const Contact::Key&) const { return true; }
  bool operator()(const Group::Key&) const { return true; }
  bool operator()(const Job::Key&) const { return true; }
  bool operator()(const Night::Key&) const { return true; }
  bool operator()(const Access::Key&) const { return true; }
  bool operator()(const DoneOrder::Key&) const { return true; }
};

}  // namespace

void drop_expired(Draft& draft, const DropExpired& expired) {
  const auto going_on = going_on_in(draft.before());
  for (const auto& key : expired.keys) {
    if (!draft.has_room_for(1)) return;
    if (!std::visit(Matters{draft, going_on}, key)) draft.erase(key);
  }
}

}  // namespace vaultbell::core
