// How addresses may be shown: a webhook's is a secret, and only its shown form leaves the core, the
// API or a log (R7.8).
#pragma once

#include <string>

#include "aggregator/core/rows.hpp"

namespace vaultbell::core {

// "alice@example.org", "slack+https://hooks.slack.com/…6Yx2"
std::string shown_address(const AddressKey& place);

// Of an alert: what its topic says, where it names an address with the address as it may be shown.
std::string shown_topic(const Alert& alert);

}  // namespace vaultbell::core
