// What threads share.
#include "shared/base/bounded_queue.hpp"

#include <memory>
#include <poll.h>
#include <thread>

#include <gtest/gtest.h>

#include "shared/base/wake_up.hpp"

namespace vaultbell {
namespace {

using std::chrono_literals::operator""h;
using Items = std::vector<int>;
constexpr Duration kNoWait = Duration::zero();
constexpr Duration kLong = std::chrono::hours(1);  // never waited for

TEST(BoundedQueues, GiveBackInTheOrderInWhichTheyTook) {
  BoundedQueue<int> queue(3);
  for (const int i : {1, 2, 3}) EXPECT_TRUE(queue.try_push(i));
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop_some(10, kNoWait), (Items{2, 3}));
}

TEST(BoundedQueues, TakeNoMoreThanTheirCapacity) {
  BoundedQueue<int> queue(2);
  EXPECT_TRUE(queue.try_push(1));
  EXPECT_TRUE(queue.try_push(2));
  EXPECT_FALSE(queue.try_push(3));
  EXPECT_EQ(queue.size(), 2U);
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_TRUE(queue.try_push(3));
}

TEST(BoundedQueues, GiveSomeAtATimeOrNothingAtAll) {
  BoundedQueue<int> queue(10);
  EXPECT_EQ(queue.pop_some(2, kNoWait), Items{});
  for (const int i : {1, 2, 3}) EXPECT_TRUE(queue.try_push(i));
  EXPECT_EQ(queue.pop_some(2, kNoWait), (Items{1, 2}));
}

TEST(BoundedQueues, ThatAreClosedTakeNothingAndGiveWhatIsInside) {
  BoundedQueue<int> queue(10);
  EXPECT_TRUE(queue.try_push(1));
  queue.close();
  EXPECT_FALSE(queue.try_push(2));
  EXPECT_FALSE(queue.push(2));
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), std::nullopt);
  EXPECT_EQ(queue.pop_some(1, kLong), Items{});
}

TEST(BoundedQueues, HoldWhatCanOnlyBeMoved) {
  BoundedQueue<std::unique_ptr<int>> queue(1);
  EXPECT_TRUE(queue.try_push(std::make_unique<int>(7)));
  EXPECT_EQ(**queue.pop(), 7);
}

TEST(BoundedQueues, WakeWhoWaitsForAnItem) {
  BoundedQueue<int> queue(1);
  std::thread writer([&] { EXPECT_TRUE(queue.push(7)); });
  EXPECT_EQ(queue.pop_some(1, kLong), Items{7});
  writer.join();
}

TEST(BoundedQueues, WakeWhoWaitsForRoomAndWhoWaitsForTheEnd) {
  BoundedQueue<int> queue(1);
  std::thread reader([&] {
    int sum = 0;
    while (const auto item = queue.pop()) sum += *item;
    EXPECT_EQ(sum, 500'500);
  });
  for (int i = 1; i <= 1000; ++i) EXPECT_TRUE(queue.push(i));
  queue.close();
  reader.join();
}

TEST(BoundedQueues, LoseAndRepeatNothingBetweenManyThreads) {
  BoundedQueue<int> queue(8);
  std::array<int, 2> sums{};
  std::vector<std::thread> threads;
  for (auto& sum : sums) {
    threads.emplace_back([&queue, &sum] {
      while (const auto item = queue.pop()) sum += *item;
    });
  }
  std::vector<std::thread> writers;
  for (int w = 0; w < 3; ++w) {
    writers.emplace_back([&queue] {
      for (int i = 1; i <= 1000; ++i) EXPECT_TRUE(queue.push(1));
    });
  }
  for (auto& writer : writers) writer.join();
  queue.close();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(sums[0] + sums[1], 3000);
}

bool is_readable(int fd) {
  pollfd item{fd, POLLIN, 0};
  return poll(&item, 1, 0) == 1;
}

TEST(WakeUps, AreSeenOnceHoweverOftenTheyWereCalled) {
  const WakeUp wake_up;
  EXPECT_FALSE(is_readable(wake_up.fd()));
  wake_up.call();
  wake_up.call();
  EXPECT_TRUE(is_readable(wake_up.fd()));
  wake_up.clear();
  EXPECT_FALSE(is_readable(wake_up.fd()));
  wake_up.clear();
}

}  // namespace
}  // namespace vaultbell
