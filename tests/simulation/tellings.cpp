#include "tests/simulation/tellings.hpp"

#include <algorithm>

#include "aggregator/core/alerts.hpp"
#include "aggregator/storage/snapshot.hpp"
#include "aggregator/storage/store.hpp"
#include "shared/base/check.hpp"
#include "shared/base/duration.hpp"

namespace vaultbell::simulation {

namespace {

using core::NotificationState;

// A step of less than a second counts as the slewing of a time service, and the clocks of a turn
// are read once.
constexpr Duration kTooEarlyMax = std::chrono::seconds(2);

// An alert that is told so late may still be on its way when the run ends.
constexpr Duration kUnderWayMax = std::chrono::hours(30);

std::string label_of(const core::Alert& alert) {
  return "alert " + std::to_string(alert.id.value) + " (" + std::string(to_text(alert.kind)) + ")";
}

std::string names_of(const Ledger::Places& places) {
  std::string names;
  for (const auto& place : places) names += (names.empty() ? "" : ", ") + place.address;
  return names.empty() ? "nobody" : names;
}

// Whether the decision was made by what the policy says, rather than by the alert being over.
bool is_by_policy(core::NotifyReason reason) {
  return reason != core::NotifyReason::resolved_during_hold &&
         reason != core::NotifyReason::inactivated_during_hold &&
         reason != core::NotifyReason::covered_by_outage;
}

bool has(const std::set<NotificationState>& states, NotificationState state) {
  return states.contains(state);
}

}  // namespace

void Tellings::turn_begins() {
  turn_at_ = scene_.now();
  turn_wall_ = scene_.wall();
}

void Tellings::committed(const core::WriteSet& changes) {
  std::map<AlertId, Ledger::Places> told;
  for (const auto& change : changes) {
    const auto* put = std::get_if<core::Put>(&change);
    const auto* row = put != nullptr ? std::get_if<core::Notification>(&put->row) : nullptr;
    if (row == nullptr || row->event != core::NotificationEvent::raised) continue;
    told[row->alert].insert(row->recipient.place());
  }
  for (const auto& change : changes) {
    const auto* put = std::get_if<core::Put>(&change);
    const auto* row = put != nullptr ? std::get_if<core::Alert>(&put->row) : nullptr;
    if (row != nullptr) follow(*row, told[row->id]);
  }
}

void Tellings::follow(const core::Alert& alert, const Ledger::Places& told) {
  const auto known = followed_.find(alert.id);
  const auto* before = known == followed_.end() ? nullptr : &known->second;
  const bool is_decided = alert.decision && (before == nullptr || !before->alert.decision);
  if (is_decided && is_by_policy(alert.decision->reason)) check_decision(alert, before, told);
  const bool is_anew = before == nullptr || (before->alert.decision && !alert.decision);
  followed_[alert.id] = {alert, is_anew ? turn_at_ : before->held_from};
}

void Tellings::check_decision(const core::Alert& alert, const Followed* before,
                              const Ledger::Places& told) {
  if (alert.kind != core::AlertKind::delivery_failing) {
    const auto wanted = ledger_.wanted(alert);
    if (std::ranges::find(wanted, told) == wanted.end()) {
      scene_.fail(label_of(alert) + " tells " + names_of(told) + " instead of " +
                  names_of(wanted.front()));
    }
  }
  owed_[alert.id].insert(told.begin(), told.end());
  if (hurried_.erase(alert.id) > 0) return;
  if (before != nullptr) check_time(alert, *before);
  if (ledger_.is_covered(alert, turn_wall_)) {
    scene_.fail(label_of(alert) + " is told while a maintenance covers it");
  }
}

void Tellings::check_time(const core::Alert& alert, const Followed& before) {
  const auto hold = ledger_.hold_of(alert).least;
  const auto held = turn_at_ - before.held_from;
  if (held + kTooEarlyMax >= hold) return;
  scene_.fail(label_of(alert) + " is told after " + to_text(held) + ", and is to be held for " +
              to_text(hold));
}

void Tellings::finish(const storage::Store& store) {
  const auto snapshot = storage::Snapshot::take(store.environment());
  check(snapshot.has_value(), "a simulated store can be read");
  Ended raises;
  Ended recoveries;
  const auto seen = snapshot->each<core::Notification>(
      storage::Order::ascending, std::nullopt, [&](const core::Notification& row) {
        const bool is_left_out = row.end_reason == core::EndReason::earlier_under_way ||
                                 row.end_reason == core::EndReason::alert_is_over;
        if (is_left_out) return true;  // others tell, and are looked at themselves
        const std::pair key(row.recipient.place(), row.alert);
        auto state = row.state;
        if (row.digest.is_set()) {
          const auto digest = snapshot->get<core::Notification>(row.digest);
          check(digest && *digest, "a digest of which something is part can be read");
          state = (*digest)->state;
        }
        const bool is_recovery = row.event == core::NotificationEvent::recovered;
        (is_recovery ? recoveries : raises)[key].insert(state);
        return true;
      });
  check(seen.has_value(), "a simulated store can be read");
  for (const auto& [id, places] : owed_) {
    const auto& alert = followed_.at(id).alert;
    if (scene_.wall() - alert.decision->at < kUnderWayMax) continue;
    for (const auto& place : places) {
      finish_raise(alert, place, raises);
      finish_recovery(alert, place, recoveries);
    }
  }
}

// Everybody who was to be told has heard of it; or it is listed why not.
void Tellings::finish_raise(const core::Alert& alert, const core::AddressKey& place,
                            const Ended& ended) {
  if (mailbag_.has_heard(place, alert.id)) return;
  const auto found = ended.find({place, alert.id});
  const bool is_listed = found != ended.end() && (has(found->second, NotificationState::given_up) ||
                                                  has(found->second, NotificationState::cancelled));
  if (!is_listed) {
    scene_.fail(label_of(alert) + " was to be told to " + place.address +
                ", who has never heard of it");
  }
}

void Tellings::finish_recovery(const core::Alert& alert, const core::AddressKey& place,
                               const Ended& ended) {
  const auto& how = alert.inactivation;
  const bool is_recovered = how && how->reason != core::InactiveReason::by_operator;
  if (!is_recovered || scene_.wall() - how->at < kUnderWayMax) return;
  if (!mailbag_.is_heard_for_sure(place, alert.id) || mailbag_.has_heard_end(place, alert.id)) {
    return;
  }
  if (!core::is_about_aggregator(alert.kind) && !ledger_.does_tell_recovery(alert)) return;
  const auto found = ended.find({place, alert.id});
  const bool is_listed = found != ended.end() && (has(found->second, NotificationState::given_up) ||
                                                  has(found->second, NotificationState::cancelled));
  if (!is_listed) {
    scene_.fail(label_of(alert) + " is over since " + to_iso(how->at) + ", and " + place.address +
                " has never heard of that");
  }
}

}  // namespace vaultbell::simulation
