// How a message looks, for those who look at it without sending it.
#pragma once

#include <string>

#include "aggregator/api/facts.hpp"
#include "aggregator/notify/delivery_settings.hpp"

namespace vaultbell::aggregator {

// By the rows of the snapshot, the texts and the sender of this configuration; codes are masked.
api::ShowMessage message_preview(std::string account, notify::DeliverySettings settings);

}  // namespace vaultbell::aggregator
