#include "agent/uplink/translation.hpp"

#include <gtest/gtest.h>

#include "tests/agent/support/printing.hpp"
#include "tests/agent/support/reports.hpp"

namespace vaultbell::agent::uplink {
namespace {

using protocol::Refusal;
using protocol::RefusalCode;
using testing::uuid;

constexpr Instant kNow{std::chrono::seconds(1000)};
const SpoolAck kAck{uuid(1), 7};

template <class T>
T as(const protocol::Message& message) {
  const auto command = to_command(message, kNow);
  EXPECT_TRUE(std::holds_alternative<T>(command)) << command.index();
  return std::holds_alternative<T>(command) ? std::get<T>(command) : T{};
}

TEST(Translation, AWelcomeTellsNameIntervalClockAndAcknowledgements) {
  const auto command =
      as<core::Welcomed>({0, protocol::Welcome{.client = "db-1",
                                               .vault = "prod",
                                               .timing = {Duration(7000), Duration(21000)},
                                               .server_time = kNow - Duration(250),
                                               .acks = {kAck}}});
  EXPECT_EQ(command.client, "db-1");
  EXPECT_EQ(command.vault, "prod");
  EXPECT_EQ(command.heartbeat_every, Duration(7000));
  EXPECT_EQ(command.clock_ahead, Duration(250));
  EXPECT_EQ(command.acks, std::vector{kAck});
}

TEST(Translation, AnswersAndAcknowledgements) {
  EXPECT_EQ(as<core::Retimed>({0, protocol::Timing{Duration(5), Duration(9)}}).heartbeat_every,
            Duration(5));
  const protocol::HeartbeatAck answer{kNow + Duration(40)};
  EXPECT_EQ(as<core::HeartbeatAnswered>({0, answer}).clock_ahead, Duration(-40));
  EXPECT_EQ(as<core::Acknowledged>({0, protocol::Ack{kAck}}).ack, kAck);
}

TEST(Translation, RefusalsOfReportsNameThem) {
  const auto early = as<core::OutOfOrder>({9, Refusal{RefusalCode::out_of_order, "early", kAck}});
  EXPECT_EQ(early.sequence, 9U);
  EXPECT_EQ(early.ack, kAck);
  const auto bad = as<core::ReportRefused>({7, Refusal{RefusalCode::report_invalid, "bad", kAck}});
  EXPECT_EQ(bad.sequence, 7U);
  EXPECT_EQ(bad.why, "bad");
  for (const auto code : {RefusalCode::malformed, RefusalCode::unsupported}) {
    const auto odd = as<core::NotUnderstood>({7, Refusal{code, "odd", std::nullopt}});
    EXPECT_EQ(odd.sequence, 7U);
    EXPECT_EQ(odd.why, "odd");
  }
}

TEST(Translation, RefusalsOfTheAgentItself) {
  as<core::HelloWanted>({0, Refusal{RefusalCode::hello_needed, "", std::nullopt}});
  for (const auto code : {RefusalCode::not_enrolled, RefusalCode::version_unsupported}) {
    EXPECT_EQ(as<core::TurnedAway>({0, Refusal{code, "why", std::nullopt}}).why, "why");
  }
}

TEST(Translation, WhatAsksForNothingStillShowsThatTheAggregatorLives) {
  as<core::Heard>({0, Refusal{RefusalCode::busy, "", std::nullopt}});
  as<core::Heard>({0, Refusal{RefusalCode::token_used, "", std::nullopt}});
  as<core::Heard>({0, Refusal{RefusalCode::out_of_order, "", std::nullopt}});
  as<core::Heard>({0, protocol::EnrolPending{"x"}});
  as<core::Heard>({0, protocol::Goodbye{}});
}

}  // namespace
}  // namespace vaultbell::agent::uplink
