#include "tests/simulation/messages.hpp"

#include "aggregator/storage/snapshot.hpp"

namespace vaultbell::simulation {

Result<Message> read_message(const storage::Store& store, NotificationId id) {
  const auto snapshot = storage::Snapshot::take(store.environment());
  if (!snapshot) return fail(snapshot.error());
  const auto row = snapshot->get<core::Notification>(id);
  if (!row) return fail(row.error());
  if (!*row) return fail("the store has no notification " + std::to_string(id.value));
  const auto& notification = **row;
  Message message{.notification = id,
                  .message_id = id.value,
                  .recipient = notification.recipient,
                  .event = notification.event,
                  .is_doubtful = notification.is_doubtful};
  if (notification.alert.is_set()) {
    message.statements.push_back({notification.alert, notification.event});
  }
  if (notification.event != core::NotificationEvent::digest) return message;
  const auto seen = snapshot->each_in<core::Notification>(
      storage::TableNumber::notification_by_digest, storage::key_bytes(id),
      storage::Order::ascending, std::nullopt, [&](const core::Notification& part) {
        message.statements.push_back({part.alert, part.event});
        return true;
      });
  if (!seen) return fail(seen.error());
  return message;
}

}  // namespace vaultbell::simulation
