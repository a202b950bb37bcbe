#include "agent/spool/spool.hpp"

#include <fstream>
#include <set>
#include <sys/resource.h>

#include <gtest/gtest.h>

#include "shared/lmdb/environment.hpp"
#include "shared/lmdb/key.hpp"
#include "shared/pack/fields.hpp"
#include "shared/protocol/message.hpp"
#include "tests/agent/support/child.hpp"
#include "tests/agent/support/printing.hpp"
#include "tests/agent/support/reports.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::agent::spool {
namespace {

using support::TemporaryFolder;
using testing::a_report;
using testing::a_start;
using testing::Child;
using testing::the_largest_report;
using testing::uuid;

constexpr Instant kNow{std::chrono::seconds(1'772'331'600)};

Spool open_spool(const TemporaryFolder& folder, std::uint64_t max_bytes = 1U << 20U,
                 const Uuid& boot = uuid(1)) {
  auto spool = Spool::open({.folder = folder / "spool", .max_bytes = max_bytes, .boot = boot});
  EXPECT_TRUE(spool.has_value()) << (spool ? "" : spool.error().message);
  return std::move(*spool);
}

std::vector<std::string> jobs_in(const Spool& spool) {
  std::vector<std::string> jobs;
  const auto ranges = *spool.ranges();
  for (const auto& range : ranges) {
    const auto reports = *spool.read({range.spool, range.first - 1}, 10'000);
    for (const auto& kept : reports) jobs.push_back(kept.report.job);
  }
  return jobs;
}

using Jobs = std::vector<std::string>;

TEST(Spool, KeepsAReportAcrossReopening) {
  const TemporaryFolder folder;
  const auto report = the_largest_report();
  ASSERT_TRUE(open_spool(folder).append(report));
  const auto spool = open_spool(folder);
  const auto range = spool.ranges()->at(0);
  const auto kept = *spool.read({range.spool, 0}, 10);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].sequence, 1U);
  EXPECT_EQ(kept[0].report, report);
}

TEST(Spool, CountsFromOneWithoutGaps) {
  const TemporaryFolder folder;
  auto spool = open_spool(folder);
  for (const auto* job : {"a", "b", "c"}) ASSERT_TRUE(spool.append(a_report(job)));
  const auto ranges = *spool.ranges();
  ASSERT_EQ(ranges.size(), 1U);
  EXPECT_EQ(ranges[0].first, 1U);
  EXPECT_EQ(ranges[0].last, 3U);
  EXPECT_EQ(jobs_in(spool), (Jobs{"a", "b", "c"}));
}

TEST(Spool, ReadsOnBehindASequenceUpToACount) {
  const TemporaryFolder folder;
  auto spool = open_spool(folder);
  for (const auto* job : {"a", "b", "c", "d"}) ASSERT_TRUE(spool.append(a_report(job)));
  const auto spool_id = spool.ranges()->at(0).spool;
  const auto kept = *spool.read({spool_id, 1}, 2);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].report.job, "b");
  EXPECT_EQ(kept[1].report.job, "c");
  EXPECT_TRUE(spool.read({spool_id, 4}, 2)->empty());
  EXPECT_TRUE(spool.read({uuid(99), 0}, 2)->empty());
}

TEST(Spool, RefusesAReportThatTheAggregatorWouldRefuse) {
  const TemporaryFolder folder;
  auto spool = open_spool(folder);
  const auto refused = spool.append(a_report(" nightly"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(),
            (Error{ErrorCode::invalid, "job name \" nightly\": begins or ends with white space"}));
  EXPECT_EQ(spool.usage()->reports, 0U);
}

TEST(Spool, SaysHowMuchIsUsed) {
  const TemporaryFolder folder;
  auto spool = open_spool(folder);
  EXPECT_EQ(*spool.usage(), (Usage{.max_bytes = 1U << 20U}));
  const auto report = a_report("a");
  ASSERT_TRUE(spool.append(report));
  EXPECT_EQ(
      *spool.usage(),
      (Usage{.reports = 1, .used_bytes = pack::encode(report).size(), .max_bytes = 1U << 20U}));
}

TEST(Spool, LargestReportFitsItsReservation) {
  EXPECT_LE(pack::encode(the_largest_report()).size(), kReportBytesMax);
}

TEST(Spool, RefusesReportsWhenItIsFullAndTakesThemAgainWhenThereIsRoom) {
  const TemporaryFolder folder;
  auto spool = open_spool(folder, 64U << 10U);
  std::size_t count = 0;
  Status last;
  while ((last = spool.append(the_largest_report()))) ++count;
  EXPECT_EQ(count, 6U);
  EXPECT_EQ(
      last.error(),
      (Error{ErrorCode::full,
             "the spool is full: 57.8 KiB of reports wait for the aggregator, and [spool] max_size "
             "is 64.0 KiB; see vaultbell-agent status"}));
  EXPECT_TRUE(spool.usage()->is_full);
  EXPECT_EQ(spool.usage()->reports, 6U);
  ASSERT_TRUE(spool.discard_through({spool.ranges()->at(0).spool, 1}));
  EXPECT_FALSE(spool.usage()->is_full);
  EXPECT_TRUE(spool.append(a_report("a")));
}

TEST(Spool, KeepsRoomForTheEndsOfOpenRuns) {
  const TemporaryFolder folder;
  auto spool = open_spool(folder, 64U << 10U);
  const auto start = a_start("nightly");
  ASSERT_TRUE(spool.begin_run(start, *own_pid()));
  while (spool.append(the_largest_report())) continue;
  while (spool.append(a_report("a"))) continue;
  auto end = the_largest_report();
  end.run = start.run;
  const auto ended = spool.end_run(end);
  ASSERT_TRUE(ended) << ended.error().message;
  EXPECT_TRUE(*ended);
  EXPECT_LE(spool.usage()->used_bytes, 64U << 10U);
}

TEST(Spool, ForgetsWhatWasAcknowledgedAndCountsOn) {
  const TemporaryFolder folder;
  auto spool = open_spool(folder);
  for (const auto* job : {"a", "b", "c"}) ASSERT_TRUE(spool.append(a_report(job)));
  const auto spool_id = spool.ranges()->at(0).spool;
  ASSERT_TRUE(spool.discard_through({spool_id, 2}));
  EXPECT_EQ(spool.ranges()->at(0), (SpoolRange{spool_id, 3, 3}));
  EXPECT_EQ(jobs_in(spool), Jobs{"c"});
  ASSERT_TRUE(spool.discard_through({spool_id, 3}));
  EXPECT_EQ(spool.ranges()->at(0), (SpoolRange{spool_id, 4, 3}));
  EXPECT_EQ(spool.usage()->used_bytes, 0U);
  ASSERT_TRUE(spool.append(a_report("d")));
  EXPECT_EQ(spool.ranges()->at(0), (SpoolRange{spool_id, 4, 4}));
}

TEST(Spool, DiscardingTwiceOrOfAnUnknownIncarnationDoesNothing) {
  const TemporaryFolder folder;
  auto spool = open_spool(folder);
  ASSERT_TRUE(spool.append(a_report("a")));
  ASSERT_TRUE(spool.append(a_report("b")));
  const auto spool_id = spool.ranges()->at(0).spool;
  ASSERT_TRUE(spool.discard_through({uuid(99), 2}));
  ASSERT_TRUE(spool.discard_through({spool_id, 1}));
  ASSERT_TRUE(spool.discard_through({spool_id, 1}));
  EXPECT_EQ(jobs_in(spool), Jobs{"b"});
}

TEST(Spool, BeginsAnIncarnationWithEachBootAndSendsTheOlderFirst) {
  const TemporaryFolder folder;
  ASSERT_TRUE(open_spool(folder, 1U << 20U, uuid(1)).append(a_report("before")));
  auto spool = open_spool(folder, 1U << 20U, uuid(2));
  const auto old_spool = spool.ranges()->at(0).spool;
  ASSERT_TRUE(spool.append(a_report("after")));
  const auto ranges = *spool.ranges();
  ASSERT_EQ(ranges.size(), 2U);
  EXPECT_EQ(ranges[0], (SpoolRange{old_spool, 1, 1}));
  EXPECT_NE(ranges[1].spool, old_spool);
  EXPECT_EQ(ranges[1].first, 1U);
  EXPECT_EQ(jobs_in(spool), (Jobs{"before", "after"}));
}

TEST(Spool, ClonesOfAMachineNeverCountOnInTheSameIncarnation) {
  const TemporaryFolder original;
  ASSERT_TRUE(open_spool(original).append(a_report("shared")));
  const TemporaryFolder clone;
  std::filesystem::copy(original / "spool", clone / "spool");
  auto first = open_spool(original, 1U << 20U, uuid(2));
  ASSERT_TRUE(first.append(a_report("first")));
  const auto first_ranges = *first.ranges();
  auto second = open_spool(clone, 1U << 20U, uuid(3));
  ASSERT_TRUE(second.append(a_report("second")));
  const auto second_ranges = *second.ranges();
  EXPECT_EQ(first_ranges[0], second_ranges[0]);  // what both inherited is the same report
  EXPECT_NE(first_ranges[1].spool, second_ranges[1].spool);
}

TEST(Spool, AnExhaustedIncarnationOfAnEarlierBootVanishes) {
  const TemporaryFolder folder;
  ASSERT_TRUE(open_spool(folder, 1U << 20U, uuid(1)).append(a_report("before")));
  auto spool = open_spool(folder, 1U << 20U, uuid(2));
  const auto old_spool = spool.ranges()->at(0).spool;
  ASSERT_TRUE(spool.append(a_report("after")));
  ASSERT_TRUE(spool.discard_through({old_spool, 1}));
  const auto ranges = *spool.ranges();
  ASSERT_EQ(ranges.size(), 1U);
  EXPECT_NE(ranges[0].spool, old_spool);
}

std::size_t incarnation_rows_in(const TemporaryFolder& folder) {
  const auto raw = *lmdb::Environment::open(
      {.folder = folder / "spool", .map_bytes = 1U << 30U, .tables = {"incarnations"}});
  const auto transaction = *raw->read();
  return transaction.count(raw->table(0));
}

TEST(Spool, AnIncarnationThatWasEmptiedInItsOwnBootVanishesWhenTheNextBegins) {
  const TemporaryFolder folder;
  Uuid unsent;
  for (std::uint8_t boot = 1; boot <= 5; ++boot) {
    auto spool = open_spool(folder, 1U << 20U, uuid(boot));
    ASSERT_TRUE(spool.append(a_report(std::to_string(boot))));
    const auto current = spool.ranges()->back().spool;
    if (boot == 2) {
      unsent = current;
      continue;
    }
    ASSERT_TRUE(spool.discard_through({current, 1}));
  }
  EXPECT_EQ(incarnation_rows_in(folder), 2U);  // the one with a report, and the newest
  auto spool = open_spool(folder, 1U << 20U, uuid(5));
  EXPECT_EQ(spool.ranges()->at(0), (SpoolRange{unsent, 1, 1}));
  ASSERT_TRUE(spool.append(a_report("more")));
  EXPECT_EQ(spool.ranges()->at(1).last, 2U);  // counts on
}

TEST(Spool, OffersNoMoreIncarnationsThanAHelloHolds) {
  const TemporaryFolder folder;
  for (std::uint8_t boot = 1; boot <= 20; ++boot) {
    ASSERT_TRUE(open_spool(folder, 1U << 20U, uuid(boot)).append(a_report(std::to_string(boot))));
  }
  auto spool = open_spool(folder, 1U << 20U, uuid(20));
  const auto ranges = *spool.ranges();
  ASSERT_EQ(ranges.size(), protocol::kSpoolsPerHelloMax);
  EXPECT_EQ(spool.read({ranges[0].spool, 0}, 1)->at(0).report.job, "1");
  ASSERT_TRUE(spool.discard_through({ranges[0].spool, 1}));
  const auto next = *spool.ranges();
  EXPECT_EQ(spool.read({next.back().spool, 0}, 1)->at(0).report.job, "17");
}

TEST(Spool, ARenewedIncarnationKeepsItsReportsUnderANewIdentity) {
  const TemporaryFolder folder;
  auto spool = open_spool(folder);
  ASSERT_TRUE(spool.append(a_report("a")));
  const auto before = spool.ranges()->at(0);
  ASSERT_TRUE(spool.renew(before.spool));
  const auto after = spool.ranges()->at(0);
  EXPECT_NE(after.spool, before.spool);
  EXPECT_EQ(after.last, before.last);
  EXPECT_EQ(jobs_in(spool), Jobs{"a"});
}

TEST(Spool, SetsARefusedReportAsideWithItsReason) {
  const TemporaryFolder folder;
  auto spool = open_spool(folder);
  EXPECT_FALSE(spool.last_set_aside()->has_value());
  const auto refused = a_report("bad");
  ASSERT_TRUE(spool.append(refused));
  ASSERT_TRUE(spool.append(a_report("good")));
  const auto spool_id = spool.ranges()->at(0).spool;
  ASSERT_TRUE(spool.set_aside({spool_id, 1}, "too many jobs", kNow));
  EXPECT_EQ(jobs_in(spool), Jobs{"good"});
  EXPECT_EQ(spool.usage()->set_aside, 1U);
  EXPECT_EQ(spool.usage()->reports, 1U);
  EXPECT_EQ(**spool.last_set_aside(), (SetAside{.spool = spool_id,
                                                .sequence = 1,
                                                .reason = "too many jobs",
                                                .at = kNow,
                                                .report = refused}));
}

TEST(Spool, KeepsOnlyTheLastHundredReportsThatWereSetAside) {
  const TemporaryFolder folder;
  auto spool = open_spool(folder);
  for (int i = 0; i < 102; ++i) ASSERT_TRUE(spool.append(a_report("a")));
  const auto spool_id = spool.ranges()->at(0).spool;
  for (std::uint64_t i = 1; i <= 102; ++i) {
    ASSERT_TRUE(spool.set_aside({spool_id, i}, std::to_string(i), kNow));
  }
  EXPECT_EQ(spool.usage()->set_aside, 102U);
  EXPECT_EQ((*spool.last_set_aside())->reason, "102");
  EXPECT_EQ(spool.usage()->used_bytes, 0U);
}

TEST(Spool, StopsBeforeAReportThatCannotBeRead) {
  const TemporaryFolder folder;
  Uuid spool_id;
  {
    auto spool = open_spool(folder);
    for (const auto* job : {"a", "b", "c"}) ASSERT_TRUE(spool.append(a_report(job)));
    spool_id = spool.ranges()->at(0).spool;
  }
  {
    const auto raw = *lmdb::Environment::open(
        {.folder = folder / "spool", .map_bytes = 1U << 30U, .tables = {"reports"}});
    auto transaction = *raw->write();
    auto key = lmdb::number_key(1);
    lmdb::append_number(key, 2);
    ASSERT_TRUE(transaction.put(raw->table(0), key, "garbage"));
    ASSERT_TRUE(transaction.commit());
  }
  auto spool = open_spool(folder);
  EXPECT_EQ(spool.read({spool_id, 0}, 10)->size(), 1U);
  const auto unreadable = spool.read({spool_id, 1}, 10);
  ASSERT_FALSE(unreadable);
  EXPECT_EQ(unreadable.error(),
            (Error{ErrorCode::invalid,
                   "the spool's report 2 cannot be read: 6 bytes too many after the message"}));
  ASSERT_TRUE(spool.set_aside({spool_id, 2}, "damaged", kNow));
  EXPECT_FALSE((*spool.last_set_aside())->report.has_value());
  EXPECT_EQ(spool.read({spool_id, 1}, 10)->at(0).report.job, "c");
}

TEST(Spool, RefusesTablesOfANewerProgram) {
  const TemporaryFolder folder;
  ASSERT_TRUE(open_spool(folder).append(a_report("a")));
  {
    const auto raw = *lmdb::Environment::open(
        {.folder = folder / "spool", .map_bytes = 1U << 30U, .tables = {"totals"}});
    auto transaction = *raw->write();
    ASSERT_TRUE(transaction.put(raw->table(0), "totals", pack::encode(Totals{2, 0, 0})));
    ASSERT_TRUE(transaction.commit());
  }
  const auto refused =
      Spool::open({.folder = folder / "spool", .max_bytes = 1U << 20U, .boot = uuid(1)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "the spool was written by a newer vaultbell-agent (schema 2, this one knows 1); "
            "install that version again");
}

TEST(Spool, NamesTheFolderThatCannotBeMade) {
  const TemporaryFolder folder;
  std::ofstream(folder / "file") << "in the way";
  const auto refused =
      Spool::open({.folder = folder / "file/spool", .max_bytes = 1U << 20U, .boot = uuid(1)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "cannot make the folder " + (folder / "file/spool").string() + ": Not a directory");
}

TEST(Spool, TwoProcessesAppendAtTheSameTimeWithoutLossOrGap) {
  const TemporaryFolder folder;
  const auto append_some = [&](const std::string& job) {
    auto spool = open_spool(folder);
    for (int i = 0; i < 50; ++i) {
      if (!spool.append(a_report(job))) return 1;
    }
    return 0;
  };
  Child one([&] { return append_some("one"); });
  Child two([&] { return append_some("two"); });
  EXPECT_EQ(one.exit_code(), 0);
  EXPECT_EQ(two.exit_code(), 0);
  const auto spool = open_spool(folder);
  const auto ranges = *spool.ranges();
  ASSERT_EQ(ranges.size(), 1U);
  EXPECT_EQ(ranges[0].first, 1U);
  EXPECT_EQ(ranges[0].last, 100U);
  const auto jobs = jobs_in(spool);
  EXPECT_EQ(std::multiset<std::string>(jobs.begin(), jobs.end()).count("one"), 50U);
  EXPECT_EQ(jobs.size(), 100U);
}

TEST(Spool, WhatWasAppendedSurvivesTheDeathOfTheWriter) {
  const TemporaryFolder folder;
  int confirmed[2];
  ASSERT_EQ(pipe(confirmed), 0);
  Child writer([&] {
    auto spool = open_spool(folder);
    while (spool.append(a_report("a"))) {
      if (write(confirmed[1], "+", 1) != 1) return 1;
    }
    return 1;
  });
  close(confirmed[1]);
  std::uint64_t count = 0;
  char mark = 0;
  while (count < 25 && read(confirmed[0], &mark, 1) == 1) ++count;
  writer.kill_at_once();
  while (read(confirmed[0], &mark, 1) == 1) ++count;
  close(confirmed[0]);
  auto spool = open_spool(folder);
  const auto range = spool.ranges()->at(0);
  EXPECT_GE(range.last, count);
  EXPECT_LE(range.last, count + 1);  // one may have been durable and not yet confirmed
  EXPECT_EQ(jobs_in(spool).size(), range.last);
  EXPECT_TRUE(spool.append(a_report("b")));  // its lock was left behind and is recovered
  EXPECT_EQ(spool.ranges()->at(0).last, range.last + 1);
}

TEST(Spool, AFullDiskIsAnErrorAndLeavesNothingHalfWritten) {
  const TemporaryFolder folder;
  ASSERT_TRUE(open_spool(folder).append(a_report("a")));
  Child writer([&] {
    signal(SIGXFSZ, SIG_IGN);
    auto spool = open_spool(folder);
    const auto size = std::filesystem::file_size(folder / "spool/data.mdb");
    const rlimit limit{size, RLIM_INFINITY};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
    Status last;
    while ((last = spool.append(the_largest_report()))) continue;
    const auto expected = "cannot write to the spool in " + (folder / "spool").string() +
                          ": cannot commit: File too large; its disk needs free space and must be "
                          "writable";
    if (last.error() != Error{ErrorCode::full, expected}) {
      std::fprintf(stderr, "%s\n", last.error().message.c_str());
      return 3;
    }
    const auto kept = jobs_in(spool).size();
    if (kept != spool.usage()->reports) return 4;
    const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
    if (setrlimit(RLIMIT_FSIZE, &none) != 0) return 5;
    if (!spool.append(a_report("b"))) return 6;
    return jobs_in(spool).size() == kept + 1 ? 0 : 7;
  });
  EXPECT_EQ(writer.exit_code(), 0);
  EXPECT_EQ(jobs_in(open_spool(folder)).back(), "b");
}

}  // namespace
}  // namespace vaultbell::agent::spool
