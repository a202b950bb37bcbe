// The wire between dealers and routers on this machine: who is let in, whose message it is, and
// what becomes of peers that misbehave or go away. Waits for conditions, never for time.
#include <chrono>
#include <map>

#include <gtest/gtest.h>
#include <zmq.hpp>

#include "shared/net/limits.hpp"
#include "shared/net/poller.hpp"
#include "shared/net/raw.hpp"
#include "shared/net/raw_sockets.hpp"
#include "tests/support/loopback.hpp"

namespace vaultbell::net {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr Duration kPatience = 20s;  // ends a test that would hang

class Wire : public testing::Test {
 protected:
  Wire() {
    crypto::start();
    context = std::make_unique<Context>();
    auto bound = Zap::bind(*context);
    if (bound) zap = std::move(*bound);
    listen("tcp://" + support::own_address() + ":*");
  }
  ~Wire() override {
    dealers.clear();
    router.reset();
    zap.reset();
  }

  void listen(const std::string& endpoint) {
    auto bound = Router::bind(*context, {endpoint, server.secret_key, "agents"});
    ASSERT_TRUE(bound.has_value()) << bound.error().message;
    router = std::move(*bound);
  }
  // A peer with a key of its own; known ones are let in by their name.
  Dealer& peer(const std::string& name, bool is_known = true) {
    const auto key = crypto::make_key_pair();
    if (is_known) names[key.public_key] = name;
    return connect(name, key, server.public_key);
  }
  Dealer& connect(const std::string& name, const crypto::KeyPair& key,
                  const PublicKey& server_key) {
    auto connected = Dealer::connect(*context, {.endpoint = router->endpoint(),
                                                .key = key,
                                                .server_key = server_key,
                                                .reconnect_every = 50ms,
                                                .linger = 0ms});
    EXPECT_TRUE(connected.has_value());
    return dealers.insert_or_assign(name, std::move(*connected)).first->second;
  }

  void answer_zap() {
    while (const auto request = zap->receive()) {
      const auto known = names.find(request->key);
      if (known != names.end()) {
        zap->allow(*request, known->second);
      } else {
        zap->deny(*request, "unknown key");
      }
    }
  }
  // Lets everybody go on until it is true.
  bool until(const std::function<bool()>& is_true) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!is_true()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      Poller poller;
      poller.add(*zap);
      if (router) poller.add(*router);
      for (const auto& [name, dealer] : dealers) poller.add(dealer);
      poller.wait(10ms);
      answer_zap();
    }
    return true;
  }
  Received receive() {
    std::optional<Received> received;
    EXPECT_TRUE(until([&] {
      received = router->receive();
      return received.has_value();
    }));
    return received.value_or(Received{});
  }
  std::string receive(Dealer& dealer) {
    std::optional<std::string> received;
    EXPECT_TRUE(until([&] {
      received = dealer.receive();
      return received.has_value();
    }));
    return received.value_or("");
  }
  LinkEvent event(Dealer& dealer) {
    std::optional<LinkEvent> event;
    EXPECT_TRUE(until([&] {
      event = dealer.next_event();
      return event.has_value();
    }));
    return event.value_or(LinkEvent::disconnected);
  }

  std::unique_ptr<Context> context;
  const crypto::KeyPair server = crypto::make_key_pair();
  std::optional<Zap> zap;
  std::optional<Router> router;
  std::map<PublicKey, std::string> names;
  std::map<std::string, Dealer> dealers;
};

// ---- who is let in (R2.2)

TEST_F(Wire, AKnownKeyIsLetInAndItsMessagesCarryItsName) {
  auto& web1 = peer("web1");
  EXPECT_TRUE(web1.send("hello"));

  const auto received = receive();

  EXPECT_EQ(received.payload, "hello");
  EXPECT_EQ(received.user_id, "web1");
  EXPECT_EQ(received.address, "127.0.0.1");
  EXPECT_EQ(event(web1), LinkEvent::connected);
  EXPECT_EQ(router->send(received.route, "welcome"), Sent::queued);
  EXPECT_EQ(receive(web1), "welcome");
}

TEST_F(Wire, AnUnknownKeyIsRefusedAndTold) {
  auto& stranger = peer("stranger", false);
  EXPECT_TRUE(stranger.send("let me in"));
  EXPECT_EQ(event(stranger), LinkEvent::refused);
  EXPECT_EQ(router->receive(), std::nullopt);
}

TEST_F(Wire, AKeyThatWasRefusedComesInWithANewDealerOnceItIsKnown) {
  const auto key = crypto::make_key_pair();
  EXPECT_EQ(event(connect("web1", key, server.public_key)), LinkEvent::refused);
  names[key.public_key] = "web1";
  dealers.clear();
  EXPECT_TRUE(connect("web1", key, server.public_key).send("hello"));
  EXPECT_EQ(receive().user_id, "web1");
}

TEST_F(Wire, NobodyTalksToAServerThatHasAnotherKey) {
  const auto key = crypto::make_key_pair();
  names[key.public_key] = "web1";
  auto& web1 = connect("web1", key, crypto::make_key_pair().public_key);
  EXPECT_TRUE(web1.send("secret"));
  EXPECT_EQ(event(web1), LinkEvent::disconnected);
  EXPECT_EQ(event(web1), LinkEvent::disconnected);  // it tries again, in vain
  EXPECT_EQ(router->receive(), std::nullopt);
}

TEST_F(Wire, WhoDoesNotSpeakCurveIsNotHeard) {
  zmq::socket_t plain(context->raw().context, zmq::socket_type::dealer);
  plain.set(zmq::sockopt::linger, 0);
  plain.connect(router->endpoint());
  plain.send(zmq::str_buffer("let me in"), zmq::send_flags::dontwait);

  EXPECT_TRUE(peer("web1").send("hello"));

  EXPECT_EQ(receive().user_id, "web1");
  EXPECT_EQ(router->receive(), std::nullopt);
}

// ---- whose message it is: libzmq 4.3.4 loses the user id of the first frame when a message was
// looked at by poll, so it must come from the payload.

TEST_F(Wire, EveryMessageCarriesTheNameOfItsSenderHoweverItWasWaitedFor) {
  constexpr int kMessages = 50;
  for (const auto* name : {"web1", "web2", "web3"}) {
    auto& dealer = peer(name);
    for (int i = 0; i < kMessages; ++i) EXPECT_TRUE(dealer.send(name));
  }
  for (int i = 0; i < 3 * kMessages; ++i) {
    const auto received = receive();
    ASSERT_EQ(received.user_id, received.payload);
  }
}

TEST_F(Wire, AMessageOfAnotherShapeIsDropped) {
  auto& web1 = peer("web1");
  EXPECT_EQ(event(web1), LinkEvent::connected);
  auto& socket = web1.raw().socket;
  socket.send(zmq::str_buffer("two"), zmq::send_flags::sndmore);
  socket.send(zmq::str_buffer("parts"), zmq::send_flags::none);
  EXPECT_TRUE(web1.send("hello"));
  EXPECT_EQ(receive().payload, "hello");
}

// ---- peers that misbehave

TEST_F(Wire, AMessageThatIsTooLargeEndsItsConnectionAndNoOther) {
  auto& web1 = peer("web1");
  auto& web2 = peer("web2");
  EXPECT_EQ(event(web1), LinkEvent::connected);
  EXPECT_TRUE(web1.send(std::string(kMessageBytesMax + 1, 'x')));
  EXPECT_EQ(event(web1), LinkEvent::disconnected);
  EXPECT_TRUE(web2.send("hello"));
  EXPECT_EQ(receive().payload, "hello");
}

TEST_F(Wire, TheLargestMessageArrivesWhole) {
  const std::string largest(kMessageBytesMax, 'x');
  EXPECT_TRUE(peer("web1").send(largest));
  EXPECT_TRUE(receive().payload == largest);
}

TEST_F(Wire, APeerThatDoesNotReadIsBusyAndDelaysNobody) {
  auto& lazy = peer("lazy");
  EXPECT_TRUE(lazy.send("hello"));
  const auto route = receive().route;
  const std::string much(32UL * 1024, 'x');
  auto sent = Sent::queued;
  for (int i = 0; sent == Sent::queued && i < 100'000; ++i) sent = router->send(route, much);
  EXPECT_EQ(sent, Sent::peer_busy);

  auto& eager = peer("eager");
  EXPECT_TRUE(eager.send("hello"));
  EXPECT_EQ(router->send(receive().route, "welcome"), Sent::queued);
  EXPECT_EQ(receive(eager), "welcome");
}

TEST_F(Wire, APeerThatIsGoneIsGone) {
  EXPECT_EQ(router->send("nobody", "hello"), Sent::peer_gone);
  EXPECT_TRUE(peer("web1").send("hello"));
  const auto route = receive().route;
  dealers.clear();
  EXPECT_TRUE(until([&] { return router->send(route, "still there?") == Sent::peer_gone; }));
}

TEST_F(Wire, ADealerWithoutARouterKeepsAFewMessagesAndThenSaysNo) {
  auto& web1 = peer("web1");
  router.reset();
  int taken = 0;
  while (taken < 10'000 && web1.send("hello")) ++taken;
  EXPECT_GE(taken, 64);  // kReportsInFlightMax of the protocol
  EXPECT_LT(taken, 10'000);
}

// ---- restarts

TEST_F(Wire, ADealerConnectsAgainWhenTheRouterIsBack) {
  auto& web1 = peer("web1");
  EXPECT_EQ(event(web1), LinkEvent::connected);
  const auto endpoint = router->endpoint();
  router.reset();
  EXPECT_EQ(event(web1), LinkEvent::disconnected);

  EXPECT_TRUE(until([&] {  // libzmq closes in the background
    auto bound = Router::bind(*context, {endpoint, server.secret_key, "agents"});
    if (bound) router = std::move(*bound);
    return router.has_value();
  }));

  while (event(web1) != LinkEvent::connected && !HasFailure()) continue;
  EXPECT_TRUE(web1.send("hello again"));
  EXPECT_EQ(receive().user_id, "web1");
}

// ---- endpoints

TEST_F(Wire, AnEndpointThatIsTakenOrIsNoneIsAnErrorThatNamesIt) {
  const auto refusal = [&](const std::string& endpoint) {
    const auto bound = Router::bind(*context, {endpoint, server.secret_key, "agents"});
    return bound ? "bound" : bound.error().message;
  };
  EXPECT_EQ(refusal(router->endpoint()),
            "cannot listen on " + router->endpoint() + ": Address already in use");
  EXPECT_EQ(refusal("tcp://"), "cannot listen on tcp://: Invalid argument");
  const auto dealer = Dealer::connect(*context, {.endpoint = "nonsense"});
  EXPECT_EQ(dealer.error().message, "cannot connect to nonsense: Invalid argument");
}

TEST_F(Wire, PortZeroIsAPortOfTheSystemsChoice) {
  listen("tcp://127.0.0.1:0");
  EXPECT_TRUE(router->endpoint().starts_with("tcp://127.0.0.1:"));
  EXPECT_FALSE(router->endpoint().ends_with(":0"));
}

}  // namespace
}  // namespace vaultbell::net
