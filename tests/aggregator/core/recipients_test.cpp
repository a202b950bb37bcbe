// Who may be named by a policy (R5.5, R6.1, R6.2), what a policy may say (R6.4), and the message
// that greets new recipients (R5.6).
#include "aggregator/core/recipients.hpp"

#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using support::a_report;
using support::Lines;

const std::string kProd = "the policy of vault \"prod\"";

class SettingPolicies : public support::InWorld {
 protected:
  const VaultId prod = world.vault("prod");
  const ContactId alice = world.contact("alice", "alice@example.org");

  [[nodiscard]] SetPolicy of_prod(Policy policy) const {
    return {.holder = {.vault = prod}, .policy = std::move(policy)};
  }
  static Policy custom(Audience audience) {
    return {.mode = PolicyMode::custom, .audience = std::move(audience)};
  }
  ContactId stranger(const std::string& name) {
    EXPECT_TRUE(world.order(CreateContact{name, {{Channel::email, name + "@example.org", {}}}})
                    .has_value());
    EXPECT_EQ(world.take_mail_lines(), Lines{name + ": code"});
    return world.state().contact_by_name.at(name);
  }
};

// ---- whom it may name (R6.1, R5.5)

TEST_F(SettingPolicies, ACustomOneNamesAtLeastOneContactOrGroup) {
  expect_refused(of_prod(custom({})), ErrorCode::invalid,
                 kProd +
                     " would be custom without anybody: name at least one contact or group, or "
                     "set it to default or off");
  EXPECT_EQ(remark(of_prod(custom({.contacts = {alice}}))), "");
  EXPECT_EQ(remark(of_prod(custom({.contacts = {alice}}))), "nothing to change");
}

TEST_F(SettingPolicies, OnlyACustomOneNamesAnybody) {
  expect_refused(of_prod({.mode = PolicyMode::off, .audience = {.contacts = {alice}}}),
                 ErrorCode::invalid,
                 kProd + " names contacts or groups, which only a custom policy has, but is off");
  expect_refused(
      of_prod({.audience = {.contacts = {alice}}}), ErrorCode::invalid,
      kProd + " names contacts or groups, which only a custom policy has, but is default");
}

TEST_F(SettingPolicies, OnlyAClientsCanBeTheSameAsItsVaultsAndThenSaysNothingElse) {
  const auto web1 = world.host("web1").client;
  expect_refused(of_prod({.mode = PolicyMode::same_as_vault}), ErrorCode::invalid,
                 kProd + " cannot be same_as_vault: only a client's can");
  expect_refused(SetPolicy{.holder = {.client = web1},
                           .policy = {.mode = PolicyMode::same_as_vault, .notify_after = 5min}},
                 ErrorCode::invalid,
                 "the policy of client \"web1\" is the vault's with same_as_vault: it can have no "
                 "settings of its own");
  EXPECT_EQ(
      remark(SetPolicy{.holder = {.client = web1}, .policy = {.mode = PolicyMode::same_as_vault}}),
      "nothing to change");
}

TEST_F(SettingPolicies, WhoOrWhatDoesNotExistIsRefused) {
  expect_refused(SetPolicy{.holder = {.vault = {7}}}, ErrorCode::not_found,
                 "there is no such vault");
  expect_refused(SetPolicy{.holder = {.client = {7}}}, ErrorCode::not_found,
                 "there is no such client");
  expect_refused(of_prod(custom({.contacts = {{7}}})), ErrorCode::not_found,
                 "there is no contact 7");
  expect_refused(of_prod(custom({.groups = {{7}}})), ErrorCode::not_found, "there is no group 7");
}

TEST_F(SettingPolicies, WhoCannotBeToldAnythingIsRefused) {
  const auto carol = stranger("carol");
  const auto empty = world.group("empty", {});
  const std::string no_carol = kProd +
                               " cannot name contact \"carol\": it has no verified address "
                               "yet (vaultbell contact confirm NAME CODE)";
  const std::string no_empty = kProd + " cannot name group \"empty\": it is empty";
  expect_refused(of_prod(custom({.contacts = {alice, carol}})), ErrorCode::refused, no_carol);
  expect_refused(of_prod(custom({.groups = {empty}})), ErrorCode::refused, no_empty);
  expect_refused(of_prod({.escalate_after = 1h, .escalation = {.contacts = {carol}}}),
                 ErrorCode::refused, no_carol);
  expect_refused(of_prod({.escalate_after = 1h, .escalation = {.groups = {empty}}}),
                 ErrorCode::refused, no_empty);
}

TEST_F(SettingPolicies, AGroupThatNobodyCanBeReachedInIsRefused) {
  world.seed({Put{Contact{.id = {8}, .name = "dave"}},
              Put{Group{.id = {8}, .name = "lost", .members = {{8}}}}});
  expect_refused(of_prod(custom({.groups = {{8}}})), ErrorCode::refused,
                 kProd + " cannot name group \"lost\": none of its members has a verified address");
}

TEST_F(SettingPolicies, OfANewVaultTheSameIsAsked) {
  const auto carol = stranger("carol");
  const std::string what = "the policy of vault \"new\"";
  expect_refused(CreateVault{.name = "new", .policy = custom({})}, ErrorCode::invalid,
                 what +
                     " would be custom without anybody: name at least one contact or group, or "
                     "set it to default or off");
  expect_refused(CreateVault{.name = "new", .policy = custom({.contacts = {{7}}})},
                 ErrorCode::not_found, "there is no contact 7");
  expect_refused(
      CreateVault{.name = "new", .policy = {.escalate_after = 1h, .escalation = {.groups = {{7}}}}},
      ErrorCode::not_found, "there is no group 7");
  expect_refused(CreateVault{.name = "new",
                             .policy = {.escalate_after = 1h, .escalation = {.contacts = {carol}}}},
                 ErrorCode::refused,
                 what +
                     " cannot name contact \"carol\": it has no verified address yet (vaultbell "
                     "contact confirm NAME CODE)");
}

TEST_F(SettingPolicies, AddressesThatSeveralShareCountOnce) {
  std::vector<ContactId> many;
  for (std::size_t i = 0; i < kRecipientsMax; ++i) {
    many.push_back(world.contact("contact" + std::to_string(i), "team@example.org"));
  }
  many.push_back(alice);
  EXPECT_EQ(remark(of_prod(custom({.contacts = many}))), "");
}

TEST_F(SettingPolicies, MoreAddressesThanAnAlertCanTellAreRefused) {
  std::vector<ContactId> many;
  for (int i = 0; i < 31; ++i) {
    const auto name = "contact" + std::to_string(i);
    many.push_back(world.contact(name, name + "@example.org", "+491700000" + std::to_string(i)));
  }
  const std::string too_many =
      " would tell 62 addresses at once, at most 60 are possible; a list "
      "address can stand for more people";
  expect_refused(of_prod(custom({.contacts = many})), ErrorCode::refused, kProd + too_many);
  expect_refused(of_prod({.escalate_after = 1h, .escalation = {.contacts = many}}),
                 ErrorCode::refused, kProd + too_many);
  many.pop_back();
  EXPECT_EQ(remark(of_prod(custom({.contacts = many}))), "");
}

// ---- what else it may say (R6.4)

TEST_F(SettingPolicies, TimesOutOfRangeAreRefused) {
  const auto expect_invalid = [&](Policy policy, const std::string& why) {
    expect_refused(of_prod(std::move(policy)), ErrorCode::invalid, kProd + ": " + why);
  };
  expect_invalid({.notify_after = 721h}, "notify_after 721h is longer than 30d");
  expect_invalid({.notify_after_by_kind = {{AlertKind::backup_failed, 721h}}},
                 "notify_after 721h is longer than 30d");
  expect_invalid({.remind_every = 5min - 1s}, "remind_every 299s is not between 5m and 30d");
  expect_invalid({.remind_every = 721h}, "remind_every 721h is not between 5m and 30d");
  expect_invalid({.escalate_after = 59s, .escalation = {.contacts = {alice}}},
                 "escalate_after 59s is not between 1m and 30d");
  expect_invalid({.escalate_after = 721h, .escalation = {.contacts = {alice}}},
                 "escalate_after 721h is not between 1m and 30d");
}

TEST_F(SettingPolicies, EscalationNeedsATimeAndSomebodyToTell) {
  const std::string both = kProd + ": escalate_after and whom to tell then are needed together";
  expect_refused(of_prod({.escalate_after = 1h}), ErrorCode::invalid, both);
  expect_refused(of_prod({.escalation = {.contacts = {alice}}}), ErrorCode::invalid, both);
}

TEST_F(SettingPolicies, QuietHoursNeedAZoneThatExists) {
  const QuietHours quiet{.hours = {22h, 7h}, .zone = "Europe/Berlim"};
  const auto result = world.order(of_prod({.quiet = quiet}));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::invalid);
  EXPECT_TRUE(result.error().message.starts_with(kProd + ": ")) << result.error().message;
  EXPECT_TRUE(result.error().message.find("Europe/Berlin") != std::string::npos)
      << result.error().message;
}

// ---- greeting them (R5.6)

class Welcomes : public support::InWorld {
 protected:
  const VaultId prod = world.vault("prod");

  // A contact that is verified and was never greeted.
  ContactId newcomer(const std::string& name, const std::string& phone = {}) {
    const auto id = world.contact(name, name + "@example.org", phone);
    for (auto address : {world.rows().get<Address>({Channel::email, name + "@example.org"}),
                         world.rows().get<Address>({Channel::mobile, phone})}) {
      if (!address) continue;
      address->welcomed_at.reset();
      world.seed({Put{*address}});
    }
    return id;
  }
  void tell(Audience audience) {
    EXPECT_EQ(
        remark(SetPolicy{.holder = {.vault = prod},
                         .policy = {.mode = PolicyMode::custom, .audience = std::move(audience)}}),
        "");
  }
};

TEST_F(Welcomes, GoToEveryAddressOfWhoIsNamedForTheFirstTimeAndNeverAgain) {
  const auto alice = newcomer("alice", "+4917012345678");
  EXPECT_EQ(world.take_mail_lines(), Lines{});
  tell({.contacts = {alice}});
  EXPECT_EQ(world.take_mail_lines(), (Lines{"alice: welcome", "alice.sms: welcome"}));

  EXPECT_EQ(remark(SetPolicy{.holder = {.vault = prod}, .policy = {PolicyMode::off}}), "");
  tell({.contacts = {alice}});
  world.stop();
  world.start();
  world.pass(1min);
  EXPECT_EQ(world.take_mail_lines(), Lines{});
}

TEST_F(Welcomes, GoToWhoIsNamedThroughAGroupOrJoinsOneThatIsUsed) {
  const auto alice = newcomer("alice");
  const auto bob = newcomer("bob");
  const auto dbas = world.group("dbas", {alice});
  EXPECT_EQ(world.take_mail_lines(), Lines{});
  tell({.groups = {dbas}});
  EXPECT_EQ(world.take_mail_lines(), Lines{"alice: welcome"});
  EXPECT_EQ(remark(EditGroup{.group = dbas, .add = {bob}}), "");
  EXPECT_EQ(world.take_mail_lines(), Lines{"bob: welcome"});
}

TEST_F(Welcomes, GoToWhoIsNamedForEscalationAndByAClientsPolicy) {
  const auto alice = newcomer("alice");
  const auto bob = newcomer("bob");
  EXPECT_EQ(
      remark(SetPolicy{.holder = {.vault = prod},
                       .policy = {.escalate_after = 1h, .escalation = {.contacts = {alice}}}}),
      "");
  EXPECT_EQ(world.take_mail_lines(), Lines{"alice: welcome"});
  EXPECT_EQ(
      remark(SetPolicy{.holder = {.client = world.host("web1").client},
                       .policy = {.mode = PolicyMode::custom, .audience = {.contacts = {bob}}}}),
      "");
  EXPECT_EQ(world.take_mail_lines(), Lines{"bob: welcome"});
}

TEST_F(Welcomes, GoToNewOwners) {
  world.greets_owners = true;
  auto settings = world.settings();
  settings.owners.emplace_back("boss@example.org");
  world.reconfigure(settings);
  EXPECT_EQ(world.take_mail_lines(), Lines{"boss: welcome"});
  const auto sent = *world.rows().get<Notification>({1});
  EXPECT_EQ(sent.why, RecipientReason::became_recipient);
  EXPECT_EQ(sent.recipient, (Recipient{"boss@example.org", Channel::email, "boss@example.org"}));
}

TEST_F(Welcomes, GoOnceToAnAddressThatSeveralShare) {
  const auto alice = newcomer("alice");
  world.contact("bob", "alice@example.org");
  auto address = *world.rows().get<Address>({Channel::email, "alice@example.org"});
  address.welcomed_at.reset();
  world.seed({Put{address}});
  tell({.contacts = {alice, world.state().contact_by_name.at("bob")}});
  EXPECT_EQ(world.take_mail_lines(), Lines{"alice: welcome"});
}

TEST_F(Welcomes, NeitherGoToAnAddressThatIsNotVerifiedNorBeforeItIs) {
  const auto alice = newcomer("alice");
  tell({.contacts = {alice}});
  EXPECT_EQ(world.take_mail_lines(), Lines{"alice: welcome"});
  EXPECT_EQ(
      remark(EditContact{.contact = alice, .channels = {{Channel::mobile, "+4917012345678", {}}}}),
      "a code was sent to +4917012345678");
  EXPECT_EQ(world.take_mail_lines(), Lines{"alice.sms: code"});
  EXPECT_EQ(remark(ConfirmCode{alice, {{{Channel::mobile, "+4917012345678"}, {}}}}),
            "+4917012345678 is verified");
  EXPECT_EQ(world.take_mail_lines(), Lines{"alice.sms: welcome"});
}

TEST_F(Welcomes, WaitForTheirChannelToBeConfigured) {
  auto settings = world.settings();
  settings.mobile.is_configured = false;
  world.reconfigure(settings);
  const auto contact = newcomer("alice");
  world.seed(
      {Put{Address{
           .channel = Channel::mobile, .address = "+4917012345678", .verified_at = world.now()}},
       Put{Contact{.id = contact,
                   .name = "alice",
                   .channels = {{Channel::email, "alice@example.org", ""},
                                {Channel::mobile, "+4917012345678", ""}}}}});
  tell({.contacts = {contact}});
  world.pass(1h);
  EXPECT_EQ(world.take_mail_lines(), Lines{"alice: welcome"});
  settings.mobile.is_configured = true;
  world.reconfigure(settings);
  EXPECT_EQ(world.take_mail_lines(), Lines{"alice.sms: welcome"});
}

TEST_F(Welcomes, OfManyGoOutInSlices) {
  std::vector<ContactId> members;
  for (int i = 0; i < 60; ++i) members.push_back(newcomer("contact" + std::to_string(i)));
  tell({.groups = {world.group("everybody", members)}});
  EXPECT_EQ(world.take_mail_lines().size(), 60U);
}

TEST_F(Welcomes, AreTriedLikeEveryMessage) {
  world.receivers.next("alice@example.org", {support::try_later()});
  tell({.contacts = {newcomer("alice")}});
  EXPECT_EQ(world.take_mail_lines(), Lines{});
  world.pass(1min);
  EXPECT_EQ(world.take_mail_lines(), Lines{"alice: welcome"});
}

}  // namespace
}  // namespace vaultbell::core
