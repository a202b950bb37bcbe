// What changes is named to those who look on, at most once a telling.
#include "aggregator/api/events.hpp"

#include <gtest/gtest.h>

namespace vaultbell::api {
namespace {

using board::Thing;

constexpr Steady kBegin{std::chrono::hours(1)};

class EventsTest : public ::testing::Test {
 protected:
  std::string told(const std::shared_ptr<EventStream>& stream, Duration after = {}) {
    events.tell(kBegin + after);
    return stream->take();
  }
  board::ChangeFeed feed;
  Events events{feed, Instant(Duration(17))};
};

TEST_F(EventsTest, AreNothingWhileNothingChanges) {
  const auto stream = events.open("", kBegin);
  EXPECT_EQ(stream->take(), "id: 17-0\nevent: snapshot\ndata: {}\n\n");
  EXPECT_EQ(told(stream), "");
  EXPECT_EQ(told(stream, Events::kQuietMax), ": still here\n\n");
  EXPECT_EQ(told(stream, Events::kQuietMax), "");
}

TEST_F(EventsTest, NameEachThingOnceATelling) {
  const auto stream = events.open("17-0", kBegin);
  feed.add({Thing::run, 4});
  feed.add({Thing::job, 2});
  feed.add({Thing::run, 4});
  EXPECT_EQ(told(stream),
            "event: changed\ndata: {\"what\":\"job\",\"id\":2}\n\n"
            "id: 17-3\nevent: changed\ndata: {\"what\":\"run\",\"id\":4}\n\n");
}

TEST_F(EventsTest, OfMoreThanAnybodyCouldReadAreASnapshot) {
  const auto stream = events.open("17-0", kBegin);
  for (std::uint64_t i = 0; i <= Events::kNamedMax; ++i) feed.add({Thing::run, i});
  EXPECT_EQ(told(stream), "id: 17-501\nevent: snapshot\ndata: {}\n\n");
  for (std::uint64_t i = 0; i <= board::ChangeFeed::kKept; ++i) feed.add({Thing::run, 1});
  EXPECT_EQ(told(stream), "id: 17-4598\nevent: snapshot\ndata: {}\n\n");
}

TEST_F(EventsTest, AreNotKeptForAReaderWhoIsTooSlow) {
  const auto stream = events.open("17-0", kBegin);
  const auto quick = events.open("17-0", kBegin);
  std::uint64_t id = 0;
  for (int telling = 0; telling < 10; ++telling) {
    for (int i = 0; i < 400; ++i) feed.add({Thing::run, ++id});
    EXPECT_NE(told(quick), "");
  }
  EXPECT_FALSE(stream->is_open());
  EXPECT_TRUE(quick->is_open());
  events.tell(kBegin);
  EXPECT_EQ(events.readers(), 1U);
}

TEST(TheChangeFeed, TellsWhatItHasAndWhatItHasNot) {
  board::ChangeFeed feed;
  std::vector<board::Changed> changed;
  EXPECT_TRUE(feed.read(0, changed));
  EXPECT_FALSE(feed.read(1, changed)) << "of another run";
  feed.add({Thing::access, (std::uint64_t{1} << 56U) - 1});
  EXPECT_TRUE(feed.read(0, changed));
  EXPECT_EQ(changed, (std::vector<board::Changed>{{Thing::access, (std::uint64_t{1} << 56U) - 1}}));
  for (std::size_t i = 0; i < board::ChangeFeed::kKept; ++i) feed.add({Thing::run, i});
  EXPECT_FALSE(feed.read(0, changed));
  EXPECT_TRUE(feed.read(feed.count() - 1, changed));
}

}  // namespace
}  // namespace vaultbell::api
