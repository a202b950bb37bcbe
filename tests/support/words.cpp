#include "tests/support/words.hpp"

#include "aggregator/wording/alert.hpp"
#include "shared/base/check.hpp"

namespace vaultbell::support {

namespace {

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

wording::AlertFacts facts_of(const MemoryJournal& rows, const core::Alert& alert) {
  const auto names = about(rows, alert);
  const auto vault = rows.get<core::Vault>(alert.vault);
  return {
      .alert = alert, .vault = vault ? vault->name : "", .client = names.client, .job = names.job};
}

std::string alert_text(const MemoryJournal& rows, const core::Notification& notification) {
  const auto alert = rows.get<core::Alert>(notification.alert);
  check(alert.has_value(), "the alert of a notification exists");
  return wording::scenario_line(facts_of(rows, *alert), notification.event);
}

// What is in a digest, in the order of its notifications.
std::string digest_text(const MemoryJournal& rows, const core::Notification& digest) {
  std::string text;
  for (const auto& [id, row] : rows.all<core::Notification>()) {
    if (row.digest == digest.id) text += (text.empty() ? "" : "; ") + alert_text(rows, row);
  }
  return "digest: " + text;
}

}  // namespace

std::string in_words(const MemoryJournal& rows, const core::Alert& alert) {
  const auto names = about(rows, alert);
  const auto kind = std::string(to_text(alert.kind));
  if (!alert.topic.empty()) return kind + " " + alert.topic;
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
  switch (notification.event) {
    case core::NotificationEvent::raised:
    case core::NotificationEvent::recovered:
    case core::NotificationEvent::reminder:
    case core::NotificationEvent::escalated:
      return alert_text(rows, notification);
    case core::NotificationEvent::digest:
      return digest_text(rows, notification);
    case core::NotificationEvent::verification:
      return "code";
    case core::NotificationEvent::welcome:
      return "welcome";
    case core::NotificationEvent::test:
      return "test";
  }
  return {};
}

std::string person(const core::Recipient& recipient) {
  if (recipient.channel == core::Channel::mobile) return recipient.name + ".sms";
  if (recipient.channel == core::Channel::webhook) return recipient.name + ".hook";
  return recipient.address.substr(0, recipient.address.find('@'));
}

}  // namespace vaultbell::support
