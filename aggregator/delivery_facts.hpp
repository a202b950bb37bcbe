// What a delivery tells, read from the store at the moment it is sent.
#pragma once

#include <string>

#include "aggregator/notify/delivery.hpp"
#include "aggregator/storage/store.hpp"

namespace vaultbell::aggregator {

// Everything the worker needs for one attempt; `account` is the account's name, `now` the time of
// the mail. The error names the row that is missing or damaged.
Result<notify::Delivery> read_delivery(const storage::Store& store, NotificationId notification,
                                       const std::string& account, Instant now);

}  // namespace vaultbell::aggregator
