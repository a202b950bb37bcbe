#include "agent/uplink/uplink.hpp"

#include <gtest/gtest.h>

#include "agent/core/engine.hpp"
#include "tests/agent/support/aggregator.hpp"
#include "tests/agent/support/printing.hpp"
#include "tests/agent/support/reports.hpp"

namespace vaultbell::agent::uplink {
namespace {

using core::LinkState;
using testing::a_report;
using testing::Aggregator;
using testing::network;
using testing::uuid;

const HostFacts kHost{
    .boot = uuid(9), .agent_version = "1.2.3", .hostname = "db-1", .os = "Debian 12"};

// Core and uplink put together as the daemon does it, without a spool.
class Agent {
 public:
  explicit Agent(const Aggregator& aggregator)
      : uplink_(network().context,
                {.endpoint = aggregator.endpoint(),
                 .server_key = aggregator.key(),
                 .own_key = key,
                 .reconnect_every = Duration(100)},
                kHost) {}

  void do_(const core::Command& command) {
    auto decision = core::decide(state, {clock_.steady(), clock_.wall()}, command);
    for (const auto& change : decision.changes) core::evolve(state, change);
    for (const auto& effect : decision.effects)
      std::visit([&](const auto& e) { carry_out(e); }, effect);
  }

  void turn() {
    while (const auto command = uplink_.next(clock_.wall())) do_(*command);
    const auto deadline = core::next_deadline(state);
    if (deadline && *deadline <= clock_.steady()) do_(core::Tick{});
  }

  crypto::KeyPair key = crypto::make_key_pair();
  core::State state;
  std::vector<core::Discard> discarded;

 private:
  void carry_out(const core::OpenLink&) { ASSERT_TRUE(uplink_.open()); }
  void carry_out(const core::CloseLink&) { uplink_.close(); }
  void carry_out(const core::SendHello& hello) { uplink_.send(hello, clock_.wall()); }
  void carry_out(const core::SendHeartbeat& heartbeat) { uplink_.send(heartbeat, clock_.wall()); }
  void carry_out(const core::SendGoodbye& goodbye) { uplink_.send(goodbye); }
  void carry_out(const core::SendReports& reports) {
    for (std::size_t i = 1; i <= reports.count; ++i) {
      uplink_.send({reports.after.spool, reports.after.sequence + i}, a_report("nightly"));
    }
  }
  void carry_out(const core::Discard& discard) { discarded.push_back(discard); }
  void carry_out(const core::SetAside&) {}
  void carry_out(const core::Renew&) {}
  void carry_out(const core::KeepAlone&) {}
  void carry_out(const core::RunAloneCommand&) {}
  void carry_out(const core::Note&) {}

  SystemClock clock_;
  Uplink uplink_;
};

class UplinkTest : public ::testing::Test {
 protected:
  UplinkTest() : agent(aggregator) {}

  template <class T>
  std::optional<Aggregator::Said> await() {
    return aggregator.await<T>([&] { agent.turn(); });
  }
  [[nodiscard]] bool comes_true(const std::function<bool()>& condition) {
    const SystemClock clock;
    const auto end = clock.steady() + testing::kPatience;
    while (clock.steady() < end) {
      if (condition()) return true;
      aggregator.turn();
      agent.turn();
    }
    return condition();
  }
  void welcome(const std::string& route, Duration heartbeat_every = Duration(30'000)) {
    aggregator.say(route, protocol::Welcome{.client = "db-1",
                                            .vault = "prod",
                                            .timing = {heartbeat_every, 3 * heartbeat_every}});
    EXPECT_TRUE(comes_true([&] { return agent.state.link.state == LinkState::welcomed; }));
  }

  Aggregator aggregator;
  Agent agent;
};

TEST_F(UplinkTest, SaysWhoItIsWhenItIsConnected) {
  aggregator.allow(agent.key.public_key);
  agent.do_(core::Started{{{{uuid(1), 1, 2}}}, 1});
  const auto said = await<protocol::Hello>();
  ASSERT_TRUE(said);
  EXPECT_EQ(said->key, agent.key.public_key);
  EXPECT_EQ(said->message.sequence, 0U);
  auto hello = std::get<protocol::Hello>(said->message.body);
  EXPECT_LT(std::chrono::abs(hello.client_time - SystemClock().wall()), std::chrono::minutes(1));
  hello.client_time = {};
  EXPECT_EQ(hello, (protocol::Hello{.boot = uuid(9),
                                    .agent_version = "1.2.3",
                                    .hostname = "db-1",
                                    .os = "Debian 12",
                                    .spools = {{uuid(1), 1, 2}}}));
}

TEST_F(UplinkTest, SendsReportsUnderTheirSequenceAndTakesAcknowledgements) {
  aggregator.allow(agent.key.public_key);
  agent.do_(core::Started{{{{uuid(1), 1, 2}}}, 1});
  const auto route = await<protocol::Hello>()->route;
  welcome(route);
  const auto first = await<protocol::Report>();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->message.sequence, 1U);
  EXPECT_EQ(std::get<protocol::Report>(first->message.body).spool, uuid(1));
  const auto second = await<protocol::Report>();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->message.sequence, 2U);
  aggregator.say(route, protocol::Ack{{uuid(1), 2}});
  EXPECT_TRUE(comes_true([&] { return !agent.discarded.empty(); }));
  EXPECT_EQ(agent.discarded, (std::vector{core::Discard{{uuid(1), 2}}}));
}

TEST_F(UplinkTest, BeatsAndSaysGoodbye) {
  aggregator.allow(agent.key.public_key);
  agent.do_(core::Started{});
  const auto route = await<protocol::Hello>()->route;
  welcome(route, Duration(200));
  EXPECT_TRUE(await<protocol::Heartbeat>());
  agent.do_(core::Stopping{GoodbyeReason::host_shutdown});
  const auto said = await<protocol::Goodbye>();
  ASSERT_TRUE(said);
  EXPECT_EQ(std::get<protocol::Goodbye>(said->message.body).reason, GoodbyeReason::host_shutdown);
}

TEST_F(UplinkTest, IgnoresAMessageThatCannotBeRead) {
  aggregator.allow(agent.key.public_key);
  agent.do_(core::Started{});
  const auto route = await<protocol::Hello>()->route;
  aggregator.say_bytes(route, "garbage");
  aggregator.say_bytes(route, "");
  welcome(route);
}

TEST_F(UplinkTest, ARefusedKeyIsTriedAgainWithANewSocketAndLaterLetIn) {
  agent.do_(core::Started{});
  EXPECT_TRUE(comes_true([&] { return agent.state.link.times_refused == 1; }));
  EXPECT_EQ(agent.state.link.trouble, "this host's key is not enrolled there");
  aggregator.allow(agent.key.public_key);
  const auto said = await<protocol::Hello>();
  ASSERT_TRUE(said);
  welcome(said->route);
  EXPECT_EQ(agent.state.link.trouble, "");
}

TEST_F(UplinkTest, GreetsAgainAfterTheAggregatorCameBack) {
  aggregator.allow(agent.key.public_key);
  agent.do_(core::Started{});
  welcome(await<protocol::Hello>()->route);
  aggregator.go_away();
  EXPECT_TRUE(comes_true([&] { return agent.state.link.state == LinkState::connecting; }));
  aggregator.come_back();
  const auto said = await<protocol::Hello>();
  ASSERT_TRUE(said);
  welcome(said->route);
}

TEST(Uplink, NamesAnEndpointThatIsNone) {
  Uplink uplink(network().context, {.endpoint = "nowhere", .own_key = crypto::make_key_pair()},
                kHost);
  const auto opened = uplink.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message, "cannot connect to nowhere: Invalid argument");
}

}  // namespace
}  // namespace vaultbell::agent::uplink
