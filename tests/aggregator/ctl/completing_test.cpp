// What is offered where somebody presses Tab: by the program, and by the shells that ask it.

#include "aggregator/ctl/completing.hpp"

#include <algorithm>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "aggregator/core/words.hpp"
#include "shared/domain/run.hpp"
#include "tests/aggregator/ctl/program_fixture.hpp"
#include "tests/support/program.hpp"

namespace vaultbell::ctl {
namespace {

using Set = std::set<std::string>;

// The candidates for the last word, without what is said of them.
Set offered(const Words& typed) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  complete(typed, Streams{.in = in, .out = out, .err = err});
  EXPECT_EQ(err.str(), "");
  std::istringstream lines(out.str());
  Set words;
  for (std::string line; std::getline(lines, line);) words.insert(line.substr(0, line.find('\t')));
  return words;
}

TEST(Completing, LeadsToEveryCommandWordByWord) {
  for (const auto& command : commands()) {
    Words typed;
    for (const auto word : words_in(command.words)) {
      typed.emplace_back();
      EXPECT_TRUE(offered(typed).contains(std::string(word))) << command.words;
      typed.back() = word;
    }
  }
}

TEST(Completing, OffersEveryFlagThatTheCommandTakesAndNoOther) {
  for (const auto& command : commands()) {
    Words typed;
    for (const auto word : words_in(command.words)) typed.emplace_back(word);
    typed.emplace_back("--");
    for (const auto& flag : flags()) {
      EXPECT_EQ(offered(typed).contains(fmt::format("--{}", flag.name)), takes(command, flag.name))
          << command.words << " --" << flag.name;
    }
  }
}

TEST(Completing, OffersAFlagASecondTimeOnlyWhereItMayRepeat) {
  EXPECT_FALSE(offered({"run", "list", "--failed", "--fa"}).contains("--failed"));
  EXPECT_TRUE(offered({"group", "create", "ops", "--member", "a", "--me"}).contains("--member"));
}

TEST(Completing, UnderstandsOtherSpellings) {
  EXPECT_TRUE(offered({"alerts", ""}).contains("list"));
  EXPECT_TRUE(offered({"runs", "list", "-o", ""}).contains("ndjson"));
  EXPECT_EQ(offered({"run", "list", "--outcome=s"}), Set{"--outcome=succeeded"});
  EXPECT_EQ(offered({"help", "enrol", "tok"}), Set{"token"});
  EXPECT_EQ(offered({"policy", "set", "client", "db-1", "sa"}), Set{"same-as-vault"});
}

TEST(Completing, LeavesFilesToTheShell) {
  EXPECT_EQ(offered({"config", "check", "/etc"}), Set{""});
  EXPECT_EQ(offered({"status", "--socket", ""}), Set{""});
}

template <class E>
Set words_of() {
  Set words;
  for (const auto& one : kEnumText<E>) words.insert(std::string(one.text));
  return words;
}

Set choices(std::string_view flag, std::string_view noun = "") {
  Set words;
  for (const auto word : words_in(choices_of(flag, noun))) words.insert(std::string(word));
  return words;
}

TEST(Completing, KnowsTheWordsThatTheAggregatorKnows) {
  EXPECT_EQ(choices("severity"), words_of<core::Severity>());
  EXPECT_EQ(choices("min-severity"), words_of<core::Severity>());
  EXPECT_EQ(choices("kind"), words_of<core::AlertKind>());
  EXPECT_EQ(choices("frequency"), words_of<core::Frequency>());
  EXPECT_EQ(choices("outcome"), words_of<Outcome>());
  EXPECT_EQ(choices("operation"), words_of<Operation>());
  EXPECT_EQ(choices("state", "client"), words_of<core::ClientState>());
  EXPECT_EQ(choices("state", "delivery"), words_of<core::NotificationState>());
  EXPECT_EQ(choices("state", "enrol"), words_of<core::EnrolmentState>());
  EXPECT_EQ(choices("output"), words_of<Format>());
  EXPECT_EQ(choices("color"), words_of<UseColour>());
  auto alerts = words_of<core::AlertState>();
  alerts.insert("all");
  EXPECT_EQ(choices("state", "alert"), alerts);
}

TEST(Completing, SaysNothingWhereNobodyAnswers) {
  EXPECT_EQ(offered({"--socket", "/nowhere", "client", "show", ""}), Set());
}

// ---- with names, in bash

class CompletionInBash : public Program {
 protected:
  CompletionInBash() { play_a_little(); }

  // What bash offers; `typed` as bash cuts it, without the program.
  [[nodiscard]] Set replies(const Words& typed) const {
    const std::string source = VAULTBELL_SOURCE;
    Words words = {"bash", "--norc", source + "/tests/aggregator/ctl/drive_completion.sh",
                   source + "/completion/completion.sh", VAULTBELL_PROGRAM};
    words.insert(words.end(), typed.begin(), typed.end());
    const auto ran = support::finish(
        words, {.environment = {{"VAULTBELL_SOCKET", aggregator_.socket().string()}}});
    EXPECT_EQ(ran.err, "");
    std::istringstream lines(ran.out);
    Set found;
    for (std::string line; std::getline(lines, line);) found.insert(line);
    return found;
  }
};

TEST_F(CompletionInBash, CompletesTheNamesThatThereAre) {
  EXPECT_EQ(replies({"client", "show", ""}), (Set{"db-1", "web-1"}));
  EXPECT_EQ(replies({"client", "show", "d"}), Set{"db-1"});
  EXPECT_EQ(replies({"explain", "client", "w"}), Set{"web-1"});
  EXPECT_EQ(replies({"job", "show", "db-1", ""}), Set{"nightly"});
  EXPECT_EQ(replies({"run", "list", "--client", "db-1", "--job", ""}), Set{"nightly"});
  EXPECT_EQ(replies({"enrol", "approve", ""}), Set{"nas-1"});
  EXPECT_EQ(replies({"client", "move", "db-1", "--vault", "p"}), Set{"prod"});
  EXPECT_EQ(replies({"client", "move", "db-1", "--vault", "=", "p"}), Set{"prod"});
  EXPECT_TRUE(replies({"alert", "ack", ""}).contains("1"));
  EXPECT_TRUE(replies({"delivery", "show", ""}).contains("1"));
}

TEST_F(CompletionInBash, OffersNoNameThatIsTakenForANewThing) {
  EXPECT_EQ(replies({"vault", "create", ""}), Set{""});
  EXPECT_EQ(replies({"client", "rename", "db-1", ""}), Set{""});
  EXPECT_EQ(replies({"job", "add", "db-1", ""}), Set{""});
}

TEST_F(CompletionInBash, PutsNamesInQuotesWhereTheShellNeedsThem) {
  aggregator_.add_vault("two words");
  aggregator_.add_vault("a$(id)");
  EXPECT_EQ(replies({"vault", "show", ""}), (Set{"prod", "two\\ words", "a\\$\\(id\\)"}));
}

TEST_F(CompletionInBash, OffersNamesOfFiles) {
  EXPECT_EQ(replies({"config", "check", VAULTBELL_SOURCE "/READ"}),
            Set{VAULTBELL_SOURCE "/README.md"});
}

// ---- the other shells

TEST(CompletionScripts, AreUnderstoodByTheirShells) {
  const std::string folder = VAULTBELL_SOURCE "/completion/completion.";
  for (const Words& words : {Words{"bash", "-n", folder + "sh"}, Words{"zsh", "-n", folder + "zsh"},
                             Words{"fish", "--no-execute", folder + "fish"}}) {
    const auto ran = support::finish(words);
    EXPECT_EQ(ran.exit_code, 0) << words.front() << ran.err;
    EXPECT_EQ(ran.err, "");
  }
}

TEST_F(CompletionInBash, IsTheSameInFish) {
  const auto script = std::string(VAULTBELL_SOURCE) + "/completion/completion.fish";
  const auto program = std::string(VAULTBELL_PROGRAM);
  const auto folder = program.substr(0, program.rfind('/'));
  const auto ran = support::finish(
      {"fish", "--no-config", "-c",
       fmt::format("set -x PATH {} $PATH; source {}; complete -C 'vaultbell client show d'", folder,
                   script)},
      {.environment = {{"VAULTBELL_SOCKET", aggregator_.socket().string()}, {"HOME", folder}}});
  EXPECT_EQ(ran.out.substr(0, ran.out.find('\t')), "db-1") << ran.out << ran.err;
}

// The canary: a script that says too much is noticed.
TEST(CompletionScripts, AreRefusedWhenTheyAreBroken) {
  EXPECT_NE(support::finish({"bash", "-nc", "if"}).exit_code, 0);
  EXPECT_NE(support::finish({"zsh", "-nc", "if"}).exit_code, 0);
  EXPECT_NE(support::finish({"fish", "--no-execute", VAULTBELL_SOURCE "/completion/completion.sh"})
                .exit_code,
            0);
}

}  // namespace
}  // namespace vaultbell::ctl
