// Workers: several deliveries at once, so that one that hangs delays no other (R7.5).
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "aggregator/core/command.hpp"
#include "aggregator/notify/delivery.hpp"
#include "aggregator/notify/delivery_settings.hpp"
#include "aggregator/notify/sms_channel.hpp"
#include "aggregator/notify/smtp.hpp"
#include "aggregator/notify/webhook_channel.hpp"
#include "shared/base/bounded_queue.hpp"

namespace vaultbell::notify {

// The life of a delivery: it is submitted, waits in the queue, is composed and sent by one of the
// workers, and its end is reported: once for each delivery that was taken in, whatever happens.
// Each worker has channels of its own; they share nothing but the queue and the moment to stop.
// New settings need new Workers.
class Workers {
 public:
  using Report = std::function<void(core::DeliveryEnded)>;

  // `settings` have passed their checks, and a CurlLibrary is alive. `report` is called from the
  // workers' threads, and must not wait for stop().
  Workers(DeliverySettings settings, Report report);
  ~Workers();  // stops without patience
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Never waits. False: there are already as many as the core lets be under way, or it was
  // stopped; nothing will be reported.
  [[nodiscard]] bool submit(Delivery delivery);

  // Waits for the attempts under way, aborts those that need longer than `patience` (within a
  // second), and reports those that were not begun as failed for the time being.
  void stop(Duration patience);

 private:
  using SteadyClock = std::chrono::steady_clock;

  struct Channels;

  void work();
  [[nodiscard]] Outcome attempt(Channels& channels, const Delivery& delivery) const;
  [[nodiscard]] Outcome send_mail(SmtpChannel& channel, const Delivery& delivery) const;
  [[nodiscard]] Outcome send_sms(SmsChannel& channel, const Delivery& delivery) const;
  [[nodiscard]] bool is_stopping() const;
  [[nodiscard]] bool should_abort() const;

  const DeliverySettings settings_;
  const Report report_;
  BoundedQueue<Delivery> queue_;
  std::atomic<SteadyClock::time_point> abort_at_ = SteadyClock::time_point::max();
  std::vector<std::jthread> threads_;
};

}  // namespace vaultbell::notify
