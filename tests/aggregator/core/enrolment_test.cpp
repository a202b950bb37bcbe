// How hosts become clients: R2.1, R2.2, R2.9.
#include "aggregator/core/enrolment.hpp"

#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using support::effects_of;
using support::public_key;
using support::token_hash;

class Enrolments : public support::InWorld {
 protected:
  const VaultId prod = world.vault("prod");

  TokenId token(std::uint64_t number, CreateToken what = {}) {
    what.vault = prod;
    what.hash = token_hash(number);
    if (what.expires_at == Instant{}) what.expires_at = world.now() + 1h;
    EXPECT_TRUE(world.order(what).has_value());
    return world.state().token_by_hash.at(token_hash(number));
  }
  static EnrolmentRequested request(std::uint64_t token, std::uint64_t key, std::string name) {
    return {.request = 100 + key,
            .token_hash = token_hash(token),
            .public_key = public_key(key),
            .name = std::move(name)};
  }
  EnrolmentRefused refusal(const EnrolmentRequested& request) {
    const auto answer = world.request_enrolment(request);
    const auto* refused = std::get_if<EnrolmentRefused>(&answer);
    if (refused == nullptr) ADD_FAILURE() << "it was not refused";
    return refused != nullptr ? *refused : EnrolmentRefused{};
  }
  void expect_accepted(const EnrolmentRequested& request) {
    const auto answer = world.request_enrolment(request);
    EXPECT_EQ(std::get<EnrolmentAccepted>(answer), (EnrolmentAccepted{request.name, "prod"}));
  }
  void expect_waits(const EnrolmentRequested& request) {
    const auto answer = world.request_enrolment(request);
    EXPECT_EQ(std::get<EnrolmentWaits>(answer), EnrolmentWaits{request.name});
  }
  std::string refused_order(decltype(Order::what) what) {
    const auto result = world.order(std::move(what));
    EXPECT_FALSE(result.has_value());
    return result ? "" : result.error().message;
  }
};

// ---- letting in (R2.1, R2.2)

TEST_F(Enrolments, AHostWithAGoodTokenBecomesAClientAndIsLetIn) {
  token(1);
  auto host = request(1, 7, "web1");
  host.host.hostname = "web1.example.org";

  const auto decision = world.submit(host);

  const auto client = *world.rows().get<Client>({1});
  EXPECT_EQ(client.name, "web1");
  EXPECT_EQ(client.vault, prod);
  EXPECT_EQ(client.public_key, public_key(7));
  EXPECT_EQ(client.state, ClientState::invited);
  EXPECT_EQ(client.host.hostname, "web1.example.org");
  EXPECT_EQ(effects_of<Admit>(decision), (std::vector{Admit{{1}, public_key(7)}}));
  EXPECT_EQ(effects_of<AnswerEnrolment>(decision),
            (std::vector{AnswerEnrolment{107, EnrolmentAccepted{"web1", "prod"}}}));
}

TEST_F(Enrolments, TheSameRequestAgainIsAnsweredAgainAndChangesNothing) {
  token(1);
  expect_accepted(request(1, 7, "web1"));

  const auto again = world.submit(request(1, 7, "web1"));

  EXPECT_EQ(again.changes, WriteSet{});
  EXPECT_EQ(effects_of<AnswerEnrolment>(again),
            (std::vector{AnswerEnrolment{107, EnrolmentAccepted{"web1", "prod"}}}));
}

TEST_F(Enrolments, TheKeyAloneSaysWhoItIsWhateverNameItAsksFor) {
  token(1);
  expect_accepted(request(1, 7, "web1"));

  const auto answer = world.request_enrolment(request(999, 7, "web2"));

  EXPECT_EQ(std::get<EnrolmentAccepted>(answer), (EnrolmentAccepted{"web1", "prod"}));
  EXPECT_EQ(world.rows().all<Client>().size(), 1U);
}

TEST_F(Enrolments, ATokenCountsItsUsesAndKnowsWhomItLetInLast) {
  const auto id = token(1, {.uses_max = 2, .needs_approval = false});
  expect_accepted(request(1, 7, "web1"));
  expect_accepted(request(1, 8, "web2"));

  EXPECT_EQ(world.rows().get<Token>(id)->uses, 2U);
  EXPECT_EQ(world.rows().get<Token>(id)->last_client, ClientId{2});
}

// ---- refusals (R2.1)

TEST_F(Enrolments, AnUnknownTokenIsRefused) {
  EXPECT_EQ(refusal(request(1, 7, "web1")),
            (EnrolmentRefused{EnrolmentRefusal::token_unknown,
                              "this join token is not known here: it was altered, or made by "
                              "another aggregator"}));
}

TEST_F(Enrolments, AUsedTokenIsRefused) {
  token(1);
  expect_accepted(request(1, 7, "web1"));
  EXPECT_EQ(refusal(request(1, 8, "web2")),
            (EnrolmentRefused{EnrolmentRefusal::token_used,
                              "this join token has already been used; ask for a new one"}));
}

TEST_F(Enrolments, ATokenOfSeveralUsesIsRefusedWhenAllAreUsed) {
  token(1, {.uses_max = 2, .needs_approval = false});
  expect_accepted(request(1, 7, "web1"));
  expect_accepted(request(1, 8, "web2"));
  EXPECT_EQ(refusal(request(1, 9, "web3")),
            (EnrolmentRefused{EnrolmentRefusal::token_used,
                              "this join token has already been used 2 times; ask for a new one"}));
}

TEST_F(Enrolments, AnExpiredTokenIsRefusedFromTheMomentOfItsExpiry) {
  token(1, {.expires_at = support::at("03-01 02:30")});
  world.pass(30min);
  EXPECT_EQ(refusal(request(1, 7, "web1")),
            (EnrolmentRefused{EnrolmentRefusal::token_expired,
                              "this join token expired at 2026-03-01T02:30:00Z; ask for a new "
                              "one"}));
}

TEST_F(Enrolments, ARevokedTokenIsRefused) {
  const auto id = token(1);
  world.pass(5min);
  EXPECT_TRUE(world.order(RevokeToken{id}).has_value());
  EXPECT_EQ(refusal(request(1, 7, "web1")),
            (EnrolmentRefused{EnrolmentRefusal::token_revoked,
                              "this join token was revoked at 2026-03-01T02:05:00Z"}));
}

// ---- approval (R2.9)

TEST_F(Enrolments, ATokenWithSeveralUsesAsksForApproval) {
  token(1, {.uses_max = 2});
  expect_waits(request(1, 7, "web1"));
  EXPECT_EQ(world.rows().all<Client>().size(), 0U);
  EXPECT_EQ(world.rows().get<Enrolment>({1})->state, EnrolmentState::waiting);

  EXPECT_TRUE(world.order(ApproveEnrolment{{1}}).has_value());

  EXPECT_EQ(world.rows().get<Client>({1})->name, "web1");
  EXPECT_EQ(world.rows().all<Enrolment>().size(), 0U);
  expect_accepted(request(1, 7, "web1"));
}

TEST_F(Enrolments, ASingleUseTokenAsksForApprovalWhereTheConfigurationSaysSo) {
  auto settings = world.settings();
  settings.does_approve = true;
  world.reconfigure(settings);
  token(1);
  expect_waits(request(1, 7, "web1"));
}

TEST_F(Enrolments, WhoWaitsAndAsksAgainChangesNothing) {
  token(1, {.uses_max = 2});
  expect_waits(request(1, 7, "web1"));
  world.pass(1min);
  EXPECT_EQ(world.submit(request(1, 7, "web1")).changes, WriteSet{});
}

TEST_F(Enrolments, WhoAskedInTimeIsApprovedAfterTheTokenHasExpired) {
  token(1, {.uses_max = 2});
  expect_waits(request(1, 7, "web1"));
  world.pass(2h);
  EXPECT_TRUE(world.order(ApproveEnrolment{{1}}).has_value());
}

TEST_F(Enrolments, WhoWaitedWhileTheTokenWasUsedUpIsNotApproved) {
  token(1, {.needs_approval = true});
  expect_waits(request(1, 7, "web1"));
  expect_waits(request(1, 8, "web2"));
  EXPECT_TRUE(world.order(ApproveEnrolment{{1}}).has_value());

  EXPECT_EQ(refused_order(ApproveEnrolment{{2}}),
            "this join token has already been used; ask for a new one");
}

TEST_F(Enrolments, ARejectedHostIsToldSoWithThisTokenAndMayAskWithAnother) {
  token(1, {.uses_max = 2});
  token(2);
  expect_waits(request(1, 7, "web1"));
  EXPECT_TRUE(world.order(RejectEnrolment{{1}}).has_value());

  EXPECT_EQ(
      refusal(request(1, 7, "web1")),
      (EnrolmentRefused{EnrolmentRefusal::rejected, "an administrator has rejected this host"}));
  EXPECT_EQ(world.order(RejectEnrolment{{1}})->remark, "it was already rejected");
  expect_accepted(request(2, 7, "web1"));
  EXPECT_EQ(world.rows().all<Enrolment>().size(), 0U);
}

// ---- names (R2.9)

TEST_F(Enrolments, ASecondHostWithTheNameOfALivingClientIsRefusedAndShown) {
  token(1);
  token(2);
  expect_accepted(request(1, 7, "web1"));

  EXPECT_EQ(refusal(request(2, 8, "web1")),
            (EnrolmentRefused{EnrolmentRefusal::name_taken,
                              "there is already a client named \"web1\" with another key; choose "
                              "another name with --name, or, if it is this host, ask for a token "
                              "made with --for-client web1"}));

  EXPECT_EQ(world.rows().get<Client>({1})->public_key, public_key(7));
  EXPECT_EQ(world.rows().get<Enrolment>({1})->state, EnrolmentState::name_taken);
  EXPECT_EQ(refused_order(ApproveEnrolment{{1}}),
            "there is already a client named \"web1\"; the host must ask again with another name, "
            "or, if it is that client, with a token made with --for-client web1");
  expect_accepted(request(2, 8, "web2"));
  EXPECT_EQ(world.rows().all<Enrolment>().size(), 0U);
}

// ---- a host that has lost its key (R2.2, R2.9)

class LostKeys : public Enrolments {
 protected:
  support::Host& web1 = world.host("web1");
  const PublicKey old_key = world.client(web1).public_key;

  TokenId token_for(ClientId client, std::uint64_t number, CreateToken what = {}) {
    what.client = client;
    return token(number, what);
  }
};

TEST_F(LostKeys, ATokenForAClientPutsTheNewKeyInThePlaceOfTheOld) {
  token_for(web1.client, 71);
  auto host = request(71, 77, "localhost");
  host.host.hostname = "web1.example.org";

  const auto decision = world.submit(host);

  const auto client = world.client(web1);
  EXPECT_EQ(client.id, web1.client);
  EXPECT_EQ(client.name, "web1");
  EXPECT_EQ(client.public_key, public_key(77));
  EXPECT_EQ(client.host.hostname, "web1.example.org");
  EXPECT_EQ(client.boots, std::vector<BootSeen>{});
  EXPECT_EQ(effects_of<Expel>(decision), (std::vector{Expel{client.id, old_key}}));
  EXPECT_EQ(effects_of<Admit>(decision), (std::vector{Admit{client.id, public_key(77)}}));
  EXPECT_EQ(effects_of<Watch>(decision), (std::vector{Watch{client.id, 90s, true}}));
  EXPECT_EQ(effects_of<AnswerEnrolment>(decision),
            (std::vector{AnswerEnrolment{177, EnrolmentAccepted{"web1", "prod"}}}));
  EXPECT_EQ(world.state().client_by_key.count(old_key), 0U);
}

// R9.4
TEST_F(LostKeys, WhoeverPutsANewKeyInThePlaceOfTheOldIsInTheAuditLog) {
  token_for(web1.client, 71);
  world.submit(request(71, 77, "localhost"));
  const auto anew = world.rows().all<AuditEntry>().rbegin()->second;
  world.submit(KeyOffered{web1.client, public_key(77), public_key(78)});
  const auto changed = world.rows().all<AuditEntry>().rbegin()->second;

  EXPECT_EQ(anew.actor, "agent of web1");
  EXPECT_EQ(anew.action, "enrol_anew");
  EXPECT_EQ(anew.changes.at(0).before->client->public_key, old_key);
  EXPECT_EQ(anew.changes.at(0).after->client->public_key, public_key(77));
  EXPECT_EQ(anew.changes.at(1).after->token->uses, 1U);
  EXPECT_EQ(changed.actor, "agent of web1");
  EXPECT_EQ(changed.action, "change_key");
  ASSERT_EQ(changed.changes.size(), 1U);
  EXPECT_EQ(changed.changes.at(0).before->client->public_key, public_key(77));
  EXPECT_EQ(changed.changes.at(0).after->client->public_key, public_key(78));
}

TEST_F(LostKeys, SuchATokenIsUsedOnce) {
  const auto id = token_for(web1.client, 71);
  EXPECT_EQ(std::get<EnrolmentAccepted>(world.request_enrolment(request(71, 77, "web1"))),
            (EnrolmentAccepted{"web1", "prod"}));
  EXPECT_EQ(world.rows().get<Token>(id)->last_client, web1.client);

  EXPECT_EQ(refusal(request(71, 78, "web1")).why, EnrolmentRefusal::token_used);
  // The answer may have been lost: whoever holds the key is the client.
  const auto again = world.submit(request(71, 77, "web1"));
  EXPECT_EQ(again.changes, WriteSet{});
}

TEST_F(LostKeys, WhatTheNewHostReportsIsBookedBesideWhatTheOldOneDid) {
  world.report(web1, support::a_report("db").ended(Outcome::succeeded));
  const auto job = world.last_run().job;
  world.go_silent(web1);
  world.report(web1, support::a_report("db").ended(Outcome::succeeded));  // never seen here

  world.set_up_anew(web1);
  world.connect(web1);
  world.report(web1, support::a_report("db").ended(Outcome::failed));

  EXPECT_EQ(web1.kept.size(), 0U);
  EXPECT_EQ(world.rows().all<core::Run>().size(), 2U);
  EXPECT_EQ(world.last_run().job, job);
  EXPECT_EQ(world.last_run().report.outcome, Outcome::failed);
  EXPECT_EQ(world.rows().all<SpoolMark>().size(), 2U);
}

// Only the key was lost, the spool is as it was.
TEST_F(LostKeys, ASpoolThatWasKeptGoesOnWhereItStood) {
  const auto before = web1;
  world.report(web1, support::a_report("db").ended(Outcome::succeeded));
  world.set_up_anew(web1);
  web1.spool = before.spool;
  web1.sequence = 1;
  world.connect(web1);
  world.report(web1, support::a_report("db").ended(Outcome::succeeded));

  EXPECT_EQ(web1.kept.size(), 0U);
  EXPECT_EQ(world.rows().all<core::Run>().size(), 2U);
}

// What the old host still had is not waited for: alerts about missed runs are not held by it.
TEST_F(LostKeys, NothingIsExpectedOfTheOldSpoolAnyMore) {
  world.submit(HelloReceived{
      .client = web1.client, .client_time = world.now(), .spools = {{support::uuid(900), 1, 3}}});
  ASSERT_EQ(world.client(web1).catching_up.size(), 1U);
  world.set_up_anew(web1);
  EXPECT_EQ(world.client(web1).catching_up.size(), 0U);
}

TEST_F(LostKeys, ADisconnectedClientStaysSoUntilTheNewHostConnects) {
  world.go_silent(web1);
  world.pass(2min);
  world.set_up_anew(web1);
  EXPECT_EQ(world.client(web1).state, ClientState::disconnected);
  EXPECT_EQ(world.alerts(), support::Lines{"client_disconnected web1"});
  world.connect(web1);
  EXPECT_EQ(world.client(web1).state, ClientState::online);
  EXPECT_EQ(world.alerts(), support::Lines{});
}

TEST_F(LostKeys, AClientWhoseNewHostNeverConnectsIsDisconnected) {
  world.set_up_anew(web1);
  EXPECT_EQ(world.client(web1).state, ClientState::online);
  world.pass(2min);
  EXPECT_EQ(world.client(web1).state, ClientState::disconnected);
}

TEST_F(LostKeys, AnInvitedClientIsExpectedAnew) {
  auto& web2 = world.enrol("web2");
  world.pass(50min);
  world.set_up_anew(web2);
  EXPECT_EQ(world.client(web2).state, ClientState::invited);
  EXPECT_EQ(world.client(web2).expected_until, world.now() + 1h);
  world.connect(web2);
}

TEST_F(LostKeys, MayNeedApprovalAsAnyEnrolment) {
  token_for(web1.client, 71, {.needs_approval = true});
  EXPECT_EQ(std::get<EnrolmentWaits>(world.request_enrolment(request(71, 77, "localhost"))),
            EnrolmentWaits{"web1"});
  EXPECT_EQ(world.client(web1).public_key, old_key);
  const auto waiting = world.rows().all<Enrolment>().begin()->first;
  EXPECT_TRUE(world.order(ApproveEnrolment{waiting}).has_value());
  EXPECT_EQ(world.client(web1).public_key, public_key(77));
  EXPECT_EQ(world.rows().all<Enrolment>().size(), 0U);
}

TEST_F(LostKeys, NobodyComesInForAClientThatWasRetiredMeanwhile) {
  token_for(web1.client, 71);
  EXPECT_TRUE(world.order(RetireClient{web1.client}).has_value());
  EXPECT_EQ(refusal(request(71, 77, "web1")),
            (EnrolmentRefused{EnrolmentRefusal::token_revoked,
                              "this join token is for client \"web1\", which was retired; ask "
                              "for a new one"}));
  expect_refused(CreateToken{.client = web1.client, .expires_at = world.now() + 1h},
                 ErrorCode::refused,
                 "client \"web1\" is retired: its name is free, a host can enrol under it as a "
                 "new client");
}

TEST_F(LostKeys, ATokenForAClientHasOneUseAndAClientThatIsThere) {
  const auto later = world.now() + 1h;
  expect_refused(CreateToken{.client = web1.client, .expires_at = later, .uses_max = 2},
                 ErrorCode::invalid, "a token for a client has 1 use: it has one key");
  expect_refused(CreateToken{.client = {77}, .expires_at = later}, ErrorCode::not_found,
                 "there is no client 77");
}

// ---- a host that changes its key (R2.2)

TEST_F(LostKeys, AClientPutsAnotherKeyInThePlaceOfItsOwn) {
  world.report(web1, support::a_report("db").ended(Outcome::succeeded));
  const auto before = world.client(web1);

  const auto decision = world.submit(KeyOffered{web1.client, old_key, public_key(77)});

  auto expected = before;
  expected.public_key = public_key(77);
  expected.revision = world.state().counters.audit;
  EXPECT_EQ(world.client(web1), expected);
  EXPECT_EQ(effects_of<Expel>(decision), (std::vector{Expel{web1.client, old_key}}));
  EXPECT_EQ(effects_of<Admit>(decision), (std::vector{Admit{web1.client, public_key(77)}}));
  EXPECT_EQ(effects_of<Watch>(decision), (std::vector{Watch{web1.client, 90s, true}}));
  // On a new connection it goes on where it stood.
  world.connect(web1);
  world.report(web1, support::a_report("db").ended(Outcome::succeeded));
  EXPECT_EQ(web1.kept.size(), 0U);
  EXPECT_EQ(world.rows().all<core::Run>().size(), 2U);
  EXPECT_EQ(world.alerts(), support::Lines{});
}

TEST_F(LostKeys, AnOfferThatComesTwiceOrTooLateChangesNothing) {
  const KeyOffered offer{web1.client, old_key, public_key(77)};
  world.submit(offer);
  EXPECT_EQ(world.submit(offer).changes, WriteSet{});
  EXPECT_EQ(world.submit(KeyOffered{web1.client, old_key, public_key(78)}).changes, WriteSet{});
  EXPECT_EQ(world.client(web1).public_key, public_key(77));
  world.connect(web1);
}

TEST_F(LostKeys, NobodyTakesTheKeyOfAnotherAndWhoIsRetiredTakesNone) {
  const auto& web2 = world.host("web2");
  const auto theirs = world.client(web2).public_key;
  EXPECT_EQ(world.submit(KeyOffered{web1.client, old_key, theirs}).changes, WriteSet{});
  EXPECT_TRUE(world.order(RetireClient{web1.client}).has_value());
  EXPECT_EQ(world.submit(KeyOffered{web1.client, old_key, public_key(77)}).changes, WriteSet{});
  EXPECT_EQ(world.submit(KeyOffered{{99}, old_key, public_key(77)}).changes, WriteSet{});
}

// Approved, the host that waits would have the key of a client.
TEST_F(LostKeys, NobodyTakesTheKeyOfAHostThatWaits) {
  token(71, {.needs_approval = true});
  expect_waits(request(71, 77, "web2"));

  EXPECT_EQ(world.submit(KeyOffered{web1.client, old_key, public_key(77)}).changes, WriteSet{});

  EXPECT_TRUE(world.order(ApproveEnrolment{{1}}).has_value());
  EXPECT_EQ(world.state().client_by_key.at(old_key), web1.client);
  EXPECT_NE(world.state().client_by_key.at(public_key(77)), web1.client);
}

// A store in which that has happened already.
TEST_F(LostKeys, AHostWhoseKeyAClientHasByNowCannotBeApproved) {
  token(71, {.needs_approval = true});
  expect_waits(request(71, 77, "web2"));
  auto client = world.client(web1);
  client.public_key = public_key(77);
  world.seed({Put{client}});

  EXPECT_EQ(refused_order(ApproveEnrolment{{1}}),
            "client \"web1\" has the key of this host by now; reject it");
  EXPECT_TRUE(world.order(RejectEnrolment{{1}}).has_value());
}

// Retention keeps it for as long as the request; nothing else makes it be there.
TEST_F(Enrolments, AHostWhoseTokenIsKeptNoMoreCannotBeApproved) {
  const auto id = token(1, {.needs_approval = true});
  expect_waits(request(1, 7, "web1"));
  world.seed({Erase{Token::Key{id}}});
  EXPECT_EQ(refused_order(ApproveEnrolment{{1}}),
            "the join token with which it asked is kept no more; the host must ask again with a "
            "new one");
}

// ---- limits

TEST_F(Enrolments, WhenTooManyHostsWaitTheNextIsAskedToComeAgain) {
  const auto id = token(1, {.uses_max = 10});
  WriteSet rows;
  for (std::uint64_t i = 1; i <= kEnrolmentsMax; ++i) {
    rows.emplace_back(Put{Enrolment{.id = {1000 + i},
                                    .public_key = public_key(1000 + i),
                                    .name = "host" + std::to_string(i),
                                    .token = id,
                                    .vault = prod}});
  }
  world.seed(rows);

  EXPECT_EQ(refusal(request(1, 7, "web1")),
            (EnrolmentRefused{EnrolmentRefusal::busy,
                              "too many hosts wait for enrolment; try again later"}));
  expect_waits(request(1, 1001, "host1"));

  // What can let nobody in any more makes room.
  EXPECT_TRUE(world.order(RejectEnrolment{{1005}}).has_value());
  expect_waits(request(1, 7, "web1"));
  EXPECT_FALSE(world.rows().get<Enrolment>({1005}).has_value());
  EXPECT_EQ(world.rows().all<Enrolment>().size(), kEnrolmentsMax);
}

}  // namespace
}  // namespace vaultbell::core
