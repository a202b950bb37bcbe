// conf.d/*.toml: what may be declared, and how every mistake is named with its place (R9.2).
#include "aggregator/declared/reading.hpp"

#include <gtest/gtest.h>

#include "shared/base/files.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::declared {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using Lines = std::vector<std::string>;

Loaded read(const std::string& text) {
  return read_texts({{"a.toml", text}});
}

constexpr auto kEverything = R"([[contact]]
name = "alice"
email = "alice@example.org"
mobile = "+491701234567"

[[group]]
name = "ops"
members = ["alice"]

[[vault]]
name = "prod"
heartbeat_every = "10s"
disconnect_after = "45s"
offline_grace = "2h"
warning_counts_as = "failed"
policy = { mode = "custom", groups = ["ops"], notify_after = "10m", frequency = "each", min_severity = "warning" }

[[client]]
name = "db-1"
vault = "prod"
offline_grace = "3h"
[client.policy]
mode = "custom"
contacts = ["alice"]
kinds = ["backup_missed", "backup_failed"]
notify_after_by_kind = { backup_missed = "5m", backup_failed = "0" }
tells_recovery = false
remind_every = "4h"
escalate_after = "1h"
escalation_contacts = ["bob"]
escalation_groups = ["ops"]
quiet_hours = "22:00-07:00"
quiet_zone = "Europe/Berlin"
do_critical_pass = false

[[job]]
client = "db-1"
name = "nightly"
operation = "backup"
cron = "30 2 * * *"
zone = "Europe/Berlin"
grace = "30m"
max_age = "26h"
max_duration = "4h"
verify_every = "30d"
is_high_frequency = true
tolerate_failures = 2
warning_counts_as = "succeeded"
has_bands = false

[[maintenance]]
client = "db-1"
job = "nightly"
kind = "backup_failed"
from = "2026-03-07T22:00:00Z"
for = "4h"
why = "new disks"

[[maintenance]]
vault = "prod"
cron = "0 3 * * 0"
zone = "Europe/Berlin"
length = "2h"
why = "updates on Sundays"
)";

core::Policy policy_of_db() {
  using core::AlertKind;
  return {
      .mode = core::PolicyMode::custom,
      .kinds = {AlertKind::backup_failed, AlertKind::backup_missed},
      .notify_after_by_kind = {{AlertKind::backup_failed, 0s}, {AlertKind::backup_missed, 5min}},
      .tells_recovery = false,
      .remind_every = 4h,
      .escalate_after = 1h,
      .quiet = core::QuietHours{{22h, 7h}, "Europe/Berlin", false}};
}

TEST(Reading, UnderstandsEveryKeyOfEveryObject) {
  const auto [declaration, mistakes, files] = read(kEverything);
  EXPECT_EQ(mistakes, Lines{});
  EXPECT_EQ(declaration.size(), 7U);
  EXPECT_EQ(declaration.contacts,
            (std::vector<Contact>{{{"a.toml", 1},
                                   "alice",
                                   {{core::Channel::email, "alice@example.org"},
                                    {core::Channel::mobile, "+491701234567"}}}}));
  EXPECT_EQ(declaration.groups, (std::vector<Group>{{{"a.toml", 6}, "ops", {"alice"}}}));
  const core::Policy policy{.mode = core::PolicyMode::custom,
                            .least_severity = core::Severity::warning,
                            .notify_after = 10min,
                            .frequency = core::Frequency::each};
  EXPECT_EQ(
      declaration.vaults,
      (std::vector<Vault>{
          {{"a.toml", 10}, "prod", {policy, {{}, {"ops"}}, {}}, {10s, 45s, 2h}, Outcome::failed}}));
  EXPECT_EQ(declaration.clients,
            (std::vector<Client>{{{"a.toml", 18},
                                  "db-1",
                                  "prod",
                                  {policy_of_db(), {{"alice"}, {}}, {{"bob"}, {"ops"}}},
                                  {.offline_grace = 3h}}}));
}

TEST(Reading, UnderstandsJobsAndMaintenances) {
  const auto declaration = read(kEverything).declaration;
  const JobSettings settings{
      .operation = Operation::backup,
      .schedule = Schedule{.cron = "30 2 * * *", .zone = "Europe/Berlin", .grace = 30min},
      .max_age = 26h,
      .max_duration = 4h,
      .verify_every = 24h * 30,
      .is_high_frequency = true,
      .tolerate_failures = 2,
      .warning_counts_as = Outcome::succeeded,
      .has_bands = false};
  EXPECT_EQ(declaration.jobs, (std::vector<Job>{{{"a.toml", 36}, "db-1", "nightly", settings}}));
  const auto from = *parse_iso("2026-03-07T22:00:00Z");
  const core::Recurrence sundays{"0 3 * * 0", "Europe/Berlin", 2h};
  EXPECT_EQ(declaration.maintenances,
            (std::vector<Maintenance>{{.at = {"a.toml", 51},
                                       .client = "db-1",
                                       .job = "nightly",
                                       .kind = core::AlertKind::backup_failed,
                                       .from = from,
                                       .until = from + 4h,
                                       .why = "new disks"},
                                      {.at = {"a.toml", 59},
                                       .vault = "prod",
                                       .recurrence = sundays,
                                       .why = "updates on Sundays"}}));
}

TEST(Reading, TakesTheScheduleOfAnAgentsFileToo) {
  const auto loaded = read(
      "[[job]]\nclient = \"db-1\"\nname = \"nightly\"\n"
      "schedule = { cron = \"0 2 * * *\", zone = \"Europe/Berlin\", grace = \"1h\" }\n");
  EXPECT_EQ(loaded.mistakes, Lines{});
  EXPECT_EQ(loaded.declaration.jobs[0].settings.schedule,
            (Schedule{.cron = "0 2 * * *", .zone = "Europe/Berlin", .grace = 1h}));
}

TEST(Reading, GivesWhatIsNotSaidItsDefault) {
  const auto loaded = read("[[vault]]\nname = \"a\"\n[[client]]\nname = \"b\"\nvault = \"a\"\n");
  EXPECT_EQ(loaded.mistakes, Lines{});
  EXPECT_EQ(loaded.declaration.vaults[0].policy.rest.mode, core::PolicyMode::default_recipients);
  EXPECT_EQ(loaded.declaration.clients[0].policy.rest.mode, core::PolicyMode::same_as_vault);
}

TEST(Reading, NamesEveryMistakeWithLineAndKey) {
  EXPECT_EQ(read("[[contact]]\nnam = \"alice\"\nemail = \"alice\"\n"
                 "[[group]]\nname = \" ops\"\n"
                 "[[vault]]\nname = \"prod\"\npolicy = { mode = \"custum\", grups = [] }\n"
                 "[[vault]]\nname = \"test\"\npolicy = { mode = \"custom\" }\n"
                 "[[clint]]\n"
                 "[[job]]\nclient = \"a\"\nname = \"b\"\nzone = \"Europe/Berlin\"\n"
                 "[[maintenance]]\nfrom = \"tomorrow\"\nwhy = \"move\"\n")
                .mistakes,
            (Lines{
                "a.toml:1:1: [[contact]]: name is missing",
                "a.toml:2:1: unknown key \"nam\" in [[contact]]; did you mean \"name\"?",
                "a.toml:3:9: email in [[contact]]: \"alice\" is not a mail address: there is no "
                "\"@\" (example: \"ops@example.org\")",
                "a.toml:5:8: name in [[group]]: group name \" ops\": begins or ends with white "
                "space",
                "a.toml:8:19: mode in policy of [[vault]]: unknown value \"custum\"; did you mean "
                "\"custom\"?",
                "a.toml:8:29: unknown key \"grups\" in policy of [[vault]]; did you mean "
                "\"groups\"?",
                "a.toml:11:10: policy in [[vault]]: the policy of vault \"test\" would be custom "
                "without anybody: name at least one contact or group, or set it to default or off",
                "a.toml:12:3: unknown section \"clint\"; did you mean \"client\"?",
                "a.toml:16:8: zone in [[job]]: it needs every or cron beside it",
                "a.toml:18:8: from in [[maintenance]]: \"tomorrow\" is not a time (example: "
                "\"2026-03-01T02:20:00Z\")",
            }));
}

TEST(Reading, NamesBothPlacesOfWhatIsDeclaredTwice) {
  const auto job = [](const std::string& client) {
    return "[[job]]\nclient = \"" + client + "\"\nname = \"nightly\"\n";
  };
  const auto loaded = read_texts({{"a.toml", "[[vault]]\nname = \"prod\"\n" + job("a") + job("b")},
                                  {"b.toml", job("b") + "[[vault]]\nname = \"prod\"\n"}});
  EXPECT_EQ(loaded.mistakes,
            (Lines{"b.toml:3:8: name in [[job]]: job \"nightly\" is already declared in a.toml:6",
                   "b.toml:5:8: name in [[vault]]: vault \"prod\" is already declared in "
                   "a.toml:1"}));
}

TEST(Reading, SaysWhichNamesMustBeThereAlready) {
  const auto names = names_from_elsewhere(read(kEverything).declaration);
  EXPECT_EQ(names, Lines{"a.toml:18: contact \"bob\" is not declared in these files: it must be "
                         "there already"});
}

TEST(Reading, HasALimit) {
  std::string text;
  for (std::size_t i = 0; i <= kObjectsMax; ++i) {
    text += "[[group]]\nname = \"" + std::to_string(i) + "\"\n";
  }
  EXPECT_EQ(read(text).mistakes, Lines{"10001 objects are declared, at most 10000 are possible"});
}

// ---- folders

class Folders : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    ASSERT_TRUE(write_file(folder.path() / name, text, 0644).has_value());
  }
  support::TemporaryFolder folder;
};

TEST_F(Folders, AreReadFileByFileInTheOrderOfTheirNames) {
  write("20.toml", "[[vault]]\nname = \"b\"\n");
  write("10.toml", "[[vault]]\nname = \"a\"\n");
  write("notes.txt", "not TOML");
  write(".10.toml", "not TOML");
  const auto loaded = read_folder(folder.path());
  EXPECT_EQ(loaded.mistakes, Lines{});
  EXPECT_EQ(loaded.files, 2U);
  ASSERT_EQ(loaded.declaration.vaults.size(), 2U);
  EXPECT_EQ(loaded.declaration.vaults[0].name, "a");
  EXPECT_EQ(place_of(loaded.declaration.vaults[1].at), (folder.path() / "20.toml").string() + ":1");
}

TEST_F(Folders, ThatAreNotThereDeclareNothing) {
  const auto loaded = read_folder(folder.path() / "missing");
  EXPECT_EQ(loaded.mistakes, Lines{});
  EXPECT_EQ(loaded.declaration, Declaration{});
}

TEST_F(Folders, WithOneFileThatIsNotTomlNameItAndReadTheOthers) {
  write("a.toml", "[[vault]\n");
  write("b.toml", "[[vault]]\nnam = \"b\"\n");
  const auto mistakes = read_folder(folder.path()).mistakes;
  ASSERT_EQ(mistakes.size(), 3U);
  EXPECT_TRUE(mistakes[0].starts_with((folder.path() / "a.toml").string() + ":1:"));
  EXPECT_TRUE(mistakes[1].starts_with((folder.path() / "b.toml").string() + ":1:1: [[vault]]"));
}

TEST_F(Folders, OrOneFileCanBeNamed) {
  write("a.toml", "[[vault]]\nname = \"a\"\n");
  EXPECT_EQ(read_path(folder.path() / "a.toml").declaration.size(), 1U);
  EXPECT_EQ(read_path(folder.path()).declaration.size(), 1U);
  const auto missing = (folder.path() / "b.toml").string();
  EXPECT_EQ(read_path(missing).mistakes,
            Lines{missing + ": cannot read " + missing + ": No such file or directory"});
}

}  // namespace
}  // namespace vaultbell::declared
