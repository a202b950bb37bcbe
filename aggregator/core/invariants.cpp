#include "aggregator/core/invariants.hpp"

#include <algorithm>

#include "aggregator/core/accesses.hpp"
#include "aggregator/core/delivery_trouble.hpp"
#include "aggregator/core/done_orders.hpp"
#include "aggregator/core/engine.hpp"
#include "aggregator/core/enrolment.hpp"
#include "aggregator/core/jobs.hpp"
#include "aggregator/core/lines.hpp"
#include "aggregator/core/outages.hpp"
#include "aggregator/core/reports.hpp"

namespace vaultbell::core {

namespace {

class Findings {
 public:
  void unless(bool is_true, std::string sentence) {
    if (!is_true) sentences_.push_back(std::move(sentence));
  }
  std::vector<std::string> take() { return std::move(sentences_); }

 private:
  std::vector<std::string> sentences_;
};

template <class T>
std::string number(T id) {
  return std::to_string(id.value);
}

void check_references(const State& state, Findings& found) {
  for (const auto& [id, client] : state.clients) {
    found.unless(state.vaults.contains(client.vault), "client " + number(id) + " has no vault");
  }
  for (const auto& [id, job] : state.jobs) {
    found.unless(state.clients.contains(job.client), "job " + number(id) + " has no client");
  }
  for (const auto& [key, run] : state.open_runs) {
    found.unless(state.jobs.contains(run.job), "open run " + number(run.id) + " has no job");
  }
  for (const auto& [id, notification] : state.notifications) {
    found.unless(notification.alert.value <= state.counters.alert,
                 "notification " + number(id) + " is about an alert that never was");
  }
}

// A key says who somebody is: it is one client's.
void check_keys(const State& state, Findings& found) {
  std::map<PublicKey, ClientId> clients;
  for (const auto& [id, client] : state.clients) {
    if (client.state == ClientState::retired) continue;
    const auto [first, is_new] = clients.emplace(client.public_key, id);
    found.unless(is_new, "clients " + number(first->second) + " and " + number(id) +
                             " are in service with the same key");
  }
}

void check_alerts(const State& state, Findings& found) {
  for (const auto& [id, alert] : state.alerts) {
    found.unless(alert.state != AlertState::inactive,
                 "alert " + number(id) + " is inactive and still in the state");
    const auto entry = state.alert_by_subject.find(subject_of(alert));
    found.unless(entry != state.alert_by_subject.end() && entry->second == id,
                 "alert " + number(id) + " is not the one active alert of its subject");
    found.unless(alert.decision.has_value() || alert.told.empty(),
                 "alert " + number(id) + " was told before it was decided");
  }
  found.unless(state.alert_by_subject.size() == state.alerts.size(),
               "the subjects and the active alerts differ in number");
}

void check_lines(const State& state, Findings& found) {
  std::map<Channel, std::size_t> sending;
  for (const auto& [key, line] : state.lines) {
    if (line.sending.is_set()) ++sending[key.channel];
    found.unless(!line.is_empty(), "the line of " + key.address + " is empty");
  }
  for (const auto& [channel, queue] : state.queues) {
    const std::string name(to_text(channel));
    found.unless(sending[channel] == queue.sending_count,
                 "the count of open deliveries by " + name + " is wrong");
    found.unless(queue.sending_count <= kSendingMax,
                 "more deliveries by " + name + " are open than allowed");
  }
}

// When something may be done for a notification: a search through all rows.
std::optional<Instant> ready_at(const State& state, const Notification& notification) {
  if (notification.state != NotificationState::pending) return std::nullopt;
  if (state.notifications.contains(notification.follows)) return std::nullopt;
  std::size_t sending = 0;
  for (const auto& [id, other] : state.notifications) {
    if (other.state != NotificationState::sending) continue;
    if (other.recipient.place() == notification.recipient.place()) return std::nullopt;
    if (other.recipient.channel == notification.recipient.channel) ++sending;
  }
  if (sending >= kSendingMax) return std::nullopt;
  const bool is_urgent = notification.event == NotificationEvent::verification ||
                         notification.event == NotificationEvent::test;
  const auto address = state.addresses.find(notification.recipient.place());
  if (is_urgent || notification.is_for_digest || address == state.addresses.end()) {
    return notification.next_attempt_at;
  }
  return std::max(notification.next_attempt_at, within_limits_at(state.settings, address->second));
}

// next_deadline against a search through all rows.
void check_deadline(const State& state, Findings& found) {
  if (next_deadline(state) == Instant::min()) return;  // there is work to do
  std::optional<Instant> earliest;
  const auto consider = [&](std::optional<Instant> at) {
    if (at && (!earliest || *at < *earliest)) earliest = at;
  };
  for (const auto& [id, alert] : state.alerts) consider(attention_at(state, alert));
  for (const auto& [id, notification] : state.notifications) {
    consider(ready_at(state, notification));
  }
  consider(channels_judged_at(state));
  for (const auto& [id, job] : state.jobs) consider(job_due_at(state, job));
  for (const auto& [key, run] : state.open_runs) consider(run_due_at(state, run));
  for (const auto& [id, client] : state.clients) {
    if (client.state == ClientState::invited) consider(client.expected_until);
  }
  for (const auto& [id, maintenance] : state.maintenances) consider(maintenance.until);
  for (const auto& [id, outage] : state.outages) consider(outage_over_at(state, outage));
  found.unless(earliest == next_deadline(state), "next_deadline is not the earliest deadline");
}

// Nobody is named who is not there.
void check_people(const State& state, Findings& found) {
  for (const auto& [id, group] : state.groups) {
    for (const auto member : group.members) {
      found.unless(state.contacts.contains(member),
                   "group " + number(id) + " has a member that does not exist");
    }
  }
  const auto check_policy = [&](const Policy& policy, const std::string& whose) {
    for (const auto contact : policy.audience.contacts) {
      found.unless(state.contacts.contains(contact),
                   whose + " names a contact that does not exist");
    }
    for (const auto group : policy.audience.groups) {
      const auto row = state.groups.find(group);
      found.unless(row != state.groups.end(), whose + " names a group that does not exist");
      found.unless(row == state.groups.end() || !row->second.members.empty(),
                   whose + " names an empty group");
    }
  };
  for (const auto& [id, vault] : state.vaults) {
    check_policy(vault.policy, "the policy of vault " + number(id));
  }
  for (const auto& [id, client] : state.clients) {
    check_policy(client.policy, "the policy of client " + number(id));
  }
}

void check_limits(const State& state, Findings& found) {
  found.unless(state.enrolments.size() <= kEnrolmentsMax, "too many enrolment requests");
  found.unless(state.tokens.size() <= kTokensMax, "too many tokens");
  found.unless(state.accesses.size() <= kAccessesMax, "too many ways in");
  found.unless(state.done_orders.size() <= kDoneOrdersMax, "too many orders are remembered");
  std::map<ClientId, std::size_t> open_runs;
  for (const auto& [key, run] : state.open_runs) ++open_runs[key.client];
  std::map<ClientId, std::size_t> jobs;
  for (const auto& [id, job] : state.jobs) ++jobs[job.client];
  std::map<ClientId, std::size_t> marks;
  for (const auto& [key, mark] : state.spool_marks) ++marks[key.client];
  for (const auto& [client, count] : marks) {
    found.unless(count <= kSpoolMarksMax, "client " + number(client) + " has too many spools");
  }
  for (const auto& [client, count] : open_runs) {
    found.unless(count <= kOpenRunsPerClientMax,
                 "client " + number(client) + " has too many open runs");
  }
  for (const auto& [client, count] : jobs) {
    found.unless(count <= kJobsPerClientMax, "client " + number(client) + " has too many jobs");
  }
}

// Everything derived equals what the rows alone give.
void check_derived(const State& state, Findings& found) {
  State again;
  evolve(again, Remember{state.settings});
  evolve(again, Remember{ListeningSince{state.listening_since}});
  const auto replay = [&](const auto& table) {
    for (const auto& [key, row] : table) evolve(again, Put{row});
  };
  evolve(again, Put{state.counters});
  replay(state.vaults);
  replay(state.clients);
  replay(state.jobs);
  replay(state.spool_marks);
  replay(state.open_runs);
  replay(state.alerts);
  replay(state.notifications);
  replay(state.tokens);
  replay(state.enrolments);
  replay(state.clock_shifts);
  replay(state.recovering);
  replay(state.contacts);
  replay(state.groups);
  replay(state.addresses);
  replay(state.channels);
  replay(state.maintenances);
  replay(state.outages);
  replay(state.nights);
  replay(state.accesses);
  replay(state.done_orders);
  found.unless(again == state, "the derived indexes differ from what the rows give");
}

}  // namespace

std::vector<std::string> broken_invariants(const State& state) {
  Findings found;
  check_references(state, found);
  check_keys(state, found);
  check_alerts(state, found);
  check_lines(state, found);
  check_deadline(state, found);
  check_people(state, found);
  check_limits(state, found);
  check_derived(state, found);
  return found.take();
}

}  // namespace vaultbell::core
