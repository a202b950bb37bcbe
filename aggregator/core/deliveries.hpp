// Deliveries: the outbox. A notification is queued in the decision that owes it, tried until it is
// delivered or visibly given up, and never two at once to the same recipient (R7.3, R7.4).
#pragma once

#include <optional>
#include <string>

#include "aggregator/core/draft.hpp"
#include "aggregator/core/routing.hpp"

namespace vaultbell::core {

struct Owed {
  AlertId alert;  // not set: about the recipient
  NotificationEvent event = NotificationEvent::raised;
  ChosenRecipient to;
  NotificationId follows;
  std::optional<Instant> digest_at;   // absent: a message of its own, at once
  std::optional<Instant> give_up_at;  // absent: as configured
};

// Queues a notification.
NotificationId queue(Draft& draft, const Owed& owed);

// Lists what is not sent, and why.
void leave_out(Draft& draft, const Owed& owed, EndReason why);

// Ends a notification that waits: it is not sent. It must be pending.
void cancel(Draft& draft, Notification notification, EndReason why);

// Gathers and starts what is due, within kSendingMax and the rows of one decision.
void work_lines(Draft& draft);

// Books the result of an attempt. One that is not open (any more) is ignored.
void book_result(Draft& draft, const DeliveryEnded& ended);

// Attempts that were open when the previous process ended: they may have arrived, so they are
// repeated and marked.
void resume_open_attempts(Draft& draft);

// Makes a pending notification due at once.
void hurry(Draft& draft, Notification notification);

// Queues a given-up notification again, from now (R7.4); who is told of an active alert so is told
// of its recovery too. It must not be in the State.
void retry(Draft& draft, Notification notification);

// How long to wait after the `attempts`-th failure: doubling from `first` to `longest`, spread by
// up to a quarter, differently for each notification but always the same for the same arguments.
Duration backoff(const RetrySettings& settings, NotificationId id, std::uint32_t attempts);

}  // namespace vaultbell::core
