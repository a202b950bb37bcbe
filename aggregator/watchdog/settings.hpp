// PingSettings: the [watchdog] section of the configuration file, and the checks its reader makes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::watchdog {

inline constexpr std::size_t kUrlsMax = 8;  // one service and a few that watch it; all at once

struct PingSettings {
  std::vector<std::string> urls;  // have passed check_ping_url; empty: nobody is told
  Duration every = std::chrono::minutes(1);
  Duration timeout = std::chrono::seconds(10);  // of one ping

  bool operator==(const PingSettings&) const = default;
};

// An http:// or https:// URL. The error does not repeat it: it may be all that somebody needs to
// send heartbeats in our name.
Status check_ping_url(std::string_view url);

// What may be shown of a URL that has passed its check: "https://hc-ping.com".
std::string shown(const std::string& url);

}  // namespace vaultbell::watchdog
