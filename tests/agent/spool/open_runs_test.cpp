#include <fstream>

#include <gtest/gtest.h>

#include "agent/spool/pid.hpp"
#include "agent/spool/spool.hpp"
#include "tests/agent/support/child.hpp"
#include "tests/agent/support/printing.hpp"
#include "tests/agent/support/reports.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::agent::spool {
namespace {

using support::TemporaryFolder;
using testing::a_start;
using testing::Child;
using testing::the_end_of;
using testing::uuid;

Spool open_spool(const TemporaryFolder& folder, const Uuid& boot = uuid(1)) {
  auto spool = Spool::open({.folder = folder / "spool", .max_bytes = 4U << 20U, .boot = boot});
  EXPECT_TRUE(spool.has_value()) << (spool ? "" : spool.error().message);
  return std::move(*spool);
}

std::vector<RunReport> reports_in(const Spool& spool) {
  std::vector<RunReport> reports;
  const auto ranges = *spool.ranges();
  for (const auto& range : ranges) {
    const auto kept = *spool.read({range.spool, range.first - 1}, 10'000);
    for (const auto& one : kept) reports.push_back(one.report);
  }
  return reports;
}

// A wrapper that begins a run and dies without ending it.
RunReport begin_and_die(const TemporaryFolder& folder, RunReport start) {
  Child wrapper([&] { return open_spool(folder).begin_run(start, *own_pid()) ? 0 : 1; });
  EXPECT_EQ(wrapper.exit_code(), 0);
  return start;
}

TEST(OpenRuns, ARunIsKeptWithItsStartAndItsEnd) {
  const TemporaryFolder folder;
  auto spool = open_spool(folder);
  const auto start = a_start("nightly");
  ASSERT_TRUE(spool.begin_run(start, *own_pid()));
  EXPECT_EQ(spool.usage()->open_runs, 1U);
  const auto end = the_end_of(start);
  EXPECT_TRUE(*spool.end_run(end));
  EXPECT_EQ(spool.usage()->open_runs, 0U);
  EXPECT_EQ(reports_in(spool), (std::vector{start, end}));
}

TEST(OpenRuns, ARunEndsOnlyOnce) {
  const TemporaryFolder folder;
  auto spool = open_spool(folder);
  const auto start = a_start("nightly");
  ASSERT_TRUE(spool.begin_run(start, *own_pid()));
  EXPECT_TRUE(*spool.end_run(the_end_of(start)));
  EXPECT_FALSE(*spool.end_run(the_end_of(start, Outcome::failed)));
  EXPECT_EQ(reports_in(spool).size(), 2U);
}

TEST(OpenRuns, ARunWhoseWrapperIsAtWorkIsLeftAlone) {
  const TemporaryFolder folder;
  auto spool = open_spool(folder);
  ASSERT_TRUE(spool.begin_run(a_start("nightly"), *own_pid()));
  EXPECT_TRUE(spool.end_interrupted()->empty());
  EXPECT_EQ(spool.usage()->open_runs, 1U);
}

TEST(OpenRuns, ARunWhoseWrapperDiedEndsAsInterrupted) {
  const TemporaryFolder folder;
  auto start = a_start("nightly");
  start.operation = Operation::log_backup;
  start.trigger = Trigger::user;
  start.tool = "restic";
  start.started_at = Instant(std::chrono::seconds(1000));
  start.utc_offset_minutes = 60;
  begin_and_die(folder, start);
  auto spool = open_spool(folder);
  const auto ended = *spool.end_interrupted();
  ASSERT_EQ(ended.size(), 1U);
  auto expected = the_end_of(start, Outcome::failed);
  expected.reason = OutcomeReason::interrupted;
  expected.message = ended[0].message;
  EXPECT_EQ(ended[0], expected);
  EXPECT_TRUE(ended[0].message.ends_with(" ended without saying how the run went"));
  EXPECT_EQ(reports_in(spool).back(), expected);
  EXPECT_TRUE(spool.end_interrupted()->empty());
  EXPECT_FALSE(*spool.end_run(the_end_of(start)));
}

TEST(OpenRuns, AreWatchedUntilTheyEnd) {
  const TemporaryFolder folder;
  auto spool = open_spool(folder);
  EXPECT_FALSE(*spool.watches_any());
  const auto start = a_start("nightly");
  ASSERT_TRUE(spool.begin_run(start, *own_pid()));
  EXPECT_TRUE(*spool.watches_any());
  ASSERT_TRUE(*spool.end_run(the_end_of(start)));
  EXPECT_FALSE(*spool.watches_any());
}

TEST(OpenRuns, ARunOfAnEarlierBootEndsAsInterruptedWhateverItsProcess) {
  const TemporaryFolder folder;
  const auto start = a_start("nightly");
  ASSERT_TRUE(open_spool(folder, uuid(1)).begin_run(start, *own_pid()));
  auto spool = open_spool(folder, uuid(2));
  const auto ended = *spool.end_interrupted();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].run, start.run);
  EXPECT_EQ(ended[0].message, "the host went down while this was running");
  EXPECT_EQ(spool.ranges()->size(), 2U);  // the start in the old incarnation, the end in the new
}

TEST(OpenRuns, AProcessWithTheSameNumberIsNotTakenForTheWrapper) {
  const TemporaryFolder folder;
  auto spool = open_spool(folder);
  auto earlier = *own_pid();
  --earlier.started_ticks;
  ASSERT_TRUE(spool.begin_run(a_start("nightly"), earlier));
  EXPECT_EQ(spool.end_interrupted()->size(), 1U);
}

TEST(OpenRuns, AZombieIsNotAlive) {
  int report[2];
  ASSERT_EQ(pipe(report), 0);
  Child child([&] {
    const auto mark = *own_pid();
    return write(report[1], &mark, sizeof mark) == sizeof mark ? 0 : 1;
  });
  close(report[1]);
  PidMark mark;
  ASSERT_EQ(read(report[0], &mark, sizeof mark), static_cast<ssize_t>(sizeof mark));
  char rest = 0;
  EXPECT_EQ(read(report[0], &rest, 1), 0);  // it has exited; nobody has waited for it
  close(report[0]);
  siginfo_t facts{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child.pid()), &facts, WEXITED | WNOWAIT), 0);
  EXPECT_FALSE(is_alive(mark));
  EXPECT_EQ(child.exit_code(), 0);
  EXPECT_FALSE(is_alive(mark));
}

// Wrapper and daemon end the same runs at the same time; each run gets exactly one end.
TEST(OpenRuns, WrapperAndDaemonNeverBothEndARun) {
  constexpr int kRuns = 40;
  const TemporaryFolder folder;
  std::vector<RunReport> starts;
  auto gone = *own_pid();
  --gone.started_ticks;
  {
    auto spool = open_spool(folder);
    for (int i = 0; i < kRuns; ++i) {
      starts.push_back(a_start("nightly"));
      ASSERT_TRUE(spool.begin_run(starts.back(), gone));
    }
  }
  Child wrapper([&] {
    auto spool = open_spool(folder);
    for (const auto& start : starts) {
      if (!spool.end_run(the_end_of(start))) return 1;
    }
    return 0;
  });
  Child daemon([&] { return open_spool(folder).end_interrupted() ? 0 : 1; });
  EXPECT_EQ(wrapper.exit_code(), 0);
  EXPECT_EQ(daemon.exit_code(), 0);
  std::map<Uuid, int> ends;
  for (const auto& report : reports_in(open_spool(folder))) {
    if (report.outcome != Outcome::running) ++ends[report.run];
  }
  EXPECT_EQ(ends.size(), static_cast<std::size_t>(kRuns));
  for (const auto& [run, count] : ends) EXPECT_EQ(count, 1) << to_text(run);
}

}  // namespace
}  // namespace vaultbell::agent::spool
