// Objects that a file declares are changed by that file alone (R9.2); whether an address is
// verified stays what it is.
#include "aggregator/core/declared.hpp"

#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using support::a_report;
using support::Lines;
using What = decltype(Order::what);

constexpr auto kPlace = "conf.d/a.toml:3";

class Declared : public support::InWorld {
 protected:
  // Carries out what a file declares at a place.
  void declare(What what, const std::string& place = kPlace) {
    const auto decision =
        world.submit(Order{.actor = "alice", .declared_at = place, .what = std::move(what)});
    const auto replies = support::effects_of<Reply>(decision);
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_TRUE(replies[0].result) << replies[0].result.error().message;
    world.settle();
  }
  std::size_t audit_count() { return world.state().counters.audit; }

  const VaultId prod = world.vault("prod");
};

TEST_F(Declared, ObjectsAreMarkedWithTheirPlace) {
  declare(CreateVault{.name = "test"});
  declare(CreateGroup{.name = "ops"}, "conf.d/b.toml:1");
  EXPECT_EQ(world.rows().get<Vault>({2})->managed_by, kPlace);
  EXPECT_EQ(world.rows().get<Group>({1})->managed_by, "conf.d/b.toml:1");
  EXPECT_EQ(world.rows().get<Vault>(prod)->managed_by, "");

  declare(EditVault{.vault = prod, .timing = {.offline_grace = 2h}}, "conf.d/a.toml:9");
  EXPECT_EQ(managed_by(world.state(), prod), "conf.d/a.toml:9");
}

TEST_F(Declared, ObjectsAreChangedByNoPerson) {
  const auto alice = world.contact("alice", "alice@example.org");
  const auto ops = world.group("ops", {alice});
  const auto web1 = world.host("web1").client;
  declare(CreateJob{.client = web1, .name = "db"});
  declare(StartMaintenance{.until = world.now() + 2h, .why = "move"});
  for (const auto& object : std::vector<ObjectId>{prod, web1, alice, ops}) {
    declare(MarkManaged{object, kPlace});
  }
  const auto sentence = [](std::string_view what) {
    return std::string(what) +
           " is declared in conf.d/a.toml:3: change it there, or take it out there, and run "
           "\"vaultbell config apply\"";
  };
  const JobId db{1};
  const MaintenanceId window{1};
  const std::vector<std::pair<What, std::string>> refused = {
      {EditVault{.vault = prod, .timing = {.offline_grace = 2h}}, "vault \"prod\""},
      {RenameVault{prod, "other"}, "vault \"prod\""},
      {DeleteVault{prod}, "vault \"prod\""},
      {SetPolicy{{prod, {}}, {PolicyMode::off}}, "vault \"prod\""},
      {SetPolicy{{{}, web1}, {PolicyMode::off}}, "client \"web1\""},
      {EditClient{.client = web1, .timing = {.offline_grace = 2h}}, "client \"web1\""},
      {MoveClient{web1, prod}, "client \"web1\""},
      {RenameClient{web1, "web2"}, "client \"web1\""},
      {RetireClient{web1}, "client \"web1\""},
      {EditContact{.contact = alice, .name = "ann"}, "contact \"alice\""},
      {DeleteContact{alice}, "contact \"alice\""},
      {EditGroup{.group = ops, .remove = {alice}}, "group \"ops\""},
      {DeleteGroup{ops}, "group \"ops\""},
      {SetJob{.job = db, .settings = {.max_age = 2h}}, "job \"db\" of client \"web1\""},
      {ForgetJob{db}, "job \"db\" of client \"web1\""},
      {ExtendMaintenance{window, world.now() + 3h}, "maintenance 1"},
      {EndMaintenance{window}, "maintenance 1"},
  };
  for (const auto& [what, object] : refused) {
    expect_refused(what, ErrorCode::refused, sentence(object));
  }
}

TEST_F(Declared, ObjectsStillDoWhatTheyAreFor) {
  const auto alice = world.contact("alice", "alice@example.org");
  declare(MarkManaged{alice, kPlace});
  declare(MarkManaged{prod, kPlace});
  EXPECT_EQ(remark(TestContact{alice}), "a test message goes to alice@example.org");
  EXPECT_EQ(world.take_mail_lines().size(), 1U);
  world.report(world.host("web1"),
               a_report("db").failed());  // a new client of the vault, a new job
  EXPECT_EQ(world.alerts(), Lines{"backup_failed db on web1"});
  world.pass(1h);
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup of db on web1 failed"});
}

TEST_F(Declared, ObjectsThatNoFileDeclaresAnyMoreBelongToPeopleAgain) {
  declare(MarkManaged{prod, kPlace});
  EXPECT_EQ(remark(MarkManaged{prod, ""}), "");
  EXPECT_EQ(remark(RenameVault{prod, "other"}), "");
}

TEST_F(Declared, ObjectsThatOnlyMoveWithinTheirFileAreNoChangeToAudit) {
  declare(MarkManaged{prod, kPlace});
  const auto before = audit_count();
  declare(MarkManaged{prod, "conf.d/a.toml:7"}, "conf.d/a.toml:7");
  EXPECT_EQ(managed_by(world.state(), prod), "conf.d/a.toml:7");
  EXPECT_EQ(audit_count(), before);
  EXPECT_EQ(remark(MarkManaged{prod, ""}), "");
  EXPECT_EQ(audit_count(), before + 1);
}

TEST_F(Declared, PlacesThatNoListCouldShowAreRefused) {
  expect_refused(MarkManaged{prod, std::string(1025, 'a')}, ErrorCode::invalid,
                 "the place \"" + std::string(1025, 'a') + "\" is longer than 1024 bytes");
  expect_refused(MarkManaged{VaultId{7}, kPlace}, ErrorCode::not_found,
                 "the object to be marked is not there");
}

// Otherwise no file could declare a person and a policy that names them: it is applied as a whole.
TEST_F(Declared, PeopleMayBeNamedBeforeTheirAddressIsVerifiedAndTheOwnersAreToldUntilThen) {
  declare(CreateContact{"ann", {{Channel::email, "ann@example.org", {}}}});
  declare(CreateGroup{"ops", {{1}}});
  const Policy custom{.mode = PolicyMode::custom, .audience = {.groups = {{1}}}};
  expect_refused(
      SetPolicy{{prod, {}}, custom}, ErrorCode::refused,
      "the policy of vault \"prod\" cannot name group \"ops\": none of its members has a "
      "verified address");
  declare(SetPolicy{{prod, {}}, custom});
  EXPECT_EQ(world.take_mail_lines().size(), 1U);  // the code
  world.report(world.host("web1"), a_report("db").failed());
  world.pass(1h);
  EXPECT_EQ(world.take_mail_lines(), Lines{"ops: critical: backup of db on web1 failed"});
}

}  // namespace
}  // namespace vaultbell::core
