// `adapter`: what is known of tools, shown and tried out.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/agent/program/enrolled.hpp"

namespace vaultbell::agent::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// With adapters of its own, and none that were shipped.
class Adapters : public State {
 public:
  Adapters() {
    std::filesystem::create_directory(*this / "own");
    write("agent.toml",
          fmt::format("[adapters]\nfolder = \"{0}/own\"\nshipped_folder = \"{0}/no\"\n",
                      path().string()));
    write("own/tool.toml",
          "names = [\"alias\"]\n"
          "[version]\narguments = [\"version\"]\npattern = '(.*)'\n"
          "[[row]]\nname = \"left out\"\nexit = [\"0\", \"3-5\"]\nstderr = '(\\w+) skipped'\n"
          "outcome = \"warning\"\nmessage = \"{} was left out\"\nproof = \"source: here\"\n"
          "[[row]]\nname = \"old\"\nversions = \"<2\"\nexit = [\"7\"]\noutcome = \"cancelled\"\n"
          "[[row]]\nname = \"restored\"\noperations = [\"restore\"]\nexit = [\"8\"]\n"
          "outcome = \"succeeded\"\noperation = \"verify\"\n"
          "[[fact]]\nfigure = \"files\"\noutput = '(\\d+) files'\n"
          "[[fact]]\nfigure = \"snapshot\"\noutput = 'id (\\w+)'\n");
  }
  [[nodiscard]] Finished adapter(const Words& words, const std::string& input = {}) const {
    return finish(Words{"adapter", "--config", (*this / "agent.toml").string()} + words,
                  {.input = input});
  }
  [[nodiscard]] std::string file() const { return (*this / "own/tool.toml").string(); }
};

TEST(AdapterCommand, ListsTheToolsAndTheirFiles) {
  const Adapters adapters;
  adapters.write("own/broken.toml", "x = 1\n");
  const auto finished = adapters.adapter({"list"});
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_THAT(finished.out, HasSubstr("broken       not used: it has mistakes"));
  EXPECT_THAT(finished.out, HasSubstr("tool         3 rows   " + adapters.file()));
}

TEST(AdapterCommand, ShowsEveryRow) {
  const Adapters adapters;
  const auto finished = adapters.adapter({"show", "tool"});
  EXPECT_EQ(finished.out, "tool: " + adapters.file() +
                              "\n"
                              "The first row that fits counts; the number is its line.\n"
                              "\n"
                              "   5  left out\n"
                              "        exit 0, 3-5\n"
                              "        stderr '(\\w+) skipped'\n"
                              "      = warning\n"
                              "        \"{} was left out\"\n"
                              "        proof: source: here\n"
                              "\n"
                              "  12  old\n"
                              "        version <2\n"
                              "        exit 7\n"
                              "      = cancelled, user_cancelled\n"
                              "\n"
                              "  17  restored\n"
                              "        operation restore\n"
                              "        exit 8\n"
                              "      = succeeded; the operation is verify\n"
                              "\n"
                              "exit code 0 without a row = succeeded\n");
}

TEST(AdapterCommand, TellsWhichRowJudgesAnOutputAndWhy) {
  const Adapters adapters;
  const auto finished = adapters.adapter({"test", "-", "--tool", "tool", "--exit", "3"},
                                         "12 files\nid ab\nx skipped");
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_EQ(finished.out,
            "outcome      warning\n"
            "message      x was left out\n"
            "files        12\n"
            "snapshot     ab\n"
            "row          \"left out\" (" +
                adapters.file() +
                ":5)\n"
                "because      exit code 3\n"
                "because      \"x\" was found by '(\\w+) skipped'\n");
}

TEST(AdapterCommand, SaysWhatItTakesForTheEndWhereNobodyHas) {
  const Adapters adapters;
  const Words words = {"test", "-", "--tool", "tool"};
  const auto sentence =
      "\nHow the tool ended was not said, so exit code 0 was taken: --exit or --signal.\n";
  EXPECT_THAT(adapters.adapter(words).out, HasSubstr(sentence));
  EXPECT_THAT(adapters.adapter(words + Words{"--exit", "0"}).out, Not(HasSubstr(sentence)));
  EXPECT_THAT(adapters.adapter(words + Words{"--signal", "TERM"}).out, Not(HasSubstr(sentence)));
}

TEST(AdapterCommand, SaysWhereNoRowFits) {
  const Adapters adapters;
  const auto killed = adapters.adapter({"test", "-", "--tool", "alias", "--signal", "KILL"});
  EXPECT_THAT(killed.out, StartsWith("outcome      failed, interrupted\n"));
  EXPECT_THAT(killed.out, HasSubstr("row          none: a signal\n"));
}

TEST(AdapterCommand, AFileThatNamesItsStreamsKeepsThemApart) {
  const Adapters adapters;
  adapters.write("a.txt", "# what\n--- stdout ---\nx skipped\n--- stderr ---\n");
  const auto file = (adapters / "a.txt").string();
  EXPECT_THAT(adapters.adapter({"test", file, "--tool", "tool"}).out,
              HasSubstr("row          none: exit code 0 without a row\n"));
}

TEST(AdapterCommand, TheVersionIsAskedForWhereItDecides) {
  const Adapters adapters;
  const Words words = {"test", "-", "--tool", "tool", "--exit", "7"};
  EXPECT_THAT(adapters.adapter(words).out, HasSubstr("say which one it is with --version"));
  EXPECT_THAT(adapters.adapter(words + Words{"--version", "1.2"}).out,
              StartsWith("outcome      cancelled"));
}

TEST(AdapterCommand, WrongUsageIsSaid) {
  const Adapters adapters;
  struct Case {
    Words words;
    std::string said;
  };
  for (const auto& [words, said] :
       {Case{{}, "one of: list, show TOOL, test FILE"},
        Case{{"shwo"}, "one of: list, show TOOL, test FILE"},
        Case{{"show"}, "one of: list, show TOOL, test FILE"},
        Case{{"show", "a", "b"}, "unexpected argument \"b\""},
        Case{{"test", "-"}, "--tool is missing"},
        Case{{"test", "-", "--tool", "tool", "--exit", "256"},
             "--exit 256: no exit code from 0 to 255"},
        Case{{"test", "-", "--tool", "tool", "--exit", "3x"},
             "--exit 3x: no exit code from 0 to 255"},
        Case{{"test", "-", "--tool", "tool", "--signal", "SIGTERM"},
             "--signal SIGTERM: no signal (example: TERM)"},
        Case{{"test", "-", "--tool", "tool", "--version", "new"},
             "--version: \"new\" is no version (example: \"0.18.0\")"},
        Case{{"test", "-", "--tool", "tool", "--operation", "back"},
             "unknown --operation \"back\" (one of: configure backup log_backup restore verify "
             "prune "
             "delete_backup stop_protection_retain stop_protection_delete)"}}) {
    const auto finished = adapters.adapter(words);
    EXPECT_EQ(finished.exit_code, 2);
    EXPECT_EQ(finished.err, "vaultbell-agent: " + said + "\ntry: vaultbell-agent adapter --help\n");
  }
}

TEST(AdapterCommand, WhatIsNotThereIsSaid) {
  const Adapters adapters;
  const auto unknown = adapters.adapter({"show", "nothing"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_EQ(unknown.err,
            "vaultbell-agent: there is no adapter for \"nothing\" (see: vaultbell-agent adapter "
            "list)\n");
  EXPECT_THAT(adapters.adapter({"show", "tol"}).err, HasSubstr("; did you mean \"tool\"?\n"));
  EXPECT_EQ(adapters.adapter({"test", "/nowhere", "--tool", "tool"}).exit_code, 1);
  adapters.write("own/broken.toml", "x = 1\n");
  const auto broken = adapters.adapter({"show", "broken"});
  EXPECT_EQ(broken.exit_code, 1);
  EXPECT_THAT(broken.err, HasSubstr("broken.toml:1:1: unknown key \"x\""));
}

}  // namespace
}  // namespace vaultbell::agent::testing
