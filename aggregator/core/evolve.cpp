#include <utility>

#include "aggregator/core/due.hpp"
#include "aggregator/core/engine.hpp"
#include "aggregator/core/lines.hpp"
#include "aggregator/core/people.hpp"

namespace vaultbell::core {

namespace {

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
    case NotificationState::gathered:
      return true;
  }
  return true;
}

void drop_notification(State& state, const Notification& old) {
  leave_line(state, old);
  forget_follower(state, old);
  state.notifications.erase(old.id);
}

// The policy that a client's row keeps alive: none of one that is retired.
const Policy* policy_of(const Client& client) {
  return is_living(client) ? &client.policy : nullptr;
}

// Installs each kind of row: in its table, and in everything derived from it.
struct Install {
  State& state;

  void operator()(const Counters& row) const { state.counters = row; }

  void operator()(const Vault& row) const {
    auto& vault = state.vaults[row.id];
    const auto before = vault;
    const bool is_new = !before.id.is_set();
    state.vault_by_name.erase(before.name);
    state.vault_by_name[row.name] = row.id;
    vault = row;
    policy_changed(state, {.vault = row.id}, is_new ? nullptr : &before.policy, &row.policy);
    const bool are_moved = before.timing != row.timing || before.policy != row.policy;
    if (!is_new && are_moved) refresh_alerts(state);
    if (!is_new && before.timing != row.timing) refresh_jobs_in(state, row.id);
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
    const auto before = client;
    client = row;
    policy_changed(state, {.client = row.id}, policy_of(before), policy_of(row));
    client_changed(state, before, row);
  }

  void operator()(const Job& row) const {
    auto& job = state.jobs[row.id];
    const bool are_runs_moved = job.settings.max_duration != row.settings.max_duration;
    state.job_by_name[{row.client, row.name}] = row.id;
    job = row;
    refresh_job(state, row);
    if (are_runs_moved) refresh_runs(state, row);
  }

  void operator()(const SpoolMark& row) const { state.spool_marks[row.key()] = row; }
  void operator()(const Run&) const {}      // only the store keeps runs
  void operator()(const Attempt&) const {}  // and attempts
  void operator()(const AuditEntry&) const {}
  void operator()(const OpenRun& row) const {
    state.open_runs[row.key()] = row;
    refresh_run(state, row);
  }

  void operator()(const Alert& row) const {
    if (const auto before = state.alerts.extract(row.id); !before.empty()) {
      count_disconnect(state, before.mapped(), false);
      state.alert_by_subject.erase(subject_of(before.mapped()));
    }
    state.recovering.erase(row.id);
    if (row.state == AlertState::inactive) {
      state.alerts_due.set(row.id, std::nullopt);
      if (row.recovery_next) state.recovering[row.id] = row;
      return;
    }
    state.alert_by_subject[subject_of(row)] = row.id;
    state.alerts[row.id] = row;
    count_disconnect(state, row, true);
    refresh_alert(state, row);
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

  void operator()(const Contact& row) const {
    const auto before = replace(state.contacts, row);
    contact_changed(state, before ? &*before : nullptr, &row);
  }

  void operator()(const Group& row) const {
    const auto before = replace(state.groups, row);
    group_changed(state, before ? &*before : nullptr, &row);
  }

  void operator()(const Address& row) const {
    state.addresses[row.key()] = row;
    address_changed(state, row.key());
    refresh_line(state, row.key());
  }

  void operator()(const Night& row) const { state.nights[row.key()] = row; }
  void operator()(const Access& row) const { state.accesses[row.id] = row; }
  void operator()(const DoneOrder& row) const {
    if (const auto before = replace(state.done_orders, row)) {
      state.done_orders_by_age.erase({before->at, row.key()});
    }
    state.done_orders_by_age.insert({row.at, row.key()});
  }

  void operator()(const ChannelHealth& row) const { state.channels[row.channel] = row; }

  void operator()(const Maintenance& row) const {
    state.maintenances.erase(row.id);
    if (!row.ended_at) state.maintenances[row.id] = row;
    maintenance_changed(state, row);
  }

  void operator()(const Outage& row) const {
    const auto before = replace(state.outages, row);
    const bool is_as_before =
        before && before->silent_from == row.silent_from && before->over_at == row.over_at;
    if (is_as_before) return refresh_outage(state, row);
    outage_changed(state, row);
  }

  // Returns the row that stood there before.
  template <class R>
  static std::optional<R> replace(Table<R>& table, const R& row) {
    const auto [place, is_new] = table.try_emplace(row.key(), row);
    if (is_new) return std::nullopt;
    return std::exchange(place->second, row);
  }
};

struct Remove {
  State& state;

  // Only the store keeps these once they have ended.
  void operator()(const Run::Key&) const {}
  void operator()(const Alert::Key&) const {}
  void operator()(const Notification::Key&) const {}
  void operator()(const Attempt::Key&) const {}
  void operator()(const Maintenance::Key&) const {}
  void operator()(const AuditEntry::Key&) const {}
  void operator()(const Token::Key& key) const {
    const auto row = state.tokens.find(key);
    if (row == state.tokens.end()) return;
    state.token_by_hash.erase(row->second.hash);
    state.tokens.erase(row);
  }
  void operator()(const SpoolMark::Key& key) const { state.spool_marks.erase(key); }
  void operator()(const OpenRun::Key& key) const {
    state.open_runs.erase(key);
    state.runs_due.set(key, std::nullopt);
  }
  void operator()(const Job::Key& key) const {
    const auto before = state.jobs.extract(key);
    if (before.empty()) return;
    state.job_by_name.erase({before.mapped().client, before.mapped().name});
    state.jobs_due.set(key, std::nullopt);
  }
  void operator()(const Enrolment::Key& key) const {
    const auto row = state.enrolments.find(key);
    if (row == state.enrolments.end()) return;
    state.enrolment_by_key.erase(row->second.public_key);
    state.enrolments.erase(row);
  }
  void operator()(const ClockShift::Key& key) const { state.clock_shifts.erase(key); }
  void operator()(const Night::Key& key) const { state.nights.erase(key); }
  void operator()(const Access::Key& key) const { state.accesses.erase(key); }
  void operator()(const DoneOrder::Key& key) const {
    const auto before = state.done_orders.extract(key);
    if (!before.empty()) state.done_orders_by_age.erase({before.mapped().at, key});
  }
  void operator()(const Contact::Key& key) const {
    if (const auto before = state.contacts.extract(key); !before.empty()) {
      contact_changed(state, &before.mapped(), nullptr);
    }
  }
  void operator()(const Group::Key& key) const {
    if (const auto before = state.groups.extract(key); !before.empty()) {
      group_changed(state, &before.mapped(), nullptr);
    }
  }
  // Only an empty one is deleted; nothing else is derived from it.
  void operator()(const Vault::Key& key) const {
    const auto before = state.vaults.extract(key);
    if (before.empty()) return;
    state.vault_by_name.erase(before.mapped().name);
    policy_changed(state, {.vault = key}, &before.mapped().policy, nullptr);
  }
  void operator()(const Address::Key& key) const {
    state.addresses.erase(key);
    address_changed(state, key);
    refresh_line(state, key);
  }
};

struct Keep {
  State& state;

  void operator()(const Settings& settings) const {
    const auto before = std::exchange(state.settings, settings);
    refresh_alerts(state);
    if (before.timing != settings.timing) refresh_jobs(state);
    refresh_lines(state);
    for (const auto& [vault, outage] : state.outages) refresh_outage(state, outage);
    owners_changed(state, before.owners);
  }
  void operator()(const ListeningSince& since) const {
    state.listening_since = since.instant;
    refresh_alerts(state);
    refresh_jobs(state);
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
