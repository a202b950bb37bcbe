#include <csignal>

#include <gtest/gtest.h>

#include "tests/agent/hooks/call.hpp"
#include "tests/agent/support/printing.hpp"

namespace vaultbell::agent::hooks {
namespace {

constexpr const char* kInvocation = "0f8fad5bd9cb469fa16570867728950e";
constexpr const char* kRun = "0f8fad5b-d9cb-469f-a165-70867728950e";

Told told_of(const Variables& variables, const std::string& job = "nightly") {
  const auto told = told_by_systemd(a_call(variables, {}, job));
  EXPECT_TRUE(told) << told.error().message;
  return told ? *told : Told{};
}

Told told_of(const std::string& result, const std::string& code, const std::string& status) {
  Variables variables{{"SERVICE_RESULT", result}};
  if (!code.empty()) variables["EXIT_CODE"] = code;
  if (!status.empty()) variables["EXIT_STATUS"] = status;
  return told_of(variables);
}

TEST(SystemdHook, AnExitIsTheProcesss) {
  const auto good = told_of("success", "exited", "0");
  ASSERT_TRUE(good.end);
  EXPECT_EQ(good.end->exit_code, 0);
  EXPECT_EQ(good.report.exit_code, 0);
  const auto bad = told_of("exit-code", "exited", "3");
  ASSERT_TRUE(bad.end);
  EXPECT_EQ(bad.end->exit_code, 3);
  EXPECT_EQ(bad.report.exit_code, 3);
}

// systemd.exec(5): SIGHUP, SIGINT, SIGTERM and SIGPIPE are a success of what is not a oneshot.
TEST(SystemdHook, ASignalIsNoSuccess) {
  const auto stopped = told_of("success", "killed", "TERM");
  ASSERT_TRUE(stopped.end);
  EXPECT_EQ(stopped.end->signal, SIGTERM);
  EXPECT_EQ(stopped.report.signal, SIGTERM);
  EXPECT_EQ(told_of("success", "killed", "INT").end->signal, SIGINT);
  EXPECT_EQ(told_of("signal", "killed", "KILL").end->signal, SIGKILL);
  EXPECT_EQ(told_of("core-dump", "dumped", "SEGV").end->signal, SIGSEGV);
  const auto unknown = told_of("signal", "killed", "RTMIN+3");
  EXPECT_FALSE(unknown.end);
  EXPECT_EQ(unknown.report.reason, OutcomeReason::interrupted);
  EXPECT_EQ(unknown.report.message, "killed by RTMIN+3");
}

TEST(SystemdHook, ASuccessWithAnotherCodeIsAWarning) {
  const auto told = told_of("success", "exited", "3");
  EXPECT_FALSE(told.end);
  EXPECT_EQ(told.report.outcome, Outcome::warning);
  EXPECT_EQ(told.report.message, "exit code 3, which the unit takes for a success");
  EXPECT_EQ(told_of("success", "", "").report.outcome, Outcome::warning);
}

TEST(SystemdHook, AFailureOfAnotherPartOfTheUnitIsOne) {
  for (const auto* status : {"0", ""}) {
    const auto told = told_of("exit-code", *status == 0 ? "" : "exited", status);
    EXPECT_FALSE(told.end);
    EXPECT_EQ(told.report.outcome, Outcome::failed);
    EXPECT_EQ(told.report.message, "systemd says: exit-code");
  }
}

TEST(SystemdHook, OtherResultsAreKnown) {
  for (const auto* result : {"timeout", "watchdog"}) {
    const auto told = told_of(result, "killed", "ABRT");
    EXPECT_FALSE(told.end);
    EXPECT_EQ(told.report.reason, OutcomeReason::timeout);
    EXPECT_EQ(told.report.message, std::string("ended by systemd: ") + result);
  }
  for (const auto* result : {"oom-kill", "protocol", "resources", "start-limit-hit", "news"}) {
    const auto told = told_of(result, "killed", "KILL");
    EXPECT_FALSE(told.end);
    EXPECT_EQ(told.report.outcome, Outcome::failed);
    EXPECT_EQ(told.report.reason, OutcomeReason::error);
  }
  EXPECT_EQ(told_of("exec-condition", "exited", "1").report.outcome, Outcome::cancelled);
}

TEST(SystemdHook, TheMonitoredUnitCountsWhereThereIsOne) {
  const auto told = told_of({{"SERVICE_RESULT", "success"},
                             {"INVOCATION_ID", "11111111111111111111111111111111"},
                             {"MONITOR_UNIT", "restic@srv.service"},
                             {"MONITOR_SERVICE_RESULT", "exit-code"},
                             {"MONITOR_EXIT_CODE", "exited"},
                             {"MONITOR_EXIT_STATUS", "12"},
                             {"MONITOR_INVOCATION_ID", kInvocation}},
                            "");
  EXPECT_EQ(told.report.job, "restic@srv");
  EXPECT_EQ(told.report.exit_code, 12);
  EXPECT_EQ(told.report.run, *parse_uuid(kRun));
  EXPECT_EQ(told.rid, *parse_uuid(kRun));
}

TEST(SystemdHook, AStartHasTheSameIdentityAsItsEnd) {
  auto call = a_call({{"INVOCATION_ID", kInvocation}}, {}, "nightly");
  call.is_start = true;
  const auto told = told_by_systemd(call);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->report.outcome, Outcome::running);
  EXPECT_EQ(told->rid, *parse_uuid(kRun));
  EXPECT_FALSE(told_of({{"SERVICE_RESULT", "success"}, {"INVOCATION_ID", "no"}}).rid);
}

TEST(SystemdHook, WhatIsMissingIsNamed) {
  EXPECT_NE(told_by_systemd(a_call({{"SERVICE_RESULT", "success"}})).error().message.find("--job"),
            std::string::npos);
  EXPECT_NE(told_by_systemd(a_call({{"MONITOR_UNIT", "a.service"}}))
                .error()
                .message.find("$MONITOR_SERVICE_RESULT"),
            std::string::npos);
}

}  // namespace
}  // namespace vaultbell::agent::hooks
