#include "aggregator/notify/workers.hpp"

#include <utility>

#include "aggregator/core/deadlines.hpp"

namespace vaultbell::notify {

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

Outcome Workers::attempt(SmtpChannel& mail, const Delivery& delivery) const {
  if (is_stopping()) {
    return {core::AttemptResult::temporary_failure, "not begun: the delivery workers are stopping"};
  }
  return mail.send(compose(delivery, settings_.mail, settings_.templates));
}

void Workers::work() {
  SmtpChannel mail(settings_.mail, [this] { return should_abort(); });
  while (const auto delivery = queue_.pop()) {
    const auto outcome = attempt(mail, *delivery);
    report_({delivery->notification, delivery->attempt, outcome.result, outcome.answer});
  }
}

}  // namespace vaultbell::notify
