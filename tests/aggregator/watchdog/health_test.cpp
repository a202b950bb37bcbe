#include "aggregator/watchdog/health.hpp"

#include <gtest/gtest.h>

namespace vaultbell::watchdog {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Steady kNow{std::chrono::hours(1)};

struct Moments {
  Steady turned = kNow;
  Steady listened = kNow;
};

bool is_well_at(const Moments& moments) {
  board::Board board;
  board.last_turn_at_ms = moments.turned.time_since_epoch().count();
  board.listened_at_ms = moments.listened.time_since_epoch().count();
  return is_well(board, kNow);
}

TEST(Health, LoopAndGatewayThatTurnedWithinFiveSecondsAreWell) {
  EXPECT_TRUE(is_well_at({}));
  EXPECT_TRUE(is_well_at({.turned = kNow - seconds(5), .listened = kNow - seconds(5)}));
}

TEST(Health, ALoopThatStoppedIsNotWell) {
  EXPECT_FALSE(is_well_at({.turned = kNow - milliseconds(5001)}));
}

TEST(Health, AGatewayThatStoppedIsNotWell) {
  EXPECT_FALSE(is_well_at({.listened = kNow - milliseconds(5001)}));
}

// The steady clock begins with the machine: a fresh one is near 0.
TEST(Health, WhatHasNeverTurnedIsNotWell) {
  EXPECT_FALSE(is_well(board::Board(), Steady(seconds(1))));
}

}  // namespace
}  // namespace vaultbell::watchdog
