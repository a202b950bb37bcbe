// `vaultbell config`: objects that files declare, checked, compared, applied and exported (R9.2).
#include "aggregator/declared/reading.hpp"
#include "aggregator/declared/schema.hpp"
#include "shared/base/files.hpp"
#include "tests/aggregator/ctl/program_fixture.hpp"

namespace vaultbell::ctl {
namespace {

constexpr int kInvalidConfiguration = 3;

constexpr auto kSite = R"([[contact]]
name = "alice"
email = "alice@example.org"

[[vault]]
name = "prod"
policy = { mode = "custom", contacts = ["alice"], notify_after = "10m" }
)";

class Config : public Program {
 protected:
  void write(const std::string& name, const std::string& text) {
    ASSERT_TRUE(write_file(aggregator_.conf_dir() / name, text, 0644).has_value());
  }
  void carry_out(const Words& words) const { EXPECT_NE(out(words), ""); }
  [[nodiscard]] json json_of_diff() const {
    const auto ran = run({"config", "diff", "-o", "json"});
    EXPECT_EQ(ran.exit, kDifferences) << ran.err;
    return ran.json();
  }
  [[nodiscard]] std::string path_of(const std::string& name) const {
    return (aggregator_.conf_dir() / name).string();
  }
};

// ---- check: without an aggregator

TEST_F(Config, CheckNeedsNoAggregator) {
  write("a.toml", kSite);
  const auto ran = run_program({"config", "check", aggregator_.conf_dir().string()},
                               {"VAULTBELL_SOCKET=/no-such-folder"});
  EXPECT_EQ(ran.exit, kDone) << ran.err;
  EXPECT_EQ(ran.out, aggregator_.conf_dir().string() + ": 2 objects in 1 file, no mistakes\n");
  EXPECT_EQ(ran.err, "");
}

TEST_F(Config, CheckNamesEveryMistakeAndExitsWith3) {
  write("a.toml", "[[vault]]\nname = \"prod\"\nmembers = []\n");
  write("b.toml", "[[vault]]\nname = \"prod\"\n");
  const auto ran = run({"config", "check", aggregator_.conf_dir().string()});
  EXPECT_EQ(ran.exit, kInvalidConfiguration);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, path_of("a.toml") + ":3:1: unknown key \"members\" in [[vault]]\n" +
                         path_of("b.toml") +
                         ":2:8: name in [[vault]]: vault \"prod\" is already "
                         "declared in " +
                         path_of("a.toml") +
                         ":1\n"
                         "vaultbell: 2 errors, nothing was changed\n");
  const auto as_json = run({"config", "check", path_of("a.toml"), "-o", "json"});
  EXPECT_EQ(as_json.exit, kInvalidConfiguration);
  const auto error = json::parse(as_json.err).at("error");
  EXPECT_EQ(error.at("code"), "invalid_configuration");
  EXPECT_EQ(error.at("details").size(), 1U);
}

TEST_F(Config, CheckSaysWhichNamesItCannotKnow) {
  write("a.toml", "[[group]]\nname = \"ops\"\nmembers = [\"bob\"]\n");
  const auto ran = run({"config", "check", path_of("a.toml")});
  EXPECT_EQ(ran.exit, kDone);
  EXPECT_EQ(ran.err, path_of("a.toml") +
                         ":1: contact \"bob\" is not declared in these files: it "
                         "must be there already\n");
}

TEST_F(Config, TheInstalledExampleHasNoMistakeAndEveryKeyOfTheSchema) {
  const std::string example = VAULTBELL_SOURCE "/aggregator/declared.example.toml";
  EXPECT_EQ(out({"config", "check", example}), example + ": 9 objects in 1 file, no mistakes\n");
  const auto text = *read_file(example, 1 << 20);
  const auto schema = json_of({"config", "schema"});
  for (const auto& [table, list] : schema.at("properties").items()) {
    EXPECT_NE(text.find("[[" + table + "]]"), std::string::npos) << table;
    for (const auto& [key, value] : list.at("items").at("properties").items()) {
      if (key == "schedule" || key == "every" || key == "for") continue;  // other spellings
      const bool is_there = text.find("\n" + key + " = ") != std::string::npos ||
                            text.find("." + key + "]") != std::string::npos;
      EXPECT_TRUE(is_there) << table << "." << key;
    }
  }
}

// Every key that the schema allows is one that is read: with a value that cannot be right it is
// complained of, but never as unknown.
TEST_F(Config, TheSchemaHasNoKeyThatIsNotRead) {
  const auto schema = json::parse(declared::json_schema());
  for (const auto& [table, list] : schema.at("properties").items()) {
    for (const auto& [key, value] : list.at("items").at("properties").items()) {
      const auto text = "[[" + table + "]]\n" + key + " = 7.5\n";
      for (const auto& mistake : declared::read_texts({{"a.toml", text}}).mistakes) {
        EXPECT_EQ(mistake.find("unknown"), std::string::npos) << mistake;
      }
    }
  }
}

// ---- diff and apply

TEST_F(Config, DiffSaysWhatWouldChangeAndChangesNothing) {
  write("a.toml", kSite);
  const auto ran = run({"config", "diff"});
  EXPECT_EQ(ran.exit, kDifferences) << ran.err;
  EXPECT_EQ(ran.out,
            "would create contact alice\nwould create delivery 1\nwould create vault prod\n");
  EXPECT_EQ(json_of({"vault", "list"}).size(), 0U);
}

TEST_F(Config, ApplyDoesWhatDiffSaysAndThenThereIsNoDifference) {
  write("a.toml", kSite);
  const auto ran = run({"config", "apply"});
  EXPECT_EQ(ran.exit, kDone) << ran.err;
  EXPECT_EQ(ran.out, "created contact alice\ncreated delivery 1\ncreated vault prod\n");
  EXPECT_EQ(json_of({"vault", "show", "prod"}).at("managed_by"), path_of("a.toml") + ":5");
  EXPECT_EQ(run({"config", "diff"}).exit, kDone);

  write("a.toml", std::string(kSite) + "offline_grace = \"2h\"\n");
  const auto dry = run({"config", "apply", "--dry-run", "--exit-code"});
  EXPECT_EQ(dry.exit, kDifferences);
  EXPECT_EQ(dry.out, "would update vault prod\n  own_timing.offline_grace:  -> 2h\n");
  EXPECT_EQ(out({"config", "apply"}), "updated vault prod\n  own_timing.offline_grace:  -> 2h\n");
}

TEST_F(Config, WhatAFileDeclaresIsRefusedToPeople) {
  write("a.toml", kSite);
  carry_out({"config", "apply"});
  const auto ran = run({"vault", "rename", "prod", "other"});
  EXPECT_EQ(ran.exit, kRefused);
  EXPECT_EQ(ran.err, "vaultbell: vault \"prod\" is declared in " + path_of("a.toml") +
                         ":5: change it there, or take it out there, and run \"vaultbell config "
                         "apply\"\n");
}

TEST_F(Config, AClashIsRefusedWithWhatToDoAndNothingIsHalfDone) {
  aggregator_.add_vault("prod", core::PolicyMode::off);
  write("a.toml", kSite);
  const auto ran = run({"config", "apply"});
  EXPECT_EQ(ran.exit, kRefused);
  EXPECT_TRUE(ran.err.starts_with(path_of("a.toml") + ":5: vault \"prod\": it is there already"))
      << ran.err;
  EXPECT_NE(ran.err.find("\"vaultbell config apply --adopt\" takes it over"), std::string::npos);
  EXPECT_EQ(json_of({"contact", "list"}).size(), 0U);
  const auto diff = run({"config", "diff"});
  EXPECT_EQ(diff.exit, kRefused);
  EXPECT_EQ(run({"config", "apply", "--adopt"}).exit, kDone);
  EXPECT_EQ(json_of({"vault", "show", "prod"}).at("policy"), "custom");
}

TEST_F(Config, FilesWithMistakesAreNotApplied) {
  write("a.toml", kSite);
  write("b.toml", "[[vault]]\nnam = \"lab\"\n");
  for (const auto& words :
       {Words{"config", "apply"}, Words{"config", "apply", "--dry-run"}, Words{"config", "diff"}}) {
    const auto ran = run(words);
    EXPECT_EQ(ran.exit, kInvalidConfiguration) << ran.err;
    EXPECT_NE(ran.err.find(path_of("b.toml") + ":2:1: unknown key \"nam\" in [[vault]]"),
              std::string::npos)
        << ran.err;
  }
  EXPECT_EQ(json_of({"vault", "list"}).size(), 0U);
}

TEST_F(Config, WhatIsTakenOutStaysUnlessItIsPruned) {
  write("a.toml", kSite);
  carry_out({"config", "apply"});
  write("a.toml", "[[vault]]\nname = \"prod\"\n");
  EXPECT_EQ(run({"config", "diff", "--prune"}).exit, kDifferences);
  EXPECT_NE(out({"config", "apply", "--prune"}).find("deleted contact alice"), std::string::npos);
  write("a.toml", "");
  EXPECT_EQ(out({"config", "apply"}),
            "updated vault prod\n  managed_by: " + path_of("a.toml") + ":1 -> \n");
}

// ---- export

TEST_F(Config, ExportPrintsAFileThatChangesNothing) {
  play_a_little();
  carry_out({"contact", "add", "alice", "--mail", "alice@example.org"});
  carry_out({"job", "edit", "db-1", "nightly", "--cron", "30 2 * * *", "--zone", "Europe/Berlin"});
  carry_out({"maintenance", "start", "--vault", "prod", "--for", "2h", "-m", "new \"disks\""});
  const auto text = out({"config", "export"});
  write("all.toml", text);
  EXPECT_EQ(run({"config", "check", path_of("all.toml")}).exit, kDone);
  const auto diff = json_of_diff();
  ASSERT_FALSE(diff.at("changes").empty());
  for (const auto& change : diff.at("changes")) {
    auto before = change.at("before");
    before["managed_by"] = change.at("after").at("managed_by");
    before["revision"] = change.at("after").at("revision");
    EXPECT_EQ(before, change.at("after"));
  }
  EXPECT_EQ(run({"config", "apply"}).exit, kDone);
  EXPECT_EQ(out({"config", "export"}).find("[["), std::string::npos);
  EXPECT_EQ(out({"config", "export", "--all"}), text);
}

TEST_F(Config, ShowSaysWhereObjectsAreDeclared) {
  EXPECT_EQ(json_of({"config", "show"}).at("folder"), aggregator_.conf_dir().string());
}

}  // namespace
}  // namespace vaultbell::ctl
