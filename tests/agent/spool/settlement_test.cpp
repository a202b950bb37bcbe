#include "agent/spool/settlement.hpp"

#include <csignal>
#include <sys/resource.h>

#include <gtest/gtest.h>

#include "tests/agent/support/child.hpp"
#include "tests/agent/support/reports.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::agent::spool {
namespace {

using support::TemporaryFolder;
using testing::a_report;
using testing::Child;
using testing::uuid;

constexpr Instant kNow{std::chrono::seconds(1'772'331'600)};

Spool open_spool(const TemporaryFolder& folder) {
  auto spool = Spool::open({.folder = folder / "spool", .max_bytes = 1U << 20U, .boot = uuid(1)});
  EXPECT_TRUE(spool.has_value());
  return std::move(*spool);
}

// Writing beyond that fails, as on a full disk.
bool limit_files_to(rlim_t bytes) {
  const rlimit limit{bytes, RLIM_INFINITY};
  return setrlimit(RLIMIT_FSIZE, &limit) == 0;
}

TEST(Settlement, SetsAsideBeforeItDiscards) {
  const TemporaryFolder folder;
  auto spool = open_spool(folder);
  for (const auto* job : {"a", "b", "c"}) ASSERT_TRUE(spool.append(a_report(job)));
  const auto spool_id = spool.ranges()->at(0).spool;
  Settlement settlement;
  EXPECT_TRUE(settlement.is_empty());
  settlement.discard_through({spool_id, 2});
  settlement.discard_through({spool_id, 1});
  settlement.set_aside({spool_id, 2}, "too many jobs", kNow);
  EXPECT_FALSE(settlement.is_empty());
  ASSERT_TRUE(settlement.settle(spool));
  EXPECT_TRUE(settlement.is_empty());
  EXPECT_EQ((*spool.last_set_aside())->report->job, "b");
  EXPECT_EQ(spool.ranges()->at(0), (SpoolRange{spool_id, 3, 3}));
}

TEST(Settlement, WhatAFullDiskDoesNotTakeIsDoneInOrderWhenThereIsRoom) {
  const TemporaryFolder folder;
  Child writer([&] {
    signal(SIGXFSZ, SIG_IGN);
    auto spool = open_spool(folder);
    for (const auto* job : {"a", "b", "c"}) {
      if (!spool.append(a_report(job))) return 1;
    }
    const auto spool_id = spool.ranges()->at(0).spool;
    Settlement settlement;
    settlement.set_aside({spool_id, 1}, "first", kNow);
    settlement.set_aside({spool_id, 2}, "second", kNow);
    settlement.discard_through({spool_id, 2});
    if (!limit_files_to(0)) return 2;
    for (int i = 0; i < 2; ++i) {
      const auto refused = settlement.settle(spool);
      if (refused || refused.error().code != ErrorCode::full) return 3;
      if (settlement.is_empty() || spool.usage()->reports != 3) return 4;
    }
    if (!limit_files_to(RLIM_INFINITY)) return 5;
    if (!settlement.settle(spool) || !settlement.is_empty()) return 6;
    if (spool.usage()->set_aside != 2 || (*spool.last_set_aside())->reason != "second") return 7;
    return spool.usage()->reports == 1 ? 0 : 8;
  });
  EXPECT_EQ(writer.exit_code(), 0);
}

}  // namespace
}  // namespace vaultbell::agent::spool
