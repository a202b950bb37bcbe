#include "aggregator/core/alerts.hpp"

#include <algorithm>

#include "shared/domain/webhook_address.hpp"

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

void begin_telling_anew(Alert& alert) {
  alert.decision.reset();
  alert.reminded_at.reset();
  alert.reminders = 0;
  alert.escalated_at.reset();
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

Subject unenrolment_of(ClientId client) {
  return {.kind = AlertKind::protection_stopped, .client = client};
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
  const auto keeps_it = [](const Told& told) { return keeps_alerts(told.recipient); };
  if (std::ranges::any_of(alert.told, keeps_it)) alert.recovery_next = 0;
  draft.put(std::move(alert));
}

void reactivate(Draft& draft, Alert alert) {
  const bool was_told = !alert.told.empty();
  alert.state = alert.acknowledgement ? AlertState::acknowledged : AlertState::active;
  alert.inactivation.reset();
  alert.recovery_next.reset();
  alert.hold_from = draft.now();
  if (!was_told) begin_telling_anew(alert);
  draft.emit(Note{NoteKind::alert_raised, label_of(draft, alert) + " is active again"});
  draft.put(std::move(alert));
}

bool keeps_alerts(const Recipient& recipient) {
  return recipient.channel == Channel::webhook && is_of_alert_keeper(recipient.address);
}

Told* told_at(Alert& alert, const AddressKey& place) {
  const auto found = std::ranges::find_if(
      alert.told, [&](const Told& told) { return told.recipient.place() == place; });
  return found == alert.told.end() ? nullptr : &*found;
}

}  // namespace vaultbell::core
