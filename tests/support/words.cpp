#include "tests/support/words.hpp"

#include "shared/base/check.hpp"

namespace vaultbell::support {

namespace {

using core::AlertKind;

struct About {
  std::string client;
  std::string job;
  std::string operation;

  [[nodiscard]] std::string job_on_client() const { return job + " on " + client; }
};

About about(const MemoryJournal& rows, const core::Alert& alert) {
  About names;
  if (const auto client = rows.get<core::Client>(alert.client)) names.client = client->name;
  if (const auto job = rows.get<core::Job>(alert.job)) names.job = job->name;
  if (alert.operation) names.operation = to_text(*alert.operation);
  return names;
}

std::string raised(AlertKind kind, const About& names) {
  switch (kind) {
    case AlertKind::backup_failed:
      return "backup of " + names.job_on_client() + " failed";
    case AlertKind::restore_failed:
      return "restore of " + names.job_on_client() + " failed";
    case AlertKind::operation_failed:
      return names.operation + " of " + names.job_on_client() + " failed";
    case AlertKind::backup_warning:
      return "backup of " + names.job_on_client() + " ended with warnings";
    case AlertKind::protection_stopped:
      return "protection of " + names.job_on_client() + " was stopped";
    case AlertKind::backup_data_deleted:
      return "backup data of " + names.job_on_client() + " was deleted";
    case AlertKind::client_disconnected:
      return names.client + " is disconnected";
    case AlertKind::spool_full:
      return "the spool of " + names.client + " is full";
  }
  return {};
}

std::string recovered(AlertKind kind, const About& names) {
  switch (kind) {
    case AlertKind::backup_failed:
    case AlertKind::backup_warning:
      return "backup of " + names.job_on_client();
    case AlertKind::restore_failed:
      return "restore of " + names.job_on_client();
    case AlertKind::operation_failed:
      return names.operation + " of " + names.job_on_client();
    case AlertKind::protection_stopped:
      return "protection of " + names.job_on_client();
    case AlertKind::backup_data_deleted:
      return "backup data of " + names.job_on_client();
    case AlertKind::client_disconnected:
      return names.client;
    case AlertKind::spool_full:
      return "the spool of " + names.client;
  }
  return {};
}

}  // namespace

std::string in_words(const MemoryJournal& rows, const core::Alert& alert) {
  const auto names = about(rows, alert);
  const auto kind = std::string(to_text(alert.kind));
  if (names.job.empty()) return kind + " " + names.client;
  const auto of = names.operation.empty() ? std::string() : names.operation + " of ";
  return kind + " " + of + names.job_on_client();
}

Lines active_alerts(const MemoryJournal& rows) {
  Lines lines;
  for (const auto& [id, alert] : rows.all<core::Alert>()) {
    if (alert.state == core::AlertState::inactive) continue;
    auto line = in_words(rows, alert);
    if (alert.occurrences > 1) line += " x" + std::to_string(alert.occurrences);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string mail_text(const MemoryJournal& rows, const core::Notification& notification) {
  const auto alert = rows.get<core::Alert>(notification.alert);
  check(alert.has_value(), "a notification is about an alert");
  const auto names = about(rows, *alert);
  switch (notification.event) {
    case core::NotificationEvent::raised:
      return std::string(to_text(alert->severity)) + ": " + raised(alert->kind, names);
    case core::NotificationEvent::recovered:
      return "recovered: " + recovered(alert->kind, names);
  }
  return {};
}

std::string person(std::string_view address) {
  return std::string(address.substr(0, address.find('@')));
}

}  // namespace vaultbell::support
