// WebhookSettings: the [webhook] section of the configuration file, and where links lead.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "aggregator/notify/ip_range.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::notify {

struct WebhookSettings {
  std::vector<IpRange> allow;                   // that may be connected to besides the internet
  std::filesystem::path ca_file;                // trusted besides the system's; empty: none
  Duration timeout = std::chrono::seconds(30);  // of one request
  std::string public_url;  // of this installation, without a slash at its end; empty: no links

  bool operator==(const WebhookSettings&) const = default;
};

}  // namespace vaultbell::notify
