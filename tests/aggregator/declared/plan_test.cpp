// What is done so that the store holds what files declare: all of it, or nothing (R9.2). Every
// order of a plan is carried out in a World, which checks each decision.
#include "aggregator/declared/plan.hpp"

#include "aggregator/declared/exporting.hpp"
#include "aggregator/declared/reading.hpp"
#include "tests/support/in_world.hpp"

namespace vaultbell::declared {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using support::Lines;

// The example of a small site.
constexpr auto kSite = R"([[contact]]
name = "alice"
email = "alice@example.org"

[[group]]
name = "ops"
members = ["alice"]

[[vault]]
name = "prod"
policy = { mode = "custom", groups = ["ops"], notify_after = "10m" }

[[client]]
name = "web1"
vault = "prod"
policy = { mode = "off" }

[[job]]
client = "web1"
name = "db"
max_age = "26h"

[[maintenance]]
vault = "prod"
cron = "0 3 * * 0"
zone = "Europe/Berlin"
length = "2h"
why = "updates"
)";

// The site without the part that begins with this line, up to the next table.
std::string without(const std::string& text, const std::string& line) {
  const auto begin = text.find(line);
  const auto end = text.find("[[", begin + 2);
  return text.substr(0, begin) + (end == std::string::npos ? "" : text.substr(end));
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
}

class Plans : public support::InWorld {
 protected:
  Plan plan_of(const std::string& text, Options options = {}) {
    loaded_ = read_texts({{"a.toml", text}});
    EXPECT_EQ(loaded_.mistakes, Lines{});
    return plan(world.state(), world.now(),
                {.declaration = loaded_.declaration,
                 .options = options,
                 .actor = "alice",
                 .make_code = [](const core::AddressKey&) { return core::NewCode{}; }});
  }

  // Carries it out; returns what is remarked.
  Lines apply(const std::string& text, Options options = {}) {
    const auto plan = plan_of(text, options);
    EXPECT_EQ(plan.refusals, Lines{});
    for (const auto& order : plan.orders) {
      const auto replies = support::effects_of<core::Reply>(world.submit(order));
      EXPECT_TRUE(replies.at(0).result) << replies.at(0).result.error().message;
    }
    world.settle();
    world.take_mail_lines();  // codes and greetings
    return plan.remarks;
  }

  // "create vault", "update client", "delete group": what a plan changes.
  static Lines changes_of(const Plan& plan) {
    Lines lines;
    for (const auto& change : plan.done.changes) {
      const auto* put = std::get_if<core::Put>(&change);
      if (put == nullptr) {
        lines.emplace_back("delete");
        continue;
      }
      std::visit([&](const auto& row) { lines.push_back(verb_of(plan, row)); }, put->row);
    }
    return lines;
  }

  Lines changes_of(const std::string& text, Options options = {}) {
    return changes_of(plan_of(text, options));
  }

  template <class R>
  R only() {
    EXPECT_EQ(world.rows().all<R>().size(), 1U);
    return world.rows().all<R>().begin()->second;
  }

 private:
  template <class R>
  static std::string verb_of(const Plan& plan, const R& row) {
    for (const auto& before : plan.done.before) {
      const auto* same = std::get_if<R>(&before);
      if (same == nullptr || same->key() != row.key()) continue;
      return std::string("update ") + name_of(row);
    }
    return std::string("create ") + name_of(row);
  }
  template <class R>
  static std::string name_of(const R& row) {
    if constexpr (requires { row.name; }) return row.name;
    if constexpr (std::is_same_v<R, core::Maintenance>) return "maintenance";
    return "delivery";
  }

  Loaded loaded_;
};

// ---- making, changing, leaving alone

TEST_F(Plans, MakeWhatIsDeclaredInOneGo) {
  world.vault("prod");
  world.enrol("web1");
  apply(kSite, {.does_adopt = true});
  const auto contact = only<core::Contact>();
  EXPECT_EQ(contact.name, "alice");
  EXPECT_EQ(contact.managed_by, "a.toml:1");
  EXPECT_EQ(only<core::Group>().managed_by, "a.toml:5");
  EXPECT_EQ(only<core::Group>().members, std::vector{contact.id});
  const auto vault = only<core::Vault>();
  EXPECT_EQ(vault.managed_by, "a.toml:9");
  EXPECT_EQ(vault.policy.mode, core::PolicyMode::custom);
  EXPECT_EQ(vault.policy.notify_after, Duration(10min));
  EXPECT_EQ(only<core::Client>().policy.mode, core::PolicyMode::off);
  EXPECT_EQ(only<core::Client>().managed_by, "a.toml:13");
  EXPECT_EQ(only<core::Job>().settings.max_age, Duration(26h));
  EXPECT_EQ(only<core::Job>().managed_by, "a.toml:18");
  EXPECT_EQ(only<core::Maintenance>().managed_by, "a.toml:23");
}

TEST_F(Plans, HaveNothingToDoASecondTime) {
  apply(kSite);
  const auto again = plan_of(kSite);
  EXPECT_TRUE(again.orders.empty());
  EXPECT_EQ(changes_of(again), Lines{});
}

TEST_F(Plans, ChangeWhatIsDeclaredOtherwiseAndNothingElse) {
  apply(kSite);
  EXPECT_EQ(changes_of(replaced(kSite, "10m", "20m")), Lines{"update prod"});
  EXPECT_EQ(changes_of(replaced(kSite, "[\"alice\"]", "[\"alice\", \"alice\"]")), Lines{});
  apply(replaced(kSite, "mode = \"custom\", groups = [\"ops\"], notify_after = \"10m\"",
                 "mode = \"off\""));
  EXPECT_EQ(only<core::Vault>().policy.mode, core::PolicyMode::off);
  EXPECT_EQ(only<core::Vault>().policy.notify_after, std::nullopt);
}

TEST_F(Plans, SendACodeToANewAddressAndKeepTheOldOneInUse) {
  apply(kSite);
  const auto contact = only<core::Contact>();
  world.seed(
      {core::Put{core::Address{.address = "alice@example.org", .verified_at = world.now()}}});
  const auto changed = replaced(kSite, "alice@example.org", "ann@example.org");
  EXPECT_EQ(apply(changed).at(0), "a.toml:1: contact \"alice\": a code goes to ann@example.org");
  EXPECT_EQ(only<core::Contact>().channels[0].address_before, "alice@example.org");
  EXPECT_EQ(contact.channels[0].address_before, "");
}

TEST_F(Plans, ThatOnlyMoveLinesSayThatNothingChanges) {
  apply(kSite);
  const auto moved = plan_of(std::string("# a comment\n") + kSite);
  EXPECT_EQ(changes_of(moved), Lines{});
  EXPECT_FALSE(moved.orders.empty());
  apply(std::string("# a comment\n") + kSite);
  EXPECT_EQ(only<core::Contact>().managed_by, "a.toml:2");
}

TEST_F(Plans, EmptyAGroupWhenItsPolicyNeedsItNoMore) {
  apply(kSite);
  const auto emptied = replaced(replaced(kSite, "members = [\"alice\"]", "members = []"),
                                "mode = \"custom\", groups = [\"ops\"]", "mode = \"default\"");
  EXPECT_EQ(changes_of(emptied), (Lines{"update prod", "update ops"}));
  const auto refused = plan_of(replaced(kSite, "members = [\"alice\"]", "members = []")).refusals;
  EXPECT_EQ(refused, Lines{"a.toml:5: group \"ops\": group \"ops\" would be empty, and is used by "
                           "the policy of vault \"prod\""});
}

// ---- all or nothing

TEST_F(Plans, ThatCannotBeCarriedOutSayEveryReasonWithItsPlace) {
  const auto plan = plan_of(R"([[group]]
name = "ops"
members = ["alcie"]
[[contact]]
name = "alice"
mobile = "+491701234567"
[[vault]]
name = "prod"
heartbeat_every = "10s"
disconnect_after = "5s"
policy = { mode = "custom", groups = ["opps"] }
)");
  ASSERT_GE(plan.refusals.size(), 2U);
  EXPECT_EQ(plan.refusals[0],
            "a.toml:1: group \"ops\": there is no contact \"alcie\"; did you mean "
            "\"alice\"?");
  EXPECT_EQ(plan.refusals[1],
            "a.toml:7: vault \"prod\": there is no group \"opps\"; did you mean "
            "\"ops\"?");
}

// ---- what is there already

TEST_F(Plans, RefuseToTakeOverWhatIsThereAndDiffers) {
  world.vault("prod");
  const auto plan = plan_of(kSite);
  EXPECT_EQ(
      plan.refusals,
      Lines{"a.toml:9: vault \"prod\": it is there already, as something else, and no file "
            "declared it so far; \"vaultbell config diff --adopt\" shows what would change, "
            "\"vaultbell config apply --adopt\" takes it over; or give one of the two another "
            "name"});
  EXPECT_EQ(plan_of(kSite, {.does_adopt = true}).refusals, Lines{});
}

TEST_F(Plans, TakeOverWhatIsTheSameAndClientsWithNothingOfTheirOwn) {
  const auto prod = world.vault("prod");
  const auto web1 = world.enrol("web1").client;
  const std::string text =
      "[[vault]]\nname = \"prod\"\n[[client]]\nname = \"web1\"\nvault = \"prod\"\n"
      "offline_grace = \"2h\"\n";
  apply(text);
  EXPECT_EQ(world.rows().get<core::Vault>(prod)->managed_by, "a.toml:1");
  EXPECT_EQ(world.rows().get<core::Client>(web1)->timing.offline_grace, Duration(2h));
}

TEST_F(Plans, RefuseClientsAndJobsThatPeopleHaveSetOtherwise) {
  world.vault("prod");
  const auto web1 = world.enrol("web1").client;
  remark(core::EditClient{.client = web1, .timing = {.offline_grace = 2h}});
  remark(core::CreateJob{.client = web1, .name = "db", .settings = {.max_age = 2h}});
  const auto plan = plan_of(
      "[[client]]\nname = \"web1\"\nvault = \"prod\"\n"
      "[[job]]\nclient = \"web1\"\nname = \"db\"\nmax_age = \"26h\"\n");
  ASSERT_EQ(plan.refusals.size(), 2U);
  EXPECT_TRUE(plan.refusals[0].starts_with("a.toml:1: client \"web1\": it is there already"));
  EXPECT_TRUE(plan.refusals[1].starts_with("a.toml:4: job \"db\": it is there already"));
}

// ---- what is not there yet

TEST_F(Plans, WaitForClientsThatAreNotEnrolledYet) {
  EXPECT_TRUE(plan_of(kSite).does_wait);
  EXPECT_EQ(apply(kSite),
            (Lines{"a.toml:1: contact \"alice\": a code goes to alice@example.org",
                   "a.toml:13: client \"web1\": it is not enrolled yet; what is declared counts "
                   "from then on",
                   "a.toml:18: job \"db\": its client \"web1\" is not enrolled yet; what is "
                   "declared counts from "
                   "then on"}));
  const auto web1 = world.enrol("web1").client;
  EXPECT_EQ(changes_of(kSite), (Lines{"update web1", "create db"}));
  EXPECT_FALSE(plan_of(kSite).does_wait);
  apply(kSite);
  EXPECT_EQ(world.rows().get<core::Client>(web1)->policy.mode, core::PolicyMode::off);
}

TEST_F(Plans, MoveAClientToItsVault) {
  world.vault("test");
  const auto web1 = world.enrol("web1", "test").client;
  apply(kSite);
  const auto vault = world.state().vault_by_name.at("prod");
  EXPECT_EQ(world.rows().get<core::Client>(web1)->vault, vault);
}

// ---- what is declared no more

TEST_F(Plans, LeaveToPeopleWhatIsDeclaredNoMore) {
  world.vault("prod");
  world.enrol("web1");
  apply(kSite, {.does_adopt = true});
  const auto window = only<core::Maintenance>();
  EXPECT_EQ(apply(""), Lines{});
  EXPECT_EQ(only<core::Contact>().managed_by, "");
  EXPECT_EQ(only<core::Vault>().managed_by, "");
  EXPECT_EQ(only<core::Vault>().policy.mode, core::PolicyMode::custom);
  EXPECT_EQ(only<core::Client>().policy.mode, core::PolicyMode::off);
  EXPECT_EQ(only<core::Job>().settings.max_age, Duration(26h));
  EXPECT_TRUE(world.rows().get<core::Maintenance>(window.id)->ended_at);
  EXPECT_EQ(remark(core::RenameVault{only<core::Vault>().id, "other"}), "");
}

TEST_F(Plans, DeleteWhatIsDeclaredNoMoreOnlyWhenAskedToAndUnused) {
  world.vault("prod");
  world.enrol("web1");
  apply(kSite, {.does_adopt = true});
  const auto without_group = without(kSite, "[[group]]");
  const auto kept = plan_of(without_group, {.does_prune = true});
  EXPECT_EQ(kept.refusals, Lines{});
  EXPECT_EQ(
      kept.remarks,
      Lines{"a.toml:5: group \"ops\": it is no more declared, and stays: group \"ops\" is used "
            "by the policy of vault \"prod\"; set that to another one first"});
  const auto defaults =
      replaced(without_group, "mode = \"custom\", groups = [\"ops\"]", "mode = \"default\"");
  EXPECT_EQ(changes_of(without(defaults, "[[contact]]"), {.does_prune = true}),
            (Lines{"update prod", "delete", "delete"}));
}

TEST_F(Plans, PruneAVaultThatIsEmpty) {
  apply("[[vault]]\nname = \"lab\"\n");
  EXPECT_EQ(changes_of("", {.does_prune = true}), Lines{"delete"});
  EXPECT_EQ(apply("", {.does_prune = true}), Lines{});
  EXPECT_TRUE(world.state().vaults.empty());
}

TEST_F(Plans, PruneClientsAndJobsOfWhatWasDeclaredOfThem) {
  world.vault("prod");
  world.enrol("web1");
  apply(kSite, {.does_adopt = true});
  const auto remarks = apply("", {.does_prune = true});
  EXPECT_EQ(
      remarks,
      (Lines{"a.toml:9: vault \"prod\": it is no more declared, and stays: vault \"prod\" is not "
             "empty: client \"web1\"; move, revoke or end that first",
             "a.toml:5: group \"ops\": it is no more declared, and stays: group \"ops\" is "
             "used by the policy of vault \"prod\"; set that to another one first",
             "a.toml:1: contact \"alice\": it is no more declared, and stays: contact "
             "\"alice\" is used by group \"ops\"; take it out there first"}));
  EXPECT_EQ(only<core::Client>().policy.mode, core::PolicyMode::same_as_vault);
  EXPECT_EQ(only<core::Job>().settings, JobSettings{});
  EXPECT_EQ(only<core::Group>().managed_by, "");
}

TEST_F(Plans, PruneAJobToWhatItsAgentDeclares) {
  world.vault("prod");
  world.enrol("web1");
  apply(kSite, {.does_adopt = true});
  world.declare_jobs(world.host("web1"), {{"db", {.max_age = 50h}}});
  EXPECT_EQ(only<core::Job>().settings.max_age, Duration(26h));
  apply("", {.does_prune = true});
  EXPECT_EQ(only<core::Job>().settings, (JobSettings{.max_age = 50h}));
}

// ---- maintenances

TEST_F(Plans, EndAWindowThatIsDeclaredOtherwiseAndBeginTheNewOne) {
  apply(kSite);
  EXPECT_EQ(changes_of(replaced(kSite, "length = \"2h\"", "length = \"3h\"")),
            (Lines{"create maintenance", "update maintenance"}));
}

TEST_F(Plans, PassByAWindowThatIsOver) {
  const auto plan =
      plan_of("[[maintenance]]\nfrom = \"2026-02-01T00:00:00Z\"\nfor = \"2h\"\nwhy = \"disks\"\n");
  EXPECT_EQ(plan.refusals, Lines{});
  EXPECT_TRUE(plan.orders.empty());
  EXPECT_EQ(plan.remarks, Lines{"a.toml:1: maintenance \"disks\": it is over since "
                                "2026-02-01T02:00:00Z"});
}

// ---- limits

TEST(LargestPlan, IsTriedOrderByOrder) {
  core::State state;
  core::evolve(state, core::Remember{support::ordinary_settings()});
  Declaration declaration;
  for (std::size_t i = 0; i < kObjectsMax; ++i) {
    declaration.vaults.push_back({.at = {"a.toml", 1}, .name = std::to_string(i)});
  }
  const auto made = plan(state, support::at("03-01 12:00"),
                         {.declaration = declaration, .actor = "alice", .make_code = {}});
  EXPECT_EQ(made.refusals, Lines{});
  EXPECT_EQ(made.orders.size(), kObjectsMax);
  EXPECT_EQ(made.done.changes.size(), kObjectsMax);
  EXPECT_TRUE(state.vaults.empty());
}

// ---- export

TEST_F(Plans, OfWhatWasExportedChangeNothing) {
  apply(kSite);
  world.enrol("web1");
  world.enrol("web2");
  apply(kSite);
  world.contact("bob \"the\" builder", "bob@example.org", "+491701234567");
  remark(core::CreateVault{.name = "test",
                           .policy = {.mode = core::PolicyMode::off,
                                      .least_severity = core::Severity::warning,
                                      .quiet = core::QuietHours{{22h, 7h}, "UTC", false}},
                           .timing = {.offline_grace = 2h}});
  remark(core::StartMaintenance{
      .scope = {.vault = {1}}, .until = world.now() + 2h, .why = "line\nbreak"});
  for (const auto which : {Which::runtime, Which::all}) {
    const auto text = to_toml(world.state(), which) + (which == Which::runtime ? kSite : "");
    const auto plan = plan_of(text);
    EXPECT_EQ(plan.refusals, Lines{}) << text;
    for (const auto& order : plan.orders) {
      EXPECT_TRUE(std::holds_alternative<core::MarkManaged>(order.what)) << text;
    }
    EXPECT_FALSE(plan.does_wait);
  }
}

TEST_F(Plans, ExportTheRestOfWhatIsDeclaredAlready) {
  apply(kSite);
  EXPECT_EQ(to_toml(world.state(), Which::runtime).find("[["), std::string::npos);
  EXPECT_NE(to_toml(world.state(), Which::all)
                .find("name = \"prod\"\npolicy = { mode = \"custom\", "
                      "groups = [\"ops\"], notify_after = \"10m\" }"),
            std::string::npos);
}

}  // namespace
}  // namespace vaultbell::declared
