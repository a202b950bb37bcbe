// docs/cli.md describes what there is: every command, flag and exit code, and nothing else.

#include "tests/support/document.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aggregator/ctl/command.hpp"

namespace vaultbell::ctl {
namespace {

using Lines = std::vector<std::string>;

std::string typed(const Command& command) {
  const auto space = command.arguments.empty() ? "" : " ";
  return fmt::format("`vaultbell {}{}{}`", command.words, space, command.arguments);
}

Lines every_command() {
  Lines lines;
  for (const auto& command : commands()) lines.push_back(typed(command));
  return lines;
}

Lines every_flag() {
  Lines lines;
  for (const auto& flag : flags()) lines.push_back(fmt::format("`--{}`", flag.name));
  for (const auto& flag : flags()) {
    if (!flag.alias.empty()) lines.push_back(fmt::format("`--{}`", flag.alias));
  }
  for (const auto& flag : flags()) {
    if (!flag.short_name.empty()) lines.push_back(fmt::format("`-{}`", flag.short_name));
  }
  return lines;
}

// The line of the table that describes a command.
std::string line_of(const std::string& document, const Command& command) {
  const auto begin = document.find("| " + typed(command));
  if (begin == std::string::npos) return {};
  return document.substr(begin, document.find('\n', begin) - begin);
}

TEST(CliDocument, DescribesEveryCommandAndFlag) {
  const auto document = support::document("cli.md");
  EXPECT_EQ(support::undescribed(document, every_command()), Lines{});
  EXPECT_EQ(support::undescribed(document, every_flag()), Lines{});
}

TEST(CliDocument, NamesTheFlagsOfEachCommandBesideIt) {
  const auto document = support::document("cli.md");
  for (const auto& command : commands()) {
    const auto line = line_of(document, command);
    if (line.find("the same") != std::string::npos) continue;
    for (const auto& flag : flags_of(command)) {
      EXPECT_NE(line.find(fmt::format("`--{}`", flag.name)), std::string::npos)
          << command.words << " --" << flag.name;
    }
  }
}

// The numbers at the beginning of the lines of tables.
Lines numbers_in(const std::string& document) {
  constexpr std::string_view kBegin = "\n| ";
  Lines numbers;
  for (auto at = document.find(kBegin); at != std::string::npos; at = document.find(kBegin, at)) {
    at += kBegin.size();
    const auto end = document.find_first_not_of("0123456789", at);
    if (end > at && end != std::string::npos) numbers.push_back(document.substr(at, end - at));
  }
  return numbers;
}

TEST(CliDocument, DescribesEveryExitCodeAndNoOther) {
  Lines codes;
  for (const auto code :
       {ExitCode::done, ExitCode::failed, ExitCode::usage, ExitCode::invalid_configuration,
        ExitCode::not_authorised, ExitCode::not_found, ExitCode::refused, ExitCode::partly_done,
        ExitCode::unreachable, ExitCode::differences, ExitCode::try_later}) {
    codes.push_back(std::to_string(static_cast<int>(code)));
  }
  EXPECT_EQ(numbers_in(support::document("cli.md")), codes);
}

TEST(CliDocument, DescribesNoCommandThatThereIsNot) {
  const auto described = support::quoted(support::document("cli.md"), {"vaultbell "});
  ASSERT_FALSE(described.empty());
  for (const auto& line : described) {
    const auto words = words_in(line);
    EXPECT_TRUE(understand({words.begin() + 1, words.end()})) << line;
  }
}

// The canary: a document that leaves something out is refused.
TEST(CliDocument, IsRefusedWhenItLeavesSomethingOut) {
  auto document = support::document("cli.md");
  const std::string command = "`vaultbell explain run ID`";
  document.erase(document.find(command), command.size());
  EXPECT_EQ(support::undescribed(document, every_command()), Lines{command});
  EXPECT_EQ(support::undescribed(document, {"`--frobnicate`"}), Lines{"`--frobnicate`"});
}

}  // namespace
}  // namespace vaultbell::ctl
