// A host that changes its key (R2.2): at every moment the aggregator knows one that is on its disk.
#include "shared/base/instance_lock.hpp"
#include "tests/agent/program/enrolled.hpp"

namespace vaultbell::agent::testing {
namespace {

using protocol::KeyAccepted;
using protocol::KeyOffer;
using protocol::Refusal;
using protocol::RefusalCode;

class RotateKey : public ::testing::Test {
 protected:
  RotateKey() { aggregator.allow(state.key.public_key); }

  [[nodiscard]] Words words() const { return Words{"rotate-key"} + state.options(); }
  // Answers as the aggregator does that has taken the key which was offered first.
  void answer_offers() {
    aggregator.turn();
    for (; !aggregator.said.empty(); aggregator.said.pop_front()) {
      const auto& said = aggregator.said.front();
      const auto* offer = std::get_if<KeyOffer>(&said.message.body);
      if (offer == nullptr) continue;
      aggregator.allow(offer->public_key);
      if (said.key == offer->public_key) {
        aggregator.say(said.route, KeyAccepted{offer->public_key});
      } else {
        aggregator.say(said.route, Refusal{RefusalCode::not_enrolled, "no"});
      }
    }
  }
  Finished rotate() {
    Program program(words());
    return program.wait([&] { answer_offers(); });
  }
  [[nodiscard]] bool is_there(const std::string& name) const {
    return std::filesystem::exists(state / name);
  }
  [[nodiscard]] PublicKey key_in(const std::string& name) const {
    return crypto::load_key(state / name)->public_key;
  }

  Aggregator aggregator;
  Enrolled state{aggregator};
};

TEST_F(RotateKey, OffersAKeyUntilTheOldOneIsRefusedAndTheNewOneComesIn) {
  const auto finished = rotate();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(finished.out, "the key of this host is now " + crypto::fingerprint(key_in("key")) +
                              "; the old one lets nobody in\n");
  EXPECT_NE(key_in("key"), state.key.public_key);
  EXPECT_FALSE(is_there("key.next"));
}

TEST_F(RotateKey, ThatWasKilledGoesOnWithTheSameKey) {
  {
    Program program(words());
    const auto said = aggregator.await<KeyOffer>();
    ASSERT_TRUE(said);
    EXPECT_EQ(std::get<KeyOffer>(said->message.body).public_key, key_in("key.next"));
    EXPECT_EQ(key_in("key"), state.key.public_key);
  }
  const auto next = key_in("key.next");
  EXPECT_EQ(rotate().exit_code, 0);
  EXPECT_EQ(key_in("key"), next);
}

TEST_F(RotateKey, TheDaemonConnectsAnewWithTheNewKey) {
  Program agent(state.serve());
  const auto hello = aggregator.await<protocol::Hello>();
  ASSERT_TRUE(hello);
  aggregator.say(hello->route, a_welcome());
  ASSERT_EQ(rotate().exit_code, 0);
  const auto again = aggregator.await<protocol::Hello>();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->key, key_in("key"));
}

// The command was killed when the aggregator had taken the key.
TEST_F(RotateKey, TheDaemonFindsOutWhichKeyIsKnownAndKeepsThat) {
  const auto next = crypto::load_or_make_key(state / "key.next");
  Aggregator knows_the_next;
  knows_the_next.allow(next->public_key);
  Enrolled host{knows_the_next};
  host.write("key.next", crypto::to_text(next->secret_key) + "\n");
  Program agent(host.serve());
  const auto hello = knows_the_next.await<protocol::Hello>();
  ASSERT_TRUE(hello);
  EXPECT_EQ(hello->key, next->public_key);
  knows_the_next.say(hello->route, a_welcome());
  EXPECT_TRUE(agent.prints("the key of this host is now", [&] { knows_the_next.turn(); }));
  EXPECT_EQ(crypto::load_key(host / "key")->public_key, next->public_key);
  EXPECT_FALSE(std::filesystem::exists(host / "key.next"));
}

class NextKeyIsKnown : public ::testing::Test {
 protected:
  NextKeyIsKnown() {
    aggregator.allow(next.public_key);
    write("key.next", next);
  }

  void write(const std::string& name, const crypto::KeyPair& key) const {
    state.write(name, crypto::to_text(key.secret_key) + "\n");
  }
  void welcome() {
    const auto hello = aggregator.await<protocol::Hello>();
    ASSERT_TRUE(hello);
    aggregator.say(hello->route, a_welcome());
  }
  [[nodiscard]] PublicKey key_in(const std::string& name) const {
    return crypto::load_key(state / name)->public_key;
  }

  Aggregator aggregator;
  Enrolled state{aggregator};
  crypto::KeyPair next = crypto::make_key_pair();
};

// The command adopts it, too; and unenrol must not find a key behind itself.
TEST_F(NextKeyIsKnown, TheDaemonAdoptsItWhenNobodyElseIsAtIt) {
  std::optional<InstanceLock> lock = *InstanceLock::take(state / ".", "key.lock");
  Program agent(state.serve());
  welcome();
  ASSERT_TRUE(aggregator.await<protocol::Heartbeat>());
  EXPECT_EQ(key_in("key.next"), next.public_key);

  lock.reset();
  EXPECT_TRUE(agent.prints("the key of this host is now", [&] { aggregator.turn(); }));
  EXPECT_EQ(key_in("key"), next.public_key);
}

// While it waited for the welcome, one rotate-key has ended and another begun.
TEST_F(NextKeyIsKnown, TheDaemonAdoptsNoneButTheOneThatWasWelcomed) {
  const auto later = crypto::make_key_pair();
  Program agent(state.serve());
  const auto hello = aggregator.await<protocol::Hello>();
  ASSERT_TRUE(hello);
  write("key", next);
  write("key.next", later);
  aggregator.say(hello->route, a_welcome());

  EXPECT_TRUE(agent.prints("the key of this host is now", [&] { aggregator.turn(); }));
  EXPECT_EQ(key_in("key"), next.public_key);
  EXPECT_EQ(key_in("key.next"), later.public_key);
}

TEST_F(RotateKey, WhereTheAggregatorIsAwayBothKeysAreKept) {
  aggregator.go_away();
  const auto finished = finish(words());
  EXPECT_EQ(finished.exit_code, 8);
  EXPECT_EQ(finished.err, "vaultbell-agent: no answer from " + aggregator.endpoint() +
                              " within 15 s; both keys are kept: run rotate-key again to go on\n");
  EXPECT_EQ(key_in("key"), state.key.public_key);
  EXPECT_TRUE(is_there("key.next"));
}

TEST_F(RotateKey, AnAggregatorThatKnowsNoSuchMessageKeepsTheOldKey) {
  Program program(words());
  const auto said = aggregator.await<KeyOffer>();
  ASSERT_TRUE(said);
  aggregator.say(said->route, Refusal{RefusalCode::unsupported, "unknown message type 7"});
  const auto finished = program.wait([&] { aggregator.turn(); });
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_EQ(finished.err,
            "vaultbell-agent: the aggregator takes no new key: unknown message type 7\n");
  EXPECT_EQ(key_in("key"), state.key.public_key);
}

TEST_F(RotateKey, NeedsAnEnrolment) {
  const State empty;
  std::filesystem::create_directories(empty / ".");
  const auto finished = finish(Words{"rotate-key"} + empty.options());
  EXPECT_EQ(finished.exit_code, 6);
  EXPECT_EQ(finished.err, "vaultbell-agent: this host is not enrolled\n");
}

}  // namespace
}  // namespace vaultbell::agent::testing
