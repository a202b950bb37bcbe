// What a delivery tells, read from the store at the moment it is sent.
#pragma once

#include <string>

#include "aggregator/notify/delivery.hpp"
#include "aggregator/storage/store.hpp"
#include "shared/crypto/keys.hpp"

namespace vaultbell::aggregator {

// What is the same for every message of this installation.
struct Sender {
  std::string account;  // its name, as configured
  std::string address;  // that mails come from
  crypto::SecretKey code_key;
};

// Everything the worker needs for one attempt; `now` is the time of the message. The error names
// the row that is missing or damaged.
Result<notify::Delivery> read_delivery(const storage::Store& store, NotificationId notification,
                                       const Sender& sender, Instant now);

}  // namespace vaultbell::aggregator
