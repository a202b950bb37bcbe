#include <gtest/gtest.h>

#include "tests/agent/hooks/call.hpp"
#include "tests/agent/support/printing.hpp"

namespace vaultbell::agent::hooks {
namespace {

TEST(VzdumpHook, EachGuestIsAJob) {
  const auto start = *told_by_vzdump(a_call({}, {"backup-start", "snapshot", "101"}));
  EXPECT_EQ(start.report.job, "vzdump-101");
  EXPECT_EQ(start.report.outcome, Outcome::running);
  const auto end = *told_by_vzdump(a_call({{"TARGET", "/dump/vzdump-qemu-101.vma.zst"}},
                                          {"backup-end", "snapshot", "101"}, "night"));
  EXPECT_EQ(end.report.job, "night-101");
  EXPECT_EQ(end.report.outcome, Outcome::succeeded);
  EXPECT_EQ(end.report.snapshot, "/dump/vzdump-qemu-101.vma.zst");
  const auto abort = *told_by_vzdump(a_call({}, {"backup-abort", "stop", "7"}));
  EXPECT_EQ(abort.report.job, "vzdump-7");
  EXPECT_EQ(abort.report.outcome, Outcome::failed);
}

TEST(VzdumpHook, TheJobAsAWholeOnlyFails) {
  EXPECT_EQ(told_by_vzdump(a_call({}, {"job-abort"}))->report.outcome, Outcome::failed);
  for (const auto* phase : {"job-init", "job-start", "job-end", "log-end", "pre-stop",
                            "pre-restart", "post-restart", "to-come"}) {
    EXPECT_FALSE(told_by_vzdump(a_call({}, {phase, "snapshot", "101"}))->is_anything) << phase;
  }
}

TEST(VzdumpHook, WhatIsMissingIsNamed) {
  EXPECT_FALSE(told_by_vzdump(a_call({})));
  EXPECT_FALSE(told_by_vzdump(a_call({}, {"backup-end", "snapshot"})));
}

Told duplicati(const Variables& more) {
  Variables variables{{"DUPLICATI__EVENTNAME", "AFTER"},
                      {"DUPLICATI__OPERATIONNAME", "Backup"},
                      {"DUPLICATI__backup_name", "laptop"}};
  for (const auto& [name, value] : more) variables[name] = value;
  return *told_by_duplicati(a_call(variables));
}

TEST(DuplicatiHook, TheParsedResultIsTheOutcome) {
  const auto outcome = [](const std::string& result) {
    return duplicati({{"DUPLICATI__PARSED_RESULT", result}}).report.outcome;
  };
  EXPECT_EQ(outcome("Success"), Outcome::succeeded);
  EXPECT_EQ(outcome("Warning"), Outcome::warning);
  for (const auto* result : {"Error", "Fatal", "Unknown", ""}) {
    EXPECT_EQ(outcome(result), Outcome::failed) << result;
  }
}

TEST(DuplicatiHook, BeforeIsAStart) {
  const auto told = duplicati({{"DUPLICATI__EVENTNAME", "BEFORE"}});
  EXPECT_EQ(told.report.outcome, Outcome::running);
  EXPECT_EQ(told.report.job, "laptop");
  EXPECT_FALSE(duplicati({{"DUPLICATI__EVENTNAME", "PARSING"}}).is_anything);
}

TEST(DuplicatiHook, OnlyABackupIsOne) {
  const auto operation = [](const std::string& name) {
    return duplicati({{"DUPLICATI__OPERATIONNAME", name}}).report.operation;
  };
  EXPECT_EQ(operation("Backup"), Operation::backup);
  EXPECT_EQ(operation("Restore"), Operation::restore);
  EXPECT_EQ(operation("Test"), Operation::verify);
  EXPECT_EQ(operation("Compact"), Operation::prune);
  EXPECT_EQ(operation("List"), Operation::configure);
}

TEST(DuplicatiHook, WhatIsMissingIsNamed) {
  EXPECT_FALSE(told_by_duplicati(a_call({}, {}, "a")));
  EXPECT_FALSE(told_by_duplicati(a_call({{"DUPLICATI__EVENTNAME", "AFTER"}})));
}

TEST(BaculaHook, TheStatusIsTheOutcome) {
  const auto outcome = [](std::vector<std::string> words) {
    return told_by_bacula(a_call({}, std::move(words), "nightly"))->report.outcome;
  };
  EXPECT_EQ(outcome({"OK"}), Outcome::succeeded);
  EXPECT_EQ(outcome({"OK -- with warnings"}), Outcome::warning);
  EXPECT_EQ(outcome({"OK", "with", "warnings"}), Outcome::warning);
  EXPECT_EQ(outcome({"Warning"}), Outcome::warning);
  EXPECT_EQ(outcome({"Canceled"}), Outcome::cancelled);
  for (const auto* status : {"Error", "Fatal Error", "Differences", "OKAY", "Unknown"}) {
    EXPECT_EQ(outcome({status}), Outcome::failed) << status;
  }
}

TEST(BaculaHook, AStartNeedsNoStatus) {
  auto call = a_call({}, {}, "nightly");
  EXPECT_FALSE(told_by_bacula(call));
  call.is_start = true;
  EXPECT_EQ(told_by_bacula(call)->report.outcome, Outcome::running);
  EXPECT_FALSE(told_by_bacula(a_call({}, {"OK"})));
}

}  // namespace
}  // namespace vaultbell::agent::hooks
