// What the gateway makes of each message, without sockets.
#include "aggregator/gateway/reception.hpp"

#include <gtest/gtest.h>

#include "shared/crypto/keys.hpp"
#include "shared/protocol/codec.hpp"
#include "tests/support/builders.hpp"

namespace vaultbell::gateway {
namespace {

using support::a_report;
using support::public_key;
using support::uuid;

constexpr ClientId kDb{1};
constexpr ClientId kWeb{2};
const PublicKey kDbKey = public_key(1);
const PublicKey kWebKey = public_key(2);
const PublicKey kStranger = public_key(9);
constexpr Duration kLimit = std::chrono::seconds(90);

class ReceptionTest : public testing::Test {
 protected:
  ReceptionTest()
      : reception(
            {{kDb, kDbKey, kLimit}, {kWeb, kWebKey, kLimit}}, "tcp://vaultbell.example.org:8481",
            [this](Lane lane, core::Command command) {
              if (is_inbox_full) return false;
              lanes.push_back(lane);
              commands.push_back(std::move(command));
              return true;
            },
            board, now) {}

  // Sends a message through a door; what comes back is decoded.
  std::optional<protocol::Message> send(Door door, const PublicKey& key, const std::string& route,
                                        protocol::Body body, std::uint64_t sequence = 7) {
    return send_bytes(door, crypto::to_text(key), route,
                      protocol::encode({sequence, std::move(body)}));
  }
  std::optional<protocol::Message> send_bytes(Door door, const std::string& user_id,
                                              const std::string& route, std::string bytes) {
    return decoded(reception.receive(door, {route, user_id, "192.0.2.7", std::move(bytes)}, now),
                   door, route);
  }
  std::optional<protocol::Message> carry_out(const Task& task) {
    auto outgoing = reception.carry_out(task, now);
    if (!outgoing) return std::nullopt;
    return *protocol::decode(outgoing->payload);
  }

  static std::optional<protocol::Message> decoded(const std::optional<Outgoing>& outgoing,
                                                  Door door, const std::string& route) {
    if (!outgoing) return std::nullopt;
    EXPECT_EQ(outgoing->door, door);
    EXPECT_EQ(outgoing->route, route);
    return *protocol::decode(outgoing->payload);
  }

  void greet(const PublicKey& key, const std::string& route) {
    EXPECT_EQ(send(Door::agents, key, route, protocol::Hello{.boot = uuid(1)}), std::nullopt);
    commands.clear();
    lanes.clear();
  }

  void pass(Duration time) {
    now.wall += time;
    now.steady += time;
  }

  template <class C>
  [[nodiscard]] const C& only_command() const {
    EXPECT_EQ(commands.size(), 1U);
    return std::get<C>(commands.at(0));
  }

  static protocol::Refusal refusal_in(const std::optional<protocol::Message>& message) {
    return std::get<protocol::Refusal>(message.value().body);
  }

  Now now{support::at("03-01 12:00"), Steady(std::chrono::hours(5))};
  board::Board board;
  bool is_inbox_full = false;
  std::vector<Lane> lanes;
  std::vector<core::Command> commands;
  Reception reception;
};

TEST_F(ReceptionTest, OnlyEnrolledKeysMayEnterTheAgentsDoor) {
  EXPECT_TRUE(reception.may_enter(Door::agents, kDbKey));
  EXPECT_FALSE(reception.may_enter(Door::agents, kStranger));
  EXPECT_TRUE(reception.may_enter(Door::enrolment, kStranger));
}

TEST_F(ReceptionTest, AMessageWithoutAUserIdIsRefusedWhateverLetItIn) {
  const auto bytes = protocol::encode({7, protocol::Heartbeat{}});
  const auto answer = send_bytes(Door::agents, "", "r1", bytes);
  EXPECT_EQ(refusal_in(answer).code, protocol::RefusalCode::not_enrolled);
  EXPECT_EQ(refusal_in(answer).message, "this key is not enrolled here");
  EXPECT_TRUE(commands.empty());
  EXPECT_EQ(board.messages_refused, 1U);
}

TEST_F(ReceptionTest, AMessageOfAnUnknownKeyIsRefused) {
  const auto answer = send(Door::agents, kStranger, "r1", protocol::Hello{});
  EXPECT_EQ(refusal_in(answer).code, protocol::RefusalCode::not_enrolled);
  EXPECT_TRUE(commands.empty());
}

TEST_F(ReceptionTest, WhoSpeaksIsSaidByTheKeyAndNeverByTheRoute) {
  greet(kDbKey, "r1");
  greet(kWebKey, "r2");
  // Another client's route brings nothing: the message counts as its own sender's.
  send(Door::agents, kWebKey, "r1", protocol::Report{uuid(5), a_report("db").run(1).failed()}, 1);
  EXPECT_TRUE(commands.empty());
  send(Door::agents, kWebKey, "r2", protocol::Report{uuid(5), a_report("db").run(1).failed()}, 1);
  EXPECT_EQ(only_command<core::ReportReceived>().client, kWeb);
}

TEST_F(ReceptionTest, AHelloBecomesACommandWithTheAddressOfTheConnection) {
  protocol::Hello hello{.boot = uuid(3), .agent_version = "0.1.0", .hostname = "db-1"};
  hello.spools.push_back({uuid(5), 1, 4});
  EXPECT_EQ(send(Door::agents, kDbKey, "r1", hello), std::nullopt);
  ASSERT_EQ(commands.size(), 2U);
  const auto& command = std::get<core::HelloReceived>(commands[0]);
  EXPECT_EQ(command.client, kDb);
  EXPECT_EQ(command.host.address, "192.0.2.7");
  EXPECT_EQ(command.host.boot, uuid(3));
  EXPECT_EQ(command.spools, hello.spools);
  EXPECT_EQ(lanes, std::vector(2, Lane::connections));
}

TEST_F(ReceptionTest, TheJobsOfAHelloFollowItAlsoWhereThereAreNone) {
  const std::vector<AgentJob> jobs = {{"nightly", {.max_age = std::chrono::hours(26)}}};
  send(Door::agents, kDbKey, "r1", protocol::Hello{.jobs = jobs});
  send(Door::agents, kDbKey, "r1", protocol::Hello{});
  ASSERT_EQ(commands.size(), 4U);
  EXPECT_EQ(std::get<core::AgentJobsReceived>(commands[1]).client, kDb);
  EXPECT_EQ(std::get<core::AgentJobsReceived>(commands[1]).jobs, jobs);
  EXPECT_TRUE(std::get<core::AgentJobsReceived>(commands[3]).jobs.empty());
}

TEST_F(ReceptionTest, WhoIsAskedForAHelloSaysItAgain) {
  greet(kDbKey, "r1");
  EXPECT_EQ(refusal_in(carry_out(core::AskForHello{kDb})).code,
            protocol::RefusalCode::hello_needed);
}

TEST_F(ReceptionTest, AnythingBeforeTheHelloIsAnsweredWithHelloNeeded) {
  const auto answer = send(Door::agents, kDbKey, "r1", protocol::Heartbeat{}, 42);
  EXPECT_EQ(answer->sequence, 42U);
  EXPECT_EQ(refusal_in(answer).code, protocol::RefusalCode::hello_needed);
  EXPECT_TRUE(commands.empty());
}

TEST_F(ReceptionTest, AnOldConnectionOfAClientIsToldToSayHelloOnceANewOneStands) {
  greet(kDbKey, "r1");
  greet(kDbKey, "r2");
  EXPECT_EQ(refusal_in(send(Door::agents, kDbKey, "r1", protocol::Heartbeat{})).code,
            protocol::RefusalCode::hello_needed);
  EXPECT_EQ(board.clients_connected, 1U);
}

TEST_F(ReceptionTest, AVersionThatNobodyHereSpeaksIsRefused) {
  const auto answer =
      send(Door::agents, kDbKey, "r1", protocol::Hello{.version_min = 2, .version_max = 3});
  EXPECT_EQ(refusal_in(answer).code, protocol::RefusalCode::version_unsupported);
  EXPECT_EQ(refusal_in(answer).message,
            "no common protocol version: this aggregator speaks 1 to 1");
}

TEST_F(ReceptionTest, AHeartbeatIsAnsweredAndMarkedAndTellsTheCoreNothing) {
  greet(kDbKey, "r1");
  send(Door::agents, kDbKey, "r1", protocol::Heartbeat{});
  commands.clear();  // the first one says that the spool has room
  pass(std::chrono::seconds(30));
  const auto answer = send(Door::agents, kDbKey, "r1", protocol::Heartbeat{}, 8);
  EXPECT_EQ(std::get<protocol::HeartbeatAck>(answer->body).server_time, now.wall);
  EXPECT_EQ(answer->sequence, 8U);
  EXPECT_TRUE(commands.empty());
  EXPECT_EQ(board.last_heard.get(kDb), now.wall);
  EXPECT_EQ(board.heartbeats, 2U);
}

TEST_F(ReceptionTest, AFullSpoolIsToldOnceAndItsEndAsWell) {
  greet(kDbKey, "r1");
  const protocol::Heartbeat full{.is_spool_full = true};
  send(Door::agents, kDbKey, "r1", full);
  EXPECT_TRUE(only_command<core::SpoolFullChanged>().is_full);
  send(Door::agents, kDbKey, "r1", full);
  EXPECT_EQ(commands.size(), 1U);
  send(Door::agents, kDbKey, "r1", protocol::Heartbeat{});
  EXPECT_FALSE(std::get<core::SpoolFullChanged>(commands.at(1)).is_full);
}

TEST_F(ReceptionTest, AFullInboxPostponesAReportAndSaysNothing) {
  greet(kDbKey, "r1");
  is_inbox_full = true;
  const auto answer = send(Door::agents, kDbKey, "r1",
                           protocol::Report{uuid(5), a_report("db").run(1).failed()}, 1);
  EXPECT_EQ(answer, std::nullopt);
  EXPECT_EQ(board.reports_postponed, 1U);
}

TEST_F(ReceptionTest, AFullInboxAnswersAHelloWithBusy) {
  is_inbox_full = true;
  const auto answer = send(Door::agents, kDbKey, "r1", protocol::Hello{});
  EXPECT_EQ(refusal_in(answer).code, protocol::RefusalCode::busy);
  EXPECT_EQ(board.clients_connected, 0U);
}

TEST_F(ReceptionTest, BytesThatAreNoMessageAreAnsweredAndHarmNothing) {
  const auto answer = send_bytes(Door::agents, crypto::to_text(kDbKey), "r1", "\xc1garbage");
  EXPECT_EQ(refusal_in(answer).code, protocol::RefusalCode::malformed);
  EXPECT_EQ(board.messages_refused, 1U);
}

TEST_F(ReceptionTest, AnAggregatorsMessageFromAnAgentIsUnsupported) {
  greet(kDbKey, "r1");
  EXPECT_EQ(refusal_in(send(Door::agents, kDbKey, "r1", protocol::Welcome{})).code,
            protocol::RefusalCode::unsupported);
}

TEST_F(ReceptionTest, SilenceIsToldOnceWithTheTimeOfTheLastSign) {
  greet(kDbKey, "r1");
  greet(kWebKey, "r2");
  const auto heard = now.wall;
  pass(kLimit);
  send(Door::agents, kWebKey, "r2", protocol::Heartbeat{});
  commands.clear();
  reception.sweep(now);
  EXPECT_TRUE(commands.empty());  // not longer than the limit yet
  pass(std::chrono::milliseconds(1));
  reception.sweep(now);
  EXPECT_EQ(only_command<core::ClientSilent>().client, kDb);
  EXPECT_EQ(only_command<core::ClientSilent>().last_heard_at, heard);
  reception.sweep(now);
  EXPECT_EQ(commands.size(), 1U);
}

TEST_F(ReceptionTest, SilenceThatTheInboxDidNotTakeIsFoundAgain) {
  pass(kLimit + std::chrono::seconds(1));
  is_inbox_full = true;
  reception.sweep(now);
  is_inbox_full = false;
  reception.sweep(now);
  EXPECT_EQ(commands.size(), 2U);
}

TEST_F(ReceptionTest, AReturnOnAStandingConnectionIsToldOnce) {
  greet(kDbKey, "r1");
  send(Door::agents, kDbKey, "r1", protocol::Heartbeat{});
  pass(kLimit + std::chrono::seconds(1));
  reception.sweep(now);
  commands.clear();
  send(Door::agents, kDbKey, "r1", protocol::Heartbeat{});
  EXPECT_EQ(only_command<core::ClientHeard>().client, kDb);
  send(Door::agents, kDbKey, "r1", protocol::Heartbeat{});
  EXPECT_EQ(commands.size(), 1U);
  reception.carry_out(core::Watch{kDb, kLimit, true}, now);
  pass(kLimit + std::chrono::seconds(1));
  commands.clear();
  reception.sweep(now);
  EXPECT_EQ(std::get<core::ClientSilent>(commands.at(0)).client, kDb);
}

TEST_F(ReceptionTest, ASweepSaysWhetherAnotherMustFollow) {
  std::vector<KnownClient> known;
  for (std::uint64_t i = 1; i <= 1500; ++i) known.push_back({{i}, PublicKey{}, kLimit});
  bool is_full = false;
  std::size_t silent = 0;
  Reception many(
      known, "",
      [&](Lane, const core::Command&) {
        silent += is_full ? 0 : 1;
        return !is_full;
      },
      board, now);
  pass(kLimit + std::chrono::seconds(1));
  is_full = true;
  EXPECT_FALSE(many.sweep(now)) << "it would only find the same ones again";
  is_full = false;
  EXPECT_TRUE(many.sweep(now));
  EXPECT_FALSE(many.sweep(now));
  EXPECT_EQ(silent, 1500U);
}

TEST_F(ReceptionTest, AfterAGapEverybodyHasAFullLimitAgain) {
  pass(std::chrono::hours(2));
  EXPECT_TRUE(reception.resume(now, std::chrono::seconds(20)));
  EXPECT_EQ(std::get<core::ListeningResumed>(commands.at(0)).gap, std::chrono::seconds(20));
  commands.clear();
  pass(kLimit);
  reception.sweep(now);
  EXPECT_TRUE(commands.empty());
}

TEST_F(ReceptionTest, AGapThatCouldNotBeToldIsNotTold) {
  is_inbox_full = true;
  EXPECT_FALSE(reception.resume(now, std::chrono::seconds(20)));
}

TEST_F(ReceptionTest, AGoodbyeIsToldAndEndsTheConnection) {
  greet(kDbKey, "r1");
  send(Door::agents, kDbKey, "r1", protocol::Goodbye{GoodbyeReason::host_shutdown});
  EXPECT_EQ(only_command<core::GoodbyeReceived>().reason, GoodbyeReason::host_shutdown);
  EXPECT_EQ(board.clients_connected, 0U);
  EXPECT_EQ(refusal_in(send(Door::agents, kDbKey, "r1", protocol::Heartbeat{})).code,
            protocol::RefusalCode::hello_needed);
}

TEST_F(ReceptionTest, EffectsReachTheConnectionThatSaidHello) {
  greet(kDbKey, "r1");
  const auto welcome = carry_out(
      core::SendWelcome{.client = kDb, .name = "db-1", .vault = "prod", .acks = {{uuid(5), 3}}});
  const auto& body = std::get<protocol::Welcome>(welcome->body);
  EXPECT_EQ(body.client, "db-1");
  EXPECT_EQ(body.vault, "prod");
  EXPECT_EQ(body.acks, (std::vector<SpoolAck>{{uuid(5), 3}}));
  const auto ack = carry_out(core::SendAck{kDb, {uuid(5), 4}});
  EXPECT_EQ(std::get<protocol::Ack>(ack->body).ack.sequence, 4U);
  const auto refused =
      carry_out(core::SendReportRefused{kDb, 9, true, "expected report 5", {uuid(5), 4}});
  EXPECT_EQ(refusal_in(refused).code, protocol::RefusalCode::out_of_order);
  EXPECT_EQ(refused->sequence, 9U);
  const auto timing = carry_out(core::SendTiming{kDb, {}});
  EXPECT_EQ(std::get<protocol::Timing>(timing->body).heartbeat_every, std::chrono::seconds(30));
}

TEST_F(ReceptionTest, EffectsForAClientThatIsGoneAreDropped) {
  greet(kDbKey, "r1");
  reception.forget_route("r1");
  EXPECT_EQ(carry_out(core::SendAck{kDb, {uuid(5), 4}}), std::nullopt);
}

// ---- another key for the same client (R2.2)

TEST_F(ReceptionTest, AClientOffersItsNextKeyWithoutAHelloUntilItsOldOneIsRefused) {
  const auto offer = [&](const PublicKey& with) {
    return send(Door::agents, with, "r1", protocol::KeyOffer{kStranger});
  };
  EXPECT_EQ(offer(kDbKey), std::nullopt);
  ASSERT_EQ(commands.size(), 1U);
  const auto& offered = std::get<core::KeyOffered>(commands.back());
  EXPECT_EQ(offered.client, kDb);
  EXPECT_EQ(offered.by, kDbKey);
  EXPECT_EQ(offered.public_key, kStranger);

  carry_out(core::Expel{kDb, kDbKey});
  carry_out(core::Admit{kDb, kStranger});
  EXPECT_EQ(std::get<protocol::Refusal>(offer(kDbKey)->body).code,
            protocol::RefusalCode::not_enrolled);
  const auto accepted = offer(kStranger);
  ASSERT_TRUE(accepted.has_value());
  EXPECT_EQ(accepted->sequence, 7U);
  EXPECT_EQ(std::get<protocol::KeyAccepted>(accepted->body).public_key, kStranger);
  EXPECT_EQ(commands.size(), 1U);
}

TEST_F(ReceptionTest, AKeyThatIsSomebodysCannotBeOffered) {
  const auto answer = send(Door::agents, kDbKey, "r1", protocol::KeyOffer{kWebKey});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(std::get<protocol::Refusal>(answer->body),
            (protocol::Refusal{protocol::RefusalCode::rejected,
                               "this key is somebody's already; make another one", std::nullopt}));
  EXPECT_EQ(commands.size(), 0U);
}

// R2.7
TEST_F(ReceptionTest, AGoodbyeOfAHostThatIsUnenrolledNeedsNoHello) {
  EXPECT_EQ(send(Door::agents, kDbKey, "r1", protocol::Goodbye{GoodbyeReason::unenrolled}),
            std::nullopt);
  ASSERT_EQ(commands.size(), 1U);
  const auto& goodbye = std::get<core::GoodbyeReceived>(commands.back());
  EXPECT_EQ(goodbye.client, kDb);
  EXPECT_EQ(goodbye.by, kDbKey);
  EXPECT_EQ(goodbye.reason, GoodbyeReason::unenrolled);

  // It is said again until the key is refused: then it is durable.
  carry_out(core::Expel{kDb, kDbKey});
  const auto answer =
      send(Door::agents, kDbKey, "r1", protocol::Goodbye{GoodbyeReason::unenrolled});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(std::get<protocol::Refusal>(answer->body).code, protocol::RefusalCode::not_enrolled);
}

TEST_F(ReceptionTest, AnAdmittedKeyMayEnterAtOnce) {
  EXPECT_EQ(carry_out(core::Admit{{3}, kStranger}), std::nullopt);
  EXPECT_TRUE(reception.may_enter(Door::agents, kStranger));
}

TEST_F(ReceptionTest, AnEnrolmentRequestIsAskedOfTheCoreAndAnsweredToWhoAsked) {
  protocol::EnrolRequest request{.token_hash = support::token_hash(1), .name = "nas-1"};
  EXPECT_EQ(send(Door::enrolment, kStranger, "e1", request, 5), std::nullopt);
  const auto& asked = only_command<core::EnrolmentRequested>();
  EXPECT_EQ(asked.public_key, kStranger);
  EXPECT_EQ(asked.name, "nas-1");
  const auto outgoing = reception.carry_out(
      core::AnswerEnrolment{asked.request, core::EnrolmentAccepted{"nas-1", "prod"}}, now);
  EXPECT_EQ(outgoing->route, "e1");
  EXPECT_EQ(outgoing->door, Door::enrolment);
  const auto answer = *protocol::decode(outgoing->payload);
  EXPECT_EQ(answer.sequence, 5U);
  EXPECT_EQ(std::get<protocol::EnrolAccepted>(answer.body),
            (protocol::EnrolAccepted{"nas-1", "prod", "tcp://vaultbell.example.org:8481"}));
}

TEST_F(ReceptionTest, AHostThatMustWaitIsToldWhatTheAdministratorTypes) {
  send(Door::enrolment, kStranger, "e1", protocol::EnrolRequest{.name = "nas-1"});
  const auto answer = carry_out(core::AnswerEnrolment{
      only_command<core::EnrolmentRequested>().request, core::EnrolmentWaits{"nas-1"}});
  EXPECT_EQ(std::get<protocol::EnrolPending>(answer->body).next_command,
            "vaultbell enrol approve nas-1");
}

TEST_F(ReceptionTest, OnlyEnrolmentIsAnsweredAtItsDoor) {
  EXPECT_EQ(refusal_in(send(Door::enrolment, kDbKey, "e1", protocol::Hello{})).code,
            protocol::RefusalCode::unsupported);
  EXPECT_TRUE(commands.empty());
}

TEST_F(ReceptionTest, AnEnrolmentConnectionWithoutAKeyIsRefused) {
  const auto bytes = protocol::encode({7, protocol::EnrolRequest{.name = "nas-1"}});
  EXPECT_EQ(refusal_in(send_bytes(Door::enrolment, "", "e1", bytes)).code,
            protocol::RefusalCode::not_enrolled);
}

}  // namespace
}  // namespace vaultbell::gateway
