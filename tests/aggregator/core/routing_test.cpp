// Who is told of an alert, and by which rule: R6.1, R6.3, R6.5, R6.6.
#include "aggregator/core/routing.hpp"

#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using support::a_report;
using support::Lines;

const Vault kDefault{.id = {1}, .name = "prod", .policy = {PolicyMode::default_recipients}};
const Vault kOff{.id = {2}, .name = "test", .policy = {PolicyMode::off}};

Settings owned_by(std::vector<std::string> owners) {
  Settings settings;
  settings.owners = std::move(owners);
  return settings;
}

ChosenRecipient chosen(const std::string& address, RecipientReason why) {
  return {{address, Channel::email, address}, why};
}

TEST(Routing, TheDefaultPolicyTellsTheOwnersInTheOrderOfTheirAddresses) {
  const auto routing =
      route(owned_by({"b@example.org", "a@example.org"}), kDefault, AlertKind::backup_failed);
  const auto why = RecipientReason::owner_by_default_policy;
  EXPECT_EQ(routing, (Routing{NotifyReason::notified,
                              {chosen("a@example.org", why), chosen("b@example.org", why)}}));
}

TEST(Routing, WhoIsNamedTwiceIsToldOnce) {
  const auto routing =
      route(owned_by({"a@example.org", "a@example.org"}), kDefault, AlertKind::backup_failed);
  EXPECT_EQ(routing.recipients.size(), 1U);
}

TEST(Routing, APolicyThatIsOffTellsNobodyAndSaysSo) {
  const auto settings = owned_by({"a@example.org"});
  for (const auto& [kind, text] : kEnumText<AlertKind>) {
    if (kind == AlertKind::backup_data_deleted) continue;
    EXPECT_EQ(route(settings, kOff, kind), (Routing{NotifyReason::nobody_policy_off, {}})) << text;
  }
}

TEST(Routing, OfDestroyedDataTheOwnersAreToldWhateverThePolicySays) {
  const auto settings = owned_by({"a@example.org"});
  const Routing expected{NotifyReason::notified,
                         {chosen("a@example.org", RecipientReason::owner_of_destroyed_data)}};
  EXPECT_EQ(route(settings, kOff, AlertKind::backup_data_deleted), expected);
  EXPECT_EQ(route(settings, kDefault, AlertKind::backup_data_deleted), expected);
}

TEST(Routing, WithoutAnOwnerNobodyIsToldAndTheReasonIsKept) {
  const Routing expected{NotifyReason::nobody_no_owner, {}};
  EXPECT_EQ(route(owned_by({}), kDefault, AlertKind::backup_failed), expected);
  EXPECT_EQ(route(owned_by({}), kOff, AlertKind::backup_data_deleted), expected);
}

using Policies = support::InWorld;

TEST_F(Policies, TheOneInForceWhenTheNotificationIsDueCounts) {
  const auto prod = world.vault("prod", PolicyMode::off);
  world.report(world.host("web1"), a_report("db").failed());
  world.pass(30min);
  EXPECT_TRUE(
      world.order(SetPolicy{.holder = {.vault = prod}, .policy = {PolicyMode::default_recipients}}).has_value());
  world.pass(30min);
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup of db on web1 failed"});
}

TEST_F(Policies, OneThatWasSwitchedOffDuringTheHoldTellsNobody) {
  const auto prod = world.vault("prod");
  world.report(world.host("web1"), a_report("db").failed());
  world.pass(30min);
  EXPECT_TRUE(world.order(SetPolicy{.holder = {.vault = prod}, .policy = {PolicyMode::off}}).has_value());
  world.pass(2h);

  const NotifyDecision expected{NotifyReason::nobody_policy_off, support::at("03-01 03:00")};
  EXPECT_EQ(world.last_alert(AlertKind::backup_failed)->decision, expected);
}

TEST_F(Policies, TheReasonIsKeptWithEveryNotification) {
  world.vault("prod", PolicyMode::off);
  world.report(world.host("web1"), a_report("db").of(Operation::delete_backup).succeeded());

  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup data of db on web1 was deleted"});
  EXPECT_EQ(world.rows().get<Notification>({1})->why, RecipientReason::owner_of_destroyed_data);
}

}  // namespace
}  // namespace vaultbell::core
