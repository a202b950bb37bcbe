// Delivery: one attempt to tell one recipient, as data. Whoever makes it reads the store once;
// after that no worker needs anything but this.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/core/rows.hpp"
#include "aggregator/wording/alert.hpp"
#include "aggregator/wording/letter.hpp"
#include "shared/base/uuid.hpp"

namespace vaultbell::notify {

// What only a webhook needs to know.
struct WebhookFacts {
  std::string secret;  // that messages to this address are signed with
  std::string code;    // of a verification; empty otherwise
  Instant code_expires_at;
  std::vector<wording::DigestEntry> gathered;  // of a digest
  std::size_t more = 0;                        // that are in the digest and not in `gathered`
};

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
  WebhookFacts webhook;                   // of what goes to a webhook
};

}  // namespace vaultbell::notify
