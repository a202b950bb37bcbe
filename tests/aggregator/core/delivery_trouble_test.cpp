// What fails when messages fail: a channel, or one address (R7.4).
#include "aggregator/core/delivery_trouble.hpp"

#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using support::a_report;
using support::Lines;
using support::put_off;
using support::try_later;

const std::string kOneAddress = "ops@example.org";
const std::string kAlice = "alice@example.org";
const std::string kMailFails = "critical: delivery by email fails";
const std::string kAddressFails = "critical: delivery to ops@example.org by email fails";

class DeliveryTrouble : public support::InWorld {
 protected:
  support::Host& web1 = world.host("web1");
  const ContactId alice = world.contact("alice", kAlice, "+491511234567");

  // In use, so that she would miss the channel; her vault has no alert.
  void name_alice() {
    const Policy policy{.mode = PolicyMode::custom, .audience = {.contacts = {alice}}};
    EXPECT_EQ(remark(SetPolicy{.holder = {.vault = world.vault("other")}, .policy = policy}), "");
  }
  // Told at once.
  void destroy() { world.report(web1, a_report("db").of(Operation::delete_backup).succeeded()); }
  Lines mails_after(Duration duration) {
    world.pass(duration);
    return world.take_mail_lines();
  }
  [[nodiscard]] std::string failing() const {
    const auto alert = world.last_alert(AlertKind::delivery_failing);
    return alert ? alert->topic : "";
  }
};

TEST_F(DeliveryTrouble, OfTheServerIsTheChannelsThoughOneAddressAloneIsTried) {
  name_alice();
  world.receivers.always(Channel::email, try_later("connection refused"));
  destroy();
  EXPECT_EQ(mails_after(1h - 1min), Lines{});
  EXPECT_EQ(mails_after(1min), Lines{"alice.sms: " + kMailFails});
  EXPECT_EQ(failing(), "email");
  world.receivers.always(Channel::email, {});
  world.pass(1h);
  world.take_mail_lines();
}

TEST_F(DeliveryTrouble, OfOneAddressIsItsOwn) {
  auto settings = world.settings();
  settings.owners = {"boss@example.org", kOneAddress};
  world.reconfigure(settings);
  world.receivers.always(kOneAddress, put_off());
  destroy();
  EXPECT_EQ(world.take_mail_lines().size(), 1U);  // to the boss, whose mail comes first
  EXPECT_EQ(mails_after(1h - 1min), Lines{});
  EXPECT_EQ(mails_after(2min), Lines{"boss: " + kAddressFails});
  EXPECT_FALSE(world.state().channels.at(Channel::email).failing_since.has_value());
  world.receivers.always(kOneAddress, {});
  EXPECT_EQ(mails_after(1h), (Lines{"ops: critical: backup data of db on web1 was deleted",
                                    "boss: recovered: delivery to ops@example.org by email"}));
}

TEST_F(DeliveryTrouble, OfTwoAddressesIsTheChannels) {
  name_alice();
  auto settings = world.settings();
  settings.owners = {kAlice, kOneAddress};
  world.reconfigure(settings);
  world.receivers.always(Channel::email, put_off());
  destroy();
  EXPECT_EQ(mails_after(1h), Lines{"alice.sms: " + kMailFails});
  EXPECT_EQ(failing(), "email");
  world.receivers.always(Channel::email, {});
  world.pass(1h);
  world.take_mail_lines();
}

TEST_F(DeliveryTrouble, IsNotSeenInACodeThatIsPutOff) {
  ChannelOrder carol{.channel = Channel::email, .address = "carol@example.org"};
  carol.code.hash = support::token_hash(7);
  world.receivers.always("carol@example.org", put_off());
  EXPECT_TRUE(world.order(CreateContact{.name = "carol", .channels = {carol}}).has_value());
  EXPECT_EQ(mails_after(3h), Lines{});
  EXPECT_EQ(world.alerts(), Lines{});
}

TEST_F(DeliveryTrouble, OfOneAddressIsNotTheChannelsBecauseACodeIsPutOff) {
  world.receivers.always(kOneAddress, put_off());
  world.report(world.host("web1"), support::a_report("db").failed());
  EXPECT_EQ(mails_after(1h + 1min), Lines{});
  ChannelOrder carol{.channel = Channel::email, .address = "carol@example.org"};
  carol.code.hash = support::token_hash(7);
  world.receivers.always("carol@example.org", put_off());
  EXPECT_TRUE(world.order(CreateContact{.name = "carol", .channels = {carol}}).has_value());
  world.pass(5min);
  const auto& health = world.state().channels.at(Channel::email);
  EXPECT_FALSE(health.failing_since);
  EXPECT_EQ(health.lone_address, kOneAddress);
  EXPECT_EQ(undelivered_since(health), health.lone_since);
  world.pass(2h);
  world.take_mails();
}

TEST_F(DeliveryTrouble, IsSeenInACodeForWhichTheServerIsNotThere) {
  ChannelOrder carol{.channel = Channel::email, .address = "carol@example.org"};
  carol.code.hash = support::token_hash(7);
  world.receivers.always(Channel::email, try_later("connection refused"));
  EXPECT_TRUE(world.order(CreateContact{.name = "carol", .channels = {carol}}).has_value());
  EXPECT_EQ(mails_after(1h), Lines{});
  EXPECT_EQ(failing(), "email");
}

}  // namespace
}  // namespace vaultbell::core
