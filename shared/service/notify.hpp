// What a daemon tells systemd of itself (sd_notify(3)). Does nothing where there is no systemd.
#pragma once

#include <optional>
#include <string>

#include "shared/base/time.hpp"

namespace vaultbell::service {

void notify_ready();
void notify_reloading();
void notify_stopping();
void notify_status(const std::string& status);  // the line that `systemctl status` shows
void notify_alive();                            // the watchdog

// How often notify_alive() must be called: half of WatchdogSec; absent without a watchdog.
std::optional<Duration> watchdog_interval();

}  // namespace vaultbell::service
