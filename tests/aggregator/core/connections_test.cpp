// How clients come, go and fall silent: R2.3 to R2.8.
#include "aggregator/core/connections.hpp"

#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using support::a_report;
using support::effects_of;
using support::Lines;

class Connections : public support::InWorld {
 protected:
  support::Host& web1 = world.host("web1");

  [[nodiscard]] ClientState state() const { return world.client(web1).state; }
  HelloReceived hello() const { return support::hello_of(web1, world.now()); }
  [[nodiscard]] GoodbyeReceived goodbye(GoodbyeReason reason) const {
    return {web1.client, world.client(web1).public_key, reason};
  }
};

// ---- coming (R2.3, R2.4)

TEST_F(Connections, AnEnrolledHostIsInvitedUntilItSaysHello) {
  const auto& web2 = world.enrol("web2");
  EXPECT_EQ(world.client(web2).state, ClientState::invited);
  world.pass(59min);
  EXPECT_EQ(world.client(web2).state, ClientState::invited);
  EXPECT_EQ(world.alerts(), Lines{});

  world.host("web2");
  world.connect(world.host("web2"));
  EXPECT_EQ(world.client(web2).state, ClientState::online);
}

TEST_F(Connections, AHelloIsAnsweredWithNameVaultTimesAndWhatIsBooked) {
  world.report(web1, a_report("db").succeeded());

  const auto decision = world.submit(hello());

  const SendWelcome expected{.client = web1.client,
                             .name = "web1",
                             .vault = "prod",
                             .timing = {},
                             .acks = {{web1.spool, 1}}};
  EXPECT_EQ(effects_of<SendWelcome>(decision), std::vector{expected});
  EXPECT_EQ(effects_of<Watch>(decision), (std::vector{Watch{web1.client, 90s, true}}));
}

TEST_F(Connections, AHelloKeepsWhatTheHostSaysOfItself) {
  auto said = hello();
  said.host.os = "Debian 13";
  said.client_time = world.now() + 90s;

  world.submit(said);

  EXPECT_EQ(world.client(web1).host, said.host);
  EXPECT_EQ(world.client(web1).clock_skew, Duration(90s));
}

TEST_F(Connections, AHelloThatSaysNothingNewWritesNothing) {
  EXPECT_EQ(world.submit(hello()).changes, WriteSet{});
}

TEST_F(Connections, NobodyIsBookedWhoIsNotAClient) {
  const ClientId stranger{77};
  const auto& [none, no_effects] = Decision{};
  for (const Command& command :
       {Command(HelloReceived{.client = stranger}), Command(ClientSilent{.client = stranger}),
        Command(ClientHeard{stranger}), Command(GoodbyeReceived{.client = stranger}),
        Command(SpoolFullChanged{stranger, true}),
        Command(ReportReceived{.client = stranger,
        .spool = support::uuid(1),
        .sequence = 1,
        .report = a_report("db")})}) {
    const auto decision = world.submit(command);
    EXPECT_EQ(decision.changes, none);
    EXPECT_EQ(decision.effects, no_effects);
  }
}

// ---- silence (R2.5)

TEST_F(Connections, AClientIsDisconnectedAtMostASecondAfterItsSilenceExceedsTheLimit) {
  const auto last_beat = world.now();
  world.go_silent(web1);

  world.pass(90s);
  EXPECT_EQ(state(), ClientState::online);
  world.pass(1s);
  EXPECT_EQ(state(), ClientState::disconnected);
  EXPECT_EQ(world.client(web1).state_since, last_beat + 91s);
  EXPECT_EQ(world.alerts(), Lines{"client_disconnected web1"});
  EXPECT_EQ(world.last_alert(AlertKind::client_disconnected)->message,
            "no heartbeat since 2026-03-01T02:00:00Z");
}

TEST_F(Connections, HeartbeatsKeepAClientOnlineAndWriteNothing) {
  const auto commits_before = world.rows().all<Counters>();
  const auto client_before = world.client(web1);
  world.pass(24h);

  EXPECT_EQ(world.client(web1), client_before);
  EXPECT_EQ(world.rows().all<Counters>(), commits_before);
}

TEST_F(Connections, AClientThatIsHeardAgainIsOnlineAndItsAlertRecovers) {
  world.go_silent(web1);
  world.pass(2h);
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: web1 is disconnected"});

  world.beat_again(web1);
  world.pass(30s);

  EXPECT_EQ(state(), ClientState::online);
  EXPECT_EQ(world.alerts(), Lines{});
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: recovered: web1"});
  EXPECT_EQ(world.last_alert(AlertKind::client_disconnected)->inactivation->reason,
            InactiveReason::recovered_by_connection);
}

TEST_F(Connections, AClientThatWasHeardAgainIsWatchedAgain) {
  world.go_silent(web1);
  world.pass(5min);
  world.beat_again(web1);
  world.pass(5min);
  EXPECT_EQ(state(), ClientState::online);

  world.go_silent(web1);
  world.pass(92s);
  EXPECT_EQ(state(), ClientState::disconnected);
}

TEST_F(Connections, AClientThatComesBackOnANewConnectionRecoversToo) {
  world.go_silent(web1);
  world.pass(5min);
  world.connect(web1);

  EXPECT_EQ(state(), ClientState::online);
  EXPECT_EQ(world.alerts(), Lines{});
}

TEST_F(Connections, BeingToldTwiceThatAClientIsHeardWritesNothing) {
  EXPECT_EQ(world.submit(ClientHeard{web1.client}).changes, WriteSet{});
}

// The gateway may have begun to watch the client afresh (a slow commit held that effect back) after
// it reported the silence: what the core says last must count.
TEST_F(Connections, TheGatewayIsToldToReportTheReturnOfAClientThatIsDisconnected) {
  const auto found =
      world.submit(ClientSilent{.client = web1.client, .last_heard_at = world.now() - 91s});
  EXPECT_EQ(effects_of<Watch>(found), (std::vector{Watch{web1.client, std::nullopt, false}}));
  EXPECT_EQ(state(), ClientState::disconnected);

  world.pass(30s);

  EXPECT_EQ(state(), ClientState::online);
  EXPECT_EQ(world.alerts(), Lines{});
}

// ---- going (R2.7)

TEST_F(Connections, AGoodbyeMakesAClientOfflineWithItsReasonAndRaisesNothing) {
  world.say_goodbye(web1, GoodbyeReason::host_shutdown);
  world.pass(1h);

  EXPECT_EQ(state(), ClientState::offline);
  EXPECT_EQ(world.client(web1).goodbye, GoodbyeReason::host_shutdown);
  EXPECT_EQ(world.alerts(), Lines{});
}

TEST_F(Connections, AnOfflineClientThatDoesNotComeBackIsDisconnectedAfterItsGrace) {
  world.say_goodbye(web1);
  world.pass(1h + 1s);

  EXPECT_EQ(state(), ClientState::disconnected);
  EXPECT_EQ(world.last_alert(AlertKind::client_disconnected)->message,
            "went offline and did not come back; last heard at 2026-03-01T02:00:00Z");
}

TEST_F(Connections, AnOfflineClientThatComesBackInTimeIsOnlineAndForgetsItsGoodbye) {
  world.say_goodbye(web1);
  world.pass(59min);
  world.connect(web1);
  world.pass(2h);

  EXPECT_EQ(state(), ClientState::online);
  EXPECT_EQ(world.client(web1).goodbye, std::nullopt);
  EXPECT_EQ(world.alerts(), Lines{});
}

TEST_F(Connections, WhoSaysGoodbyeWasThere) {
  world.go_silent(web1);
  world.pass(5min);
  world.beat_again(web1);
  world.say_goodbye(web1);

  EXPECT_EQ(state(), ClientState::offline);
  EXPECT_EQ(world.alerts(), Lines{});
}

// R2.7
TEST_F(Connections, AClientThatItsHostUnenrolsIsRetiredAndPeopleAreTold) {
  world.report(web1, a_report("db").ended(Outcome::failed));
  const auto key = world.client(web1).public_key;

  const auto decision = world.submit(goodbye(GoodbyeReason::unenrolled));
  world.settle();

  EXPECT_EQ(state(), ClientState::retired);
  EXPECT_EQ(effects_of<Expel>(decision), (std::vector{Expel{web1.client, key}}));
  EXPECT_EQ(world.alerts(), Lines{"protection_stopped web1"});
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: warning: web1 was unenrolled"});
  // It is said again until the key is refused.
  EXPECT_EQ(world.submit(goodbye(GoodbyeReason::unenrolled)).changes, WriteSet{});
  // Its name is free, and its alert is an operator's to end.
  world.pass(25h);
  EXPECT_EQ(world.alerts(), Lines{"protection_stopped web1"});
  EXPECT_NE(world.enrol("web1").client, ClientId{1});
}

// R9.4
TEST_F(Connections, ThatAHostWasUnenrolledIsInTheAuditLog) {
  world.submit(goodbye(GoodbyeReason::unenrolled));
  const auto entry = world.rows().all<AuditEntry>().rbegin()->second;
  EXPECT_EQ(entry.actor, "agent of web1");
  EXPECT_EQ(entry.action, "unenrol");
  ASSERT_EQ(entry.changes.size(), 2U);
  EXPECT_EQ(entry.changes.at(0).after->alert->kind, AlertKind::protection_stopped);
  EXPECT_EQ(entry.changes.at(1).before->client->state, ClientState::online);
  EXPECT_EQ(entry.changes.at(1).after->client->state, ClientState::retired);
}

TEST_F(Connections, ADisconnectedClientCanBeUnenrolledToo) {
  world.go_silent(web1);
  world.pass(2min);
  world.submit(goodbye(GoodbyeReason::unenrolled));
  world.settle();
  EXPECT_EQ(world.alerts(), Lines{"protection_stopped web1"});
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: warning: web1 was unenrolled"});
}

// It was said by the old host, and waited while the new one was let in.
TEST_F(Connections, AGoodbyeWithAKeyThatTheClientHasNoMoreChangesNothing) {
  const auto unenrolled = goodbye(GoodbyeReason::unenrolled);
  const auto stopped = goodbye(GoodbyeReason::stopped);
  world.set_up_anew(web1);

  EXPECT_EQ(world.submit(unenrolled).changes, WriteSet{});
  EXPECT_EQ(world.submit(stopped).changes, WriteSet{});
  EXPECT_EQ(state(), ClientState::online);
}

TEST_F(Connections, ASecondGoodbyeChangesNothing) {
  world.say_goodbye(web1);
  world.pass(10min);

  EXPECT_EQ(world.submit(goodbye(GoodbyeReason::stopped)).changes, WriteSet{});
}

// A silence is measured with the limit that the gateway knew then. With a slow disk the goodbye may
// be decided after that.
TEST_F(Connections, ASilenceMeasuredBeforeTheGoodbyeIsNotHeldAgainstAnOfflineClient) {
  world.commits_take(2min);
  world.say_goodbye(web1);
  world.pass(30min);

  EXPECT_EQ(state(), ClientState::offline);
  EXPECT_EQ(world.alerts(), Lines{});

  world.commits_take(0s);
  world.pass(1h);
  EXPECT_EQ(state(), ClientState::disconnected);
}

TEST_F(Connections, ASilenceMeasuredWithAShorterLimitIsNotHeldAgainstAClient) {
  EXPECT_TRUE(world.order(EditClient{.client = web1.client, .timing = {.disconnect_after = 10min}})
                  .has_value());
  const auto decision =
      world.submit(ClientSilent{.client = web1.client, .last_heard_at = world.now() - 91s});

  EXPECT_EQ(decision.changes, WriteSet{});
  EXPECT_EQ(effects_of<Watch>(decision), (std::vector{Watch{web1.client, 10min, true}}));
}

// ---- gaps (R2.6)

TEST_F(Connections, ARestartGivesEveryClientAFullLimitAgain) {
  world.go_silent(web1);
  world.pass(80s);
  world.stop();
  world.pass(10s);
  world.start();

  world.pass(90s);
  EXPECT_EQ(state(), ClientState::online);
  world.pass(1s);
  EXPECT_EQ(state(), ClientState::disconnected);
}

TEST_F(Connections, ALongOutageOfTheAggregatorIsNobodysSilence) {
  world.stop();
  world.pass(3h);
  world.start();
  world.pass(3h);

  EXPECT_EQ(state(), ClientState::online);
  EXPECT_EQ(world.rows().all<Alert>().size(), 0U);
}

TEST_F(Connections, ASuspensionIsNobodysSilence) {
  world.go_silent(web1);
  world.pass(60s);
  world.suspend(3h);

  world.pass(90s);
  EXPECT_EQ(state(), ClientState::online);
  world.pass(2s);
  EXPECT_EQ(state(), ClientState::disconnected);
}

TEST_F(Connections, AStepOfTheWallClockIsNobodysSilence) {
  world.step_clock(5h);
  world.pass(10s);
  world.step_clock(-9h);
  world.pass(10min);

  EXPECT_EQ(state(), ClientState::online);
  EXPECT_EQ(world.alerts(), Lines{"self clock x2"});
  EXPECT_EQ(world.take_mail_lines().size(), 1U);
}

TEST_F(Connections, AnAlertThatWasHeldOverAnOutageIsNotToldBeforeTheClientCouldComeBack) {
  world.go_silent(web1);
  world.pass(10min);
  world.stop();
  world.beat_again(web1);
  world.pass(5h);
  world.start();
  world.pass(2h);

  EXPECT_EQ(world.take_mail_lines(), Lines{});
  EXPECT_EQ(world.last_alert(AlertKind::client_disconnected)->decision->reason,
            NotifyReason::resolved_during_hold);
}

TEST_F(Connections, AnAlertThatWasHeldOverAnOutageIsToldWhenTheClientStaysAway) {
  world.go_silent(web1);
  world.pass(10min);
  world.stop();
  world.pass(5h);
  world.start();

  world.pass(90s - 1s);
  EXPECT_EQ(world.take_mail_lines(), Lines{});
  world.pass(1s);
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: web1 is disconnected"});
}

TEST_F(Connections, AnAlertHeldOverAnOutageWaitsForTheClientEvenWhenTheHoldIsNowZero) {
  world.go_silent(web1);
  world.pass(10min);
  world.stop();
  auto settings = world.settings();
  settings.notify_after = 0s;
  world.beat_again(web1);
  world.pass(5min);
  world.start_with(settings);
  world.pass(10min);

  EXPECT_EQ(world.take_mail_lines(), Lines{});
  EXPECT_EQ(world.alerts(), Lines{});
}

TEST_F(Connections, AnAlertIsNotToldRightAfterASuspension) {
  world.go_silent(web1);
  world.pass(59min);
  world.beat_again(web1);
  world.suspend(1h);
  world.pass(5min);

  EXPECT_EQ(world.take_mail_lines(), Lines{});
  EXPECT_EQ(world.alerts(), Lines{});
}

// ---- times (R2.4)

TEST_F(Connections, TimesComeFromTheClientBeforeTheVaultBeforeTheAccount) {
  const ClientTiming account{.heartbeat_every = 30s, .disconnect_after = 90s, .offline_grace = 1h};
  const TimingOverrides vault{.disconnect_after = 5min, .offline_grace = 2h};
  const TimingOverrides client{.offline_grace = 3h};

  EXPECT_EQ(resolve(account, {}, {}), account);
  EXPECT_EQ(resolve(account, vault, client),
            (ClientTiming{.heartbeat_every = 30s, .disconnect_after = 5min, .offline_grace = 3h}));
}

TEST_F(Connections, AnInheritedLimitIsNeverShorterThanTwoHeartbeats) {
  const ClientTiming account{.heartbeat_every = 60s, .disconnect_after = 180s, .offline_grace = 1h};
  EXPECT_EQ(resolve(account, {}, {.disconnect_after = 61s}).disconnect_after, Duration(120s));
}

TEST_F(Connections, AClientIsNotLostWhenItsVaultAsksForFewerHeartbeatsThanItsOwnLimitAllows) {
  const auto edit = [&](auto what) { EXPECT_TRUE(world.order(what).has_value()); };
  edit(EditClient{.client = web1.client,
                  .timing = {.heartbeat_every = {}, .disconnect_after = 60s}});
  edit(EditVault{.vault = world.vault("prod"),
                 .timing = {.heartbeat_every = 100s, .disconnect_after = 300s}});
  world.pass(1h);

  EXPECT_EQ(state(), ClientState::online);
  EXPECT_EQ(world.rows().all<Alert>().size(), 0U);
}

TEST_F(Connections, AChangeReachesTheConnectedAgentsItConcernsAndTheirWatch) {
  world.order(CreateVault{.name = "test"});
  world.enrol("web2", "test");
  world.connect(world.host("web2"));
  world.enrol("web3");

  const auto decision = world.submit(
      Order{.request = 1,
            .actor = "alice",
            .what = EditVault{.vault = world.vault("prod"), .timing = {.heartbeat_every = 10s}}});

  const ClientTiming timing{.heartbeat_every = 10s};
  EXPECT_EQ(effects_of<SendTiming>(decision), (std::vector{SendTiming{web1.client, timing}}));
  EXPECT_EQ(effects_of<Watch>(decision), (std::vector{Watch{web1.client, 90s, false}}));
  EXPECT_EQ(web1.beat_every, Duration(10s));
}

TEST_F(Connections, AChangeOfTheConfigurationReachesEveryConnectedAgent) {
  auto settings = world.settings();
  settings.timing.heartbeat_every = 5s;
  world.reconfigure(settings);

  EXPECT_EQ(web1.beat_every, Duration(5s));
}

TEST_F(Connections, AnOfflineClientIsWatchedWithItsNewGraceAndNotSpokenTo) {
  world.say_goodbye(web1);
  const auto decision = world.submit(
      Order{.request = 1,
            .actor = "alice",
            .what = EditClient{.client = web1.client, .timing = {.offline_grace = 2h}}});

  EXPECT_EQ(effects_of<SendTiming>(decision), std::vector<SendTiming>{});
  EXPECT_EQ(effects_of<Watch>(decision), (std::vector{Watch{web1.client, 2h, false}}));
}

TEST_F(Connections, ALimitForAFasterPaceCountsFromNow) {
  world.pass(29s);  // the next heartbeat is due, at the old pace
  const auto decision = world.submit(
      Order{.request = 1,
            .actor = "alice",
            .what = EditClient{.client = web1.client,
                               .timing = {.heartbeat_every = 5s, .disconnect_after = 15s}}});
  EXPECT_EQ(effects_of<Watch>(decision), (std::vector{Watch{web1.client, 15s, true}}));
  world.pass(1min);
  EXPECT_EQ(world.rows().all<Alert>().size(), 0U);
}

TEST_F(Connections, AShorterLimitCountsFromTheLastHeartbeat) {
  world.go_silent(web1);
  world.pass(60s);
  EXPECT_TRUE(world
                  .order(EditClient{.client = web1.client,
                                    .timing = {.heartbeat_every = 20s, .disconnect_after = 61s}})
                  .has_value());
  world.pass(2s);

  EXPECT_EQ(state(), ClientState::disconnected);
}

// The deadline of a held alert depends on its client's disconnect_after (R2.6).
TEST_F(Connections, ANewLimitMovesTheDeadlinesOfTheAlertsThatAreHeld) {
  auto settings = world.settings();
  settings.notify_after = 1s;
  world.stop();
  world.start_with(settings);
  world.pass(5s);
  world.report(web1, a_report("db").failed());
  EXPECT_TRUE(
      world.order(EditVault{.vault = world.vault("prod"), .timing = {.disconnect_after = 2min}})
          .has_value());
  EXPECT_EQ(next_deadline(world.state()), world.state().listening_since + 2min);
  EXPECT_TRUE(world.order(EditClient{.client = web1.client, .timing = {.disconnect_after = 3min}})
                  .has_value());
  EXPECT_EQ(next_deadline(world.state()), world.state().listening_since + 3min);
  world.pass(3min);
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup of db on web1 failed"});
}

TEST_F(Connections, AClientThatMayBeSilentForDaysDelaysItsAlertsByMinutes) {
  world.report(web1, a_report("db").failed());
  EXPECT_TRUE(world.order(EditClient{.client = web1.client, .timing = {.disconnect_after = 168h}})
                  .has_value());
  world.stop();
  world.pass(1h);
  world.start();
  EXPECT_EQ(next_deadline(world.state()), world.state().listening_since + kSettlingMax);
  world.pass(kSettlingMax);
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup of db on web1 failed"});
}

TEST_F(Connections, AShortGapInListeningDelaysNoAlert) {
  const auto since = world.state().listening_since;
  world.pass(1min);
  world.submit(ListeningResumed{kReturnWithin - 1s});
  EXPECT_EQ(world.state().listening_since, since);
  world.submit(ListeningResumed{kReturnWithin});
  EXPECT_EQ(world.state().listening_since, world.now());
}

TEST_F(Connections, OnlyOnlineAndOfflineClientsAreWatched) {
  const ClientTiming timing;
  EXPECT_EQ(silence_limit(ClientState::invited, timing), std::nullopt);
  EXPECT_EQ(silence_limit(ClientState::online, timing), timing.disconnect_after);
  EXPECT_EQ(silence_limit(ClientState::offline, timing), timing.offline_grace);
  EXPECT_EQ(silence_limit(ClientState::disconnected, timing), std::nullopt);
  EXPECT_EQ(silence_limit(ClientState::retired, timing), std::nullopt);
}

}  // namespace
}  // namespace vaultbell::core
