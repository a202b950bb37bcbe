#include "aggregator/notify/workers.hpp"

#include <map>

#include <gtest/gtest.h>

#include "aggregator/core/deadlines.hpp"
#include "tests/aggregator/notify/deliveries.hpp"
#include "tests/support/smtp_server.hpp"

namespace vaultbell::notify {
namespace {

using core::AttemptResult;
using core::DeliveryEnded;
using std::chrono::seconds;
using support::delivery_to;
using support::SmtpServer;
using SteadyClock = std::chrono::steady_clock;

constexpr Duration kPatience = seconds(30);  // of the tests, on a busy machine

DeliverySettings settings_for(const SmtpServer& server, std::size_t workers) {
  return {.mail = {.url = server.url(), .from = "vaultbell@example.org", .tls = TlsMode::off},
          .workers = workers};
}

// Where the workers report; read by the test's thread.
class Ends {
 public:
  Workers::Report report() {
    return [this](const DeliveryEnded& end) { ASSERT_TRUE(queue_.try_push(end)); };
  }

  // The next `count` ends, by their notification's number; fewer if they do not come in time.
  std::map<std::uint64_t, DeliveryEnded> take(std::size_t count) {
    std::map<std::uint64_t, DeliveryEnded> ends;
    const auto deadline = SteadyClock::now() + kPatience;
    while (ends.size() < count && SteadyClock::now() < deadline) {
      for (auto& end : queue_.pop_some(1, seconds(1))) {
        EXPECT_TRUE(ends.emplace(end.notification.value, end).second) << "reported twice";
      }
    }
    return ends;
  }

  [[nodiscard]] std::size_t waiting() const { return queue_.size(); }

 private:
  BoundedQueue<DeliveryEnded> queue_{1000};
};

TEST(Workers, EveryDeliveryIsReportedOnceWithItsNumberAndAttempt) {
  const SmtpServer server;
  Ends ends;
  Workers workers(settings_for(server, 4), ends.report());
  for (std::uint64_t number = 1; number <= 10; ++number) {
    auto delivery = delivery_to(number == 7 ? "nouser@example.org" : "ok@example.org", number);
    delivery.attempt = 3;
    ASSERT_TRUE(workers.submit(delivery));
  }
  const auto ended = ends.take(10);
  ASSERT_EQ(ended.size(), 10U);
  for (const auto& [number, end] : ended) {
    EXPECT_EQ(end.attempt, 3U);
    EXPECT_EQ(end.result,
              number == 7 ? AttemptResult::permanent_failure : AttemptResult::delivered);
    EXPECT_EQ(end.answer, number == 7 ? "550 5.1.1 No such user" : "250 2.0.0 Queued");
  }
  EXPECT_EQ(server.mails().size(), 9U);
}

TEST(Workers, WithoutAMailServerAMailIsAFailureThatMayPass) {
  Ends ends;
  Workers workers({}, ends.report());
  ASSERT_TRUE(workers.submit(delivery_to("ok@example.org", 1)));
  const auto ended = ends.take(1);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended.at(1).result, AttemptResult::temporary_failure);
  EXPECT_EQ(ended.at(1).answer, "no mail server is configured ([smtp] url)");
}

// R7.5
TEST(Workers, DeliveriesThatHangDelayNoOthers) {
  const SmtpServer server;
  Ends ends;
  Workers workers(settings_for(server, 8), ends.report());
  for (std::uint64_t number = 1; number <= 7; ++number) {
    ASSERT_TRUE(workers.submit(delivery_to("slow@example.org", number)));
  }
  for (std::uint64_t number = 11; number <= 16; ++number) {
    ASSERT_TRUE(workers.submit(delivery_to("ok@example.org", number)));
  }
  const auto ended = ends.take(6);
  ASSERT_EQ(ended.size(), 6U) << "one worker is left, and is enough";
  EXPECT_EQ(ended.begin()->first, 11U);
}

TEST(Workers, AsManyAreTakenInAsTheCoreLetsBeUnderWay) {
  const SmtpServer server;
  Ends ends;
  Workers workers(settings_for(server, 1), ends.report());
  std::size_t taken = 0;
  while (workers.submit(delivery_to("slow@example.org", taken + 1))) ++taken;
  EXPECT_GE(taken, core::kSendingMax);
  EXPECT_LE(taken, core::kSendingMax + 1) << "one may be with the worker already";
}

TEST(Workers, WhoStopsPatientlyLetsTheAttemptsUnderWayFinish) {
  const SmtpServer server;
  Ends ends;
  Workers workers(settings_for(server, 2), ends.report());
  ASSERT_TRUE(workers.submit(delivery_to("ok@example.org", 1)));
  ASSERT_EQ(ends.take(1).size(), 1U);
  ASSERT_TRUE(workers.submit(delivery_to("ok@example.org", 2)));
  workers.stop(kPatience);
  EXPECT_EQ(ends.waiting(), 1U) << "whether it was begun or not";
  EXPECT_FALSE(workers.submit(delivery_to("ok@example.org", 3)));
}

TEST(Workers, WhoStopsAbortsWhatHangsAndReportsWhatWasNotBegun) {
  const SmtpServer server;
  Ends ends;
  Workers workers(settings_for(server, 2), ends.report());
  for (std::uint64_t number = 1; number <= 5; ++number) {
    ASSERT_TRUE(workers.submit(delivery_to("slow@example.org", number)));
  }
  const auto begin = SteadyClock::now();
  workers.stop(std::chrono::milliseconds(100));
  EXPECT_LT(SteadyClock::now() - begin, seconds(15)) << "no timeout is waited for";
  const auto ended = ends.take(5);
  ASSERT_EQ(ended.size(), 5U);
  for (const auto& [number, end] : ended) EXPECT_EQ(end.result, AttemptResult::temporary_failure);
  EXPECT_EQ(ended.at(5).answer, "not begun: the delivery workers are stopping");
}

}  // namespace
}  // namespace vaultbell::notify
