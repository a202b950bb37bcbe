// Delivery: one attempt to tell one recipient, as data. Whoever makes it reads the store once;
// after that no worker needs anything but this.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "aggregator/core/rows.hpp"
#include "aggregator/wording/alert.hpp"
#include "aggregator/wording/letter.hpp"
#include "shared/base/uuid.hpp"

namespace vaultbell::notify {

struct Delivery {
  NotificationId notification;
  std::uint32_t attempt = 1;
  core::NotificationEvent event = core::NotificationEvent::raised;
  core::Recipient recipient;
  core::RecipientReason why = core::RecipientReason::owner_by_default_policy;
  bool is_doubtful = false;    // an earlier attempt may have arrived
  NotificationId in_reply_to;  // of the raise that this recipient was sent; not set for a raise
  Uuid installation;
  std::string account;  // its name, as configured
  Instant now;
  wording::AlertFacts facts;              // of what is about one alert
  std::optional<wording::Letter> letter;  // of everything else
};

}  // namespace vaultbell::notify
