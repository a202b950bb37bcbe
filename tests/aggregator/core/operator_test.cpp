// Orders from people: each is carried out whole or refused with a reason that says what would be
// right.
#include "aggregator/core/operator.hpp"

#include "aggregator/core/enrolment.hpp"
#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using support::a_report;
using support::effects_of;
using support::Lines;

class Orders : public support::InWorld {
 protected:
  const VaultId prod = world.vault("prod");
};

// ---- what an order may be

TEST_F(Orders, MakeAVaultWithItsPolicyAndTimes) {
  const auto done = world.order(
      CreateVault{.name = "test", .policy = {PolicyMode::off}, .timing = {.offline_grace = 2h}});

  const Vault expected{.id = {2},
                       .name = "test",
                       .policy = {PolicyMode::off},
                       .timing = {.offline_grace = 2h},
                       .created_at = world.now(),
                       .revision = world.state().counters.audit};
  EXPECT_EQ(world.rows().get<Vault>({2}), expected);
  EXPECT_EQ(support::rows_of<Vault>(done->changes), std::vector{expected});
}

TEST_F(Orders, EditOnlyWhatTheySay) {
  EXPECT_EQ(remark(SetPolicy{.holder = {.vault = prod}, .policy = {PolicyMode::off}}), "");
  EXPECT_EQ(remark(EditVault{.vault = prod, .timing = {.disconnect_after = 300s}}), "");

  const auto vault = *world.rows().get<Vault>(prod);
  EXPECT_EQ(vault.policy.mode, PolicyMode::off);
  EXPECT_EQ(vault.timing, (TimingOverrides{.disconnect_after = 300s}));
}

TEST_F(Orders, SetNoTimesThatWouldHideASilence) {
  const auto& web1 = world.host("web1");
  EXPECT_EQ(
      world.order(EditVault{.vault = prod, .timing = {.disconnect_after = 169h}}).error().message,
      "disconnect_after 169h is longer than 7d");
  EXPECT_EQ(world.order(EditClient{.client = web1.client, .timing = {.heartbeat_every = 2h}})
                .error()
                .message,
            "heartbeat_every 2h is longer than 1h");
  EXPECT_EQ(
      world.order(CreateVault{.name = "test", .timing = {.offline_grace = 8784h}}).error().message,
      "offline_grace 366d is longer than 365d");
}

TEST_F(Orders, ThatChangeNothingAreDoneAndSaySo) {
  auto& web1 = world.host("web1");
  EXPECT_EQ(remark(EditVault{.vault = prod}), "nothing to change");
  EXPECT_EQ(remark(EditClient{.client = web1.client}), "nothing to change");
  const auto token = world.state().tokens.begin()->first;
  EXPECT_EQ(remark(RevokeToken{token}), "");
  EXPECT_EQ(remark(RevokeToken{token}), "it was already revoked");
}

TEST_F(Orders, KeepWhoGaveThem) {
  world.order(
      CreateToken{.vault = prod, .hash = support::token_hash(1), .expires_at = world.now() + 1h});
  const Token expected{.id = {1},
                       .hash = support::token_hash(1),
                       .vault = prod,
                       .created_by = "alice",
                       .created_at = world.now(),
                       .expires_at = world.now() + 1h};
  EXPECT_EQ(world.rows().get<Token>({1}), expected);
}

TEST_F(Orders, MakeATokenThatAsksForApprovalByTheNumberOfItsUsesOrAsTheySay) {
  const auto asks = [&](CreateToken order) {
    order.vault = prod;
    order.expires_at = world.now() + 1h;
    EXPECT_EQ(remark(order), "");
    return world.rows().all<Token>().rbegin()->second.needs_approval;
  };
  EXPECT_FALSE(asks({.uses_max = 1}));
  EXPECT_TRUE(asks({.uses_max = 2}));
  EXPECT_TRUE(asks({.uses_max = 1, .needs_approval = true}));
  EXPECT_FALSE(asks({.uses_max = 2, .needs_approval = false}));
}

// ---- dry runs

// R9.2
TEST_F(Orders, InADryRunSayWhatWouldChangeAndChangeNothing) {
  auto& web1 = world.host("web1");
  world.report(web1, a_report("db").failed());
  const auto before = world.state();

  const auto dry = world.order(InactivateAlert{.alert = {1}, .why = "known"}, true);
  EXPECT_TRUE(world.state() == before);
  const auto done = world.order(InactivateAlert{.alert = {1}, .why = "known"});

  EXPECT_EQ(dry->changes, done->changes);
  EXPECT_EQ(support::rows_of<Alert>(dry->changes).at(0).state, AlertState::inactive);
}

TEST_F(Orders, InADryRunAffectNobody) {
  world.host("web1");
  const auto decision =
      world.submit(Order{.request = 1,
                         .actor = "alice",
                         .is_dry_run = true,
                         .what = EditVault{.vault = prod, .timing = {.heartbeat_every = 10s}}});
  EXPECT_EQ(decision.changes, WriteSet{});
  EXPECT_EQ(decision.effects.size(), 1U);
  EXPECT_EQ(effects_of<Reply>(decision).size(), 1U);
}

TEST_F(Orders, InADryRunAreRefusedAsOtherwise) {
  const auto result = world.order(CreateVault{.name = "prod"}, true);
  EXPECT_EQ(result.error().message, "there is already a vault named \"prod\"");
}

// ---- refusals, in full

TEST_F(Orders, AboutWhatDoesNotExistAreRefused) {
  const auto expect_not_found = [&](decltype(Order::what) what, const std::string& message) {
    expect_refused(std::move(what), ErrorCode::not_found, message);
  };
  expect_not_found(EditVault{.vault = {7}}, "there is no vault 7");
  expect_not_found(EditClient{.client = {7}}, "there is no client 7");
  expect_not_found(CreateToken{.vault = {7}}, "there is no vault 7");
  expect_not_found(RevokeToken{{7}}, "there is no token 7");
  expect_not_found(ApproveEnrolment{{7}}, "there is no enrolment request 7");
  expect_not_found(RejectEnrolment{{7}}, "there is no enrolment request 7");
  expect_not_found(InactivateAlert{.alert = {7}}, "there is no active alert 7");
}

TEST_F(Orders, ForANameThatIsTakenOrIsNoneAreRefused) {
  expect_refused(CreateVault{.name = "prod"}, ErrorCode::refused,
                 "there is already a vault named \"prod\"");
  expect_refused(CreateVault{.name = ""}, ErrorCode::invalid, "vault name is empty");
  expect_refused(CreateVault{.name = " prod"}, ErrorCode::invalid,
                 "vault name \" prod\": begins or ends with white space");
}

TEST_F(Orders, ForTimesThatWouldMakeFalseAlertsAreRefused) {
  auto& web1 = world.host("web1");
  const std::string too_short =
      "disconnect_after is shorter than two heartbeats (1m): one late heartbeat would be a false "
      "alert";
  expect_refused(CreateVault{.name = "test", .timing = {.disconnect_after = 59s}},
                 ErrorCode::invalid, too_short);
  expect_refused(EditVault{.vault = prod, .timing = {.disconnect_after = 59s}}, ErrorCode::invalid,
                 too_short);
  expect_refused(EditClient{.client = web1.client, .timing = {.disconnect_after = 59s}},
                 ErrorCode::invalid, too_short);
  expect_refused(EditVault{.vault = prod, .timing = {.heartbeat_every = 199ms}}, ErrorCode::invalid,
                 "heartbeat_every is shorter than 200ms");
}

TEST_F(Orders, ForATokenThatCouldLetNobodyInAreRefused) {
  const auto later = world.now() + 1h;
  expect_refused(CreateToken{.vault = prod, .expires_at = later, .uses_max = 0}, ErrorCode::invalid,
                 "a token has 1 to 10000 uses");
  expect_refused(CreateToken{.vault = prod, .expires_at = later, .uses_max = 10'001},
                 ErrorCode::invalid, "a token has 1 to 10000 uses");
  expect_refused(CreateToken{.vault = prod, .expires_at = world.now()}, ErrorCode::invalid,
                 "the token would already have expired");
}

TEST_F(Orders, WithAReasonOfMoreThanAParagraphAreRefused) {
  world.report(world.host("web1"), a_report("db").failed());
  expect_refused(InactivateAlert{.alert = {1}, .why = std::string(1001, 'x')}, ErrorCode::invalid,
                 "the reason is longer than 1000 bytes");
}

TEST_F(Orders, ForAnAlertThatIsInactiveAlreadyAreRefused) {
  world.report(world.host("web1"), a_report("db").failed());
  EXPECT_EQ(remark(InactivateAlert{.alert = {1}}), "");
  expect_refused(InactivateAlert{.alert = {1}}, ErrorCode::not_found, "there is no active alert 1");
}

// ---- limits

TEST_F(Orders, ForMoreVaultsOrTokensThanTheLimitAreRefused) {
  WriteSet rows;
  for (std::uint64_t i = 2; i <= 10'000; ++i) {
    rows.emplace_back(Put{Vault{.id = {i}, .name = "vault" + std::to_string(i)}});
  }
  for (std::uint64_t i = 1; i <= kTokensMax; ++i) {
    rows.emplace_back(Put{Token{.id = {i}, .hash = support::token_hash(i), .vault = prod}});
  }
  world.seed(rows);

  expect_refused(CreateVault{.name = "one more"}, ErrorCode::full,
                 "there are already 10000 vaults");
  expect_refused(CreateToken{.vault = prod, .expires_at = world.now() + 1h}, ErrorCode::full,
                 "there are already 10000 tokens");
}

TEST_F(Orders, ALimitOfRunsCountsForTheOneThatIsOpenToo) {
  auto& web1 = world.host("web1");
  world.report(web1, a_report("db").run(1).started());
  EXPECT_EQ(remark(SetJob{.job = {1}, .settings = {.max_duration = 1h}}), "");
  world.pass(1h);
  EXPECT_EQ(world.alerts(), Lines{"run_too_long db on web1"});
}

TEST_F(Orders, ReactivateNoAlertAboutAJobThatWasForgotten) {
  auto& web1 = world.host("web1");
  world.report(web1, a_report("db").failed());
  const auto alert = *world.last_alert(AlertKind::backup_failed);
  ASSERT_TRUE(world.order(InactivateAlert{alert.id, ""}).has_value());
  ASSERT_TRUE(world.order(ForgetJob{alert.job}).has_value());
  const auto over = *world.last_alert(AlertKind::backup_failed);
  expect_refused(ReactivateAlert{over, ""}, ErrorCode::refused, "its job was forgotten");
}

}  // namespace
}  // namespace vaultbell::core
