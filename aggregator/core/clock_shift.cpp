#include "aggregator/core/clock_shift.hpp"

#include <algorithm>

namespace vaultbell::core {

namespace {

// Rows that moving one thing may cost: itself and the ClockShift.
constexpr std::size_t kRowsPerShifted = 2;

// What was told is told again counted from then (R6.4).
void shift_alert(Alert& alert, Duration by) {
  if (alert.decision) {
    alert.decision->at += by;
  } else {
    alert.hold_from += by;
  }
  if (alert.not_before) *alert.not_before += by;
  if (alert.reminded_at) *alert.reminded_at += by;
}

// False: there was no room for all of it.
bool shift_alerts(Draft& draft, ClockShift& shift) {
  const auto& alerts = draft.before().alerts;
  for (auto row = alerts.upper_bound(shift.alerts_done);
       row != alerts.end() && row->first <= shift.alerts_last; ++row) {
    if (!draft.has_room_for(kRowsPerShifted)) return false;
    auto alert = row->second;
    shift.alerts_done = alert.id;
    // Reminders have no time for a small step to spoil.
    if (alert.decision && !is_large_step(shift.by)) continue;
    shift_alert(alert, shift.by);
    draft.put(std::move(alert));
  }
  shift.alerts_done = shift.alerts_last;
  return true;
}

std::vector<OpenRun> open_runs_of(const State& state, ClientId client) {
  std::vector<OpenRun> runs;
  auto row = state.open_runs.lower_bound({client, Uuid{}});
  for (; row != state.open_runs.end() && row->first.client == client; ++row) {
    runs.push_back(row->second);
  }
  return runs;
}

// Since when a client is there decides from when its jobs are judged; how far its clock is from
// ours changes as ours does.
void shift_client(Client& client, Duration by) {
  client.state_since += by;
  client.clock_skew -= by;
  if (client.returned_at) *client.returned_at += by;
  for (auto& at : client.returns) at += by;
}

bool shift_clients(Draft& draft, ClockShift& shift) {
  if (!shift.clients_last) return true;
  const auto& clients = draft.before().clients;
  for (auto row = clients.upper_bound(shift.clients_done.value_or(ClientId{}));
       row != clients.end() && row->first <= *shift.clients_last; ++row) {
    auto runs = open_runs_of(draft.before(), row->first);
    if (!draft.has_room_for(kRowsPerShifted + runs.size())) return false;
    shift.clients_done = row->first;
    auto client = row->second;
    shift_client(client, shift.by);
    draft.put(std::move(client));
    for (auto& run : runs) {
      run.began_at += shift.by;
      draft.put(std::move(run));
    }
  }
  shift.clients_done = shift.clients_last;
  return true;
}

// What is expected of jobs counts on as if the clock had always been right. Not for small steps:
// they are within what is allowed for anyway, and there may be a million jobs.
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

bool shift_notifications(Draft& draft, ClockShift& shift) {
  const auto& notifications = draft.before().notifications;
  for (auto row = notifications.upper_bound(shift.notifications_done);
       row != notifications.end() && row->first <= shift.notifications_last; ++row) {
    if (!draft.has_room_for(kRowsPerShifted)) return false;
    auto notification = row->second;
    shift.notifications_done = notification.id;
    notification.next_attempt_at += shift.by;
    notification.give_up_at += shift.by;
    draft.put(std::move(notification));
  }
  shift.notifications_done = shift.notifications_last;
  return true;
}

// Cuts times off that are still to come. True: there was one.
bool is_cut(Instant& at, Instant now) {
  if (at <= now) return false;
  at = now;
  return true;
}
bool is_cut(std::optional<Instant>& at, Instant now) {
  return at && is_cut(*at, now);
}
bool is_cut(std::vector<Instant>& times, Instant now) {
  bool is_any = false;
  for (auto& at : times) is_any = is_cut(at, now) || is_any;
  return is_any;
}

bool is_cut(Address& address, Instant now) {
  const bool is_sent = is_cut(address.sent, now);
  return is_cut(address.codes_sent, now) || is_sent;
}
bool is_cut(ChannelHealth& health, Instant now) {
  const bool is_lone = is_cut(health.lone_since, now);
  return is_cut(health.failing_since, now) || is_lone;
}
bool is_cut(Outage& outage, Instant now) {
  const bool is_begin = is_cut(outage.silent_from, now);
  const bool is_calm = is_cut(outage.calm_since, now);
  return is_cut(outage.over_at, now) || is_begin || is_calm;
}

template <class R>
bool forget_future_of(Draft& draft, const Table<R>& table) {
  for (const auto& [key, before] : table) {
    auto row = before;
    if (!is_cut(row, draft.now())) continue;
    if (!draft.has_room_for(kRowsPerShifted)) return false;
    draft.put(std::move(row));
  }
  return true;
}

// What happened at a time that is still to come, by a clock that was ahead, would hold messages and
// alerts back until then. These tables are small, so that they need no cursor.
bool forget_future(Draft& draft) {
  const auto& state = draft.before();
  return forget_future_of(draft, state.addresses) && forget_future_of(draft, state.channels) &&
         forget_future_of(draft, state.outages);
}

// Whether the shift has yet to come to this row.
template <class Id>
bool is_between(Id id, Id done, Id last) {
  return id > done && id <= last;
}

template <class IsPending>
Instant now_before(const Draft& draft, const IsPending& is_pending) {
  auto now = draft.now();
  for (const auto& [number, shift] : draft.before().clock_shifts) {
    if (is_pending(shift)) now -= shift.by;
  }
  return now;
}

}  // namespace

void begin_clock_shift(Draft& draft, Duration by) {
  ClockShift shift{.number = draft.next_clock_shift(),
                   .by = by,
                   .alerts_last = {draft.counters().alert},
                   .notifications_last = {draft.counters().notification}};
  if (is_large_step(by)) {
    shift.jobs_last = {draft.counters().job};
    shift.clients_last = ClientId{draft.counters().client};
  }
  draft.put(shift);
}

void continue_clock_shift(Draft& draft, ClockShift shift) {
  const bool is_done = forget_future(draft) && shift_alerts(draft, shift) &&
                       shift_clients(draft, shift) && shift_jobs(draft, shift) &&
                       shift_notifications(draft, shift);
  if (!is_done) return draft.put(shift);
  draft.erase(shift.key());
}

Instant now_for(const Draft& draft, ClientId id) {
  return now_before(draft, [&](const ClockShift& shift) {
    return shift.clients_last &&
           is_between(id, shift.clients_done.value_or(ClientId{}), *shift.clients_last);
  });
}

Instant now_for(const Draft& draft, JobId id) {
  return now_before(draft, [&](const ClockShift& shift) {
    return is_between(id, shift.jobs_done, shift.jobs_last);
  });
}

Instant now_for(const Draft& draft, NotificationId id) {
  return now_before(draft, [&](const ClockShift& shift) {
    return is_between(id, shift.notifications_done, shift.notifications_last);
  });
}

}  // namespace vaultbell::core
