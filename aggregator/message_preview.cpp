#include "aggregator/message_preview.hpp"

#include <utility>

#include "aggregator/delivery_facts.hpp"
#include "aggregator/notify/mail.hpp"
#include "aggregator/notify/sms.hpp"
#include "aggregator/notify/webhook_text.hpp"

namespace vaultbell::aggregator {

namespace {

constexpr std::size_t kShownBytesMax = 64U << 10U;  // above any digest

std::string without_cr(std::string text) {
  std::erase(text, '\r');
  return text;
}

Result<api::ShownMessage> shown_mail(const notify::Delivery& delivery,
                                     const notify::DeliverySettings& settings) {
  if (!parse_mailbox(settings.mail.from)) {
    return fail("no sender of mails is configured: [smtp] from");
  }
  auto mail = notify::compose(delivery, settings.mail, settings.templates);
  auto source = notify::source_of(mail);
  return api::ShownMessage{.subject = notify::subject_of(delivery),
                           .text = without_cr(std::move(mail.text)),
                           .html = without_cr(std::move(mail.html)),
                           .source = std::move(source)};
}

// What every format says; the bytes have a token in them, or none that matter.
api::ShownMessage shown_webhook(const notify::Delivery& delivery,
                                const notify::WebhookSettings& settings) {
  const auto text = notify::webhook_text(delivery, settings.public_url);
  return {.subject = text.title, .text = notify::as_lines(text, kShownBytesMax)};
}

}  // namespace

api::ShowMessage message_preview(std::string account, notify::DeliverySettings settings) {
  return [account = std::move(account), settings = std::move(settings)](
             const storage::Snapshot& snapshot, NotificationId id,
             Instant now) -> Result<api::ShownMessage> {
    const Sender sender{.account = account, .address = settings.mail.from, .code_key = {}};
    const auto delivery = read_delivery(snapshot, id, sender, now);
    if (!delivery) return fail(delivery.error());
    switch (delivery->recipient.channel) {
      case core::Channel::email:
        return shown_mail(*delivery, settings);
      case core::Channel::mobile:
        return api::ShownMessage{.text = notify::compose_sms(*delivery, settings.templates).text};
      case core::Channel::webhook:
        return shown_webhook(*delivery, settings.webhook);
    }
    return fail("it goes by an unknown channel");
  };
}

}  // namespace vaultbell::aggregator
