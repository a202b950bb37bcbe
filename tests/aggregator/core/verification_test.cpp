// Codes: an address is verified by one that comes back (R5.2).
#include "aggregator/core/verification.hpp"

#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using support::Lines;

constexpr const char* kMail = "alice@example.org";
constexpr const char* kPhone = "+4917012345678";

// What is hashed here are numbers, not codes: the core never sees a code.
CodeHash hash(std::uint64_t number) {
  return support::token_hash(number);
}
NewCode code(std::uint64_t number) {
  return {support::uuid(number).bytes, hash(number)};
}
ChannelOrder mail(std::uint64_t number) {
  return {Channel::email, kMail, code(number)};
}
ChannelOrder phone(std::uint64_t number) {
  return {Channel::mobile, kPhone, code(number)};
}

class Codes : public support::InWorld {
 protected:
  ContactId alice_with_mail(std::uint64_t number) {
    EXPECT_EQ(remark(CreateContact{"alice", {mail(number)}}),
              "a code was sent to alice@example.org");
    EXPECT_EQ(world.take_mail_lines(), Lines{"alice: code"});
    return world.state().contact_by_name.at("alice");
  }
  std::string send_again(ContactId contact, std::uint64_t number) {
    const auto sent = world.order(SendCodes{contact, {mail(number)}});
    const auto mails = world.take_mail_lines();
    EXPECT_EQ(mails, sent ? Lines{"alice: code"} : Lines{});
    return sent ? sent->remark : sent.error().message;
  }
  // What somebody is told who types this code.
  std::string type(ContactId contact, std::uint64_t number) {
    const auto done = world.order(ConfirmCode{
        contact,
        {{{Channel::email, kMail}, hash(number)}, {{Channel::mobile, kPhone}, hash(number)}}});
    if (!done) return done.error().message;
    return done->refusal ? done->refusal->message : done->remark;
  }
  [[nodiscard]] Address address(Channel channel, const std::string& text) const {
    return *world.rows().get<Address>({channel, text});
  }
};

// R5.2
TEST_F(Codes, GoToTheAddressAndVerifyItWhenTheyComeBack) {
  const auto alice = alice_with_mail(1);
  const PendingCode expected{.nonce = support::uuid(1).bytes,
                             .hash = hash(1),
                             .expires_at = world.now() + 30min,
                             .tries_left = 5,
                             .notification = {1}};
  EXPECT_EQ(address(Channel::email, kMail).code, expected);
  EXPECT_FALSE(address(Channel::email, kMail).verified_at.has_value());

  EXPECT_EQ(type(alice, 1), "alice@example.org is verified");
  EXPECT_EQ(address(Channel::email, kMail).verified_at, world.now());
  EXPECT_EQ(address(Channel::email, kMail).code, std::nullopt);
}

TEST_F(Codes, AreKeptOverARestart) {
  const auto alice = alice_with_mail(1);
  world.stop();
  world.start();
  EXPECT_EQ(type(alice, 1), "alice@example.org is verified");
}

// R5.2
TEST_F(Codes, LiveThirtyMinutes) {
  const auto alice = alice_with_mail(1);
  world.pass(30min);
  EXPECT_EQ(type(alice, 1),
            "the code for alice@example.org expired at 2026-03-01T02:30:00Z; send another one: "
            "vaultbell contact verify NAME");
  EXPECT_EQ(send_again(alice, 2), "a code was sent to alice@example.org");
  world.pass(30min - 1s);
  EXPECT_EQ(type(alice, 2), "alice@example.org is verified");
}

// R5.2
TEST_F(Codes, ThatAreWrongCountAndTheLastOfFiveTriesEndsThem) {
  const auto alice = alice_with_mail(1);
  const std::string wrong = "the code for alice@example.org is another one; ";
  EXPECT_EQ(type(alice, 9), wrong + "4 tries are left");
  EXPECT_EQ(type(alice, 9), wrong + "3 tries are left");
  world.stop();
  world.start();
  EXPECT_EQ(type(alice, 9), wrong + "2 tries are left");
  EXPECT_EQ(type(alice, 9), wrong + "1 try is left");
  const std::string too_often =
      "the code for alice@example.org was typed wrongly too often; send another one: vaultbell "
      "contact verify NAME";
  EXPECT_EQ(type(alice, 9), too_often);
  EXPECT_EQ(type(alice, 1), too_often);
  EXPECT_FALSE(address(Channel::email, kMail).verified_at.has_value());
}

TEST_F(Codes, ThatAreRightAtTheLastTryDo) {
  const auto alice = alice_with_mail(1);
  for (int i = 0; i < 4; ++i) type(alice, 9);
  EXPECT_EQ(type(alice, 1), "alice@example.org is verified");
}

TEST_F(Codes, ThatWereReplacedAreWorthNothing) {
  const auto alice = alice_with_mail(1);
  world.pass(1min);
  EXPECT_EQ(send_again(alice, 2), "a code was sent to alice@example.org");
  EXPECT_EQ(type(alice, 1), "the code for alice@example.org is another one; 4 tries are left");
  EXPECT_EQ(type(alice, 2), "alice@example.org is verified");
}

TEST_F(Codes, ANewOneGivesFiveTriesAgain) {
  const auto alice = alice_with_mail(1);
  for (int i = 0; i < 5; ++i) type(alice, 9);
  world.pass(1min);
  EXPECT_EQ(send_again(alice, 2), "a code was sent to alice@example.org");
  EXPECT_EQ(type(alice, 9), "the code for alice@example.org is another one; 4 tries are left");
}

// R5.2
TEST_F(Codes, AreSentAgainOnceAMinute) {
  const auto alice = alice_with_mail(1);
  world.pass(59s);
  expect_refused(SendCodes{alice, {mail(2)}}, ErrorCode::full,
                 "a code was sent to alice@example.org only just now; the next can be sent in 1 s");
  world.pass(1s);
  EXPECT_EQ(send_again(alice, 2), "a code was sent to alice@example.org");
}

// R5.2
TEST_F(Codes, AreSentFiveTimesAnHour) {
  const auto alice = alice_with_mail(1);
  for (std::uint64_t i = 2; i <= 5; ++i) {
    world.pass(1min);
    EXPECT_EQ(send_again(alice, i), "a code was sent to alice@example.org");
  }
  world.pass(1min);
  expect_refused(
      SendCodes{alice, {mail(6)}}, ErrorCode::full,
      "a code was sent to alice@example.org only just now; the next can be sent in 55 min");
  world.pass(55min);
  EXPECT_EQ(send_again(alice, 6), "a code was sent to alice@example.org");
}

// The limit is the address's, so that nobody can be flooded by way of many contacts.
TEST_F(Codes, AreLimitedByTheAddressWhoeverAsks) {
  alice_with_mail(1);
  EXPECT_EQ(remark(CreateContact{"bob", {mail(2)}}),
            "a code was sent to alice@example.org only just now; the next can be sent in 1 min");
  EXPECT_EQ(type(world.state().contact_by_name.at("bob"), 1), "alice@example.org is verified");
}

TEST_F(Codes, AreEachForOneAddressAndOneThatIsTypedIsTriedForAll) {
  EXPECT_EQ(remark(CreateContact{"alice", {mail(1), phone(2)}}),
            "a code was sent to alice@example.org, a code was sent to +4917012345678");
  EXPECT_EQ(world.take_mail_lines(), (Lines{"alice: code", "alice.sms: code"}));
  const auto alice = world.state().contact_by_name.at("alice");

  EXPECT_EQ(type(alice, 9),
            "the code for alice@example.org is another one; 4 tries are left; the code for "
            "+4917012345678 is another one; 4 tries are left");
  EXPECT_EQ(type(alice, 2), "+4917012345678 is verified");
  EXPECT_FALSE(address(Channel::email, kMail).verified_at.has_value());
  EXPECT_EQ(type(alice, 1), "alice@example.org is verified");
}

TEST_F(Codes, ThatNobodyWaitsForAreRefused) {
  const auto alice = alice_with_mail(1);
  EXPECT_EQ(type(alice, 1), "alice@example.org is verified");
  expect_refused(ConfirmCode{alice, {{{Channel::email, kMail}, hash(1)}}}, ErrorCode::refused,
                 "no code for contact \"alice\" is waited for; send one: vaultbell contact verify "
                 "NAME");
}

TEST_F(Codes, AreNotSentToAnAddressThatIsVerified) {
  const auto alice = alice_with_mail(1);
  EXPECT_EQ(type(alice, 1), "alice@example.org is verified");
  EXPECT_EQ(remark(SendCodes{alice, {mail(2)}}), "every address is verified");
}

TEST_F(Codes, AreNotSentToAnAddressThatTheContactHasNoMore) {
  const auto alice = alice_with_mail(1);
  expect_refused(SendCodes{alice, {{Channel::email, "other@example.org", code(2)}}},
                 ErrorCode::refused, "contact \"alice\" was changed just now; look at it again");
  expect_refused(SendCodes{alice, {phone(2)}}, ErrorCode::refused,
                 "contact \"alice\" was changed just now; look at it again");
}

TEST_F(Codes, ThatWaitToBeSentAreCancelledByNewerOnes) {
  world.receivers.always(support::try_later());
  EXPECT_EQ(remark(CreateContact{"alice", {mail(1)}}), "a code was sent to alice@example.org");
  const auto alice = world.state().contact_by_name.at("alice");
  world.pass(2min);
  EXPECT_EQ(remark(SendCodes{alice, {mail(2)}}), "a code was sent to alice@example.org");
  EXPECT_EQ(world.rows().get<Notification>({1})->end_reason, EndReason::replaced_by_newer);
  world.receivers.always({});
  world.pass(10min);
  EXPECT_EQ(world.take_mail_lines(), Lines{"alice: code"});
}

TEST_F(Codes, ThatCannotBeDeliveredAreGivenUpWhenTheyExpireAndAreNobodysAlert) {
  world.receivers.always(kMail, support::try_later());
  EXPECT_EQ(remark(CreateContact{"alice", {mail(1)}}), "a code was sent to alice@example.org");
  world.pass(30min - 1s);
  EXPECT_EQ(world.rows().get<Notification>({1})->state, NotificationState::pending);
  world.receivers.always(kMail, {});  // too late: nobody gets a code that is worth nothing
  world.pass(1s);
  const auto sent = *world.rows().get<Notification>({1});
  EXPECT_EQ(sent.state, NotificationState::given_up);
  EXPECT_EQ(sent.end_reason, EndReason::tried_too_long);
  EXPECT_EQ(world.alerts(), Lines{});
  expect_refused(RetryDelivery{sent}, ErrorCode::refused,
                 "its code is worth nothing any more; send another one: vaultbell contact verify "
                 "NAME");
}

TEST_F(Codes, ThatVerifyAChangedAddressEndTheUseOfTheOneBefore) {
  const auto alice = alice_with_mail(1);
  EXPECT_EQ(type(alice, 1), "alice@example.org is verified");
  EXPECT_EQ(remark(EditContact{.contact = alice,
                               .channels = {{Channel::email, "new@example.org", code(2)}}}),
            "a code was sent to new@example.org");
  EXPECT_EQ(world.take_mail_lines(), Lines{"new: code"});
  const auto done =
      world.order(ConfirmCode{alice, {{{Channel::email, "new@example.org"}, hash(2)}}});
  EXPECT_EQ(done->remark, "new@example.org is verified");
  EXPECT_EQ(world.rows().get<Contact>(alice)->channels,
            (std::vector{ContactChannel{Channel::email, "new@example.org", ""}}));
}

TEST_F(Codes, OfAnAddressThatSixtyContactsChangedToVerifyItForAllAtOnce) {
  WriteSet rows;
  for (std::uint64_t i = 1; i <= 60; ++i) {
    rows.emplace_back(Put{Contact{
        .id = {i},
        .name = "contact" + std::to_string(i),
        .channels = {{Channel::email, kMail, "old" + std::to_string(i) + "@example.org"}}}});
  }
  rows.emplace_back(Put{Address{
      .address = kMail,
      .code = PendingCode{.hash = hash(1), .expires_at = world.now() + 30min, .tries_left = 5}}});
  world.seed(rows);
  EXPECT_EQ(type({1}, 1), "alice@example.org is verified");
  for (const auto& [id, contact] : world.rows().all<Contact>()) {
    EXPECT_EQ(contact.channels.front().address_before, "");
  }
}

// Both hosts of a mailbox that is typed wrongly five times by the one are not hindered by it.
TEST_F(Codes, AreNotSpentByThoseOfAnotherAddress) {
  const auto alice = alice_with_mail(1);
  EXPECT_EQ(remark(CreateContact{"bob", {phone(2)}}), "a code was sent to +4917012345678");
  EXPECT_EQ(world.take_mail_lines(), Lines{"bob.sms: code"});
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(
        world.order(ConfirmCode{alice, {{{Channel::email, kMail}, hash(9)}}})->refusal.has_value());
  }
  EXPECT_EQ(type(world.state().contact_by_name.at("bob"), 2), "+4917012345678 is verified");
}

}  // namespace
}  // namespace vaultbell::core
