// Retention: whatever is named as old enough, nothing is dropped that still matters (R3.9).
#include "aggregator/core/retention.hpp"

#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using support::a_report;
using support::Lines;

const std::string kDbFailed = "critical: backup of db on web1 failed";

class Retention : public support::InWorld {
 protected:
  support::Host& web1 = world.host("web1");
  const VaultId prod = world.vault("prod");

  template <class R>
  void add_keys(std::vector<ErasedKey>& keys) const {
    for (const auto& [key, row] : world.rows().all<R>()) keys.emplace_back(key);
  }
  // Names every row that can be history.
  void drop_everything() {
    std::vector<ErasedKey> keys;
    add_keys<core::Run>(keys);
    add_keys<Alert>(keys);
    add_keys<Attempt>(keys);
    add_keys<Notification>(keys);
    add_keys<Token>(keys);
    add_keys<Maintenance>(keys);
    add_keys<Address>(keys);
    add_keys<AuditEntry>(keys);
    add_keys<Job>(keys);
    add_keys<OpenRun>(keys);
    add_keys<SpoolMark>(keys);
    add_keys<Enrolment>(keys);
    add_keys<Contact>(keys);
    add_keys<Group>(keys);
    for (std::size_t i = 0; i < keys.size(); i += kExpiredMax) {
      const auto end = std::min(keys.size(), i + kExpiredMax);
      world.submit(DropExpired{{keys.begin() + static_cast<std::ptrdiff_t>(i),
                                keys.begin() + static_cast<std::ptrdiff_t>(end)}});
    }
  }
  template <class R>
  [[nodiscard]] std::size_t count() const {
    return world.rows().all<R>().size();
  }
  void fail() { world.report(web1, a_report("db").failed()); }
  void succeed() { world.report(web1, a_report("db").succeeded()); }
};

TEST_F(Retention, DropsWhatHasEnded) {
  fail();
  world.pass(1h);
  succeed();
  EXPECT_EQ(world.take_mail_lines(),
            (Lines{"ops: " + kDbFailed, "ops: recovered: backup of db on web1"}));
  world.pass(1h);  // the token that web1 came with expires
  drop_everything();
  EXPECT_EQ(count<core::Run>(), 0U);
  EXPECT_EQ(count<Alert>(), 0U);
  EXPECT_EQ(count<Notification>(), 0U);
  EXPECT_EQ(count<Attempt>(), 0U);
  EXPECT_EQ(count<Token>(), 0U);
  EXPECT_EQ(count<AuditEntry>(), 0U);
  EXPECT_EQ(count<Job>(), 1U);
  EXPECT_EQ(count<SpoolMark>(), 1U);
}

TEST_F(Retention, KeepsAnActiveAlertWithItsRunAndWhoeverWasTold) {
  fail();
  world.pass(1h);
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: " + kDbFailed});
  auto settings = world.settings();
  settings.owners = {"other@example.org"};
  world.reconfigure(settings);
  drop_everything();
  EXPECT_EQ(count<Alert>(), 1U);
  EXPECT_EQ(count<core::Run>(), 1U);
  EXPECT_EQ(count<Notification>(), 1U);
  EXPECT_EQ(count<Attempt>(), 1U);
  EXPECT_EQ(count<Address>(), 2U);  // of the owner now, and of the one who was told
  succeed();
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: recovered: backup of db on web1"});
}

TEST_F(Retention, KeepsWhatAMessageThatWaitsIsAbout) {
  fail();
  world.receivers.always(support::try_later());
  world.pass(1h);
  succeed();
  ASSERT_FALSE(world.state().notifications.empty());
  drop_everything();
  EXPECT_EQ(count<Alert>(), 1U);
  EXPECT_EQ(count<Attempt>(), 1U);
  world.receivers.always({});
  world.pass(1h);
  EXPECT_EQ(world.take_mail_lines(),
            (Lines{"ops: " + kDbFailed, "ops: recovered: backup of db on web1"}));
}

TEST_F(Retention, KeepsTheDigestInWhichSomebodyWasToldOfAnActiveAlert) {
  EXPECT_EQ(
      remark(SetPolicy{.holder = {.vault = prod}, .policy = {.frequency = Frequency::hourly}}), "");
  fail();
  world.pass(2h);
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: digest: " + kDbFailed});
  const auto told = world.last_alert(AlertKind::backup_failed)->told;
  ASSERT_EQ(told.size(), 1U);
  drop_everything();
  EXPECT_TRUE(world.rows().get<Notification>(told[0].notification).has_value());
}

TEST_F(Retention, KeepsARunWhoseEndIsStillToCome) {
  world.report(web1, a_report("db").run(7).started());
  drop_everything();
  EXPECT_EQ(count<core::Run>(), 1U);
  world.report(web1, a_report("db").run(7).succeeded());
  EXPECT_EQ(world.last_run().verdict, RunVerdict::ended_well);
}

TEST_F(Retention, KeepsATokenThatCanBeUsedOrThatAHostWaitsWith) {
  ASSERT_TRUE(world.order(CreateToken{.vault = prod,
                                      .hash = support::token_hash(90),
                                      .expires_at = world.now() + 2h,
                                      .needs_approval = true}));
  world.request_enrolment({.request = 90,
                           .token_hash = support::token_hash(90),
                           .public_key = support::public_key(90),
                           .name = "web2"});
  world.pass(90min);
  drop_everything();
  EXPECT_EQ(count<Token>(), 1U);  // not the one that web1 came with
  world.pass(1h);
  drop_everything();
  EXPECT_EQ(count<Token>(), 1U);
  const auto enrolment = world.state().enrolments.begin()->first;
  EXPECT_TRUE(world.order(ApproveEnrolment{enrolment}));
  drop_everything();
  EXPECT_EQ(count<Token>(), 0U);
}

TEST_F(Retention, KeepsAMaintenanceThatIsNotOver) {
  EXPECT_EQ(remark(StartMaintenance{.until = world.now() + 1h, .why = "works"}), "");
  drop_everything();
  EXPECT_EQ(count<Maintenance>(), 1U);
  world.pass(1h);
  drop_everything();
  EXPECT_EQ(count<Maintenance>(), 0U);
}

TEST_F(Retention, KeepsTheAddressesOfOwnersAndContacts) {
  world.contact("alice", "alice@example.org");
  drop_everything();
  EXPECT_EQ(count<Address>(), 2U);
  EXPECT_TRUE(world.order(DeleteContact{world.state().contact_by_name.at("alice")}));
  drop_everything();
  EXPECT_EQ(count<Address>(), 1U);
}

TEST_F(Retention, WritesNoMoreThanOneStepAtOnce) {
  DropExpired expired;
  for (std::uint64_t id = 1; id <= 3 * kRowsPerDecisionMax; ++id) {
    expired.keys.emplace_back(AuditId{id});
  }
  EXPECT_LE(world.submit(expired).changes.size(), kRowsPerDecisionMax);
}

}  // namespace
}  // namespace vaultbell::core
