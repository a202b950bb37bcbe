#include "aggregator/core/alerts.hpp"

#include "aggregator/core/deliveries.hpp"
#include "aggregator/core/routing.hpp"

namespace vaultbell::core {

namespace {

struct KindRules {
  Severity severity;
  bool is_told_at_once;  // R4.5: whatever notify_after says
  bool is_per_operation;
  bool is_about_client;  // rather than about a job
};

KindRules rules_of(AlertKind kind) {
  switch (kind) {
    case AlertKind::backup_failed:
    case AlertKind::restore_failed:
      return {Severity::critical, false, false, false};
    case AlertKind::operation_failed:
      return {Severity::warning, false, true, false};
    case AlertKind::backup_warning:
      return {Severity::warning, false, false, false};
    case AlertKind::protection_stopped:
      return {Severity::warning, true, false, false};
    case AlertKind::backup_data_deleted:
      return {Severity::critical, true, true, false};
    case AlertKind::client_disconnected:
    case AlertKind::spool_full:
      return {Severity::critical, false, false, true};
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

// A recovery can be told only where the alert was, and after it.
void tell_recovery(Draft& draft, const Alert& alert) {
  for (const auto& told : alert.told) {
    queue(draft, {.alert = alert.id,
                  .event = NotificationEvent::recovered,
                  .recipient = told.recipient,
                  .why = RecipientReason::was_told_of_alert,
                  .follows = told.notification});
  }
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

}  // namespace

Severity severity_of(AlertKind kind) {
  return rules_of(kind).severity;
}

Duration hold_of(const Settings& settings, AlertKind kind) {
  return rules_of(kind).is_told_at_once ? Duration::zero() : settings.notify_after;
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
          .job = rules.is_about_client ? JobId{} : job,
          .operation = rules.is_per_operation ? std::optional(operation) : std::nullopt};
}

Subject subject_of(const Alert& alert) {
  return {alert.kind, alert.client, alert.job, alert.operation};
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
  check(client.has_value(), "an alert is about a client that exists");
  Alert alert{.id = draft.next_alert(),
              .kind = subject.kind,
              .severity = severity_of(subject.kind),
              .vault = client->vault,
              .client = subject.client,
              .job = subject.job,
              .operation = subject.operation,
              .first_at = draft.now(),
              .last_at = draft.now(),
              .run = occurrence.run,
              .message = occurrence.message,
              .hold_from = draft.now()};
  const auto id = alert.id;
  const auto why = alert.message.empty() ? "" : ": " + alert.message;
  draft.emit(Note{NoteKind::alert_raised, label_of(draft, alert) + " is raised" + why});
  if (hold_of(draft.before().settings, alert.kind) == Duration::zero()) {
    notify(draft, std::move(alert));
  } else {
    draft.put(std::move(alert));
  }
  return {.alert = id, .is_new = true};
}

AlertId recover(Draft& draft, const Subject& subject, const Inactivation& how) {
  const auto& active = draft.before().alert_by_subject;
  const auto found = active.find(subject);
  if (found == active.end()) return {};
  auto alert = *draft.get<Alert>(found->second);
  end(draft, alert, how, NotifyReason::resolved_during_hold);
  tell_recovery(draft, alert);
  draft.put(std::move(alert));
  return found->second;
}

void inactivate(Draft& draft, Alert alert, const std::string& who, const std::string& why) {
  end(draft, alert,
      {.reason = InactiveReason::by_operator, .at = draft.now(), .who = who, .why = why},
      NotifyReason::inactivated_during_hold);
  draft.put(std::move(alert));
}

void notify(Draft& draft, Alert alert) {
  const auto client = draft.get<Client>(alert.client);
  const auto vault = draft.get<Vault>(client ? client->vault : alert.vault);
  check(vault.has_value(), "an alert's vault exists");
  const auto routing = route(draft.before().settings, *vault, alert.kind);
  alert.decision = NotifyDecision{routing.reason, draft.now()};
  for (const auto& chosen : routing.recipients) {
    const auto id = queue(draft, {.alert = alert.id,
                                  .event = NotificationEvent::raised,
                                  .recipient = chosen.recipient,
                                  .why = chosen.why});
    alert.told.push_back({id, chosen.recipient});
  }
  draft.put(std::move(alert));
}

void continue_clock_shift(Draft& draft, ClockShift shift) {
  const auto& alerts = draft.before().alerts;
  for (auto row = alerts.upper_bound(shift.alerts_done);
       row != alerts.end() && row->first <= shift.alerts_last; ++row) {
    if (!draft.has_room_for(kRowsPerShifted)) return draft.put(shift);
    auto alert = row->second;
    shift.alerts_done = alert.id;
    if (alert.decision) continue;
    alert.hold_from += shift.by;
    draft.put(std::move(alert));
  }
  shift.alerts_done = shift.alerts_last;
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
