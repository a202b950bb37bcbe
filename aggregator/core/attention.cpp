#include "aggregator/core/attention.hpp"

#include <algorithm>

#include "aggregator/core/alerts.hpp"
#include "aggregator/core/deliveries.hpp"
#include "aggregator/core/delivery_trouble.hpp"
#include "aggregator/core/digests.hpp"
#include "aggregator/core/routing.hpp"

namespace vaultbell::core {

namespace {

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

// The digest by which somebody was to be told, if it is still to go out. Not one that may have
// arrived: who got it would not look at it again.
std::optional<Notification> waiting_digest(const Draft& draft, const Told& told) {
  auto open = draft.get<Notification>(told.notification);
  const bool is_waiting = open && open->event == NotificationEvent::digest &&
                          open->state == NotificationState::pending && !open->is_doubtful;
  return is_waiting ? std::move(open) : std::nullopt;
}

bool is_ended_by_hand(const Alert& alert) {
  return alert.inactivation && alert.inactivation->reason == InactiveReason::by_operator;
}

// Queues what is still owed of one recovery: to those who keep alerts of their own in any case
// (R4.4). False: there was no room for all of it.
bool tell_recovery(Draft& draft, Alert alert) {
  const auto policies = policies_of(draft, alert);
  const auto& policy = *in_force(policies.vault, policies.client).policy;
  const bool is_wanted =
      !is_ended_by_hand(alert) && (policy.tells_recovery || is_about_aggregator(alert.kind));
  auto next = alert.recovery_next.value_or(0);
  for (; next < alert.told.size() && draft.has_room_for(2); ++next) {
    const auto& told = alert.told[next];
    if (!is_wanted && !keeps_alerts(told.recipient)) continue;
    if (is_told_in_vain(draft, told)) continue;
    if (const auto digest = waiting_digest(draft, told)) {
      add_recovery(draft, *digest, alert.id);
      continue;
    }
    // It waits for the message by which its recipient was told (decision 0007).
    queue(draft, {.alert = alert.id,
                  .event = NotificationEvent::recovered,
                  .to = {told.recipient, RecipientReason::was_told_of_alert},
                  .follows = told.notification,
                  .digest_at = digest_of(draft, alert.kind, policies)});
  }
  const bool is_done = next >= alert.told.size();
  alert.recovery_next = is_done ? std::nullopt : std::optional(next);
  draft.put(std::move(alert));
  return is_done;
}

// Queues a further message about the alert. It is what tells those who were not told before, or in
// vain.
void tell_further(Draft& draft, Alert& alert, const Owed& owed) {
  const Told told{queue(draft, owed), owed.to.recipient};
  auto* before = told_at(alert, told.recipient.place());
  if (before == nullptr) {
    alert.told.push_back(told);
  } else if (is_told_in_vain(draft, *before)) {
    *before = told;
  }
}

// Tells those of an audience who were not told yet.
void escalate(Draft& draft, Alert alert) {
  const auto policies = policies_of(draft, alert);
  const auto& policy = *in_force(policies.vault, policies.client).policy;
  alert.escalated_at = draft.now();
  const DraftDirectory directory(draft);
  for (const auto& chosen : people_of(directory, policy.escalation, RecipientReason::escalation)) {
    const auto* told = told_at(alert, chosen.recipient.place());
    if (told != nullptr && !is_told_in_vain(draft, *told)) continue;
    tell_further(draft, alert,
                 {.alert = alert.id, .event = NotificationEvent::escalated, .to = chosen});
  }
  draft.put(std::move(alert));
}

// Tells those again whom the policy in force names now: for some of them it may be the first time.
// Who is still to get what tells of the alert is not reminded before that (decision 0007), and in a
// digest nobody is: it would say the same every hour.
void remind(Draft& draft, Alert alert) {
  const auto policies = policies_of(draft, alert);
  alert.reminded_at = draft.now();
  ++alert.reminders;
  const bool is_in_digest = digest_of(draft, alert.kind, policies).has_value();
  const auto routing = routing_of(draft, alert, policies);
  for (const auto& chosen : routing.recipients) {
    if (is_in_digest) break;
    const Owed reminder{.alert = alert.id, .event = NotificationEvent::reminder, .to = chosen};
    const auto* told = told_at(alert, chosen.recipient.place());
    if (told != nullptr && draft.get<Notification>(told->notification)) {
      leave_out(draft, reminder, EndReason::earlier_under_way);
    } else {
      tell_further(draft, alert, reminder);
    }
  }
  draft.put(std::move(alert));
}

InactiveReason reason_of_end(const Draft& draft, const Alert& alert) {
  const auto client = draft.get<Client>(alert.client);
  const bool is_retired = client && client->state == ClientState::retired;
  return is_retired ? InactiveReason::client_retired : InactiveReason::condition_over;
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

}  // namespace vaultbell::core
