#include "aggregator/core/alert_orders.hpp"

#include <algorithm>

#include "aggregator/core/alerts.hpp"
#include "aggregator/core/attention.hpp"
#include "aggregator/core/deliveries.hpp"
#include "aggregator/core/refusals.hpp"

namespace vaultbell::core {

namespace {

// Rows that one message of a digest costs when it is hurried.
constexpr std::size_t kRowsPerHurried = 1;

tl::unexpected<Error> no_active(AlertId alert) {
  return there_is_no("active alert", alert.value);
}

Status check_length(std::string_view what, const std::string& text) {
  if (text.size() <= kRemarkBytesMax) return {};
  return fail(ErrorCode::invalid, "the " + std::string(what) + " is longer than " +
                                      std::to_string(kRemarkBytesMax) + " bytes");
}

Status add_comment(Draft& draft, Alert& alert, const std::string& actor, const std::string& text) {
  if (auto ok = check_length("comment", text); !ok) return ok;
  if (alert.comments.size() >= kCommentsMax) {
    return fail(ErrorCode::full, "alert " + std::to_string(alert.id.value) + " already has " +
                                     std::to_string(kCommentsMax) + " comments");
  }
  alert.comments.push_back({draft.now(), actor, text});
  return {};
}

// What a message that is not open has come to; the row is as some snapshot of the store had it.
// Absent: it was open then, and has ended since.
std::optional<bool> was_heard(const Notification& message) {
  switch (message.state) {
    case NotificationState::pending:
    case NotificationState::sending:
      return std::nullopt;
    case NotificationState::delivered:
    case NotificationState::gathered:
      return true;
    case NotificationState::given_up:
    case NotificationState::cancelled:
      return false;
  }
  return std::nullopt;
}

// Leaves those in `told` who were told, or are about to be: while the alert was over, nobody kept
// account of messages that were given up (R4.12). A message that is kept no more was delivered, as
// far as anybody knows.
Status forget_untold(const Draft& draft, Alert& alert, const std::vector<Notification>& messages) {
  std::vector<Told> heard;
  for (const auto& told : alert.told) {
    const auto message = std::ranges::find(messages, told.notification, &Notification::id);
    const bool is_open = draft.get<Notification>(told.notification).has_value();
    const auto was = is_open || message == messages.end() ? true : was_heard(*message);
    if (!was) {
      return fail(ErrorCode::refused, "a message about it has just ended; look at it again");
    }
    if (*was) heard.push_back(told);
  }
  alert.told = std::move(heard);
  return {};
}

// The row is as some snapshot of the store had it, which may be a little behind.
Result<std::string> retry_ended(Draft& draft, const Notification& notification) {
  switch (notification.state) {
    case NotificationState::pending:
    case NotificationState::sending:
      return fail(ErrorCode::refused, "it has just ended; look at it again");
    case NotificationState::delivered:
      return fail(ErrorCode::refused, "it was delivered");
    case NotificationState::gathered:
      return fail(
          ErrorCode::refused,
          "it went into digest " + std::to_string(notification.digest.value) + ": retry that");
    case NotificationState::cancelled:
      return fail(ErrorCode::refused, "it was cancelled: there is no more reason to send it");
    case NotificationState::given_up:
      break;
  }
  if (notification.event == NotificationEvent::verification) {
    return fail(ErrorCode::refused,
                "its code is worth nothing any more; send another one: "
                "vaultbell contact verify NAME");
  }
  const bool is_about_recovery = notification.event == NotificationEvent::recovered;
  const bool is_about_alert = notification.alert.is_set() && !is_about_recovery;
  if (is_about_alert && !draft.get<Alert>(notification.alert)) {
    return fail(ErrorCode::refused, "its alert is over: there is nothing to tell any more");
  }
  retry(draft, notification);
  return std::string();
}

}  // namespace

Result<std::string> acknowledge_alert(Draft& draft, const std::string& actor,
                                      const AcknowledgeAlert& order) {
  if (auto ok = check_length("reason", order.why); !ok) return fail(ok.error());
  auto alert = draft.get<Alert>(order.alert);
  if (!alert) return no_active(order.alert);
  if (alert->state == AlertState::acknowledged) {
    return "it was already acknowledged by " + alert->acknowledgement->who;
  }
  alert->state = AlertState::acknowledged;
  alert->acknowledgement = Remark{draft.now(), actor, order.why};
  draft.put(std::move(*alert));
  return std::string();
}

Result<std::string> inactivate_alert(Draft& draft, const std::string& actor,
                                     const InactivateAlert& order) {
  if (auto ok = check_length("reason", order.why); !ok) return fail(ok.error());
  auto alert = draft.get<Alert>(order.alert);
  if (!alert) return no_active(order.alert);
  inactivate(draft, std::move(*alert), actor, order.why);
  return std::string();
}

Result<std::string> reactivate_alert(Draft& draft, const std::string& actor,
                                     const ReactivateAlert& order) {
  const auto& recovering = draft.before().recovering;
  const auto open = recovering.find(order.alert.id);
  auto alert = open == recovering.end() ? order.alert : open->second;
  const auto& active = draft.before().alert_by_subject;
  if (const auto known = active.find(subject_of(alert)); known != active.end()) {
    if (known->second == alert.id) return std::string("it is active");
    return fail(ErrorCode::refused, "alert " + std::to_string(known->second.value) +
                                        " about the same thing is active already");
  }
  if (alert.client.is_set() && !draft.get<Client>(alert.client)) {
    return fail(ErrorCode::refused, "its client is gone");
  }
  if (alert.job.is_set() && !draft.get<Job>(alert.job)) {
    return fail(ErrorCode::refused, "its job was forgotten");
  }
  if (auto ok = forget_untold(draft, alert, order.messages); !ok) return fail(ok.error());
  if (!order.why.empty()) {
    if (auto ok = add_comment(draft, alert, actor, order.why); !ok) return fail(ok.error());
  }
  reactivate(draft, std::move(alert));
  return std::string();
}

Result<std::string> comment_alert(Draft& draft, const std::string& actor,
                                  const CommentAlert& order) {
  if (order.text.empty()) return fail(ErrorCode::invalid, "the comment is empty");
  auto alert = draft.get<Alert>(order.alert.id).value_or(order.alert);
  const auto recovering = draft.before().recovering.find(alert.id);
  if (recovering != draft.before().recovering.end()) alert = recovering->second;
  const bool is_over = !draft.get<Alert>(alert.id);
  if (is_over && alert.state != AlertState::inactive) {
    return fail(ErrorCode::refused, "it is over since just now; look at it again");
  }
  if (auto ok = add_comment(draft, alert, actor, order.text); !ok) return fail(ok.error());
  draft.put(std::move(alert));
  return std::string();
}

Result<std::string> notify_alert_now(Draft& draft, const NotifyAlertNow& order) {
  auto alert = draft.get<Alert>(order.alert);
  if (!alert) return no_active(order.alert);
  if (alert->decision && !alert->told.empty()) return std::string("its recipients were told");
  notify(draft, std::move(*alert));
  return std::string();
}

Result<std::string> raise_test(Draft& draft, const std::string& actor, const RaiseTest& order) {
  const auto client = draft.get<Client>(order.client);
  if (order.client.is_set() && !client) {
    return there_is_no("client", order.client.value);
  }
  if (!client && !draft.get<Vault>(order.vault)) {
    return there_is_no("vault", order.vault.value);
  }
  const auto vault = client ? client->vault : order.vault;
  const Subject subject{.kind = AlertKind::test,
                        .client = order.client,
                        .topic = client ? "" : "vault " + std::to_string(vault.value)};
  const auto raised = raise(draft, {.subject = subject,
                                    .message = "a test, asked for by " + actor,
                                    .vault = vault,
                                    .severity = order.severity});
  if (raised.is_new) return "alert " + std::to_string(raised.alert.value) + " is raised";
  return fail(ErrorCode::refused, "test alert " + std::to_string(raised.alert.value) +
                                      " is still active; it ends by itself, or inactivate it");
}

Result<std::string> retry_delivery(Draft& draft, const RetryDelivery& order) {
  const auto open = draft.get<Notification>(order.notification.id);
  if (!open) return retry_ended(draft, order.notification);
  if (open->state == NotificationState::sending) {
    return fail(ErrorCode::refused, "it is being sent right now");
  }
  hurry(draft, *open);
  return std::string();
}

Result<std::string> cancel_delivery(Draft& draft, const CancelDelivery& order) {
  const auto open = draft.get<Notification>(order.notification);
  if (!open) return fail(ErrorCode::refused, "it has ended: there is nothing to cancel");
  if (open->state == NotificationState::sending) {
    return fail(ErrorCode::refused, "it is being sent right now");
  }
  cancel(draft, *open, EndReason::cancelled_by_operator);
  return std::string();
}

Result<std::string> send_digest_now(Draft& draft, const SendDigestNow& order) {
  std::size_t count = 0;
  for (const auto& [key, line] : draft.before().lines) {
    if (order.place && key != *order.place) continue;
    for (const auto& [at, id] : line.for_digest) {
      if (!draft.has_room_for(kRowsPerHurried)) {
        return "the first " + std::to_string(count) + " messages go out now; ask again for more";
      }
      hurry(draft, *draft.get<Notification>(id));
      ++count;
    }
  }
  if (count == 0) return std::string("nothing waits for a digest");
  return std::to_string(count) + (count == 1 ? " message goes" : " messages go") + " out now";
}

}  // namespace vaultbell::core
