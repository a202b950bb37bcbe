// WebDoor: an address that is taken is tried again, not every turn, until it is free.
#include "aggregator/web_door.hpp"

#include <gtest/gtest.h>

#include "tests/support/loopback.hpp"

namespace vaultbell::aggregator {
namespace {

constexpr Steady kBegin{std::chrono::hours(1)};

WebSettings at(TcpAddress address) {
  return {.listen = std::move(address)};
}

TEST(TheWebDoor, StaysShutWhereNoAddressIsConfigured) {
  WebDoor door({.listen = std::nullopt});
  EXPECT_FALSE(door.turn(kBegin));
  EXPECT_EQ(door.facts(), api::WebFacts());
}

TEST(TheWebDoor, OpensOnce) {
  WebDoor door(at({.host = support::own_address()}));
  const auto listener = door.turn(kBegin);
  ASSERT_TRUE(listener);
  EXPECT_EQ(door.facts().address, to_text(listener->address));
  EXPECT_EQ(door.facts().url, "http://" + to_text(listener->address));
  EXPECT_FALSE(door.turn(kBegin + WebDoor::kEvery));
}

TEST(TheWebDoor, IsTriedAgainWhileItsAddressIsTaken) {
  auto taken = api::listen_for_web({.host = support::own_address()});
  ASSERT_TRUE(taken);
  WebDoor door(at(taken->address));
  EXPECT_FALSE(door.turn(kBegin));
  const auto name = to_text(taken->address);
  EXPECT_EQ(door.facts(),
            (api::WebFacts{"", "cannot listen at " + name + ": Address already in use", ""}));
  taken->fd.reset();
  EXPECT_FALSE(door.turn(kBegin + WebDoor::kEvery - Duration(1)));
  EXPECT_TRUE(door.turn(kBegin + WebDoor::kEvery));
  EXPECT_EQ(door.facts(), (api::WebFacts{name, "", "http://" + name}));
}

}  // namespace
}  // namespace vaultbell::aggregator
