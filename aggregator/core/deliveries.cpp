#include "aggregator/core/deliveries.hpp"

#include <algorithm>

#include "aggregator/core/alerts.hpp"
#include "aggregator/core/clock_shift.hpp"
#include "aggregator/core/delivery_trouble.hpp"
#include "aggregator/core/digests.hpp"
#include "aggregator/core/shown_address.hpp"
#include "aggregator/core/verification.hpp"

namespace vaultbell::core {

namespace {

// Rows that starting an attempt costs: itself and its notification.
constexpr std::size_t kRowsPerAttempt = 2;

// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014): spreads
// neighbouring numbers evenly.
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9E3779B97F4A7C15U;
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31U);
}

void end(Draft& draft, Notification& notification, NotificationState state, EndReason reason) {
  notification.state = state;
  notification.end_reason = reason;
  notification.ended_at = draft.now();
}

// Whether whoever gets it has been told that the alert was raised.
bool does_tell_of_alert(NotificationEvent event) {
  switch (event) {
    case NotificationEvent::raised:
    case NotificationEvent::escalated:
    case NotificationEvent::reminder:
      return true;
    case NotificationEvent::recovered:
    case NotificationEvent::digest:
    case NotificationEvent::verification:
    case NotificationEvent::welcome:
    case NotificationEvent::test:
      return false;
  }
  return false;
}

Notification message_of(Draft& draft, const Owed& owed) {
  const auto first_at = owed.digest_at.value_or(draft.now());
  const auto give_up_after = draft.before().settings.retry.give_up_after;
  return {
      .id = draft.next_notification(),
      .alert = owed.alert,
      .event = owed.event,
      .recipient = owed.to.recipient,
      .why = owed.to.why,
      .created_at = draft.now(),
      .next_attempt_at = first_at,
      .give_up_at = owed.give_up_at.value_or(first_at + give_up_after),
      .follows = owed.follows,
      .contact = owed.to.contact,
      .group = owed.to.group,
      .is_for_digest = owed.digest_at.has_value(),
  };
}

void forget_told(Alert& alert, NotificationId notification) {
  const auto found = std::ranges::find(alert.told, notification, &Told::notification);
  if (found == alert.told.end()) return;
  const auto index = static_cast<std::uint32_t>(found - alert.told.begin());
  alert.told.erase(found);
  if (alert.recovery_next && *alert.recovery_next > index) --*alert.recovery_next;
}

// The alert, also while its recovery is being told.
std::optional<Alert> told_alert(const Draft& draft, AlertId id) {
  if (auto alert = draft.get<Alert>(id)) return alert;
  const auto& recovering = draft.before().recovering;
  const auto found = recovering.find(id);
  return found == recovering.end() ? std::nullopt : std::optional(found->second);
}

// Nobody hears of the recovery of an alert that they were not told of (R4.12).
void forget_recipient(Draft& draft, const Notification& given_up) {
  const auto& followers = draft.before().followers;
  if (const auto found = followers.find(given_up.id); found != followers.end()) {
    for (const auto id : found->second) {
      auto follower = *draft.get<Notification>(id);
      end(draft, follower, NotificationState::cancelled, EndReason::recipient_not_told_of_alert);
      draft.put(std::move(follower));
    }
  }
  auto alert = told_alert(draft, given_up.alert);
  if (!alert) return;
  forget_told(*alert, given_up.id);
  draft.put(std::move(*alert));
}

void give_up(Draft& draft, Notification& notification, EndReason reason) {
  end(draft, notification, NotificationState::given_up, reason);
  if (notification.event == NotificationEvent::digest) note_failed_digest(draft, notification);
  forget_recipient(draft, notification);
  note_given_up(draft, notification);
}

void try_again(Draft& draft, Notification& notification) {
  const auto now = now_for(draft, notification.id);
  if (now >= notification.give_up_at) {
    return give_up(draft, notification, EndReason::tried_too_long);
  }
  notification.state = NotificationState::pending;
  // The last attempt comes when the time is up, not half an hour after that.
  notification.next_attempt_at =
      std::min(now + backoff(draft.before().settings.retry, notification.id, notification.attempts),
               notification.give_up_at);
}

// A code that has expired while it waited would only confuse.
bool is_worthless(const Draft& draft, const Notification& notification) {
  return notification.event == NotificationEvent::verification &&
         now_for(draft, notification.id) >= notification.give_up_at;
}

// Nobody is reminded of what is over. Where the reminder is what tells its recipient of the alert,
// the recovery follows it.
bool is_of_the_past(const Draft& draft, const Notification& notification) {
  return notification.event == NotificationEvent::reminder &&
         !told_alert(draft, notification.alert) &&
         !draft.before().followers.contains(notification.id);
}

void start_attempt(Draft& draft, Notification notification) {
  if (is_of_the_past(draft, notification)) {
    return cancel(draft, std::move(notification), EndReason::alert_is_over);
  }
  if (is_worthless(draft, notification)) {
    give_up(draft, notification, EndReason::tried_too_long);
    return draft.put(std::move(notification));
  }
  notification.state = NotificationState::sending;
  notification.attempting_since = draft.now();
  ++notification.attempts;
  draft.put(Attempt{
      .notification = notification.id, .number = notification.attempts, .started_at = draft.now()});
  draft.emit(Deliver{notification.id, notification.attempts});
  draft.put(std::move(notification));
}

// The next message of a line that may go now: what no limit holds back first.
NotificationId next_in(const AddressLine& line, Instant now) {
  if (!line.urgent.empty() && line.urgent.begin()->first <= now) return line.urgent.begin()->second;
  return line.waiting.empty() ? NotificationId{} : line.waiting.begin()->second;
}

void work_queue(Draft& draft, const ChannelQueue& queue) {
  auto free = kSendingMax - std::min(kSendingMax, queue.sending_count);
  for (const auto& [at, key] : queue.lines_ready.in_order()) {
    if (at > draft.now() || !draft.has_room_for(kRowsPerAttempt)) return;
    const auto& line = draft.before().lines.at(key);
    const bool is_urgent = !line.urgent.empty() && line.urgent.begin()->first <= draft.now();
    if (!is_urgent && (gather_due(draft, key) || gather_held_back(draft, key))) continue;
    const auto next = next_in(line, draft.now());
    if (free == 0 || !next.is_set()) continue;
    start_attempt(draft, *draft.get<Notification>(next));
    --free;
  }
}

void close_attempt(Draft& draft, Notification& notification, AttemptResult result,
                   const std::string& answer) {
  draft.put(Attempt{.notification = notification.id,
                    .number = notification.attempts,
                    .started_at = notification.attempting_since.value_or(draft.now()),
                    .ended_at = draft.now(),
                    .result = result,
                    .answer = answer});
  notification.attempting_since.reset();
  notification.last_answer = answer;
}

}  // namespace

NotificationId queue(Draft& draft, const Owed& owed) {
  auto notification = message_of(draft, owed);
  const auto id = notification.id;
  draft.put(std::move(notification));
  return id;
}

void leave_out(Draft& draft, const Owed& owed, EndReason why) {
  auto notification = message_of(draft, owed);
  end(draft, notification, NotificationState::cancelled, why);
  draft.put(std::move(notification));
}

void cancel(Draft& draft, Notification notification, EndReason why) {
  end(draft, notification, NotificationState::cancelled, why);
  forget_recipient(draft, notification);
  draft.put(std::move(notification));
}

void work_lines(Draft& draft) {
  for (const auto& [channel, queue] : draft.before().queues) work_queue(draft, queue);
}

void book_result(Draft& draft, const DeliveryEnded& ended) {
  auto notification = draft.get<Notification>(ended.notification);
  if (!notification || notification->state != NotificationState::sending ||
      notification->attempts != ended.attempt) {
    return;
  }
  close_attempt(draft, *notification, ended.result, ended.answer);
  switch (ended.result) {
    case AttemptResult::delivered:
      end(draft, *notification, NotificationState::delivered, EndReason::accepted_by_remote);
      note_delivered(draft, *notification);
      if (ended.is_proven) take_code_back(draft, *notification);
      break;
    case AttemptResult::permanent_failure:
      give_up(draft, *notification, EndReason::refused_by_remote);
      break;
    case AttemptResult::unknown:
      notification->is_doubtful = true;
      note_failing(draft, *notification, ended.is_about_recipient);
      try_again(draft, *notification);
      break;
    case AttemptResult::open:
    case AttemptResult::temporary_failure:
      note_failing(draft, *notification, ended.is_about_recipient);
      try_again(draft, *notification);
      break;
  }
  draft.put(std::move(*notification));
}

void resume_open_attempts(Draft& draft) {
  for (const auto& [id, row] : draft.before().notifications) {
    if (row.state != NotificationState::sending) continue;
    auto notification = row;
    close_attempt(draft, notification, AttemptResult::unknown,
                  "the aggregator ended while this attempt was open");
    notification.state = NotificationState::pending;
    notification.next_attempt_at = now_for(draft, id);
    notification.is_doubtful = true;
    draft.emit(Note{NoteKind::possible_duplicate,
                    "notification " + std::to_string(id.value) + " to " +
                        shown_address(notification.recipient.place()) +
                        " may have arrived before the restart; it is sent again with the same "
                        "Message-ID or Idempotency-Key"});
    draft.put(std::move(notification));
  }
}

void hurry(Draft& draft, Notification notification) {
  notification.next_attempt_at = now_for(draft, notification.id);
  draft.put(std::move(notification));
}

void retry(Draft& draft, Notification notification) {
  auto alert = draft.get<Alert>(notification.alert);
  const bool is_told_by_it = alert && does_tell_of_alert(notification.event) &&
                             told_at(*alert, notification.recipient.place()) == nullptr;
  if (is_told_by_it) {
    alert->told.push_back({notification.id, notification.recipient});
    draft.put(std::move(*alert));
  }
  if (notification.event == NotificationEvent::digest) forgive_failed_digest(draft, notification);
  const auto now = now_for(draft, notification.id);
  notification.state = NotificationState::pending;
  notification.next_attempt_at = now;
  notification.give_up_at = now + draft.before().settings.retry.give_up_after;
  notification.end_reason.reset();
  notification.ended_at.reset();
  draft.put(std::move(notification));
}

Duration backoff(const RetrySettings& settings, NotificationId id, std::uint32_t attempts) {
  auto wait = settings.first;
  for (std::uint32_t i = 1; i < attempts && wait < settings.longest; ++i) wait *= 2;
  wait = std::min(wait, settings.longest);
  const auto quarter = static_cast<std::uint64_t>(wait.count() / 4);
  if (quarter == 0) return wait;
  const auto spread = mixed(id.value << 16U ^ attempts) % quarter;
  return wait - Duration(static_cast<Duration::rep>(spread));
}

}  // namespace vaultbell::core
