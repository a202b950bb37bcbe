// Which row fits, and what holds where none does (R3.2, R3.3).
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/agent/classify/adapters.hpp"

namespace vaultbell::agent::classify::testing {
namespace {

using ::testing::ElementsAre;

constexpr End kZero{.exit_code = 0};
constexpr End kOne{.exit_code = 1};

// R3.2
TEST(Classifier, TheFirstRowThatFitsCounts) {
  const auto adapter = adapter_with({row("three", Outcome::warning, {{3, 3}}),
                                     row("one to five", Outcome::cancelled, {{1, 5}}),
                                     row("one", Outcome::succeeded, {{1, 1}})});
  EXPECT_EQ(judge(adapter, "", {.exit_code = 3}).row, "three");
  const auto verdict = judge(adapter, "", kOne);
  EXPECT_EQ(verdict.row, "one to five");
  EXPECT_EQ(verdict.outcome, Outcome::cancelled);
  EXPECT_EQ(verdict.line, 7U);
}

TEST(Classifier, AnUnknownExitCodeIsAFailure) {
  const auto verdict = judge(adapter_with({row("done", Outcome::succeeded, {{0, 0}})}), "", kOne);
  EXPECT_EQ(verdict.outcome, Outcome::failed);
  EXPECT_EQ(verdict.reason, OutcomeReason::error);
  EXPECT_EQ(verdict.message, "exit code 1");
  EXPECT_EQ(verdict.row, "an unknown exit code");
  EXPECT_EQ(verdict.line, 0U);
}

TEST(Classifier, ZeroWithoutARowIsWhatTheFileSays) {
  auto adapter = adapter_with({});
  EXPECT_EQ(judge(adapter, "", kZero).outcome, Outcome::succeeded);
  EXPECT_EQ(judge(adapter, "", kZero).message, "");
  adapter.unmatched_zero = Outcome::failed;
  const auto verdict = judge(adapter, "", kZero);
  EXPECT_EQ(verdict.outcome, Outcome::failed);
  EXPECT_EQ(verdict.reason, OutcomeReason::error);
  EXPECT_EQ(verdict.message, "exit code 0, and nothing in the output says how it ended");
  adapter.unmatched_zero = Outcome::cancelled;
  EXPECT_EQ(judge(adapter, "", kZero).reason, OutcomeReason::user_cancelled);
}

// R3.3
TEST(Classifier, ASignalThatKilledItIsTheUsersOrAnInterruption) {
  const auto adapter = adapter_with({row("done", Outcome::succeeded, {{0, 255}})});
  const auto by_user = judge(adapter, "", {.signal = SIGINT});
  EXPECT_EQ(by_user.outcome, Outcome::cancelled);
  EXPECT_EQ(by_user.reason, OutcomeReason::user_cancelled);
  EXPECT_EQ(by_user.message, "interrupted by SIGINT");
  const auto killed = judge(adapter, "", {.signal = SIGKILL});
  EXPECT_EQ(killed.outcome, Outcome::failed);
  EXPECT_EQ(killed.reason, OutcomeReason::interrupted);
  EXPECT_EQ(killed.message, "interrupted by SIGKILL");
}

TEST(Classifier, ARowMayNameTheSignalThatKilledIt) {
  auto adapter = adapter_with({row("out of memory", Outcome::failed)});
  adapter.rows[0].signals = {SIGKILL};
  EXPECT_EQ(judge(adapter, "", {.signal = SIGKILL}).row, "out of memory");
  EXPECT_EQ(judge(adapter, "", {.signal = SIGTERM}).row, "a signal");
  EXPECT_EQ(judge(adapter, "", kOne).row, "an unknown exit code");
}

// R3.3
TEST(Classifier, WhoeverInterruptedItKnowsBetterThanAnyRow) {
  const auto adapter = adapter_with({row("locked", Outcome::failed, {{1, 1}})});
  const auto by_user = judge(adapter, "", {.exit_code = 1, .interrupted_by = SIGINT});
  EXPECT_EQ(by_user.outcome, Outcome::cancelled);
  const auto stopped = judge(adapter, "", {.exit_code = 1, .interrupted_by = SIGTERM});
  EXPECT_EQ(stopped.outcome, Outcome::failed);
  EXPECT_EQ(stopped.reason, OutcomeReason::interrupted);
}

TEST(Classifier, WhatWasFinishedInSpiteOfASignalIsJudgedByItsRows) {
  const auto adapter = adapter_with({row_for("left out", Outcome::warning, "skipping")});
  const End end{.exit_code = 0, .interrupted_by = SIGTERM};
  EXPECT_EQ(judge(adapter, "skipping\n", end).outcome, Outcome::warning);
  EXPECT_EQ(judge(adapter, "", end).outcome, Outcome::succeeded);
}

TEST(Classifier, ARowFitsOnlyItsOperations) {
  auto adapter = adapter_with(
      {row("damaged", Outcome::failed, {{1, 1}}), row("a warning", Outcome::warning, {{1, 1}})});
  adapter.rows[0].operations = {Operation::verify, Operation::restore};
  EXPECT_EQ(judge(adapter, "", kOne, Operation::verify).row, "damaged");
  EXPECT_EQ(judge(adapter, "", kOne, Operation::backup).row, "a warning");
}

TEST(Classifier, EveryPatternOfARowMustBeFoundSomewhere) {
  auto adapter = adapter_with({row_for("both", Outcome::warning, "^first")});
  adapter.rows[0].wanted.lines.push_back(line("second$"));
  EXPECT_EQ(judge(adapter, "the second\nfirst\n", kZero).row, "both");
  EXPECT_EQ(judge(adapter, "first\n", kZero).row, "exit code 0 without a row");
}

TEST(Classifier, AFoundTextFitsWhateverTheExitCode) {
  const auto adapter = adapter_with({row_for("damage", Outcome::failed, "status: error")});
  EXPECT_EQ(judge(adapter, "status: error\n", kZero).outcome, Outcome::failed);
  EXPECT_EQ(judge(adapter, "status: error\n", kOne).row, "damage");
}

TEST(Classifier, TheMessageShowsWhatWasFound) {
  auto adapter = adapter_with({row_for("locked", Outcome::failed, "locked by (PID \\d+)")});
  adapter.rows[0].message = "somebody works on it: {}";
  EXPECT_EQ(judge(adapter, "locked by PID 17 on vm\n", kOne).message,
            "somebody works on it: PID 17");
}

TEST(Classifier, WithoutAMessageTheNameIsOneExceptOfASuccess) {
  const auto adapter = adapter_with(
      {row("done", Outcome::succeeded, {{0, 0}}), row("no repository", Outcome::failed, {{1, 1}})});
  EXPECT_EQ(judge(adapter, "", kZero).message, "");
  EXPECT_EQ(judge(adapter, "", kOne).message, "no repository");
}

TEST(Classifier, SaysWhyARowFits) {
  const auto adapter = adapter_with({row_for("locked", Outcome::failed, "is locked")});
  EXPECT_THAT(judge(adapter, "it is locked\n", kOne).why,
              ElementsAre("exit code 1", "\"it is locked\" was found by 'is locked'"));
}

TEST(Classifier, ARowMaySayThatItWasAnotherOperation) {
  auto adapter = adapter_with({row_for("dry", Outcome::succeeded, "dry run")});
  adapter.rows[0].operation = Operation::configure;
  EXPECT_EQ(judge(adapter, "dry run\n", kZero).operation, Operation::configure);
  EXPECT_FALSE(judge(adapter, "", kZero).operation);
}

// ---- versions

Adapter adapter_of_versions() {
  auto adapter =
      adapter_with({row("old", Outcome::failed, {{7, 7}}), row("new", Outcome::warning, {{7, 7}}),
                    row("done", Outcome::succeeded, {{0, 0}})});
  adapter.rows[0].versions = *parse_version_range("<1.70");
  return adapter;
}

TEST(Classifier, ARowFitsOnlyItsVersions) {
  const auto adapter = adapter_of_versions();
  const End seven{.exit_code = 7};
  EXPECT_EQ(judge(adapter, "", seven, Operation::backup, parse_version("1.60").value()).row, "old");
  EXPECT_EQ(judge(adapter, "", seven, Operation::backup, parse_version("1.75").value()).row, "new");
}

TEST(Classifier, WhereTheVersionIsNotKnownNoRowThatNamesOneFits) {
  EXPECT_EQ(judge(adapter_of_versions(), "", {.exit_code = 7}).row, "new");
}

TEST(Classifier, TheVersionIsWantedOnlyWhereItDecides) {
  const auto adapter = adapter_of_versions();
  Classifier classifier(adapter, Operation::backup);
  classifier.finish();
  EXPECT_TRUE(classifier.wants_version({.exit_code = 7}));
  EXPECT_FALSE(classifier.wants_version(kZero));
  EXPECT_FALSE(classifier.wants_version({.exit_code = 9}));
  EXPECT_FALSE(classifier.wants_version({.exit_code = 7, .interrupted_by = SIGTERM}));
}

}  // namespace
}  // namespace vaultbell::agent::classify::testing
