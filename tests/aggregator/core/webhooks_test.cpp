// Webhooks: a channel of contacts whose addresses are secrets, and whose receivers may keep alerts
// of their own (R5.1, R5.2, R7.8).
#include "aggregator/core/alerts.hpp"
#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using support::a_report;
using support::Lines;

const std::string kSlack = "slack+https://hooks.slack.com/services/T0/B0/abcdefgh6Yx2";
const std::string kSlackShown = "slack+https://hooks.slack.com/…6Yx2";
const std::string kPager = "pagerduty+https://events.pagerduty.com/v2/enqueue#R0KEY";
const std::string kOwn = "https://example.org/hook";

class Webhooks : public support::InWorld {
 protected:
  static ChannelOrder hook(const std::string& address) { return {Channel::webhook, address, {}}; }
  [[nodiscard]] bool is_verified(const std::string& address) const {
    const auto row = world.rows().get<Address>({Channel::webhook, address});
    return row && row->verified_at;
  }
  // The policy of web1's vault tells these alone.
  void tell(const std::vector<ContactId>& contacts, bool tells_recovery = true) {
    const Policy policy{.mode = PolicyMode::custom,
                        .audience = {.contacts = contacts},
                        .tells_recovery = tells_recovery};
    EXPECT_EQ(remark(SetPolicy{.holder = {.vault = world.vault("prod")}, .policy = policy}), "");
  }
  void fail_backup() {
    world.report(web1, a_report("db").failed());
    world.pass(1h);
  }
  void end_by_hand() {
    const auto alert = *world.last_alert(AlertKind::backup_failed);
    EXPECT_EQ(remark(InactivateAlert{.alert = alert.id, .why = "known"}), "");
  }

  support::Host& web1 = world.host("web1");
};

// R5.1
TEST_F(Webhooks, AreAChannelOfAContact) {
  EXPECT_EQ(remark(CreateContact{"chat", {hook(kSlack)}}), "a code was sent to " + kSlackShown);
  EXPECT_EQ(world.take_mail_lines(), Lines{"chat.hook: code"});
  EXPECT_FALSE(is_verified(kSlack));
}

TEST_F(Webhooks, WithAnAddressThatIsNoneAreRefusedWithoutRepeatingIt) {
  expect_refused(
      CreateContact{"chat", {hook("https://me:s3cret@example.org/")}}, ErrorCode::invalid,
      "that is not the address of a webhook: it has a user or a password; a token stands "
      "behind # (example: \"slack+https://hooks.slack.com/services/T0/B0/secret\")");
}

// R5.2
TEST_F(Webhooks, ThatGiveTheirCodeBackAreVerified) {
  world.receivers.next(kOwn, {{.text = "200", .is_proven = true}});
  EXPECT_EQ(remark(CreateContact{"robot", {hook(kOwn)}}),
            "a code was sent to https://example.org/…");
  EXPECT_EQ(world.take_mail_lines(), Lines{"robot.hook: code"});
  EXPECT_TRUE(is_verified(kOwn));
}

// R5.2
TEST_F(Webhooks, ThatOnlyTakeTheirCodeAreNot) {
  EXPECT_EQ(remark(CreateContact{"robot", {hook(kOwn)}}),
            "a code was sent to https://example.org/…");
  EXPECT_EQ(world.take_mail_lines(), Lines{"robot.hook: code"});
  EXPECT_FALSE(is_verified(kOwn));
}

// R5.2
TEST_F(Webhooks, GiveBackTheNewestCodeOrNone) {
  world.receivers.are_answering = false;
  EXPECT_EQ(remark(CreateContact{"robot", {hook(kOwn)}}),
            "a code was sent to https://example.org/…");
  world.pass(std::chrono::minutes(2));
  const auto robot = world.state().contact_by_name.at("robot");
  EXPECT_EQ(remark(SendCodes{robot, {hook(kOwn)}}), "a code was sent to https://example.org/…");
  world.submit(DeliveryEnded{.notification = {1}, .attempt = 1, .is_proven = true});
  EXPECT_FALSE(is_verified(kOwn));
}

// R6.6
TEST_F(Webhooks, AreToldBesidesTheOtherChannels) {
  tell({world.contact("alice", "alice@example.org", "", kSlack)});
  fail_backup();
  const std::string line = "critical: backup of db on web1 failed";
  EXPECT_EQ(world.take_mail_lines(), (Lines{"alice: " + line, "alice.hook: " + line}));
}

// R7.4, R7.8
TEST_F(Webhooks, ThatFailAreToldOfByOtherChannelsAndNotByTheirAddress) {
  tell({world.contact("alice", "alice@example.org", "", kSlack)});
  world.receivers.always(kSlack, support::refusal("404 (the receiver refuses it)"));
  fail_backup();
  EXPECT_EQ(world.take_mail_lines(),
            (Lines{"alice: critical: backup of db on web1 failed",
                   "alice: critical: delivery to " + kSlackShown + " by webhook fails",
                   "ops: critical: delivery to " + kSlackShown + " by webhook fails"}));
  const auto alert = *world.last_alert(AlertKind::delivery_failing);
  EXPECT_EQ(alert.message.find(kSlack), std::string::npos) << alert.message;
  EXPECT_NE(alert.message.find(kSlackShown), std::string::npos) << alert.message;
}

// R4.4
TEST_F(Webhooks, ThatKeepAlertsHearOfEveryEnd) {
  tell({world.contact("chat", "", "", kSlack), world.contact("pager", "", "", kPager)});
  fail_backup();
  const std::string raised = "critical: backup of db on web1 failed";
  EXPECT_EQ(world.take_mail_lines(), (Lines{"pager.hook: " + raised, "chat.hook: " + raised}));
  end_by_hand();
  EXPECT_EQ(world.take_mail_lines(), Lines{"pager.hook: recovered: backup of db on web1"});
}

// R4.4, R6.4
TEST_F(Webhooks, ThatKeepAlertsHearOfRecoveriesThatNobodyElseIsTold) {
  tell({world.contact("chat", "", "", kSlack), world.contact("pager", "", "", kPager)}, false);
  fail_backup();
  EXPECT_EQ(world.take_mail_lines().size(), 2U);
  world.report(web1, a_report("db").succeeded());
  world.settle();
  EXPECT_EQ(world.take_mail_lines(), Lines{"pager.hook: recovered: backup of db on web1"});
}

// R4.4
TEST_F(Webhooks, ThatKeepNoneHearOfNoEndByHand) {
  tell({world.contact("chat", "", "", kSlack)});
  fail_backup();
  EXPECT_EQ(world.take_mail_lines().size(), 1U);
  end_by_hand();
  EXPECT_EQ(world.take_mail_lines(), Lines{});
}

}  // namespace
}  // namespace vaultbell::core
