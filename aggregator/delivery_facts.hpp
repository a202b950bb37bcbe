// What a delivery tells, read from the store at the moment it is sent.
#pragma once

#include <optional>
#include <string>

#include "aggregator/notify/delivery.hpp"
#include "aggregator/storage/snapshot.hpp"
#include "shared/crypto/keys.hpp"

namespace vaultbell::aggregator {

// What is the same for every message of this installation.
struct Sender {
  std::string account;                        // its name, as configured
  std::string address;                        // that mails come from
  std::optional<crypto::SecretKey> code_key;  // absent: codes are masked, for whoever only looks
};

// Everything the worker needs for one attempt; `now` is the time of the message. The error names
// the row that is missing or damaged.
Result<notify::Delivery> read_delivery(const storage::Snapshot& snapshot,
                                       NotificationId notification, const Sender& sender,
                                       Instant now);

}  // namespace vaultbell::aggregator
