#include "aggregator/core/clock_shift.hpp"

namespace vaultbell::core {

namespace {

// Rows that moving one alert or notification may cost: itself and the ClockShift.
constexpr std::size_t kRowsPerShifted = 2;
// What is expected of jobs counts on as if the clock had always been right. Not for small steps:
// they are within what is allowed for anyway, and there may be a million jobs. False: there was no
// room for all of it.
bool shift_jobs(Draft& draft, ClockShift& shift) {
  const auto& jobs = draft.before().jobs;
  for (auto row = jobs.upper_bound(shift.jobs_done);
       row != jobs.end() && row->first <= shift.jobs_last; ++row) {
    if (!draft.has_room_for(kRowsPerShifted)) return false;
    auto job = row->second;
    shift.jobs_done = job.id;
    job.expected_after += shift.by;
    job.aged_from += shift.by;
    job.unverified_from += shift.by;
    if (job.last_good_at) *job.last_good_at += shift.by;
    draft.put(std::move(job));
  }
  shift.jobs_done = shift.jobs_last;
  return true;
}

}  // namespace

void continue_clock_shift(Draft& draft, ClockShift shift) {
  const auto& alerts = draft.before().alerts;
  for (auto row = alerts.upper_bound(shift.alerts_done);
       row != alerts.end() && row->first <= shift.alerts_last; ++row) {
    if (!draft.has_room_for(kRowsPerShifted)) return draft.put(shift);
    auto alert = row->second;
    shift.alerts_done = alert.id;
    if (alert.decision) continue;
    alert.hold_from += shift.by;
    if (alert.not_before) *alert.not_before += shift.by;
    draft.put(std::move(alert));
  }
  shift.alerts_done = shift.alerts_last;
  if (!shift_jobs(draft, shift)) return draft.put(shift);
  const auto& notifications = draft.before().notifications;
  for (auto row = notifications.upper_bound(shift.notifications_done);
       row != notifications.end() && row->first <= shift.notifications_last; ++row) {
    if (!draft.has_room_for(kRowsPerShifted)) return draft.put(shift);
    auto notification = row->second;
    shift.notifications_done = notification.id;
    notification.next_attempt_at += shift.by;
    notification.give_up_at += shift.by;
    draft.put(std::move(notification));
  }
  draft.erase(shift.key());
}

}  // namespace vaultbell::core
