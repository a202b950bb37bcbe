#include "aggregator/inbox.hpp"

#include <poll.h>

#include <gtest/gtest.h>

namespace vaultbell::aggregator {
namespace {

bool is_readable(int fd) {
  pollfd wait{fd, POLLIN, 0};
  return poll(&wait, 1, 0) == 1;
}

std::size_t fill(Inbox& inbox, Inbox::Lane lane) {
  std::size_t count = 0;
  while (inbox.post(lane, core::Tick{})) ++count;
  return count;
}

TEST(Inbox, AFullLaneTakesNothingAndTheOthersStillDo) {
  Inbox inbox;
  EXPECT_EQ(fill(inbox, Inbox::Lane::reports), 4096U);
  EXPECT_TRUE(inbox.post(Inbox::Lane::orders, core::Tick{}));
  EXPECT_TRUE(inbox.post(Inbox::Lane::connections, core::Tick{}));
}

TEST(Inbox, AFloodOfReportsLeavesRoomForEveryOtherLaneInABatch) {
  Inbox inbox;
  fill(inbox, Inbox::Lane::reports);
  ASSERT_TRUE(inbox.post(Inbox::Lane::orders, core::Order{.request = 7}));
  const auto batch = inbox.take(256);
  EXPECT_LE(batch.commands.size(), 256U);
  const auto* order = std::get_if<core::Order>(&batch.commands.back());
  ASSERT_NE(order, nullptr);
  EXPECT_EQ(order->request, 7U);
}

TEST(Inbox, WhatTheLoopTellsItselfComesFirst) {
  Inbox inbox;
  ASSERT_TRUE(inbox.post(Inbox::Lane::connections, core::Tick{}));
  ASSERT_TRUE(inbox.post(Inbox::Lane::loop, core::Started{}));
  const auto batch = inbox.take(10);
  EXPECT_TRUE(std::holds_alternative<core::Started>(batch.commands.at(0)));
}

TEST(Inbox, SaysWhetherConnectionsAreLeft) {
  Inbox inbox;
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(inbox.post(Inbox::Lane::connections, core::Tick{}));
  EXPECT_FALSE(inbox.take(256).has_all_connections);
  EXPECT_TRUE(inbox.take(2000).has_all_connections);
}

TEST(Inbox, IsReadableAsLongAsSomethingWaits) {
  Inbox inbox;
  EXPECT_FALSE(is_readable(inbox.fd()));
  ASSERT_TRUE(inbox.post(Inbox::Lane::reports, core::Tick{}));
  ASSERT_TRUE(inbox.post(Inbox::Lane::reports, core::Tick{}));
  EXPECT_TRUE(is_readable(inbox.fd()));
  while (inbox.depth() > 0) {
    EXPECT_TRUE(is_readable(inbox.fd()));
    inbox.take(5);  // one a lane
  }
  inbox.take(5);
  EXPECT_FALSE(is_readable(inbox.fd()));
}

}  // namespace
}  // namespace vaultbell::aggregator
