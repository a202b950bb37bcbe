// Who is told of an alert, and by which rule: R6.1 to R6.6, and how long it is held (R4.5).
#include "aggregator/core/routing.hpp"

#include "aggregator/core/alerts.hpp"
#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using support::a_report;
using support::Lines;

const Policy kDefault{PolicyMode::default_recipients};
const Policy kOff{PolicyMode::off};
const Policy kSameAsVault{PolicyMode::same_as_vault};

// Alice has mail and telephone, Bob mail alone; Carol has proved neither.
class People final : public Directory {
 public:
  People() {
    add({.id = {1}, .name = "alice", .channels = {mail("alice"), phone("+4911")}}, true);
    add({.id = {2}, .name = "bob", .channels = {mail("bob")}}, true);
    add({.id = {3}, .name = "carol", .channels = {mail("carol"), phone("+4933")}}, false);
    groups_[{1}] = {.id = {1}, .name = "dbas", .members = {{1}, {2}}};
    groups_[{2}] = {.id = {2}, .name = "night", .members = {{2}, {3}}};
  }

  static ContactChannel mail(const std::string& name) {
    return {Channel::email, name + "@example.org", {}};
  }
  static ContactChannel phone(const std::string& number) { return {Channel::mobile, number, {}}; }

  void add(const Contact& contact, bool is_verified) {
    contacts_[contact.id] = contact;
    for (const auto& channel : contact.channels) {
      Address address{.channel = channel.channel, .address = channel.address};
      if (is_verified) address.verified_at = support::at("01-01 00:00");
      addresses_[address.key()] = address;
    }
  }
  [[nodiscard]] std::optional<Contact> contact(ContactId id) const override {
    return row_in(contacts_, id);
  }
  [[nodiscard]] std::optional<Group> group(GroupId id) const override {
    return row_in(groups_, id);
  }
  [[nodiscard]] std::optional<Address> address(const AddressKey& key) const override {
    return row_in(addresses_, key);
  }

 private:
  template <class R>
  static std::optional<R> row_in(const Table<R>& table, const typename R::Key& key) {
    const auto found = table.find(key);
    return found == table.end() ? std::nullopt : std::optional(found->second);
  }
  Table<Contact> contacts_;
  Table<Group> groups_;
  Table<Address> addresses_;
};

Settings owned_by(std::vector<std::string> owners) {
  Settings settings;
  settings.owners = std::move(owners);
  return settings;
}

ChosenRecipient chosen(const std::string& address, RecipientReason why) {
  return {.recipient = {address, Channel::email, address}, .why = why};
}

Routing route_of(const Settings& settings, const Policy& vault, AlertKind kind,
                 const Policy& client = kSameAsVault) {
  return route(People(), settings, {vault, client, kind, severity_of(kind)});
}

Policy custom(std::vector<ContactId> contacts, std::vector<GroupId> groups = {}) {
  return {.mode = PolicyMode::custom, .audience = {std::move(contacts), std::move(groups)}};
}

// "alice@example.org contact_of_policy"
support::Lines lines_of(const Routing& routing) {
  support::Lines lines;
  for (const auto& one : routing.recipients) {
    lines.push_back(one.recipient.address + " " + std::string(to_text(one.why)));
  }
  if (lines.empty()) lines.emplace_back(to_text(routing.reason));
  return lines;
}

// ---- off and default (R6.1, R6.3)

TEST(Routing, TheDefaultPolicyTellsTheOwnersInTheOrderOfTheirAddresses) {
  const auto routing =
      route_of(owned_by({"b@example.org", "a@example.org"}), kDefault, AlertKind::backup_failed);
  const auto why = RecipientReason::owner_by_default_policy;
  EXPECT_EQ(routing, (Routing{NotifyReason::notified,
                              {chosen("a@example.org", why), chosen("b@example.org", why)}}));
}

TEST(Routing, WhoIsNamedTwiceIsToldOnce) {
  const auto routing =
      route_of(owned_by({"a@example.org", "a@example.org"}), kDefault, AlertKind::backup_failed);
  EXPECT_EQ(routing.recipients.size(), 1U);
}

TEST(Routing, APolicyThatIsOffTellsNobodyAndSaysSo) {
  const auto settings = owned_by({"a@example.org"});
  for (const auto& [kind, text] : kEnumText<AlertKind>) {
    if (kind == AlertKind::backup_data_deleted) continue;
    EXPECT_EQ(route_of(settings, kOff, kind), (Routing{NotifyReason::nobody_policy_off, {}}))
        << text;
  }
}

TEST(Routing, OfDestroyedDataTheOwnersAreToldWhateverThePolicySays) {
  const auto settings = owned_by({"a@example.org"});
  const Routing expected{NotifyReason::notified,
                         {chosen("a@example.org", RecipientReason::owner_of_destroyed_data)}};
  EXPECT_EQ(route_of(settings, kOff, AlertKind::backup_data_deleted), expected);
  EXPECT_EQ(route_of(settings, kDefault, AlertKind::backup_data_deleted), expected);
}

TEST(Routing, OfDestroyedDataAPolicyThatIsOffTellsNobodyWhereThatIsConfigured) {
  auto settings = owned_by({"a@example.org"});
  settings.off_silences_destructive = true;
  EXPECT_EQ(lines_of(route_of(settings, kOff, AlertKind::backup_data_deleted)),
            support::Lines{"nobody_policy_off"});
  EXPECT_EQ(lines_of(route_of(settings, kDefault, AlertKind::backup_data_deleted)),
            support::Lines{"a@example.org owner_of_destroyed_data"});
}

TEST(Routing, WithoutAnOwnerNobodyIsToldAndTheReasonIsKept) {
  const Routing expected{NotifyReason::nobody_no_owner, {}};
  EXPECT_EQ(route_of(owned_by({}), kDefault, AlertKind::backup_failed), expected);
  EXPECT_EQ(route_of(owned_by({}), kOff, AlertKind::backup_data_deleted), expected);
}

// ---- custom policies (R6.1, R6.3, R6.6)

TEST(Routing, ACustomPolicyTellsThoseItNamesByEveryChannel) {
  EXPECT_EQ(
      lines_of(route_of(owned_by({"a@example.org"}), custom({{1}, {2}}), AlertKind::backup_failed)),
      (support::Lines{"alice@example.org contact_of_policy", "bob@example.org contact_of_policy",
                      "+4911 contact_of_policy"}));
}

TEST(Routing, WhoIsReachedDirectlyAndThroughGroupsGetsOneMessageAChannel) {
  EXPECT_EQ(lines_of(route_of(owned_by({}), custom({{1}}, {{1}, {2}}), AlertKind::backup_failed)),
            (support::Lines{"alice@example.org contact_of_policy",
                            "bob@example.org member_of_group", "+4911 contact_of_policy"}));
}

TEST(Routing, AnAddressThatNobodyProvedGetsNothing) {
  EXPECT_EQ(lines_of(route_of(owned_by({}), custom({}, {{2}}), AlertKind::backup_failed)),
            support::Lines{"bob@example.org member_of_group"});
  EXPECT_EQ(lines_of(route_of(owned_by({}), custom({{3}}), AlertKind::backup_failed)),
            support::Lines{"nobody_reachable"});
}

TEST(Routing, OfAPolicyThatReachesNobodyYetTheOwnersAreTold) {
  const auto settings = owned_by({"a@example.org"});
  EXPECT_EQ(lines_of(route_of(settings, custom({{3}}), AlertKind::backup_failed)),
            support::Lines{"a@example.org owner_in_place"});
  EXPECT_EQ(lines_of(route_of(settings, custom({{1}, {3}}), AlertKind::backup_failed)),
            (support::Lines{"alice@example.org contact_of_policy", "+4911 contact_of_policy"}));
}

TEST(Routing, OfDestroyedDataACustomPolicyTellsTheOwnersToo) {
  EXPECT_EQ(lines_of(route_of(owned_by({"a@example.org", "bob@example.org"}), custom({{2}}),
                              AlertKind::backup_data_deleted)),
            (support::Lines{"a@example.org owner_of_destroyed_data",
                            "bob@example.org contact_of_policy"}));
}

// ---- whose policy (R6.2)

TEST(Routing, AClientsOwnPolicyOverridesItsVaults) {
  const auto settings = owned_by({"a@example.org"});
  const auto kind = AlertKind::backup_failed;
  EXPECT_EQ(lines_of(route_of(settings, kOff, kind, kDefault)),
            support::Lines{"a@example.org owner_by_default_policy"});
  EXPECT_EQ(lines_of(route_of(settings, custom({{1}}), kind, custom({{2}}))),
            support::Lines{"bob@example.org contact_of_policy"});
  EXPECT_EQ(lines_of(route_of(settings, kDefault, kind, kOff)),
            support::Lines{"nobody_policy_off"});
  EXPECT_EQ(route_of(settings, kDefault, kind, kOff).level, PolicyLevel::client);
  EXPECT_EQ(route_of(settings, kOff, kind, kSameAsVault).level, PolicyLevel::vault);
}

// ---- what a policy leaves out (R6.4)

TEST(Routing, LessSevereAlertsThanThePolicyWantsTellNobody) {
  auto policy = kDefault;
  policy.least_severity = Severity::critical;
  const auto settings = owned_by({"a@example.org"});
  EXPECT_EQ(lines_of(route_of(settings, policy, AlertKind::backup_warning)),
            support::Lines{"nobody_below_severity"});
  EXPECT_EQ(lines_of(route_of(settings, policy, AlertKind::backup_failed)),
            support::Lines{"a@example.org owner_by_default_policy"});
}

TEST(Routing, KindsThatThePolicyDoesNotNameTellNobodyButForDestroyedData) {
  auto policy = kDefault;
  policy.kinds = {AlertKind::client_disconnected};
  const auto settings = owned_by({"a@example.org"});
  EXPECT_EQ(lines_of(route_of(settings, policy, AlertKind::backup_failed)),
            support::Lines{"nobody_kind_excluded"});
  EXPECT_EQ(lines_of(route_of(settings, policy, AlertKind::backup_data_deleted)),
            support::Lines{"a@example.org owner_of_destroyed_data"});
}

// ---- around what fails (R7.4)

TEST(Routing, AroundAnAddressThatFailsGoesByTheOtherChannelsAndToTheOtherOwners) {
  const People people;
  const auto alice = *people.contact({1});
  EXPECT_EQ(lines_of(route_around(people, owned_by({"a@example.org", "alice@example.org"}),
                                  AddressKey{Channel::email, "alice@example.org"}, {alice})),
            (support::Lines{"a@example.org owner_of_account", "+4911 other_channel"}));
}

TEST(Routing, AroundAChannelThatFailsGoesByEveryOtherOne) {
  const People people;
  const auto alice = *people.contact({1});
  const auto bob = *people.contact({2});
  EXPECT_EQ(
      lines_of(route_around(people, owned_by({"a@example.org"}), Channel::email, {alice, bob})),
      support::Lines{"+4911 other_channel"});
  EXPECT_EQ(lines_of(route_around(people, owned_by({"a@example.org"}), Channel::email, {bob})),
            support::Lines{"nobody_no_other_channel"});
}

// ---- how long it is held (R4.5)

TEST(Routing, TheNearestHoldCountsAndAtEachLevelTheOneForTheKind) {
  Settings settings;
  settings.notify_after_by_kind = {{AlertKind::backup_warning, 8h}};
  Policy vault{.notify_after = 2h, .notify_after_by_kind = {{AlertKind::backup_failed, 5min}}};
  Policy client{.mode = PolicyMode::off, .notify_after = 3h};
  const auto hold = [&](const Policy& of_vault, const Policy& of_client, AlertKind kind) {
    return notify_after(settings, of_vault, of_client, kind);
  };
  EXPECT_EQ(hold(kDefault, kSameAsVault, AlertKind::backup_failed), 1h);
  EXPECT_EQ(hold(kDefault, kSameAsVault, AlertKind::backup_warning), 8h);
  EXPECT_EQ(hold(vault, kSameAsVault, AlertKind::backup_failed), 5min);
  EXPECT_EQ(hold(vault, kSameAsVault, AlertKind::backup_warning), 2h);
  EXPECT_EQ(hold(vault, client, AlertKind::backup_failed), 3h);
}

using Policies = support::InWorld;

// R6.5
TEST_F(Policies, TheOneInForceWhenTheNotificationIsDueCounts) {
  const auto prod = world.vault("prod", PolicyMode::off);
  world.report(world.host("web1"), a_report("db").failed());
  world.pass(30min);
  EXPECT_TRUE(
      world.order(SetPolicy{.holder = {.vault = prod}, .policy = {PolicyMode::default_recipients}})
          .has_value());
  world.pass(30min);
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup of db on web1 failed"});
}

TEST_F(Policies, OneThatWasSwitchedOffDuringTheHoldTellsNobody) {
  const auto prod = world.vault("prod");
  world.report(world.host("web1"), a_report("db").failed());
  world.pass(30min);
  EXPECT_TRUE(
      world.order(SetPolicy{.holder = {.vault = prod}, .policy = {PolicyMode::off}}).has_value());
  world.pass(2h);

  const NotifyDecision expected{NotifyReason::nobody_policy_off, support::at("03-01 03:00"),
                                PolicyLevel::vault};
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
