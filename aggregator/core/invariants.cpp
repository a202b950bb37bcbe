#include "aggregator/core/invariants.hpp"

#include <algorithm>

#include "aggregator/core/connections.hpp"
#include "aggregator/core/engine.hpp"
#include "aggregator/core/enrolment.hpp"
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
  std::size_t sending = 0;
  for (const auto& [recipient, line] : state.lines) {
    if (line.sending.is_set()) ++sending;
    found.unless(line.sending.is_set() || !line.waiting.empty(),
                 "the line of " + recipient.address + " is empty");
  }
  found.unless(sending == state.sending_count, "the count of open deliveries is wrong");
  found.unless(sending <= kSendingMax, "more deliveries are open than allowed");
}

// next_deadline against a search through all rows.
void check_deadline(const State& state, Findings& found) {
  if (!state.clock_shifts.empty()) return;
  std::optional<Instant> earliest;
  const auto consider = [&](Instant at) {
    if (!earliest || at < *earliest) earliest = at;
  };
  for (const auto& [id, alert] : state.alerts) {
    if (const auto at = hold_ends_at(state, alert)) consider(*at);
  }
  std::set<Recipient> busy;
  for (const auto& [id, notification] : state.notifications) {
    if (notification.state == NotificationState::sending) busy.insert(notification.recipient);
  }
  for (const auto& [id, notification] : state.notifications) {
    const bool is_free = notification.state == NotificationState::pending &&
                         !state.notifications.contains(notification.follows) &&
                         !busy.contains(notification.recipient);
    if (is_free && state.sending_count < kSendingMax) consider(notification.next_attempt_at);
  }
  found.unless(earliest == next_deadline(state), "next_deadline is not the earliest deadline");
}

void check_limits(const State& state, Findings& found) {
  found.unless(state.enrolments.size() <= kEnrolmentsMax, "too many enrolment requests");
  found.unless(state.tokens.size() <= kTokensMax, "too many tokens");
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
  again.settings = state.settings;
  again.listening_since = state.listening_since;
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
  found.unless(again == state, "the derived indexes differ from what the rows give");
}

}  // namespace

std::vector<std::string> broken_invariants(const State& state) {
  Findings found;
  check_references(state, found);
  check_alerts(state, found);
  check_lines(state, found);
  check_deadline(state, found);
  check_limits(state, found);
  check_derived(state, found);
  return found.take();
}

}  // namespace vaultbell::core
