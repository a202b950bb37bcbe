// Messages: what a receiver gets of a delivery, as far as the simulation looks at it.
#pragma once

#include <vector>

#include "aggregator/storage/store.hpp"

namespace vaultbell::simulation {

// One alert that a message speaks of, and what it says of it.
struct Statement {
  AlertId alert;
  core::NotificationEvent event = core::NotificationEvent::raised;
};

struct Message {
  NotificationId notification;
  std::uint64_t message_id = 0;  // what the receiver tells repetitions by
  std::uint32_t attempt = 0;
  core::Recipient recipient;
  core::NotificationEvent event = core::NotificationEvent::raised;
  std::vector<Statement> statements;  // none of a code or a greeting
  bool is_doubtful = false;           // it says that it may be a repetition
};

// What a delivery of this notification says now, as the store has it.
Result<Message> read_message(const storage::Store& store, NotificationId notification);

}  // namespace vaultbell::simulation
