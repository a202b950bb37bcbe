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
  Steady agreed = kNow;
  bool does_disagree = false;
  bool are_deliveries_failing = false;
};

bool is_well_at(const Moments& moments) {
  board::Board board;
  board.last_turn_at_ms = moments.turned.time_since_epoch().count();
  board.listened_at_ms = moments.listened.time_since_epoch().count();
  board.auditor_agreed_at_ms = moments.agreed.time_since_epoch().count();
  board.does_auditor_disagree = moments.does_disagree;
  board.are_deliveries_failing = moments.are_deliveries_failing;
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

// R8.1
TEST(Health, AnAuditorWhoHasNotAgreedForThreeMinutesOrDisagreesIsNotWell) {
  EXPECT_TRUE(is_well_at({.agreed = kNow - std::chrono::minutes(3)}));
  EXPECT_FALSE(is_well_at({.agreed = kNow - std::chrono::minutes(3) - milliseconds(1)}));
  EXPECT_FALSE(is_well_at({.does_disagree = true}));
}

TEST(Health, WhoeverCanTellNobodyIsNotWell) {
  EXPECT_FALSE(is_well_at({.are_deliveries_failing = true}));
}

// The steady clock begins with the machine: a fresh one is near 0.
TEST(Health, WhatHasNeverTurnedIsNotWell) {
  EXPECT_FALSE(is_well(board::Board(), Steady(seconds(1))));
  board::Board turning;
  turning.last_turn_at_ms = turning.listened_at_ms = 1000;
  EXPECT_FALSE(is_well(turning, Steady(seconds(1)))) << "the auditor has not looked yet";
}

}  // namespace
}  // namespace vaultbell::watchdog
