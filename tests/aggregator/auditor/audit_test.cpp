// The audit: a healthy store gives no finding, and each kind of gap is found. (Every test that has
// its World on a store is audited as well, every minute of it.)
#include "aggregator/auditor/audit.hpp"

#include "aggregator/storage/store.hpp"
#include "tests/support/in_world.hpp"

namespace vaultbell::auditor {
namespace {

using core::Erase;
using core::Put;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using support::a_report;
using support::at;
using support::Lines;

constexpr std::size_t kAuditMapBytes = 64UL << 20;

const std::string kFailed = "ops: critical: backup of db on web1 failed";
const std::string kNoReason = ", and there is neither a notification nor a reason why not";

class Audits : public support::InWorld {
 protected:
  support::Host& web1 = world.host("web1");
  const VaultId prod = world.vault("prod");

  void fail() { world.report(web1, a_report("db").failed()); }
  void succeed() { world.report(web1, a_report("db").succeeded()); }
  void set_vault(const core::Policy& policy) {
    EXPECT_EQ(remark(core::SetPolicy{.holder = {.vault = prod}, .policy = policy}), "");
  }
  void fail_and_tell() {
    fail();
    world.pass(1h);
    EXPECT_EQ(world.take_mail_lines(), Lines{kFailed});
  }
  // That nobody was told of it, and nothing was decided.
  core::Alert forgotten(core::Alert alert) {
    alert.decision.reset();
    alert.told.clear();
    return alert;
  }
  core::Alert alert() { return *world.last_alert(core::AlertKind::backup_failed); }
  core::Notification notification(std::uint64_t id) {
    return *world.rows().get<core::Notification>({id});
  }

  // What an audit finds now in the rows of the world, with these changes.
  Findings findings(const core::WriteSet& changes = {}) {
    const support::TemporaryFolder folder;
    const auto store = *storage::Store::open(folder.path(), kAuditMapBytes);
    EXPECT_TRUE(store->commit(world.rows().everything()).has_value());
    EXPECT_TRUE(store->commit(changes).has_value());
    const Circumstances circumstances{.settings = world.settings(),
                                      .now = world.now(),
                                      .listening_since = world.state().listening_since};
    const auto found = audit(store->environment(), circumstances, {});
    EXPECT_TRUE(found.has_value()) << found.error().message;
    return found.value_or(Findings{});
  }
  Lines gaps(const core::WriteSet& changes = {}) {
    Lines lines;
    for (const auto& gap : findings(changes).gaps) lines.push_back(gap.about + ": " + gap.sentence);
    return lines;
  }
  void expect_no_gap_until(Instant end) {
    while (world.now() < end) {
      ASSERT_EQ(gaps(), Lines{}) << to_iso(world.now());
      world.pass(std::min<Duration>(7min, end - world.now()));
    }
  }
};

// ---- nothing is missing

TEST_F(Audits, FindNothingFromAFailureToItsRecovery) {
  expect_no_gap_until(at("03-01 02:30"));
  fail();
  expect_no_gap_until(at("03-01 04:00"));
  succeed();
  expect_no_gap_until(at("03-01 04:30"));
  world.take_mail_lines();
  EXPECT_EQ(findings().alerts, 1U);
}

TEST_F(Audits, FindNothingWhereAMaintenanceOrQuietHoursHoldItBack) {
  EXPECT_EQ(remark(core::StartMaintenance{.until = at("03-01 05:00"), .why = "works"}), "");
  set_vault({.quiet = core::QuietHours{{5h, 7h}, "UTC", false}});
  fail();
  expect_no_gap_until(at("03-01 07:30"));
  EXPECT_EQ(world.take_mail_lines(), Lines{kFailed});
}

TEST_F(Audits, FindNothingWhereAReasonIsRecorded) {
  set_vault({.mode = core::PolicyMode::off});
  fail();
  expect_no_gap_until(at("03-01 04:00"));
  set_vault({.least_severity = core::Severity::critical});
  world.report(web1, a_report("files").warned());
  expect_no_gap_until(at("03-01 06:00"));
}

TEST_F(Audits, FindNothingInADigestBeforeAndAfterItWasSent) {
  set_vault({.frequency = core::Frequency::hourly});
  world.pass(10min);
  fail();
  expect_no_gap_until(at("03-01 05:00"));
  EXPECT_EQ(world.take_mail_lines().size(), 1U);
}

TEST_F(Audits, FindNothingWhereTheMailServerIsAwayForHours) {
  fail();
  world.receivers.always(support::try_later());
  expect_no_gap_until(at("03-01 09:00"));
  world.receivers.always({});
  world.pass(1h);
  world.take_mail_lines();
}

TEST_F(Audits, FindNothingWhereTheAggregatorHasOnlyJustComeBack) {
  fail();
  world.stop();
  world.pass(5h);
  world.start();
  expect_no_gap_until(at("03-01 08:00"));
  EXPECT_EQ(world.take_mail_lines(), Lines{kFailed});
}

// ---- alerts that are not told

TEST_F(Audits, FindAnAlertWhoseTimeWasForgotten) {
  fail_and_tell();
  const core::WriteSet lost = {Put{forgotten(alert())}};
  EXPECT_EQ(gaps(lost), Lines{});  // somebody may be at it
  world.pass(6min);
  EXPECT_EQ(gaps(lost), Lines{"alert 1: it was due at 2026-03-01T03:00:00Z" + kNoReason});
}

TEST_F(Audits, KnowTheHoldOfTheNearestLevel) {
  fail_and_tell();
  const core::WriteSet lost = {Put{forgotten(alert())}};
  const auto hold = [&](Duration vault, std::optional<Duration> client) {
    const core::Policy vaults{.notify_after_by_kind = {{core::AlertKind::backup_failed, vault}}};
    core::Policy own{.mode = core::PolicyMode::same_as_vault};
    if (client) own = {.notify_after = client};
    EXPECT_TRUE(world.order(core::SetPolicy{.holder = {.vault = prod}, .policy = vaults}));
    EXPECT_TRUE(world.order(core::SetPolicy{.holder = {.client = web1.client}, .policy = own}));
  };
  hold(3h, {});
  world.pass(1h);
  EXPECT_EQ(gaps(lost), Lines{});
  hold(3h, 90min);
  EXPECT_EQ(gaps(lost), Lines{"alert 1: it was due at 2026-03-01T03:30:00Z" + kNoReason});
}

TEST_F(Audits, FindAnAlertThatNothingMayHoldBack) {
  world.report(web1, a_report("db").of(Operation::delete_backup).succeeded());
  const auto deleted = *world.last_alert(core::AlertKind::backup_data_deleted);
  EXPECT_EQ(remark(core::StartMaintenance{.until = at("03-01 09:00"), .why = "works"}), "");
  world.pass(30min);
  EXPECT_EQ(gaps({Put{forgotten(deleted)}}),
            Lines{"alert 1: it was due at 2026-03-01T02:00:00Z" + kNoReason});
  world.take_mail_lines();
}

TEST_F(Audits, FindAnAlertThatAMaintenanceOrQuietHoursHoldBackNoLonger) {
  EXPECT_EQ(remark(core::StartMaintenance{.until = at("03-01 05:00"), .why = "works"}), "");
  fail();
  world.pass_until(at("03-01 05:10"));
  EXPECT_EQ(world.take_mail_lines(), Lines{kFailed});
  const core::WriteSet lost = {Put{forgotten(alert())}};
  EXPECT_EQ(gaps(lost), Lines{"alert 1: it was due at 2026-03-01T03:00:00Z" + kNoReason});
  set_vault({.quiet = core::QuietHours{{5h, 7h}, "UTC", false}});
  EXPECT_EQ(gaps(lost), Lines{});
  world.pass_until(at("03-01 07:06"));
  EXPECT_EQ(gaps(lost), Lines{"alert 1: it was due at 2026-03-01T03:00:00Z" + kNoReason});
}

TEST_F(Audits, FindAnAlertThatAnOutageOrItsClientHoldsBackNoLonger) {
  fail_and_tell();
  auto missed = forgotten(alert());
  missed.kind = core::AlertKind::backup_missed;
  auto client = world.client(web1);
  client.state = core::ClientState::disconnected;
  core::Outage outage{.vault = prod, .alert = {1}, .silent_from = at("03-01 02:00")};
  world.pass_until(at("03-01 09:00"));
  EXPECT_EQ(gaps({Put{missed}, Put{client}}), Lines{});
  EXPECT_EQ(gaps({Put{missed}, Put{outage}}), Lines{});
  outage.over_at = at("03-01 04:00");
  EXPECT_EQ(gaps({Put{missed}, Put{outage}}),
            Lines{"alert 1: it was due at 2026-03-01T05:00:00Z" + kNoReason});
  client.state = core::ClientState::online;
  client.returned_at = at("03-01 07:00");
  EXPECT_EQ(gaps({Put{missed}, Put{client}}),
            Lines{"alert 1: it was due at 2026-03-01T08:00:00Z" + kNoReason});
}

TEST_F(Audits, FindAnAlertThatWaitsForATimeThatNobodyWouldSet) {
  fail();
  auto waiting = alert();
  waiting.not_before = at("04-01 02:00");
  world.pass(30min);
  EXPECT_EQ(gaps({Put{waiting}}),
            Lines{"alert 1: it waits until 2026-04-01T02:00:00Z, longer than for any outage"});
}

TEST_F(Audits, FindAReasonThatCannotBe) {
  fail_and_tell();
  auto active = forgotten(alert());
  active.decision = core::NotifyDecision{core::NotifyReason::resolved_during_hold, world.now()};
  EXPECT_EQ(gaps({Put{active}}), Lines{"alert 1: it is active, but was told to nobody because of "
                                       "\"resolved_during_hold\""});
}

// ---- messages that are not there

TEST_F(Audits, FindANotificationThatIsGone) {
  fail_and_tell();
  EXPECT_EQ(gaps({Erase{NotificationId{1}}}),
            Lines{"alert 1: somebody was told of it by notification 1, which is not there"});
  auto untold = alert();
  untold.told.clear();
  EXPECT_EQ(gaps({Put{untold}, Erase{NotificationId{1}}}),
            Lines{"alert 1: somebody was to be told of it, and there is no notification"});
}

TEST_F(Audits, FindADigestThatIsGone) {
  set_vault({.frequency = core::Frequency::hourly});
  fail();
  world.pass(2h);
  EXPECT_EQ(world.take_mail_lines().size(), 1U);
  const auto digest = notification(1).digest;
  ASSERT_TRUE(digest.is_set());
  auto untold = alert();
  untold.told.clear();
  const Lines expected{"alert 1: somebody was told of it by notification " +
                       std::to_string(digest.value) + ", which is not there"};
  EXPECT_EQ(gaps({Erase{digest}}), expected);
  EXPECT_EQ(gaps({Put{untold}, Erase{digest}}), expected);
}

TEST_F(Audits, DoNotMissMessagesThatRetentionDropsOfWhatWasOver) {
  fail_and_tell();
  EXPECT_EQ(remark(core::InactivateAlert{{1}, ""}), "");
  const core::WriteSet dropped = {Erase{NotificationId{1}}};
  EXPECT_EQ(gaps(dropped).size(), 1U);
  world.pass(25h);
  EXPECT_EQ(gaps(dropped), Lines{});
  EXPECT_EQ(remark(core::ReactivateAlert{alert(), ""}), "");
  EXPECT_EQ(gaps(dropped), Lines{});
}

// ---- ends

TEST_F(Audits, FindAnEndOfWhichNothingIsSaid) {
  fail_and_tell();
  succeed();
  world.take_mail_lines();
  auto over = alert();
  over.decision.reset();
  EXPECT_EQ(gaps({Put{over}}),
            Lines{"alert 1: it is over, and nothing says whether anybody was told of it"});
  over = alert();
  over.inactivation.reset();
  EXPECT_EQ(gaps({Put{over}}), Lines{"alert 1: it is over, and nothing says why"});
}

TEST_F(Audits, FindAnEndThatIsNotTold) {
  fail_and_tell();
  succeed();
  world.take_mail_lines();
  auto over = alert();
  over.recovery_next = 0;
  EXPECT_EQ(gaps({Put{over}}), Lines{});
  world.pass(6min);
  EXPECT_EQ(gaps({Put{over}}),
            Lines{"alert 1: it is over since 2026-03-01T03:00:00Z, and not all who were told of it "
                  "heard that"});
}

// ---- messages that nobody sends

class Unsent : public Audits {
 protected:
  Unsent() {
    fail_and_tell();
    world.pass(1h);
    waiting = notification(1);
    waiting.state = core::NotificationState::pending;
    waiting.next_attempt_at = at("03-01 03:00");
    waiting.ended_at.reset();
  }
  static core::Notification other(std::uint64_t id, const std::string& address,
                                  core::NotificationState state) {
    core::Notification row{.id = {id}, .state = state};
    row.recipient.address = address;
    row.attempting_since = at("03-01 03:50");
    row.next_attempt_at = at("03-01 03:50");
    return row;
  }
  const Lines kForgotten = {
      "notification 1: it waits to be sent since 2026-03-01T03:00:00Z, and nothing holds it back"};
  core::Notification waiting;
};

TEST_F(Unsent, MessagesAreFound) {
  EXPECT_EQ(gaps({Put{waiting}}), kForgotten);
  waiting.next_attempt_at = world.now() - 14min;
  EXPECT_EQ(gaps({Put{waiting}}), Lines{});
}

TEST_F(Unsent, MessagesMayWaitForAnotherOrForTheirLineOrTheirChannel) {
  const auto sending = core::NotificationState::sending;
  EXPECT_EQ(gaps({Put{waiting}, Put{other(50, "ops@example.org", sending)}}), Lines{});
  core::WriteSet busy = {Put{waiting}};
  for (std::uint64_t id = 50; id < 65; ++id) {
    busy.emplace_back(Put{other(id, std::to_string(id) + "@example.org", sending)});
  }
  EXPECT_EQ(gaps(busy), kForgotten);
  busy.emplace_back(Put{other(65, "65@example.org", sending)});
  EXPECT_EQ(gaps(busy), Lines{});
  waiting.follows = {50};
  EXPECT_EQ(
      gaps({Put{waiting}, Put{other(50, "50@example.org", core::NotificationState::pending)}}),
      Lines{});
  EXPECT_EQ(
      gaps({Put{waiting}, Put{other(50, "50@example.org", core::NotificationState::delivered)}}),
      kForgotten);
}

TEST_F(Unsent, MessagesMayBeHeldBackByALimit) {
  core::Address address{.address = "ops@example.org"};
  address.sent.assign(60, world.now() - 30min);
  EXPECT_EQ(gaps({Put{waiting}, Put{address}}), Lines{});
  address.sent.assign(60, world.now() - 2h);
  EXPECT_EQ(gaps({Put{waiting}, Put{address}}), kForgotten);
  address.sent.assign(60, world.now() - 30min);
  waiting.event = core::NotificationEvent::test;
  EXPECT_EQ(gaps({Put{waiting}, Put{address}}), kForgotten);
}

TEST_F(Unsent, MessagesAreFoundWhereAnAttemptNeverEnds) {
  auto stuck = waiting;
  stuck.state = core::NotificationState::sending;
  stuck.attempting_since = at("03-01 03:00");
  EXPECT_EQ(gaps({Put{stuck}}), Lines{});
  world.pass(3h);
  EXPECT_EQ(gaps({Put{stuck}}),
            Lines{"notification 1: it is being sent since 2026-03-01T03:00:00Z, longer than any "
                  "attempt may take"});
}

// ---- the round itself

TEST_F(Audits, ConcludeNothingWhileTheClockIsBeingSetRight) {
  EXPECT_TRUE(findings().is_conclusive);
  EXPECT_FALSE(findings({Put{core::ClockShift{.number = 1}}}).is_conclusive);
}

TEST_F(Audits, LookAtEveryAlertOfALargeStoreAndCountWhatTheyDoNotKeep) {
  world.pass(3h);
  core::WriteSet many;
  for (std::uint64_t id = 1; id <= 2 * kRowsPerSlice + 7; ++id) {
    many.emplace_back(Put{core::Alert{.id = {1000 + id},
                                      .vault = prod,
                                      .job = {id},
                                      .first_at = at("03-01 02:00"),
                                      .hold_from = at("03-01 02:00")}});
  }
  const auto found = findings(many);
  EXPECT_EQ(found.alerts, 2 * kRowsPerSlice + 7);
  EXPECT_EQ(found.gap_count, 2 * kRowsPerSlice + 7);
  EXPECT_EQ(found.gaps.size(), kGapsMax);
}

TEST_F(Audits, StopWhenTheyAreAskedTo) {
  const support::TemporaryFolder folder;
  const auto store = *storage::Store::open(folder.path(), kAuditMapBytes);
  std::stop_source source;
  source.request_stop();
  EXPECT_FALSE(audit(store->environment(), {}, source.get_token())->is_conclusive);
}

}  // namespace
}  // namespace vaultbell::auditor
