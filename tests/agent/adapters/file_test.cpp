// Adapter files: what they become, and every mistake named with its place and what would be right.
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/adapters/adapter_file.hpp"

namespace vaultbell::agent::adapters {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

ReadAdapter parse(const std::string& text) {
  return parse_adapter("/etc/adapters/tool.toml", text);
}

// The mistakes without the file's name.
std::vector<std::string> mistakes_in(const std::string& text) {
  auto mistakes = parse(text).mistakes;
  for (auto& one : mistakes) one = one.substr(std::string("/etc/adapters/tool.toml:").size());
  return mistakes;
}

std::string row_with(const std::string& keys) {
  return "[[row]]\nname = \"x\"\noutcome = \"failed\"\n" + keys + "\n";
}

const char* const kWhole = R"(
names = ["tool2"]
options_with_value = ["-r"]
dry_run = ["-n"]
backup_first = true
zero = "warning"
[version]
arguments = ["--version"]
pattern = '^tool (\S+)'
[operations]
verify = ["check", '^v\w*']
[[row]]
name = "locked"
versions = ">=1.2 <2"
operations = ["backup"]
exit = ["2", "100-127"]
signals = ["TERM"]
output = 'lock'
stderr = 'held by (\w+)'
json = { msgid = 'LockTimeout' }
document = { "a.b" = '0' }
outcome = "failed"
reason = "another_run_in_progress"
operation = "prune"
message = "by {}"
proof = "source: here"
[[fact]]
figure = "bytes_added"
stdout = 'added (.*)'
is_binary = true
[[fact]]
figure = "errors"
json = { type = 'error' }
is_count = true
)";

TEST(AdapterFiles, BecomeAnAdapter) {
  const auto read = parse(kWhole);

  ASSERT_THAT(read.mistakes, IsEmpty());
  const auto& adapter = read.adapter;
  EXPECT_EQ(adapter.tool, "tool");
  EXPECT_THAT(adapter.names, ElementsAre("tool2"));
  EXPECT_THAT(adapter.options_with_value, ElementsAre("-r"));
  EXPECT_TRUE(adapter.dry_run.at(0).is_whole("-n"));
  EXPECT_TRUE(adapter.is_backup_first);
  EXPECT_EQ(adapter.unmatched_zero, Outcome::warning);
  EXPECT_THAT(adapter.version_arguments, ElementsAre("--version"));
  ASSERT_THAT(adapter.operations, SizeIs(1));
  EXPECT_THAT(adapter.operations[0].any_word, SizeIs(1));
  EXPECT_THAT(adapter.operations[0].first_word, SizeIs(1));
}

TEST(AdapterFiles, TheirTablesBecomeRowsAndFacts) {
  const auto adapter = parse(kWhole).adapter;
  ASSERT_THAT(adapter.rows, SizeIs(1));
  const auto& row = adapter.rows[0];
  EXPECT_EQ(row.line, 12U);
  EXPECT_TRUE(row.versions.contains(*classify::parse_version("1.9")));
  EXPECT_THAT(row.operations, ElementsAre(Operation::backup));
  EXPECT_EQ(row.codes[1].last, 127);
  EXPECT_THAT(row.signals, ElementsAre(SIGTERM));
  EXPECT_THAT(row.wanted.lines, SizeIs(2));
  EXPECT_EQ(row.wanted.json[0].path, "msgid");
  EXPECT_EQ(row.wanted.document[0].path, "a.b");
  EXPECT_EQ(row.reason, OutcomeReason::another_run_in_progress);
  EXPECT_EQ(row.operation, Operation::prune);
  ASSERT_THAT(adapter.facts, SizeIs(2));
  EXPECT_EQ(adapter.facts[0].thousand, classify::Thousand::binary);
  EXPECT_TRUE(adapter.facts[1].is_count);
}

TEST(AdapterFiles, AFailureAndACancellationHaveTheirUsualReasons) {
  const auto rows = parse(
                        "[[row]]\nname = \"a\"\nexit = [\"1\"]\noutcome = \"failed\"\n"
                        "[[row]]\nname = \"b\"\nexit = [\"2\"]\noutcome = \"cancelled\"\n"
                        "[[row]]\nname = \"c\"\nexit = [\"3\"]\noutcome = \"warning\"\n")
                        .adapter.rows;
  EXPECT_EQ(rows[0].reason, OutcomeReason::error);
  EXPECT_EQ(rows[1].reason, OutcomeReason::user_cancelled);
  EXPECT_FALSE(rows[2].reason);
}

TEST(AdapterFiles, AFileThatIsNotThereIsAMistake) {
  EXPECT_THAT(read_adapter("/nowhere/tool.toml").mistakes, SizeIs(1));
}

TEST(AdapterFiles, AllMistakesAreShownAtOnce) {
  EXPECT_THAT(
      mistakes_in("nams = [\"a\"]\n" + row_with("exit = [\"300\"]") + "[[fact]]\n"),
      ElementsAre("1:1: unknown key \"nams\"; did you mean \"names\"?",
                  "5:9: exit in [[row]]: \"300\" is no exit code from 0 to 255, and no range "
                  "(example: \"100-127\")",
                  "6:1: figure in [[fact]]: missing: what is found here?"));
}

TEST(AdapterFiles, ARowNeedsANameOfItsOwn) {
  EXPECT_THAT(mistakes_in("[[row]]\noutcome = \"failed\"\nexit = [\"1\"]\n"),
              ElementsAre("1:1: name in [[row]]: a row needs one: it says why it fits"));
  EXPECT_THAT(mistakes_in(row_with("exit = [\"1\"]") + row_with("exit = [\"2\"]")),
              ElementsAre("6:8: name in [[row]]: \"x\" is the name of a row above"));
}

TEST(AdapterFiles, ARowSaysWhatItMeans) {
  EXPECT_THAT(mistakes_in("[[row]]\nname = \"x\"\nexit = [\"1\"]\n"),
              ElementsAre("1:1: outcome in [[row]]: missing: what does it mean?"));
  EXPECT_THAT(mistakes_in("[[row]]\nname = \"x\"\nexit = [\"1\"]\noutcome = \"running\"\n"),
              ElementsAre("4:11: outcome in [[row]]: a tool that has ended is not running"));
  EXPECT_THAT(
      mistakes_in("[[row]]\nname = \"x\"\nexit = [\"1\"]\noutcome = \"sucess\"\n"),
      ElementsAre(
          "4:11: outcome in [[row]]: unknown value \"sucess\" (one of: running succeeded warning "
          "failed cancelled)"));
  EXPECT_THAT(mistakes_in("[[row]]\nname = \"x\"\nexit = [\"1\"]\noutcome = \"warning\"\nreason = "
                          "\"error\"\n"),
              ElementsAre("5:10: reason in [[row]]: only failed and cancelled have one"));
  EXPECT_THAT(
      mistakes_in(row_with("exit = [\"1\"]\nmessage = \"{}\"")),
      ElementsAre("5:11: message in [[row]]: \"{}\" stands for what was found in the output, "
                  "and nothing is looked for"));
}

TEST(AdapterFiles, ARowThatAlwaysFitsIsAMistake) {
  EXPECT_THAT(mistakes_in(row_with("operations = [\"backup\"]")),
              ElementsAre("1:1: [[row]]: it would always fit: name exit, signals, output, stdout, "
                          "stderr, json or document"));
}

TEST(AdapterFiles, APatternThatCannotBeUsedIsAMistake) {
  EXPECT_THAT(
      mistakes_in(row_with("output = 'a(b'")),
      ElementsAre("4:10: output in [[row]]: \"a(b\" is no regular expression: missing ): a(b"));
  EXPECT_THAT(
      mistakes_in(row_with("output = '(a)(b)'")),
      ElementsAre("4:10: output in [[row]]: \"(a)(b)\" has 2 groups, at most 1 can be used (write "
                  "(?:...) for what is only grouped)"));
  EXPECT_THAT(
      mistakes_in(row_with("output = '" + std::string(501, 'a') + "'")),
      ElementsAre("4:10: output in [[row]]: a pattern of 501 bytes, at most 500 are allowed"));
}

TEST(AdapterFiles, CodesSignalsOperationsAndVersionsAreChecked) {
  for (const auto* code : {"-1", "1-", "-", "2-1", "1-256", "one", "1,2", ""}) {
    EXPECT_THAT(mistakes_in(row_with("exit = [\"" + std::string(code) + "\"]")), SizeIs(1)) << code;
  }
  EXPECT_THAT(
      mistakes_in(row_with("signals = [\"SIGTERM\"]")),
      ElementsAre("4:12: signals in [[row]]: \"SIGTERM\" is no signal (example: \"TERM\")"));
  EXPECT_THAT(
      mistakes_in(row_with("exit = [\"1\"]\noperations = [\"backups\"]")),
      ElementsAre("5:15: operations in [[row]]: unknown operation \"backups\"; did you mean "
                  "\"backup\"?"));
  EXPECT_THAT(mistakes_in(row_with("exit = [\"1\"]\nversions = \"1.2\"")),
              ElementsAre("5:12: versions in [[row]]: \"1.2\" begins with none of < <= = >= > "
                          "(example: \">=0.17 <0.19\")"));
}

TEST(AdapterFiles, VersionsNeedAWayToAskForThem) {
  EXPECT_THAT(mistakes_in(row_with("exit = [\"1\"]\nversions = \">1\"")), SizeIs(1));
  EXPECT_THAT(mistakes_in("[version]\narguments = [\"--version\"]\n"),
              ElementsAre("1:1: [version]: arguments and pattern belong together"));
}

TEST(AdapterFiles, FieldsAreTextsInATable) {
  EXPECT_THAT(mistakes_in(row_with("json = { code = 12 }")),
              ElementsAre("4:17: code in json of [[row]]: not a text (write it in quotes)"));
  EXPECT_THAT(mistakes_in(row_with("exit = [\"1\"]\njson = { }")),
              ElementsAre("5:8: json in [[row]]: names no field"));
}

TEST(AdapterFiles, AFactIsFoundInOnePlace) {
  const std::string wanted =
      "1:1: [[fact]]: one of output, stdout and stderr finds it, or value (with json, or in the "
      "whole "
      "document)";
  const std::string fact = "[[fact]]\nfigure = \"files\"\n";
  EXPECT_THAT(mistakes_in(fact), ElementsAre(wanted));
  EXPECT_THAT(mistakes_in(fact + "output = 'a'\nstderr = 'a'\n"), ElementsAre(wanted));
  EXPECT_THAT(mistakes_in(fact + "output = 'a'\nvalue = \"a\"\n"), ElementsAre(wanted));
  EXPECT_THAT(mistakes_in(fact + "json = { a = 'b' }\n"), ElementsAre(wanted));
}

TEST(AdapterFiles, WordsAreOfKnownOperations) {
  EXPECT_THAT(
      mistakes_in("[operations]\nbackups = [\"create\"]\n"),
      ElementsAre("2:11: backups in [operations]: unknown operation \"backups\"; did you mean "
                  "\"backup\"?"));
  EXPECT_THAT(mistakes_in("[operations]\nbackup = [\"(\"]\n"), SizeIs(1));
}

TEST(AdapterFiles, ZeroIsAnOutcomeOfWhatHasEnded) {
  EXPECT_THAT(mistakes_in("zero = \"running\"\n"),
              ElementsAre("1:8: zero: a tool that has ended is not running"));
}

TEST(AdapterFiles, TheNumberOfRowsAndFactsIsLimited) {
  std::string rows;
  for (int i = 0; i <= 200; ++i) rows += "[[row]]\n";
  EXPECT_THAT(mistakes_in(rows), ElementsAre("1:1: row: 201 rows, at most 200 are allowed"));
  std::string facts;
  for (int i = 0; i <= 100; ++i) facts += "[[fact]]\n";
  EXPECT_THAT(mistakes_in(facts), ElementsAre("1:1: fact: 101 facts, at most 100 are allowed"));
}

}  // namespace
}  // namespace vaultbell::agent::adapters
