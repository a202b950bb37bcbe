// Two people who edit the same thing, and one who asks twice (R9.4).
#include "aggregator/core/done_orders.hpp"
#include "aggregator/core/objects.hpp"
#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""s;

class Editing : public support::InWorld {
 protected:
  tl::expected<OrderDone, Error> give(Order order) {
    order.actor = "alice";
    const auto decision = world.submit(order);
    return std::get<Reply>(decision.effects.back()).result;
  }
  Order create(const std::string& name, const std::string& key, std::uint8_t asked = 1) {
    return {.key = key, .asked = support::token_hash(asked), .what = CreateVault{.name = name}};
  }

  const VaultId prod = world.vault("prod");
};

TEST_F(Editing, GivesWhatIsEditedTheNumberOfItsLastAuditEntry) {
  const auto made = world.rows().get<Vault>(prod)->revision;
  EXPECT_EQ(made, world.state().counters.audit);
  EXPECT_EQ(remark(SetPolicy{.holder = {.vault = prod}, .policy = {PolicyMode::off}}), "");
  const auto edited = world.rows().get<Vault>(prod)->revision;
  EXPECT_GT(edited, made);
  const auto entry = world.rows().get<AuditEntry>({edited});
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->action, "set_policy");
  EXPECT_EQ(entry->changes.at(0).after->vault->revision, edited);
}

TEST_F(Editing, IsRefusedToWhoSawAnOlderRevision) {
  const auto seen = world.rows().get<Vault>(prod)->revision;
  EXPECT_EQ(remark(SetPolicy{.holder = {.vault = prod}, .policy = {PolicyMode::off}}), "");
  const auto stale = give({.revision = seen, .what = RenameVault{prod, "production"}});
  ASSERT_FALSE(stale.has_value());
  EXPECT_EQ(stale.error().code, ErrorCode::stale);
  EXPECT_EQ(stale.error().message,
            "vault \"prod\" was changed since revision 1: it has revision 2 now");
  EXPECT_EQ(world.rows().get<Vault>(prod)->name, "prod");
  EXPECT_TRUE(give({.revision = 2, .what = RenameVault{prod, "production"}}).has_value());
}

TEST_F(Editing, OfAClientIsNoMatterOfItsConnection) {
  auto& web1 = world.host("web1");
  const auto seen = world.client(web1).revision;
  world.go_silent(web1);
  world.pass(200s);
  EXPECT_EQ(world.client(web1).state, ClientState::disconnected);
  EXPECT_TRUE(give({.revision = seen, .what = RenameClient{web1.client, "web-1"}}).has_value());
}

TEST_F(Editing, TwiceWithOneKeyIsDoneOnce) {
  const auto first = give(create("test", "key 1"));
  ASSERT_TRUE(first.has_value());
  const auto entry = world.state().counters.audit;
  const auto again = give(create("test", "key 1"));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->repeats, AuditId{entry});
  EXPECT_TRUE(again->changes.empty());
  EXPECT_EQ(world.state().vaults.size(), 2);
}

TEST_F(Editing, WithTheKeyOfAnotherOrderIsRefused) {
  ASSERT_TRUE(give(create("test", "key 1")).has_value());
  const auto other = give(create("spare", "key 1", 2));
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().code, ErrorCode::invalid);
  EXPECT_EQ(other.error().message,
            "the key \"key 1\" is that of another order of 2026-03-01T02:00:00Z; a new order has a "
            "new key");
  EXPECT_EQ(give(create("spare", std::string(201, 'k'))).error().message,
            "the key of the order is longer than 200 bytes");
}

TEST_F(Editing, RemembersKeysForADay) {
  ASSERT_TRUE(give(create("test", "key 1")).has_value());
  world.suspend(24h);
  EXPECT_EQ(give(create("test", "key 1")).error().code, ErrorCode::refused);
  ASSERT_TRUE(give(create("spare", "key 2")).has_value());
  EXPECT_EQ(world.state().done_orders.size(), 1);
}

TEST_F(Editing, ThatWasRefusedCanBeTriedAgainWithTheSameKey) {
  EXPECT_EQ(give(create("prod", "key 1")).error().code, ErrorCode::refused);
  EXPECT_TRUE(give(create("test", "key 1")).has_value());
}

}  // namespace
}  // namespace vaultbell::core
