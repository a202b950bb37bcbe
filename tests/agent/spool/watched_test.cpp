// What was found out of runs that nobody told of.
#include <gtest/gtest.h>

#include "agent/spool/spool.hpp"
#include "tests/agent/support/printing.hpp"
#include "tests/agent/support/reports.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::agent::spool {
namespace {

using testing::a_report;
using testing::a_start;
using testing::uuid;

constexpr Instant kThen = Instant(std::chrono::seconds(1'700'000'000));

class Watched : public ::testing::Test {
 protected:
  [[nodiscard]] Spool open(std::uint64_t max_bytes = 4U << 20U) const {
    auto opened =
        Spool::open({.folder = folder_ / "spool", .max_bytes = max_bytes, .boot = uuid(1)});
    EXPECT_TRUE(opened.has_value());
    return std::move(*opened);
  }
  static LogPosition a_position(std::uint64_t offset) {
    return {"/var/log/rsnapshot.log", 7, offset, {{.run = uuid(9), .started_at = kThen}}, 3};
  }

  support::TemporaryFolder folder_;
};

TEST_F(Watched, ReportsAndThePositionInTheLogAreKeptTogether) {
  {
    auto spool = open();
    EXPECT_EQ(*spool.log_position("a"), std::nullopt);
    ASSERT_TRUE(spool.keep_logged("a", {a_start("a"), a_report("a")}, a_position(100)));
    ASSERT_TRUE(spool.keep_logged("b", {}, a_position(5)));
  }
  const auto spool = open();
  EXPECT_EQ(spool.usage()->reports, 2U);
  EXPECT_EQ(spool.log_position("a")->value(), a_position(100));
  EXPECT_EQ(spool.log_position("b")->value(), a_position(5));
}

TEST_F(Watched, WhatTheSpoolDoesNotTakeIsToBeReadAgain) {
  auto spool = open(4096);
  ASSERT_TRUE(spool.keep_logged("a", {}, a_position(1)));
  auto large = a_report("a");
  large.output.assign(kOutputBytesMax, 'x');
  const auto kept = spool.keep_logged("a", {a_report("a"), large}, a_position(2));
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code, ErrorCode::full);
  EXPECT_EQ(spool.usage()->reports, 0U);
  EXPECT_EQ(spool.log_position("a")->value(), a_position(1));
}

TEST_F(Watched, ALogThatIsReadNoMoreIsForgotten) {
  auto spool = open();
  ASSERT_TRUE(spool.keep_logged("a", {}, a_position(1)));
  ASSERT_TRUE(spool.keep_logged("b", {}, a_position(1)));
  ASSERT_TRUE(spool.forget_log("a", {a_report("a")}));
  EXPECT_EQ(*spool.logged_jobs(), std::vector<std::string>{"b"});
  EXPECT_EQ(spool.usage()->reports, 1U);
}

TEST_F(Watched, ABackupIsReportedOnce) {
  auto spool = open();
  EXPECT_EQ(spool.keep_polled(a_report("a"), {"x", kThen}), true);
  EXPECT_EQ(spool.keep_polled(a_report("a"), {"x", kThen}), false);
  EXPECT_EQ(spool.keep_polled(a_report("b"), {"x", kThen}), true);
  EXPECT_EQ(spool.keep_polled(a_report("a"), {"y", kThen + Duration(1)}), true);
  EXPECT_EQ(spool.usage()->reports, 3U);
}

TEST_F(Watched, AnOlderBackupThanTheOneReportedIsNone) {
  auto spool = open();
  EXPECT_EQ(spool.keep_polled(a_report("a"), {"x", kThen}), true);
  EXPECT_EQ(spool.keep_polled(a_report("a"), {"w", kThen - Duration(1)}), false);
  EXPECT_EQ(spool.usage()->reports, 1U);
}

}  // namespace
}  // namespace vaultbell::agent::spool
