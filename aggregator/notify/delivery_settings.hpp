// DeliverySettings: everything the delivery workers need of the configuration.
#pragma once

#include <cstddef>

#include "aggregator/notify/settings.hpp"
#include "aggregator/notify/sms_settings.hpp"
#include "aggregator/notify/templates.hpp"
#include "aggregator/notify/webhook_settings.hpp"

namespace vaultbell::notify {

struct DeliverySettings {
  MailSettings mail;  // without a url no mail can be sent
  SmsSettings sms;    // without a url no SMS can be sent
  WebhookSettings webhook;
  Templates templates;
  std::size_t workers = 8;  // deliveries at the same time, each over a connection of its own

  bool operator==(const DeliverySettings&) const = default;
};

}  // namespace vaultbell::notify
