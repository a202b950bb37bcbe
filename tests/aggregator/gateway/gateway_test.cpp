// The gateway's thread with real sockets on loopback.
#include "aggregator/gateway/gateway.hpp"

#include <gtest/gtest.h>

#include "shared/net/dealer.hpp"
#include "shared/protocol/codec.hpp"
#include "tests/support/builders.hpp"

namespace vaultbell::gateway {
namespace {

constexpr Duration kPatience = std::chrono::seconds(20);  // for anything; a machine may be slow

// What the core would do, without a core: every hello is welcomed, every report acknowledged.
class GatewayTest : public testing::Test {
 protected:
  GatewayTest() {
    crypto::start();
    server_key = crypto::make_key_pair();
    host_key = crypto::make_key_pair();
    auto doors =
        Doors::open(context, {"tcp://127.0.0.1:*", "tcp://127.0.0.1:*", server_key.secret_key});
    EXPECT_TRUE(doors) << doors.error().message;
    agents = doors->agents.endpoint();
    enrolment = doors->enrolment->endpoint();
    gateway = std::make_unique<Gateway>(
        std::move(*doors), std::vector<KnownClient>{{{1}, host_key.public_key, std::nullopt}},
        agents,
        Surroundings{
            [this](Lane, core::Command command) { return inbox.try_push(std::move(command)); },
            board, clock});
  }

  net::Dealer dial(const std::string& endpoint, const crypto::KeyPair& key) {
    auto dealer = net::Dealer::connect(context, {.endpoint = endpoint,
                                                 .key = key,
                                                 .server_key = server_key.public_key,
                                                 .reconnect_every = std::chrono::milliseconds(50),
                                                 .linger = Duration(0)});
    EXPECT_TRUE(dealer) << dealer.error().message;
    return std::move(*dealer);
  }

  static std::optional<protocol::Message> receive(net::Dealer& dealer) {
    net::Poller poller;
    poller.add(dealer);
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < deadline) {
      if (const auto bytes = dealer.receive()) return *protocol::decode(*bytes);
      dealer.next_event();
      poller.wait(std::chrono::milliseconds(100));
    }
    return std::nullopt;
  }

  template <class C>
  C next_command() {
    auto taken = inbox.pop_some(1, kPatience);
    EXPECT_EQ(taken.size(), 1U);
    return std::get<C>(taken.at(0));
  }

  net::Context context;
  SystemClock clock;
  board::Board board;
  BoundedQueue<core::Command> inbox{100};
  crypto::KeyPair server_key;
  crypto::KeyPair host_key;
  std::string agents;
  std::string enrolment;
  std::unique_ptr<Gateway> gateway;
};

TEST_F(GatewayTest, AnEnrolledHostIsHeardAndAnswered) {
  auto host = dial(agents, host_key);
  EXPECT_TRUE(host.send(protocol::encode({1, protocol::Hello{}})));
  EXPECT_EQ(next_command<core::HelloReceived>().client, ClientId{1});
  gateway->tell(core::SendWelcome{.client = {1}, .name = "db-1", .vault = "prod"});
  const auto welcome = receive(host);
  ASSERT_TRUE(welcome.has_value());
  EXPECT_EQ(std::get<protocol::Welcome>(welcome->body).client, "db-1");
  EXPECT_TRUE(host.send(protocol::encode({2, protocol::Heartbeat{}})));
  const auto ack = receive(host);
  ASSERT_TRUE(ack.has_value());
  EXPECT_TRUE(std::holds_alternative<protocol::HeartbeatAck>(ack->body));
}

TEST_F(GatewayTest, AKeyThatIsNotEnrolledIsRefusedAtTheDoor) {
  auto stranger = dial(agents, crypto::make_key_pair());
  net::Poller poller;
  poller.add(stranger);
  std::optional<net::LinkEvent> event;
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (event != net::LinkEvent::refused && std::chrono::steady_clock::now() < deadline) {
    poller.wait(std::chrono::milliseconds(100));
    if (const auto next = stranger.next_event()) event = next;
  }
  EXPECT_EQ(event, net::LinkEvent::refused);
}

TEST_F(GatewayTest, AHostThatIsAdmittedCanConnectAtOnce) {
  const auto key = crypto::make_key_pair();
  auto asking = dial(enrolment, key);
  EXPECT_TRUE(asking.send(protocol::encode({1, protocol::EnrolRequest{.name = "nas-1"}})));
  const auto request = next_command<core::EnrolmentRequested>();
  EXPECT_EQ(request.public_key, key.public_key);
  gateway->tell(core::Admit{{2}, key.public_key});
  gateway->tell(core::AnswerEnrolment{request.request, core::EnrolmentAccepted{"nas-1", "prod"}});
  const auto accepted = receive(asking);
  ASSERT_TRUE(accepted.has_value());
  auto host = dial(std::get<protocol::EnrolAccepted>(accepted->body).endpoint, key);
  EXPECT_TRUE(host.send(protocol::encode({1, protocol::Hello{}})));
  EXPECT_EQ(next_command<core::HelloReceived>().client, ClientId{2});
}

TEST_F(GatewayTest, GarbageFromAnEnrolledHostIsAnsweredAndTheGatewayGoesOn) {
  auto host = dial(agents, host_key);
  for (const auto* bytes : {"", "\xc1", "\x94\x01\x63\x01\x80", "not messagepack at all"}) {
    EXPECT_TRUE(host.send(bytes));
    const auto answer = receive(host);
    ASSERT_TRUE(answer.has_value());
    EXPECT_TRUE(std::holds_alternative<protocol::Refusal>(answer->body));
  }
  EXPECT_TRUE(host.send(protocol::encode({1, protocol::Hello{}})));
  EXPECT_EQ(next_command<core::HelloReceived>().client, ClientId{1});
}

TEST_F(GatewayTest, AMessageAboveTheLimitEndsItsConnectionAndNothingElse) {
  auto host = dial(agents, host_key);
  EXPECT_TRUE(host.send(std::string(protocol::kMessageBytesMax + 1, 'x')));
  EXPECT_TRUE(host.send(protocol::encode({1, protocol::Hello{}})));
  // The connection was cut and comes back by itself; what was queued behind may be lost with it.
  auto other = dial(agents, host_key);
  EXPECT_TRUE(other.send(protocol::encode({1, protocol::Hello{}})));
  EXPECT_EQ(next_command<core::HelloReceived>().client, ClientId{1});
}

TEST_F(GatewayTest, ItShowsThatItListens) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (board.listened_at_ms == 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  const Steady listened(Duration(board.listened_at_ms.load()));
  EXPECT_LE(clock.steady() - listened, std::chrono::seconds(5));
}

TEST(Doors, APortInUseIsNamedWithTheKeyOfTheConfiguration) {
  crypto::start();
  const net::Context context;
  const auto key = crypto::make_key_pair();
  const auto first = Doors::open(context, {"tcp://127.0.0.1:*", "", key.secret_key});
  ASSERT_TRUE(first);
  const auto taken = first->agents.endpoint();
  const net::Context other_context;
  const auto second = Doors::open(other_context, {taken, "", key.secret_key});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message,
            "[agents] listen: cannot listen on " + taken + ": Address already in use");
}

}  // namespace
}  // namespace vaultbell::gateway
