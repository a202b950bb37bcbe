#include "aggregator/core/alerts.hpp"
#include "aggregator/core/engine.hpp"

namespace vaultbell::core {

namespace {

// A notification waits in its recipient's line when it may be attempted: pending, and not behind
// one that must end first.
bool is_waiting(const State& state, const Notification& notification) {
  return notification.state == NotificationState::pending &&
         !state.notifications.contains(notification.follows);
}

void refresh_line(State& state, const Recipient& recipient) {
  const auto line = state.lines.find(recipient);
  if (line == state.lines.end()) return;
  const bool is_idle = !line->second.sending.is_set();
  if (is_idle && line->second.waiting.empty()) {
    state.lines_ready.set(recipient, std::nullopt);
    state.lines.erase(line);
    return;
  }
  state.lines_ready.set(
      recipient, is_idle ? std::optional(line->second.waiting.begin()->first) : std::nullopt);
}

void leave_line(State& state, const Notification& notification) {
  const auto line = state.lines.find(notification.recipient);
  if (line == state.lines.end()) return;
  line->second.waiting.erase({notification.next_attempt_at, notification.id});
  if (line->second.sending == notification.id) {
    line->second.sending = {};
    --state.sending_count;
  }
  refresh_line(state, notification.recipient);
}

void join_line(State& state, const Notification& notification) {
  const bool is_sending = notification.state == NotificationState::sending;
  if (!is_sending && !is_waiting(state, notification)) return;
  auto& line = state.lines[notification.recipient];
  if (is_sending) {
    check(!line.sending.is_set(), "one delivery at a time to a recipient");
    line.sending = notification.id;
    ++state.sending_count;
  } else {
    line.waiting.emplace(notification.next_attempt_at, notification.id);
  }
  refresh_line(state, notification.recipient);
}

void refresh_hold(State& state, const Alert& alert) {
  state.alerts_held.set(alert.id, hold_ends_at(state, alert));
}

// Settings, ListeningSince and the times of vaults and clients move holds. Rare enough to go
// through all alerts.
void refresh_holds(State& state) {
  state.alerts_held.clear();
  for (const auto& [id, alert] : state.alerts) refresh_hold(state, alert);
}

// Its name and its key are its own until it is retired.
bool is_living(const Client& client) {
  return client.id.is_set() && client.state != ClientState::retired;
}

bool has_ended(const Notification& notification) {
  switch (notification.state) {
    case NotificationState::pending:
    case NotificationState::sending:
      return false;
    case NotificationState::delivered:
    case NotificationState::given_up:
    case NotificationState::cancelled:
      return true;
  }
  return true;
}

void drop_notification(State& state, const Notification& old) {
  leave_line(state, old);
  if (const auto entry = state.followers.find(old.follows); entry != state.followers.end()) {
    entry->second.erase(old.id);
    if (entry->second.empty()) state.followers.erase(entry);
  }
  state.notifications.erase(old.id);
}

void release_followers(State& state, NotificationId ended) {
  const auto entry = state.followers.find(ended);
  if (entry == state.followers.end()) return;
  const auto ids = std::move(entry->second);
  state.followers.erase(entry);
  for (const auto id : ids) join_line(state, state.notifications.at(id));
}

// Installs each kind of row: in its table, and in everything derived from it.
struct Install {
  State& state;

  void operator()(const Counters& row) const { state.counters = row; }

  void operator()(const Vault& row) const {
    auto& vault = state.vaults[row.id];
    state.vault_by_name.erase(vault.name);
    state.vault_by_name[row.name] = row.id;
    const bool is_retimed = vault.id.is_set() && vault.timing != row.timing;
    vault = row;
    if (is_retimed) refresh_holds(state);
  }

  void operator()(const Client& row) const {
    auto& client = state.clients[row.id];
    if (is_living(client)) {
      state.client_by_name.erase(client.name);
      state.client_by_key.erase(client.public_key);
    }
    if (is_living(row)) {
      state.client_by_name[row.name] = row.id;
      state.client_by_key[row.public_key] = row.id;
    }
    const bool is_retimed =
        client.id.is_set() && (client.timing != row.timing || client.vault != row.vault);
    client = row;
    if (is_retimed) refresh_holds(state);
  }

  void operator()(const Job& row) const {
    state.job_by_name[{row.client, row.name}] = row.id;
    state.jobs[row.id] = row;
  }

  void operator()(const SpoolMark& row) const { state.spool_marks[row.key()] = row; }
  void operator()(const Run&) const {}      // only the store keeps runs
  void operator()(const Attempt&) const {}  // and attempts
  void operator()(const OpenRun& row) const { state.open_runs[row.key()] = row; }

  void operator()(const Alert& row) const {
    if (row.state == AlertState::inactive) {
      state.alert_by_subject.erase(subject_of(row));
      state.alerts_held.set(row.id, std::nullopt);
      state.alerts.erase(row.id);
      return;
    }
    state.alert_by_subject[subject_of(row)] = row.id;
    state.alerts[row.id] = row;
    refresh_hold(state, row);
  }

  void operator()(const Notification& row) const {
    if (const auto old = state.notifications.find(row.id); old != state.notifications.end()) {
      drop_notification(state, Notification(old->second));
    }
    if (has_ended(row)) return release_followers(state, row.id);
    state.notifications[row.id] = row;
    if (row.follows.is_set() && state.notifications.contains(row.follows)) {
      state.followers[row.follows].insert(row.id);
    }
    join_line(state, row);
  }

  void operator()(const Token& row) const {
    state.token_by_hash[row.hash] = row.id;
    state.tokens[row.id] = row;
  }

  void operator()(const Enrolment& row) const {
    state.enrolment_by_key[row.public_key] = row.id;
    state.enrolments[row.id] = row;
  }

  void operator()(const ClockShift& row) const { state.clock_shifts[row.number] = row; }
};

struct Remove {
  State& state;

  void operator()(const SpoolMark::Key& key) const { state.spool_marks.erase(key); }
  void operator()(const OpenRun::Key& key) const { state.open_runs.erase(key); }
  void operator()(const Enrolment::Key& key) const {
    const auto row = state.enrolments.find(key);
    if (row == state.enrolments.end()) return;
    state.enrolment_by_key.erase(row->second.public_key);
    state.enrolments.erase(row);
  }
  void operator()(const ClockShift::Key& key) const { state.clock_shifts.erase(key); }
};

struct Keep {
  State& state;

  void operator()(const Settings& settings) const {
    state.settings = settings;
    refresh_holds(state);
  }
  void operator()(const ListeningSince& since) const {
    state.listening_since = since.instant;
    refresh_holds(state);
  }
};

struct Apply {
  State& state;

  void operator()(const Put& put) const { std::visit(Install{state}, put.row); }
  void operator()(const Erase& erase) const { std::visit(Remove{state}, erase.key); }
  void operator()(const Remember& remember) const { std::visit(Keep{state}, remember.what); }
};

}  // namespace

void evolve(State& state, const Change& change) {
  std::visit(Apply{state}, change);
}

}  // namespace vaultbell::core
