#include <gtest/gtest.h>

#include "agent/spool/spool.hpp"
#include "tests/agent/support/printing.hpp"
#include "tests/agent/support/reports.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::agent::spool {
namespace {

using testing::a_report;
using testing::a_start;
using testing::the_largest_report;
using testing::uuid;

class Pinged : public ::testing::Test {
 protected:
  [[nodiscard]] Spool open(const Uuid& boot = uuid(1), std::uint64_t max_bytes = 8U << 20U) const {
    auto opened = Spool::open({.folder = folder_ / "spool", .max_bytes = max_bytes, .boot = boot});
    EXPECT_TRUE(opened.has_value());
    return std::move(*opened);
  }
  RunReport begin(const std::string& job, const std::optional<Uuid>& rid = {}) {
    auto start = a_start(job);
    start.started_at = Instant(Duration(++now_));
    const auto ended = spool.begin_pinged(start, rid);
    EXPECT_TRUE(ended);
    if (ended) last_ended = *ended;
    return start;
  }
  [[nodiscard]] std::vector<RunReport> reports() const {
    std::vector<RunReport> reports;
    const auto ranges = *spool.ranges();
    for (const auto& range : ranges) {
      const auto kept = *spool.read({range.spool, range.first - 1}, 10'000);
      for (const auto& one : kept) reports.push_back(one.report);
    }
    return reports;
  }

  support::TemporaryFolder folder_;
  std::int64_t now_ = 0;
  Spool spool = open();
  std::vector<RunReport> last_ended;
};

TEST_F(Pinged, AnEndBelongsToTheLastOpenRunOfItsJob) {
  begin("a", uuid(7));
  const auto last = begin("a", uuid(8));
  begin("b");
  ASSERT_TRUE(spool.end_pinged(a_report("a"), {}));
  const auto end = reports().back();
  EXPECT_EQ(end.run, last.run);
  EXPECT_EQ(end.started_at, last.started_at);
  EXPECT_EQ(spool.usage()->open_runs, 2U);
}

TEST_F(Pinged, AnEndWithARidBelongsToItsStart) {
  const auto first = begin("a", uuid(7));
  begin("a", uuid(8));
  ASSERT_TRUE(spool.end_pinged(a_report("a"), uuid(7)));
  EXPECT_EQ(reports().back().run, first.run);
}

TEST_F(Pinged, AnEndWithoutAStartIsKept) {
  const auto start = begin("a", uuid(7));
  ASSERT_TRUE(spool.end_pinged(a_report("a"), uuid(8)));
  EXPECT_NE(reports().back().run, start.run);
  ASSERT_TRUE(spool.end_pinged(a_report("other"), {}));
  EXPECT_EQ(reports().size(), 3U);
  EXPECT_EQ(spool.usage()->open_runs, 1U);
}

TEST_F(Pinged, NoProcessIsAskedWhetherItStillRuns) {
  begin("a");
  EXPECT_FALSE(*spool.watches_any());
  EXPECT_TRUE(spool.end_interrupted()->empty());
  EXPECT_EQ(spool.usage()->open_runs, 1U);
}

TEST_F(Pinged, TheEndOfTheBootInterruptsIt) {
  const auto start = begin("a");
  ASSERT_TRUE(*spool.log_pinged("a", {}, "so far\n"));
  { [[maybe_unused]] const auto closed = std::move(spool); }
  spool = open(uuid(2));
  const auto ended = spool.end_interrupted();
  ASSERT_EQ(ended->size(), 1U);
  EXPECT_EQ(ended->front().run, start.run);
  EXPECT_EQ(ended->front().reason, OutcomeReason::interrupted);
  EXPECT_EQ(ended->front().message, "the host went down while this was running");
  EXPECT_EQ(ended->front().output, "so far\n");
}

TEST_F(Pinged, TheNextStartInterruptsTheOneBefore) {
  const auto first = begin("a");
  ASSERT_TRUE(*spool.log_pinged("a", {}, "so far\n"));
  const auto named = begin("a", uuid(7));
  EXPECT_TRUE(last_ended.empty());
  begin("a");
  ASSERT_EQ(last_ended.size(), 1U);
  EXPECT_EQ(last_ended[0].run, first.run);
  EXPECT_EQ(last_ended[0].outcome, Outcome::failed);
  EXPECT_EQ(last_ended[0].output, "so far\n");
  now_ += kSaidTwiceWithin.count();
  begin("a", uuid(7));
  ASSERT_EQ(last_ended.size(), 1U);
  EXPECT_EQ(last_ended[0].run, named.run);
  EXPECT_EQ(spool.usage()->open_runs, 2U);
}

TEST_F(Pinged, AStartThatIsSaidTwiceIsKeptOnce) {
  begin("a");
  begin("a", uuid(7));
  now_ += kSaidTwiceWithin.count() - 2;
  begin("a");
  begin("a", uuid(7));
  EXPECT_TRUE(last_ended.empty());
  EXPECT_EQ(reports().size(), 2U);
  EXPECT_EQ(spool.usage()->open_runs, 2U);
}

TEST_F(Pinged, AStartIsAnotherOneAMinuteLater) {
  const auto first = begin("a");
  now_ += kSaidTwiceWithin.count();
  begin("a");
  ASSERT_EQ(last_ended.size(), 1U);
  EXPECT_EQ(last_ended[0].run, first.run);
  EXPECT_EQ(last_ended[0].message, "the next run began before this one had said how it ended");
  EXPECT_EQ(last_ended[0].ended_at, Instant(Duration(now_)));
}

TEST_F(Pinged, AStartIsAnotherOneWhereThatBeforeHasEnded) {
  begin("a");
  ASSERT_TRUE(spool.end_pinged(a_report("a"), {}));
  begin("a");
  EXPECT_EQ(spool.usage()->open_runs, 1U);
  EXPECT_EQ(reports().size(), 3U);
}

TEST_F(Pinged, OfTooManyOpenRunsOfAJobTheOldestEnds) {
  const auto first = begin("a", uuid(100));
  for (std::uint8_t i = 1; i < kPingedPerJobMax; ++i) begin("a", uuid(i));
  EXPECT_TRUE(last_ended.empty());
  begin("a", uuid(99));
  ASSERT_EQ(last_ended.size(), 1U);
  EXPECT_EQ(last_ended[0].run, first.run);
  EXPECT_EQ(spool.usage()->open_runs, kPingedPerJobMax);
}

TEST_F(Pinged, TooManyOpenRunsOfAllJobsAreRefused) {
  for (std::size_t i = 0; i < kPingedMax; ++i) begin("job " + std::to_string(i));
  const auto more = spool.begin_pinged(a_start("more"), {});
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, ErrorCode::full);
  EXPECT_TRUE(spool.end_pinged(a_report("more"), {}));
  begin("job 0");  // takes the place of the one before
  EXPECT_EQ(spool.usage()->open_runs, kPingedMax);
}

TEST_F(Pinged, WhatIsLoggedStandsInFrontOfTheOutput) {
  begin("a");
  EXPECT_TRUE(*spool.log_pinged("a", {}, "one\n"));
  EXPECT_TRUE(*spool.log_pinged("a", {}, "two\n"));
  auto end = a_report("a");
  end.output = "three\n";
  ASSERT_TRUE(spool.end_pinged(end, {}));
  EXPECT_EQ(reports().back().output, "one\ntwo\nthree\n");
}

TEST_F(Pinged, WhatIsSaidTwiceIsKeptOnce) {
  begin("a");
  EXPECT_TRUE(*spool.log_pinged("a", {}, "one\n"));
  auto end = a_report("a");
  end.output = "one\ntwo\n";
  ASSERT_TRUE(spool.end_pinged(end, {}));
  EXPECT_EQ(reports().back().output, "one\ntwo\n");
}

TEST_F(Pinged, OfTheOutputTheLastPartIsKept) {
  begin("a");
  EXPECT_TRUE(*spool.log_pinged("a", {}, std::string(kOutputBytesMax, 'a')));
  EXPECT_TRUE(*spool.log_pinged("a", {}, std::string(10, 'b')));
  ASSERT_TRUE(spool.end_pinged(a_report("a"), {}));
  EXPECT_EQ(reports().back().output, std::string(kOutputBytesMax - 10, 'a') + std::string(10, 'b'));
}

TEST_F(Pinged, ALogWithoutARunIsNotKept) {
  begin("a", uuid(7));
  EXPECT_FALSE(*spool.log_pinged("b", {}, "lost"));
  EXPECT_FALSE(*spool.log_pinged("a", uuid(8), "lost"));
}

TEST_F(Pinged, TheEndOfARunThatHasBegunFitsAFullSpool) {
  { [[maybe_unused]] const auto closed = std::move(spool); }
  spool = open(uuid(1), 1U << 20U);
  begin("a");
  while (spool.append(the_largest_report())) continue;
  while (spool.append(a_report("filler"))) continue;
  EXPECT_EQ(spool.end_pinged(a_report("b"), {}).error().code, ErrorCode::full);
  const auto before = reports();
  const auto refused = spool.begin_pinged(a_start("b"), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::full);
  EXPECT_EQ(reports(), before);
  auto end = the_largest_report();
  end.job = "a";
  EXPECT_TRUE(spool.end_pinged(end, {}));
}

TEST_F(Pinged, OnlyHalfOfTheSpoolIsForThem) {
  { [[maybe_unused]] const auto closed = std::move(spool); }
  spool = open(uuid(1), 1U << 20U);
  begin("a");
  while (spool.end_pinged(the_largest_report(), {})) continue;
  EXPECT_GT(spool.usage()->used_bytes, (1U << 19U) - 3 * kReportBytesMax);
  EXPECT_LT(spool.usage()->used_bytes, 1U << 19U);
  const auto refused = spool.begin_pinged(a_start("b"), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::full);
  EXPECT_TRUE(refused.error().message.starts_with(
      "the spool is half full, and the rest is not for pings: "))
      << refused.error().message;
  EXPECT_TRUE(refused.error().message.ends_with(
      " of reports wait for the aggregator, and [spool] max_size is 1.0 MiB; see vaultbell-agent "
      "status"))
      << refused.error().message;
  EXPECT_TRUE(spool.append(the_largest_report()));
  EXPECT_TRUE(spool.end_pinged(a_report("a"), {}));  // its room was kept for it
}

// A start whose making is refused has ended nothing, either.
TEST_F(Pinged, AStartThatIsRefusedChangesNothing) {
  { [[maybe_unused]] const auto closed = std::move(spool); }
  spool = open(uuid(1), 1U << 20U);
  begin("a");
  while (spool.append(the_largest_report())) continue;
  while (spool.append(a_report("filler"))) continue;
  const auto before = reports();
  auto wordy = a_start("a");
  wordy.output = std::string(kOutputBytesMax, 'o');
  ASSERT_FALSE(spool.begin_pinged(wordy, {}));
  EXPECT_EQ(reports(), before);
  EXPECT_EQ(spool.usage()->open_runs, 1U);
}

}  // namespace
}  // namespace vaultbell::agent::spool
