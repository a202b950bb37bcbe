#include "aggregator/core/digests.hpp"

#include <algorithm>

#include "aggregator/core/alerts.hpp"
#include "aggregator/core/deliveries.hpp"
#include "aggregator/core/lines.hpp"
#include "shared/domain/time_of_day.hpp"

namespace vaultbell::core {

namespace {

// Rows that gathering one notification costs: itself, its alert, the digest, the address.
constexpr std::size_t kRowsPerGathered = 4;

// Digests of one address that are remembered as given up: a month of daily ones.
constexpr std::size_t kFailedDigestsMax = 31;

bool is_about_recovery(const Notification& notification) {
  return notification.event == NotificationEvent::recovered;
}

// What can stand in a digest: messages about alerts. Not what may have arrived: it is repeated as
// it was, so that whoever got it can tell (decision 0011).
bool can_be_gathered(const Notification& notification) {
  return notification.alert.is_set() && !notification.is_doubtful;
}

Notification open_digest(Draft& draft, const Recipient& recipient, ContactId contact) {
  const auto line = draft.before().lines.find(recipient.place());
  if (line != draft.before().lines.end() && line->second.open_digest.is_set()) {
    if (auto digest = draft.get<Notification>(line->second.open_digest)) return *digest;
  }
  return {.id = draft.next_notification(),
          .event = NotificationEvent::digest,
          .recipient = recipient,
          .why = RecipientReason::has_gathered_alerts,
          .created_at = draft.now(),
          .next_attempt_at = draft.now(),
          .give_up_at = draft.now() + draft.before().settings.retry.give_up_after,
          .contact = contact};
}

// Whoever was to be told by the notification is told by the digest instead. A reminder tells again
// whom another message has told: that one stays the one that counts.
void tell_by_digest(Draft& draft, const Notification& notification, NotificationId digest) {
  auto alert = draft.get<Alert>(notification.alert);
  if (!alert || is_about_recovery(notification)) return;
  const auto known = std::ranges::find(alert->told, notification.id, &Told::notification);
  if (known != alert->told.end()) {
    known->notification = digest;
  } else if (told_at(*alert, notification.recipient.place()) == nullptr) {
    alert->told.push_back({digest, notification.recipient});
  }
  draft.put(std::move(*alert));
}

// R7.2: what is over before its digest is in none.
bool still_matters(const Draft& draft, const Notification& notification) {
  return is_about_recovery(notification) || draft.get<Alert>(notification.alert).has_value();
}

// Whether its recipient has been told of the alert by another message since: escalation does not
// wait for a digest (R6.6).
bool is_told_otherwise(const Draft& draft, const Notification& notification) {
  if (notification.event != NotificationEvent::raised) return false;
  const auto alert = draft.get<Alert>(notification.alert);
  if (!alert) return false;
  return std::ranges::any_of(alert->told, [&](const Told& told) {
    return told.notification != notification.id &&
           told.recipient.place() == notification.recipient.place();
  });
}

void become_part_of(Draft& draft, Notification notification, NotificationId digest) {
  notification.digest = digest;
  notification.state = NotificationState::gathered;
  notification.end_reason = EndReason::part_of_digest;
  notification.ended_at = draft.now();
  draft.put(std::move(notification));
}

void gather(Draft& draft, const std::vector<NotificationId>& ids) {
  std::optional<Notification> digest;
  for (const auto id : ids) {
    if (!draft.has_room_for(kRowsPerGathered)) break;
    auto notification = *draft.get<Notification>(id);
    if (notification.state != NotificationState::pending) continue;  // with what it follows
    const bool matters = still_matters(draft, notification);
    notification.is_for_digest = false;
    if (!matters) {
      cancel(draft, std::move(notification), EndReason::over_before_digest);
      continue;
    }
    if (is_told_otherwise(draft, notification)) {
      cancel(draft, std::move(notification), EndReason::replaced_by_newer);
      continue;
    }
    if (!digest) digest = open_digest(draft, notification.recipient, notification.contact);
    tell_by_digest(draft, notification, digest->id);
    become_part_of(draft, std::move(notification), digest->id);
  }
  if (digest) draft.put(std::move(*digest));
}

std::vector<NotificationId> due_in(const Draft& draft, const Waiting& waiting) {
  std::vector<NotificationId> due;
  for (const auto& [at, id] : waiting) {
    if (at > draft.now() || due.size() >= kRowsPerDecisionMax / kRowsPerGathered) break;
    due.push_back(id);
  }
  return due;
}

}  // namespace

std::optional<Instant> digest_at(const Settings& settings, Frequency frequency, Instant at) {
  switch (frequency) {
    case Frequency::each:
      return std::nullopt;
    case Frequency::daily: {
      const auto zone = find_zone(settings.daily_digest_zone);
      return next_time_of_day(zone ? *zone : Zone(), settings.daily_digest_at, at);
    }
    case Frequency::hourly: {
      const auto hour = std::chrono::floor<std::chrono::hours>(at);
      const Instant due = hour + std::chrono::minutes(settings.digest_minute);
      return due >= at ? due : due + std::chrono::hours(1);
    }
  }
  return std::nullopt;
}

bool gather_due(Draft& draft, const AddressKey& key) {
  const auto& line = draft.before().lines.at(key);
  const auto due = due_in(draft, line.for_digest);
  gather(draft, due);
  return !due.empty();
}

bool gather_held_back(Draft& draft, const AddressKey& key) {
  const auto& line = draft.before().lines.at(key);
  const auto address = draft.get<Address>(key);
  if (line.waiting.empty() || !address) return false;
  const auto free_at = within_limits_at(draft.before().settings, *address);
  if (free_at <= line.waiting.begin()->first) return false;
  auto due = due_in(draft, line.waiting);
  std::erase_if(due,
                [&](NotificationId id) { return !can_be_gathered(*draft.get<Notification>(id)); });
  const bool has_open_digest = line.open_digest.is_set();
  if (due.size() < (has_open_digest ? 1U : 2U)) return false;
  gather(draft, due);
  return true;
}

void add_recovery(Draft& draft, const Notification& digest, AlertId alert) {
  Notification recovery{.id = draft.next_notification(),
                        .alert = alert,
                        .event = NotificationEvent::recovered,
                        .recipient = digest.recipient,
                        .why = RecipientReason::was_told_of_alert,
                        .created_at = draft.now(),
                        .next_attempt_at = draft.now(),
                        .give_up_at = digest.give_up_at,
                        .contact = digest.contact};
  become_part_of(draft, std::move(recovery), digest.id);
}

void note_failed_digest(Draft& draft, const Notification& digest) {
  const auto key = digest.recipient.place();
  auto address = address_row(draft, key);
  auto& failed = address.failed_digests;
  failed.push_back(digest.id);
  if (failed.size() > kFailedDigestsMax) failed.erase(failed.begin());
  draft.put(std::move(address));
}

void forgive_failed_digest(Draft& draft, const Notification& digest) {
  auto address = draft.get<Address>(digest.recipient.place());
  if (!address || std::erase(address->failed_digests, digest.id) == 0) return;
  draft.put(std::move(*address));
}

bool is_told_in_vain(const Draft& draft, const Told& told) {
  const auto address = draft.get<Address>(told.recipient.place());
  if (!address) return false;
  const auto& failed = address->failed_digests;
  return std::ranges::find(failed, told.notification) != failed.end();
}

}  // namespace vaultbell::core
