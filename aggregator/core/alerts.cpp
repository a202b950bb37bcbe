#include "aggregator/core/alerts.hpp"

#include <algorithm>

#include "aggregator/core/deliveries.hpp"
#include "aggregator/core/delivery_trouble.hpp"
#include "aggregator/core/digests.hpp"
#include "aggregator/core/routing.hpp"

namespace vaultbell::core {

namespace {

enum class About : std::uint8_t { job, client, vault, aggregator };

struct KindRules {
  Severity severity = Severity::critical;
  About about = About::job;
  bool is_told_at_once = false;  // R4.5: whatever notify_after says
  bool is_per_operation = false;
};

KindRules rules_of(AlertKind kind) {
  switch (kind) {
    case AlertKind::backup_failed:
    case AlertKind::restore_failed:
      return {};
    case AlertKind::operation_failed:
      return {.severity = Severity::warning, .is_per_operation = true};
    case AlertKind::backup_warning:
      return {.severity = Severity::warning};
    case AlertKind::protection_stopped:
      return {.severity = Severity::warning, .is_told_at_once = true};
    case AlertKind::backup_data_deleted:
      return {.is_told_at_once = true, .is_per_operation = true};
    case AlertKind::backup_missed:
    case AlertKind::backup_overdue:
      return {};
    case AlertKind::run_too_long:
    case AlertKind::backup_blocked:
    case AlertKind::verify_overdue:
    case AlertKind::duration_anomaly:
    case AlertKind::size_anomaly:
      return {.severity = Severity::warning};
    case AlertKind::client_disconnected:
    case AlertKind::spool_full:
      return {.about = About::client};
    case AlertKind::cloned_client:
      return {.severity = Severity::warning, .about = About::client};
    case AlertKind::never_connected:
      return {.severity = Severity::informational, .about = About::client};
    case AlertKind::vault_outage:
      return {.about = About::vault};
    case AlertKind::delivery_failing:
    case AlertKind::self:
      return {.about = About::aggregator, .is_told_at_once = true};
    case AlertKind::test:
      return {.severity = Severity::informational, .about = About::client, .is_told_at_once = true};
  }
  check(false, "every alert kind has rules");
  return {};
}

// Rows that moving one alert or notification may cost: itself and the ClockShift.
constexpr std::size_t kRowsPerShifted = 2;

bool is_backup(Operation operation) {
  return operation == Operation::backup || operation == Operation::log_backup;
}

// R4.1: failures that nobody needs to hear of.
std::optional<RunVerdict> exception_of(const RunReport& report) {
  if (report.outcome == Outcome::cancelled) return RunVerdict::not_alerted_user_cancelled;
  if (report.outcome != Outcome::failed || !report.reason) return std::nullopt;
  switch (*report.reason) {
    case OutcomeReason::user_cancelled:
      return RunVerdict::not_alerted_user_cancelled;
    case OutcomeReason::another_run_in_progress:
      return RunVerdict::not_alerted_another_run;
    case OutcomeReason::source_gone:
      return RunVerdict::not_alerted_source_gone;
    case OutcomeReason::error:
    case OutcomeReason::interrupted:
    case OutcomeReason::timeout:
      return std::nullopt;
  }
  return std::nullopt;
}

AlertKind failure_kind(Operation operation) {
  if (is_backup(operation)) return AlertKind::backup_failed;
  if (operation == Operation::restore) return AlertKind::restore_failed;
  return AlertKind::operation_failed;
}

RunMeaning meaning_of_success(Operation operation) {
  switch (operation) {
    case Operation::backup:
    case Operation::log_backup:
      return {{}, {AlertKind::backup_failed, AlertKind::backup_warning}, RunVerdict::ended_well};
    case Operation::restore:
      return {};
    case Operation::configure:
    case Operation::verify:
    case Operation::prune:
      return {{}, {AlertKind::operation_failed}, RunVerdict::ended_well};
    case Operation::stop_protection_retain:
      return {AlertKind::protection_stopped, {AlertKind::operation_failed}, {}};
    case Operation::delete_backup:
    case Operation::stop_protection_delete:
      return {AlertKind::backup_data_deleted, {AlertKind::operation_failed}, {}};
  }
  return {};
}

// Why an alert that ends undecided was told to nobody.
NotifyReason reason_if_held(const Draft& draft, const Alert& alert) {
  const auto held_now = held(alert, telling_of(draft.before(), alert));
  return held_now && held_now->by == HeldBy::outage ? NotifyReason::covered_by_outage
                                                    : NotifyReason::resolved_during_hold;
}

// For the log: `alert 3 (backup_failed of job "nightly" of client "db-1")`.
std::string label_of(const Draft& draft, const Alert& alert) {
  auto label = "alert " + std::to_string(alert.id.value) + " (" + std::string(to_text(alert.kind));
  if (const auto job = draft.get<Job>(alert.job)) label += " of job \"" + job->name + "\"";
  if (const auto client = draft.get<Client>(alert.client)) {
    label += " of client \"" + client->name + "\"";
  }
  return label + ")";
}

void end(Draft& draft, Alert& alert, const Inactivation& how, NotifyReason if_held) {
  draft.emit(Note{NoteKind::alert_over,
                  label_of(draft, alert) + " is over: " + std::string(to_text(how.reason))});
  alert.state = AlertState::inactive;
  alert.inactivation = how;
  if (!alert.decision) alert.decision = NotifyDecision{if_held, draft.now()};
}

// The policies that count for an alert: those of its client and of the vault that this is in now.
struct Policies {
  Policy vault;
  Policy client{.mode = PolicyMode::same_as_vault};
};

Policies policies_of(const Draft& draft, const Alert& alert) {
  Policies policies;
  const auto client = draft.get<Client>(alert.client);
  if (client) policies.client = client->policy;
  const auto vault = draft.get<Vault>(client ? client->vault : alert.vault);
  if (vault) policies.vault = vault->policy;
  return policies;
}

Routing routing_of(const Draft& draft, const Alert& alert, const Policies& policies) {
  if (alert.kind == AlertKind::delivery_failing) return route_failing(draft, alert.topic);
  if (is_about_aggregator(alert.kind)) {
    return route_to_owners(draft.before().settings);
  }
  return route(DraftDirectory(draft), draft.before().settings,
               {policies.vault, policies.client, alert.kind, alert.severity});
}

// When messages about this alert go out; absent: at once, each by itself.
std::optional<Instant> digest_of(const Draft& draft, AlertKind kind, const Policies& policies) {
  if (is_told_at_once(kind)) return std::nullopt;
  const auto& policy = *in_force(policies.vault, policies.client).policy;
  return digest_at(draft.before().settings, policy.frequency.value_or(Frequency::each),
                   draft.now());
}

// Rows that one due alert may cost: itself and a notification for each recipient.
constexpr std::size_t kRowsPerAlert = 1 + kRecipientsMax + kOwnersMax;

// What a recovery waits for: the message by which its recipient was told (decision 0007). Not for a
// digest that is still to go out: too many recoveries could hang on it.
NotificationId followed_by_recovery(const Draft& draft, const Told& told) {
  const auto open = draft.get<Notification>(told.notification);
  const bool is_open_digest = open && open->event == NotificationEvent::digest;
  return is_open_digest ? NotificationId{} : told.notification;
}

// Queues what is still owed of one recovery. False: there was no room for all of it.
bool tell_recovery(Draft& draft, Alert alert) {
  const auto policies = policies_of(draft, alert);
  const auto& policy = *in_force(policies.vault, policies.client).policy;
  const bool is_wanted = policy.tells_recovery || is_about_aggregator(alert.kind);
  auto next = alert.recovery_next.value_or(0);
  for (; is_wanted && next < alert.told.size() && draft.has_room_for(2); ++next) {
    const auto& told = alert.told[next];
    if (is_told_in_vain(draft, told)) continue;
    queue(draft, {.alert = alert.id,
                  .event = NotificationEvent::recovered,
                  .to = {told.recipient, RecipientReason::was_told_of_alert},
                  .follows = followed_by_recovery(draft, told),
                  .digest_at = digest_of(draft, alert.kind, policies)});
  }
  const bool is_done = !is_wanted || next >= alert.told.size();
  alert.recovery_next = is_done ? std::nullopt : std::optional(next);
  draft.put(std::move(alert));
  return is_done;
}

bool is_told(const Alert& alert, const Recipient& recipient) {
  return std::ranges::any_of(
      alert.told, [&](const Told& told) { return told.recipient.place() == recipient.place(); });
}

// Tells those of an audience who were not told yet.
void escalate(Draft& draft, Alert alert) {
  const auto policies = policies_of(draft, alert);
  const auto& policy = *in_force(policies.vault, policies.client).policy;
  alert.escalated_at = draft.now();
  const DraftDirectory directory(draft);
  for (const auto& chosen : people_of(directory, policy.escalation, RecipientReason::escalation)) {
    if (is_told(alert, chosen.recipient)) continue;
    const auto id =
        queue(draft, {.alert = alert.id, .event = NotificationEvent::escalated, .to = chosen});
    alert.told.push_back({id, chosen.recipient});
  }
  draft.put(std::move(alert));
}

// Tells those again whom the policy in force names now: for some of them it may be the first time.
// In a digest nobody is reminded: it would say the same every hour.
void remind(Draft& draft, Alert alert) {
  const auto policies = policies_of(draft, alert);
  alert.reminded_at = draft.now();
  ++alert.reminders;
  const bool is_in_digest = digest_of(draft, alert.kind, policies).has_value();
  const auto routing = routing_of(draft, alert, policies);
  for (const auto& chosen : routing.recipients) {
    if (is_in_digest) break;
    const auto id =
        queue(draft, {.alert = alert.id, .event = NotificationEvent::reminder, .to = chosen});
    if (!is_told(alert, chosen.recipient)) alert.told.push_back({id, chosen.recipient});
  }
  draft.put(std::move(alert));
}

InactiveReason reason_of_end(const Draft& draft, const Alert& alert) {
  const auto client = draft.get<Client>(alert.client);
  const bool is_retired = client && client->state == ClientState::retired;
  return is_retired ? InactiveReason::client_retired : InactiveReason::condition_over;
}

bool is_due(const std::optional<Instant>& at, Instant now) {
  return at && *at <= now;
}

// It is due, but runs into a window that did not cover the moment at which it became due: from now
// on it counts from here.
void wait_for_window(Draft& draft, Alert alert) {
  alert.not_before = draft.now();
  draft.put(std::move(alert));
}

// Does the one thing that is due about an alert; what is due besides follows with the next Tick.
void attend(Draft& draft, const Alert& alert) {
  const auto facts = telling_of(draft.before(), alert);
  if (is_due(ends_by_itself_at(draft.before(), alert), draft.now())) {
    recover(draft, subject_of(alert), {.reason = reason_of_end(draft, alert), .at = draft.now()});
  } else if (is_postponed(alert, facts, draft.now())) {
    wait_for_window(draft, alert);
  } else if (!alert.decision) {
    notify(draft, alert);
  } else if (is_due(escalated_next_at(alert, facts), draft.now())) {
    escalate(draft, alert);
  } else {
    remind(draft, alert);
  }
}

}  // namespace

Severity severity_of(AlertKind kind) {
  return rules_of(kind).severity;
}

bool is_about_aggregator(AlertKind kind) {
  return rules_of(kind).about == About::aggregator;
}

bool is_told_at_once(AlertKind kind) {
  return rules_of(kind).is_told_at_once;
}

Duration hold_of(const Settings& settings, const Policy& vault, const Policy& client,
                 AlertKind kind) {
  if (is_told_at_once(kind)) return Duration::zero();
  return notify_after(settings, vault, client, kind);
}

RunMeaning meaning_of(const RunReport& report) {
  if (const auto exception = exception_of(report)) return {{}, {}, *exception};
  switch (report.outcome) {
    case Outcome::running:
      return {{}, {}, RunVerdict::still_running};
    case Outcome::succeeded:
      return meaning_of_success(report.operation);
    case Outcome::warning:
      if (is_backup(report.operation)) {
        return {AlertKind::backup_warning, {AlertKind::backup_failed}, {}};
      }
      // The work was done: for every other operation that is a success, with a remark.
      return meaning_of_success(report.operation);
    case Outcome::failed:
      return {failure_kind(report.operation), {}, {}};
    case Outcome::cancelled:
      return {{}, {}, RunVerdict::not_alerted_user_cancelled};
  }
  return {};
}

Subject subject_about(AlertKind kind, ClientId client, JobId job, Operation operation) {
  const auto rules = rules_of(kind);
  return {.kind = kind,
          .client = client,
          .job = rules.about == About::job ? job : JobId{},
          .operation = rules.is_per_operation ? std::optional(operation) : std::nullopt};
}

Subject subject_of(const Alert& alert) {
  return {alert.kind, alert.client, alert.job, alert.operation, alert.topic};
}

Raised raise(Draft& draft, const Occurrence& occurrence) {
  const auto& subject = occurrence.subject;
  const auto& active = draft.before().alert_by_subject;
  if (const auto found = active.find(subject); found != active.end()) {
    auto alert = *draft.get<Alert>(found->second);
    alert.last_at = draft.now();
    ++alert.occurrences;
    alert.run = occurrence.run;
    alert.message = occurrence.message;
    const auto id = alert.id;
    draft.put(std::move(alert));
    return {.alert = id, .is_new = false};
  }
  const auto client = draft.get<Client>(subject.client);
  check(client.has_value() == subject.client.is_set(), "an alert's client exists");
  Alert alert{.id = draft.next_alert(),
              .kind = subject.kind,
              .severity = occurrence.severity.value_or(severity_of(subject.kind)),
              .vault = client ? client->vault : occurrence.vault,
              .client = subject.client,
              .job = subject.job,
              .operation = subject.operation,
              .topic = subject.topic,
              .first_at = draft.now(),
              .last_at = draft.now(),
              .run = occurrence.run,
              .message = occurrence.message,
              .hold_from = draft.now()};
  const auto id = alert.id;
  const auto why = alert.message.empty() ? "" : ": " + alert.message;
  draft.emit(Note{NoteKind::alert_raised, label_of(draft, alert) + " is raised" + why});
  draft.put(std::move(alert));
  return {.alert = id, .is_new = true};
}

AlertId recover(Draft& draft, const Subject& subject, const Inactivation& how) {
  const auto& active = draft.before().alert_by_subject;
  const auto found = active.find(subject);
  if (found == active.end()) return {};
  auto alert = *draft.get<Alert>(found->second);
  end(draft, alert, how, reason_if_held(draft, alert));
  alert.recovery_next = 0;
  draft.put(std::move(alert));
  return found->second;
}

void inactivate(Draft& draft, Alert alert, const std::string& who, const std::string& why) {
  end(draft, alert,
      {.reason = InactiveReason::by_operator, .at = draft.now(), .who = who, .why = why},
      NotifyReason::inactivated_during_hold);
  draft.put(std::move(alert));
}

void reactivate(Draft& draft, Alert alert) {
  const bool was_told = !alert.told.empty();
  alert.state = alert.acknowledgement ? AlertState::acknowledged : AlertState::active;
  alert.inactivation.reset();
  alert.recovery_next.reset();
  alert.hold_from = draft.now();
  if (!was_told) alert.decision.reset();
  draft.emit(Note{NoteKind::alert_raised, label_of(draft, alert) + " is active again"});
  draft.put(std::move(alert));
}

void notify(Draft& draft, Alert alert) {
  const auto policies = policies_of(draft, alert);
  const auto routing = routing_of(draft, alert, policies);
  const auto digest_at = digest_of(draft, alert.kind, policies);
  alert.decision = NotifyDecision{routing.reason, draft.now(), routing.level};
  for (const auto& chosen : routing.recipients) {
    const auto id = queue(draft, {.alert = alert.id, .to = chosen, .digest_at = digest_at});
    if (!digest_at) alert.told.push_back({id, chosen.recipient});
  }
  draft.put(std::move(alert));
}

void attend_due_alerts(Draft& draft) {
  for (const auto& [at, id] : draft.before().alerts_due.in_order()) {
    if (at > draft.now() || !draft.has_room_for(kRowsPerAlert)) return;
    attend(draft, *draft.get<Alert>(id));
  }
}

void tell_recoveries(Draft& draft) {
  for (const auto& [id, alert] : draft.before().recovering) {
    if (!draft.has_room_for(2) || !tell_recovery(draft, alert)) return;
  }
}

namespace {

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
