// Vaults: which names they may have, what is refused, and when one can be deleted.
#include "aggregator/core/vaults.hpp"

#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using support::Lines;

class Vaults : public support::InWorld {
 protected:
  const VaultId prod = world.vault("prod");
  const VaultId lab = world.vault("lab");

  void expect_not_empty(const std::string& belongings) {
    expect_refused(
        DeleteVault{lab}, ErrorCode::refused,
        "vault \"lab\" is not empty: " + belongings + "; move, revoke or end that first");
  }
};

TEST_F(Vaults, WithoutAnythingInThemAreDeletedAndGiveTheirNameBack) {
  EXPECT_EQ(remark(DeleteVault{lab}), "");
  EXPECT_FALSE(world.rows().get<Vault>(lab));
  EXPECT_FALSE(world.state().vaults.contains(lab));
  const auto again = world.vault("lab");
  EXPECT_NE(again, lab) << "what is stored about the old one would be the new one's";
  expect_refused(DeleteVault{lab}, ErrorCode::not_found,
                 "there is no vault " + std::to_string(lab.value));
}

TEST_F(Vaults, AreNotInTheStateEither) {
  EXPECT_EQ(remark(DeleteVault{lab}), "");
  world.stop();
  world.start();
  EXPECT_FALSE(world.state().vault_by_name.contains("lab"));
}

TEST_F(Vaults, StayWhileAnythingBelongsToThem) {
  const auto web1 = world.enrol("web1", "lab").client;
  expect_not_empty("client \"web1\"");
  EXPECT_EQ(remark(MoveClient{web1, prod}), "");
  EXPECT_EQ(remark(StartMaintenance{.scope = {.vault = lab},
                                    .from = {},
                                    .until = world.now() + 1h,
                                    .recurrence = {},
                                    .why = "move"}),
            "");
  expect_not_empty("maintenance 1");
  EXPECT_EQ(remark(EndMaintenance{{1}}), "");
  const auto token = CreateToken{.vault = lab, .hash = {}, .expires_at = world.now() + 1h};
  const auto before = world.state().counters.token;
  EXPECT_EQ(remark(token), "");
  expect_not_empty("token " + std::to_string(before + 1));
  EXPECT_EQ(remark(RevokeToken{{before + 1}}), "");
  EXPECT_EQ(remark(DeleteVault{lab}), "");
}

TEST_F(Vaults, KeepTheHistoryOfThoseWhoWereRetiredInThem) {
  const auto web1 = world.enrol("web1", "lab").client;
  EXPECT_EQ(remark(RetireClient{web1}), "its alerts end, its history stays");
  expect_not_empty("the history of 1 retired client");
}

TEST_F(Vaults, NameAFewOfManyClients) {
  for (int i = 1; i <= 7; ++i) world.enrol("web" + std::to_string(i), "lab");
  expect_not_empty(
      "client \"web1\", client \"web2\", client \"web3\", client \"web4\", client \"web5\" "
      "and 2 more");
}

TEST_F(Vaults, NamedByAPolicyNoMoreLetTheirContactsGo) {
  const auto alice = world.contact("alice", "alice@example.org");
  EXPECT_EQ(remark(SetPolicy{.holder = {.vault = lab},
                             .policy = {.mode = PolicyMode::custom, .audience = {{alice}, {}}}}),
            "");
  world.settle();
  world.take_mails();
  EXPECT_EQ(remark(DeleteVault{lab}), "");
  EXPECT_EQ(remark(DeleteContact{alice}), "");
}

TEST_F(Vaults, CountWarningsAsFailedOrSucceededOnly) {
  expect_refused(EditVault{prod, {}, Outcome::cancelled}, ErrorCode::invalid,
                 "warning_counts_as is failed or succeeded, not cancelled");
  EXPECT_EQ(remark(EditVault{prod, {}, Outcome::failed}), "");
}

}  // namespace
}  // namespace vaultbell::core
