#include "aggregator/notify/workers.hpp"

#include <utility>

#include "aggregator/core/deadlines.hpp"

namespace vaultbell::notify {

// Of one worker: neither connects before there is something to send.
struct Workers::Channels {
  SmtpChannel mail;
  SmsChannel sms;
  WebhookChannel webhook;
};

Workers::Workers(DeliverySettings settings, Report report)
    : settings_(std::move(settings)), report_(std::move(report)), queue_(core::kSendingMax) {
  threads_.reserve(settings_.workers);
  for (std::size_t i = 0; i < settings_.workers; ++i) {
    threads_.emplace_back([this] { work(); });
  }
}

Workers::~Workers() {
  stop(Duration::zero());
}

bool Workers::submit(Delivery delivery) {
  return queue_.try_push(std::move(delivery));
}

void Workers::stop(Duration patience) {
  abort_at_ = SteadyClock::now() + patience;
  queue_.close();
  threads_.clear();  // joins them
}

bool Workers::is_stopping() const {
  return abort_at_.load() != SteadyClock::time_point::max();
}

bool Workers::should_abort() const {
  return SteadyClock::now() >= abort_at_.load();
}

Outcome Workers::attempt(Channels& channels, const Delivery& delivery) const {
  if (is_stopping()) {
    return {core::AttemptResult::temporary_failure, "not begun: the delivery workers are stopping"};
  }
  switch (delivery.recipient.channel) {
    case core::Channel::email:
      return send_mail(channels.mail, delivery);
    case core::Channel::mobile:
      return send_sms(channels.sms, delivery);
    case core::Channel::webhook:
      return channels.webhook.send(delivery);
  }
  return {core::AttemptResult::temporary_failure, "there is no such channel"};
}

Outcome Workers::send_mail(SmtpChannel& channel, const Delivery& delivery) const {
  if (settings_.mail.url.empty()) {
    return {core::AttemptResult::temporary_failure, "no mail server is configured ([smtp] url)"};
  }
  return channel.send(compose(delivery, settings_.mail, settings_.templates));
}

Outcome Workers::send_sms(SmsChannel& channel, const Delivery& delivery) const {
  if (settings_.sms.url.empty()) {
    return {core::AttemptResult::temporary_failure, "no SMS gateway is configured ([sms] url)"};
  }
  return channel.send(compose_sms(delivery, settings_.templates));
}

void Workers::work() {
  const auto should_abort_now = [this] { return should_abort(); };
  Channels channels{SmtpChannel(settings_.mail, should_abort_now),
                    SmsChannel(settings_.sms, should_abort_now),
                    WebhookChannel(settings_.webhook, should_abort_now)};
  while (const auto delivery = queue_.pop()) {
    const auto outcome = attempt(channels, *delivery);
    report_({delivery->notification, delivery->attempt, outcome.result, outcome.answer,
             outcome.is_about_recipient, outcome.is_proven});
  }
}

}  // namespace vaultbell::notify
