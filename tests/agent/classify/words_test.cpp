// What a command line says about the operation.
#include "agent/classify/words.hpp"

#include <gtest/gtest.h>

#include "tests/agent/classify/adapters.hpp"

namespace vaultbell::agent::classify::testing {
namespace {

Adapter adapter_with_words() {
  Adapter adapter{.tool = "tool"};
  adapter.operations = {{.operation = Operation::backup, .any_word = {pattern("create")}},
                        {.operation = Operation::verify, .any_word = {pattern("check")}},
                        {.operation = Operation::restore, .first_word = {pattern("^x\\w*")}}};
  adapter.options_with_value = {"-r", "--repo"};
  adapter.dry_run = {pattern("-\\w*n\\w*")};
  return adapter;
}

std::optional<Operation> operation_of(const std::vector<std::string>& arguments) {
  return classify::operation_of(adapter_with_words(), arguments);
}

TEST(Words, TheFirstWordThatAnOperationClaimsCounts) {
  EXPECT_EQ(operation_of({"check", "create"}), Operation::verify);
  EXPECT_EQ(operation_of({"--verbose", "create", "check"}), Operation::backup);
  EXPECT_EQ(operation_of({"created", "/srv"}), std::nullopt);
  EXPECT_EQ(operation_of({}), std::nullopt);
}

TEST(Words, TheValueOfAnOptionSaysNothing) {
  EXPECT_EQ(operation_of({"-r", "create", "check"}), Operation::verify);
  EXPECT_EQ(operation_of({"--repo", "create"}), std::nullopt);
  EXPECT_EQ(operation_of({"-r"}), std::nullopt);
}

TEST(Words, WhatFollowsTwoDashesSaysNothing) {
  EXPECT_EQ(operation_of({"--", "create"}), std::nullopt);
}

TEST(Words, SomeCountOnlyInTheFirstPlace) {
  EXPECT_EQ(operation_of({"xzf", "a.tar"}), Operation::restore);
  EXPECT_EQ(operation_of({"a.tar", "xzf"}), std::nullopt);
}

TEST(Words, ADryRunDoesNothing) {
  EXPECT_EQ(operation_of({"create", "-n", "/srv"}), Operation::configure);
  EXPECT_EQ(operation_of({"-avn", "create"}), Operation::configure);
  EXPECT_EQ(operation_of({"-r", "-n", "create"}), Operation::backup);
}

TEST(Words, BackupMayCountBeforeTheOthers) {
  auto adapter = adapter_with_words();
  adapter.is_backup_first = true;
  EXPECT_EQ(classify::operation_of(adapter, {"check", "create"}), Operation::backup);
  EXPECT_EQ(classify::operation_of(adapter, {"check"}), Operation::verify);
}

}  // namespace
}  // namespace vaultbell::agent::classify::testing
