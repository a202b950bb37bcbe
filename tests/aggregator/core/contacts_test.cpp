// Contacts and groups: how people are made, changed and taken away, and what is refused (R5.1, R5.3
// to R5.5).
#include "aggregator/core/contacts.hpp"

#include "shared/domain/mailbox.hpp"
#include "shared/domain/mobile_number.hpp"
#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using support::a_report;
using support::Lines;

const AddressKey kNew{Channel::email, "new@example.org"};
const AddressKey kOld{Channel::email, "alice@example.org"};

ChannelOrder mail(const std::string& address) {
  return {Channel::email, address, {}};
}
ChannelOrder phone(const std::string& number) {
  return {Channel::mobile, number, {}};
}

class Contacts : public support::InWorld {
 protected:
  const VaultId prod = world.vault("prod");

  // Makes a contact whose address is not verified.
  ContactId stranger(const std::string& name, const std::string& address) {
    EXPECT_EQ(remark(CreateContact{name, {mail(address)}}), "a code was sent to " + address);
    EXPECT_EQ(world.take_mail_lines(), Lines{address.substr(0, address.find('@')) + ": code"});
    return world.state().contact_by_name.at(name);
  }
  void prove(const AddressKey& key) {
    auto address = *world.rows().get<Address>(key);
    address.verified_at = world.now();
    address.welcomed_at = world.now();
    world.seed({Put{address}});
  }
  void tell(Audience audience) {
    EXPECT_EQ(
        remark(SetPolicy{.holder = {.vault = prod},
                         .policy = {.mode = PolicyMode::custom, .audience = std::move(audience)}}),
        "");
  }
  [[nodiscard]] Contact row(ContactId id) const { return *world.rows().get<Contact>(id); }
  // Who is told of a failure of a job that never failed before.
  Lines told_of_a_failure() {
    world.report(world.host("web1"), a_report("job" + std::to_string(++failures_)).failed());
    world.pass(1h);
    Lines people;
    for (const auto& sent : world.take_mails()) people.push_back(sent.to);
    return people;
  }

 private:
  int failures_ = 0;
};

// ---- making them (R5.1)

TEST_F(Contacts, HaveAUniqueNameAndAChannelOfEachKindAtMost) {
  EXPECT_EQ(remark(CreateContact{"alice", {phone("+4917012345678"), mail("alice@example.org")}}),
            "a code was sent to +4917012345678, a code was sent to alice@example.org");
  const Contact expected{.id = {1},
                         .name = "alice",
                         .channels = {{Channel::email, "alice@example.org", ""},
                                      {Channel::mobile, "+4917012345678", ""}},
                         .created_at = world.now(),
                         .revision = world.state().counters.audit};
  EXPECT_EQ(row({1}), expected);
  EXPECT_EQ(world.take_mail_lines(), (Lines{"alice: code", "alice.sms: code"}));
}

TEST_F(Contacts, WithANameThatIsTakenOrIsNoneAreRefused) {
  world.contact("alice", "alice@example.org");
  world.contact("bob", "bob@example.org");
  expect_refused(CreateContact{"alice", {mail("a@example.org")}}, ErrorCode::refused,
                 "there is already a contact \"alice\"");
  expect_refused(EditContact{.contact = {2}, .name = "alice"}, ErrorCode::refused,
                 "there is already a contact \"alice\"");
  expect_refused(CreateContact{"", {mail("a@example.org")}}, ErrorCode::invalid,
                 "contact name is empty");
  expect_refused(EditContact{.contact = {2}, .name = ""}, ErrorCode::invalid,
                 "contact name is empty");
}

TEST_F(Contacts, WithoutAChannelAreRefused) {
  const std::string needs_one = "a contact needs an email address, a mobile number or a webhook";
  expect_refused(CreateContact{"alice", {}}, ErrorCode::invalid, needs_one);
  expect_refused(CreateContact{"alice", {mail("")}}, ErrorCode::invalid, needs_one);
  const auto bob = world.contact("bob", "bob@example.org");
  expect_refused(EditContact{.contact = bob, .channels = {mail("")}}, ErrorCode::invalid,
                 needs_one);
}

TEST_F(Contacts, WithTwoAddressesForOneChannelAreRefused) {
  const std::string twice = "a contact has one address for each channel, and email is named twice";
  expect_refused(CreateContact{"alice", {mail("a@example.org"), mail("b@example.org")}},
                 ErrorCode::invalid, twice);
  const auto bob = world.contact("bob", "bob@example.org");
  expect_refused(
      EditContact{.contact = bob, .channels = {mail("a@example.org"), mail("b@example.org")}},
      ErrorCode::invalid, twice);
}

TEST_F(Contacts, WithAnAddressThatCannotBeOneAreRefused) {
  for (const auto& wrong :
       {std::string("alice"), std::string(255, 'a') + "@example.org",
        std::string("a@example.org\r\nBcc: b@example.org"), std::string("\xff@example.org")}) {
    expect_refused(CreateContact{"alice", {mail(wrong)}}, ErrorCode::invalid,
                   check_mail_address(wrong).error().message);
  }
  const auto bob = world.contact("bob", "bob@example.org");
  expect_refused(EditContact{.contact = bob, .channels = {phone("0170 12345")}}, ErrorCode::invalid,
                 check_mobile_number("0170 12345").error().message);
}

TEST_F(Contacts, ByAChannelThatIsNotConfiguredAreRefused) {
  auto settings = world.settings();
  settings.mobile.is_configured = false;
  world.reconfigure(settings);
  expect_refused(CreateContact{"alice", {phone("+4917012345678")}}, ErrorCode::refused,
                 "no code can be sent to +4917012345678: mobile is not configured (set [sms] url)");
  settings.email.is_configured = false;
  world.reconfigure(settings);
  expect_refused(
      CreateContact{"alice", {mail("alice@example.org")}}, ErrorCode::refused,
      "no code can be sent to alice@example.org: email is not configured (set [smtp] url)");
}

TEST_F(Contacts, ThatDoNotExistAreRefused) {
  const std::string none = "there is no contact 7";
  expect_refused(EditContact{.contact = {7}}, ErrorCode::not_found, none);
  expect_refused(DeleteContact{{7}}, ErrorCode::not_found, none);
  expect_refused(SendCodes{{7}, {}}, ErrorCode::not_found, none);
  expect_refused(ConfirmCode{{7}, {}}, ErrorCode::not_found, none);
  expect_refused(TestContact{{7}}, ErrorCode::not_found, none);
}

TEST_F(Contacts, AreAtMostTenThousand) {
  WriteSet rows;
  for (std::uint64_t i = 1; i <= kContactsMax; ++i) {
    rows.emplace_back(Put{Contact{.id = {i}, .name = "contact" + std::to_string(i)}});
  }
  world.seed(rows);
  expect_refused(CreateContact{"one more", {mail("a@example.org")}}, ErrorCode::full,
                 "there are already 10000 contacts");
}

TEST_F(Contacts, WithOneAddressAreAtMostSixty) {
  for (std::uint64_t i = 1; i <= kContactsPerAddressMax; ++i) {
    world.contact("contact" + std::to_string(i), "team@example.org");
  }
  const auto bob = world.contact("bob", "bob@example.org");
  const std::string full =
      "team@example.org is already the address of 60 contacts; a group can "
      "stand for them";
  expect_refused(CreateContact{"one more", {mail("team@example.org")}}, ErrorCode::full, full);
  expect_refused(EditContact{.contact = bob, .channels = {mail("team@example.org")}},
                 ErrorCode::full, full);
}

// ---- changing them (R5.3)

TEST_F(Contacts, ThatAreChangedToWhatTheyAreSayNothingToChange) {
  const auto alice = world.contact("alice", "alice@example.org");
  EXPECT_EQ(remark(EditContact{.contact = alice}), "nothing to change");
  EXPECT_EQ(remark(EditContact{
                .contact = alice, .name = "alice", .channels = {mail("alice@example.org")}}),
            "nothing to change");
}

TEST_F(Contacts, CanHaveAnotherName) {
  const auto alice = world.contact("alice", "alice@example.org");
  EXPECT_EQ(remark(EditContact{.contact = alice, .name = "alicia"}), "");
  EXPECT_EQ(row(alice).name, "alicia");
  EXPECT_FALSE(world.state().contact_by_name.contains("alice"));
}

TEST_F(Contacts, KeepTheOldAddressInUseUntilTheNewOneIsVerified) {
  const auto alice = world.contact("alice", "alice@example.org");
  tell({.contacts = {alice}});
  EXPECT_EQ(remark(EditContact{.contact = alice, .channels = {mail("new@example.org")}}),
            "a code was sent to new@example.org");
  EXPECT_EQ(row(alice).channels,
            (std::vector{ContactChannel{Channel::email, "new@example.org", "alice@example.org"}}));
  EXPECT_EQ(world.take_mail_lines(), Lines{"new: code"});
  EXPECT_EQ(told_of_a_failure(), Lines{"alice"});

  prove(kNew);
  EXPECT_EQ(told_of_a_failure(), Lines{"new"});
}

TEST_F(Contacts, WhoseAddressIsChangedTwiceKeepTheVerifiedOne) {
  const auto alice = world.contact("alice", "alice@example.org");
  EXPECT_EQ(remark(EditContact{.contact = alice, .channels = {mail("typo@example.org")}}),
            "a code was sent to typo@example.org");
  EXPECT_EQ(remark(EditContact{.contact = alice, .channels = {mail("new@example.org")}}),
            "a code was sent to new@example.org");
  EXPECT_EQ(row(alice).channels,
            (std::vector{ContactChannel{Channel::email, "new@example.org", "alice@example.org"}}));
  EXPECT_EQ(world.take_mail_lines(), (Lines{"typo: code", "new: code"}));
}

TEST_F(Contacts, CanGoBackToTheAddressThatIsInUse) {
  const auto alice = world.contact("alice", "alice@example.org");
  EXPECT_EQ(remark(EditContact{.contact = alice, .channels = {mail("new@example.org")}}),
            "a code was sent to new@example.org");
  EXPECT_EQ(remark(EditContact{.contact = alice, .channels = {mail("alice@example.org")}}), "");
  EXPECT_EQ(row(alice).channels,
            (std::vector{ContactChannel{Channel::email, "alice@example.org", ""}}));
  EXPECT_EQ(world.take_mail_lines(), Lines{"new: code"});
}

TEST_F(Contacts, ChangedToAnAddressThatIsVerifiedUseItAtOnce) {
  const auto alice = world.contact("alice", "alice@example.org");
  world.contact("bob", "bob@example.org");
  EXPECT_EQ(remark(EditContact{.contact = alice, .channels = {mail("bob@example.org")}}), "");
  EXPECT_EQ(row(alice).channels,
            (std::vector{ContactChannel{Channel::email, "bob@example.org", ""}}));
}

TEST_F(Contacts, ThatAreInUseCannotBeLeftWithoutAVerifiedAddress) {
  EXPECT_EQ(remark(CreateContact{"alice", {mail("alice@example.org"), phone("+4917012345678")}}),
            "a code was sent to alice@example.org, a code was sent to +4917012345678");
  EXPECT_EQ(world.take_mail_lines().size(), 2U);
  const auto alice = world.state().contact_by_name.at("alice");
  prove(kOld);
  world.group("dbas", {alice});
  tell({.contacts = {alice}});

  expect_refused(EditContact{.contact = alice, .channels = {mail("")}}, ErrorCode::refused,
                 "contact \"alice\" would have no verified address, and is used by group \"dbas\", "
                 "the policy of vault \"prod\"");
  EXPECT_EQ(remark(EditContact{.contact = alice, .channels = {phone("")}}), "");
}

TEST_F(Contacts, InUseAreNotGivenMoreAddressesThanAnAlertCanTell) {
  std::vector<ContactId> many;
  for (std::size_t i = 1; i <= kRecipientsMax; ++i) {
    const auto name = "contact" + std::to_string(i);
    many.push_back(world.contact(name, name + "@example.org"));
  }
  world.group("everybody", many);
  tell({.groups = {world.group("everybody", {})}});

  expect_refused(EditContact{.contact = many.front(), .channels = {phone("+4917012345678")}},
                 ErrorCode::refused,
                 "the policy of vault \"prod\" would tell 61 addresses at once, at most 60 are "
                 "possible; a list address can stand for more people");
  EXPECT_EQ(told_of_a_failure().size(), kRecipientsMax);
}

// ---- one address of two contacts

TEST_F(Contacts, ThatShareAnAddressGetOneMessageThere) {
  const auto alice = world.contact("alice", "team@example.org");
  const auto bob = world.contact("bob", "team@example.org");
  tell({.contacts = {alice, bob}});
  EXPECT_EQ(told_of_a_failure(), Lines{"team"});
}

TEST_F(Contacts, ThatShareAnAddressAreReachedWhenOneOfThemProvesIt) {
  const auto alice = stranger("alice", "team@example.org");
  EXPECT_EQ(remark(CreateContact{"bob", {mail("team@example.org")}}),
            "a code was sent to team@example.org only just now; the next can be sent in 1 min");
  prove({Channel::email, "team@example.org"});
  tell({.contacts = {alice, world.state().contact_by_name.at("bob")}});
  EXPECT_EQ(told_of_a_failure(), Lines{"team"});
}

TEST_F(Contacts, ThatShareAnAddressCanBeDeletedOneByOne) {
  const auto alice = world.contact("alice", "team@example.org");
  const auto bob = world.contact("bob", "team@example.org");
  tell({.contacts = {bob}});
  EXPECT_EQ(remark(DeleteContact{alice}), "");
  EXPECT_EQ(told_of_a_failure(), Lines{"team"});
}

// ---- taking them away (R5.4)

TEST_F(Contacts, ThatAreUsedCannotBeDeletedAndEveryPlaceIsNamed) {
  const auto alice = world.contact("alice", "alice@example.org");
  const auto bob = world.contact("bob", "bob@example.org");
  world.group("dbas", {alice, bob});
  world.group("night", {alice});
  tell({.contacts = {alice}});
  auto& web1 = world.host("web1");
  const Policy escalating{.escalate_after = 1h, .escalation = {.contacts = {alice}}};
  EXPECT_EQ(remark(SetPolicy{.holder = {.client = web1.client}, .policy = escalating}), "");

  expect_refused(DeleteContact{alice}, ErrorCode::refused,
                 "contact \"alice\" is used by group \"dbas\", group \"night\", the policy of "
                 "client \"web1\", the policy of vault \"prod\"; take it out there first");
  expect_refused(DeleteContact{bob}, ErrorCode::refused,
                 "contact \"bob\" is used by group \"dbas\"; take it out there first");
}

TEST_F(Contacts, CanBeDeletedOnceNothingNamesThem) {
  const auto alice = world.contact("alice", "alice@example.org");
  const auto dbas = world.group("dbas", {alice});
  tell({.groups = {dbas}});
  EXPECT_EQ(remark(SetPolicy{.holder = {.vault = prod}, .policy = {PolicyMode::off}}), "");
  EXPECT_EQ(remark(EditGroup{.group = dbas, .remove = {alice}}), "");
  EXPECT_EQ(remark(DeleteContact{alice}), "");
  EXPECT_FALSE(world.rows().get<Contact>(alice).has_value());
}

TEST_F(Contacts, WhoAreDeletedStillHearOfTheRecoveryOfWhatTheyWereToldOf) {
  const auto alice = world.contact("alice", "alice@example.org");
  tell({.contacts = {alice}});
  world.report(world.host("web1"), a_report("db").failed());
  world.pass(1h);
  EXPECT_EQ(world.take_mail_lines(), Lines{"alice: critical: backup of db on web1 failed"});
  EXPECT_EQ(remark(SetPolicy{.holder = {.vault = prod}, .policy = {PolicyMode::off}}), "");
  EXPECT_EQ(remark(DeleteContact{alice}), "");

  world.report(world.host("web1"), a_report("db").succeeded());
  EXPECT_EQ(world.take_mail_lines(), Lines{"alice: recovered: backup of db on web1"});
}

TEST_F(Contacts, OfAClientThatIsRetiredAreNotUsedByIt) {
  const auto alice = world.contact("alice", "alice@example.org");
  auto& web1 = world.host("web1");
  const Policy custom{.mode = PolicyMode::custom, .audience = {.contacts = {alice}}};
  EXPECT_EQ(remark(SetPolicy{.holder = {.client = web1.client}, .policy = custom}), "");
  EXPECT_EQ(remark(RetireClient{web1.client}), "its alerts end, its history stays");
  expect_refused(SetPolicy{.holder = {.client = web1.client}, .policy = custom}, ErrorCode::refused,
                 "client \"web1\" is retired: it has no alerts to tell");
  EXPECT_EQ(remark(DeleteContact{alice}), "");
}

// ---- a test message

TEST_F(Contacts, GetATestMessageAtEveryAddressThatIsInUse) {
  const auto alice = world.contact("alice", "alice@example.org", "+4917012345678");
  EXPECT_EQ(remark(TestContact{alice}), "a test message goes to alice@example.org, +4917012345678");
  EXPECT_EQ(world.take_mail_lines(), (Lines{"alice: test", "alice.sms: test"}));
}

TEST_F(Contacts, WithoutAVerifiedAddressGetNoTestMessage) {
  const auto alice = stranger("alice", "alice@example.org");
  expect_refused(TestContact{alice}, ErrorCode::refused,
                 "contact \"alice\" has no verified address; until then it gets codes alone");
}

// ---- groups (R5.5)

using Groups = Contacts;

TEST_F(Groups, HaveAUniqueNameAndEachMemberOnce) {
  const auto alice = world.contact("alice", "alice@example.org");
  const auto bob = world.contact("bob", "bob@example.org");
  EXPECT_EQ(remark(CreateGroup{"dbas", {bob, alice, bob}}), "");
  const Group expected{.id = {1},
                       .name = "dbas",
                       .members = {alice, bob},
                       .created_at = world.now(),
                       .revision = world.state().counters.audit};
  EXPECT_EQ(world.rows().get<Group>({1}), expected);
}

TEST_F(Groups, WithANameThatIsTakenOrIsNoneAreRefused) {
  world.group("dbas", {});
  const auto night = world.group("night", {});
  expect_refused(CreateGroup{"dbas", {}}, ErrorCode::refused, "there is already a group \"dbas\"");
  expect_refused(EditGroup{.group = night, .name = "dbas"}, ErrorCode::refused,
                 "there is already a group \"dbas\"");
  expect_refused(CreateGroup{"", {}}, ErrorCode::invalid, "group name is empty");
  expect_refused(EditGroup{.group = night, .name = ""}, ErrorCode::invalid, "group name is empty");
}

TEST_F(Groups, ThatDoNotExistOrNameWhoDoesNotAreRefused) {
  expect_refused(EditGroup{.group = {7}}, ErrorCode::not_found, "there is no group 7");
  expect_refused(DeleteGroup{{7}}, ErrorCode::not_found, "there is no group 7");
  expect_refused(CreateGroup{"dbas", {{7}}}, ErrorCode::not_found, "there is no contact 7");
}

TEST_F(Groups, TakeInOnlyWhoProvedAnAddress) {
  const auto carol = stranger("carol", "carol@example.org");
  const std::string unproved =
      "contact \"carol\" has no verified address yet; only then it can be in a group (vaultbell "
      "contact confirm NAME CODE)";
  expect_refused(CreateGroup{"dbas", {carol}}, ErrorCode::refused, unproved);
  const auto dbas = world.group("dbas", {});
  expect_refused(EditGroup{.group = dbas, .add = {carol}}, ErrorCode::refused, unproved);
}

TEST_F(Groups, AreChangedAndSayWhereNothingIs) {
  const auto alice = world.contact("alice", "alice@example.org");
  const auto bob = world.contact("bob", "bob@example.org");
  const auto dbas = world.group("dbas", {alice});
  EXPECT_EQ(remark(EditGroup{.group = dbas, .name = "dbas", .add = {alice}, .remove = {bob}}),
            "nothing to change");
  EXPECT_EQ(remark(EditGroup{.group = dbas, .name = "admins", .add = {bob}, .remove = {alice}}),
            "");
  EXPECT_EQ(world.rows().get<Group>(dbas)->members, std::vector{bob});
  EXPECT_EQ(world.rows().get<Group>(dbas)->name, "admins");
}

TEST_F(Groups, InUseCannotLoseTheirLastMember) {
  const auto alice = world.contact("alice", "alice@example.org");
  const auto bob = world.contact("bob", "bob@example.org");
  const auto dbas = world.group("dbas", {alice, bob});
  auto& web1 = world.host("web1");
  tell({.groups = {dbas}});
  EXPECT_EQ(remark(SetPolicy{.holder = {.client = web1.client},
                             .policy = {.escalate_after = 1h, .escalation = {.groups = {dbas}}}}),
            "");

  EXPECT_EQ(remark(EditGroup{.group = dbas, .remove = {bob}}), "");
  expect_refused(EditGroup{.group = dbas, .remove = {alice}}, ErrorCode::refused,
                 "group \"dbas\" would be empty, and is used by the policy of client \"web1\", the "
                 "policy of vault \"prod\"");
}

TEST_F(Groups, ThatAreUsedCannotBeDeletedAndEveryPlaceIsNamed) {
  const auto dbas = world.group("dbas", {world.contact("alice", "alice@example.org")});
  tell({.groups = {dbas}});
  expect_refused(DeleteGroup{dbas}, ErrorCode::refused,
                 "group \"dbas\" is used by the policy of vault \"prod\"; set that to another one "
                 "first");
  EXPECT_EQ(remark(SetPolicy{.holder = {.vault = prod}, .policy = {PolicyMode::off}}), "");
  EXPECT_EQ(remark(DeleteGroup{dbas}), "");
  EXPECT_FALSE(world.rows().get<Group>(dbas).has_value());
}

TEST_F(Groups, InUseDoNotGrowBeyondWhatAnAlertCanTell) {
  std::vector<ContactId> many;
  for (std::size_t i = 1; i <= kRecipientsMax; ++i) {
    const auto name = "contact" + std::to_string(i);
    many.push_back(world.contact(name, name + "@example.org"));
  }
  const auto everybody = world.group("everybody", many);
  tell({.groups = {everybody}});
  const auto one_more = world.contact("one more", "more@example.org");
  expect_refused(EditGroup{.group = everybody, .add = {one_more}}, ErrorCode::refused,
                 "the policy of vault \"prod\" would tell 61 addresses at once, at most 60 are "
                 "possible; a list address can stand for more people");
}

TEST_F(Groups, HaveAtMostFiveHundredMembersAndAreAtMostAThousand) {
  WriteSet rows{Put{Address{.address = "team@example.org", .verified_at = world.now()}}};
  std::vector<ContactId> members;
  for (std::uint64_t i = 1; i <= kGroupMembersMax + 1; ++i) {
    rows.emplace_back(Put{Contact{.id = {i},
                                  .name = "contact" + std::to_string(i),
                                  .channels = {{Channel::email, "team@example.org", ""}}}});
    members.push_back({i});
  }
  for (std::uint64_t i = 1; i <= kGroupsMax; ++i) {
    rows.emplace_back(Put{Group{.id = {i}, .name = "group" + std::to_string(i)}});
  }
  world.seed(rows);
  expect_refused(CreateGroup{"one more", {}}, ErrorCode::full, "there are already 1000 groups");
  expect_refused(EditGroup{.group = {1}, .add = members}, ErrorCode::full,
                 "a group has at most 500 members");
  members.pop_back();
  EXPECT_EQ(remark(EditGroup{.group = {1}, .add = members}), "");
}

}  // namespace
}  // namespace vaultbell::core
