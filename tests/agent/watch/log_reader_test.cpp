// The rules of the reader; what real logs mean, tests/agent/adapters shows.
#include "agent/watch/log_reader.hpp"

#include <gtest/gtest.h>

#include "shared/pack/fields.hpp"

namespace vaultbell::agent::watch {
namespace {

using classify::LogEvent;
using classify::LogRow;
using classify::LogTable;

classify::Pattern pattern(std::string_view text) {
  return *classify::Pattern::compile(text);
}

LogRow a_row(std::string name, std::string_view line, LogEvent event) {
  return {.name = std::move(name), .pattern = pattern(line), .event = event};
}

LogTable a_table() {
  LogTable table{.time = pattern(R"(^(\S+))")};
  table.rows = {a_row("begins", "started", LogEvent::start),
                a_row("locked", "another one runs", LogEvent::end),
                a_row("done", "completed$", LogEvent::end),
                a_row("failed", "failed: (.*)", LogEvent::end),
                a_row("wrong", "cannot begin: (.*)", LogEvent::refused),
                a_row("note", "(?:ERROR|WARNING): (.*)", LogEvent::note)};
  table.rows[1].reason = OutcomeReason::another_run_in_progress;
  table.rows[2].outcome = Outcome::succeeded;
  table.rows[3].message = "it says: {}";
  table.rows[3].reason = OutcomeReason::error;
  return table;
}

constexpr Instant kNow = Instant(std::chrono::seconds(1'800'000'000));

class Reader : public ::testing::Test {
 protected:
  // At that second of a minute.
  void line(int second, const std::string& text) {
    const auto at = Instant(std::chrono::seconds(1'700'000'000 + second));
    reader.take(to_iso(at) + " " + text, kNow);
  }
  static Instant at(int second) { return Instant(std::chrono::seconds(1'700'000'000 + second)); }
  [[nodiscard]] const RunReport& report(std::size_t place) const {
    return reader.reports().at(place);
  }
  [[nodiscard]] std::size_t count() const { return reader.reports().size(); }

  LogTable table = a_table();
  LoggedJob job{.name = "nightly", .tool = "rsnapshot"};
  LogReader reader{table, job, {}};
};

TEST_F(Reader, AStartAndItsEndAreOneRun) {
  line(1, "started");
  line(2, "copies");
  line(9, "completed");
  ASSERT_EQ(count(), 2U);
  EXPECT_EQ(report(0).outcome, Outcome::running);
  EXPECT_EQ(report(0).started_at, at(1));
  EXPECT_EQ(report(0).tool, "rsnapshot");
  EXPECT_EQ(report(1).run, report(0).run);
  EXPECT_EQ(report(1).outcome, Outcome::succeeded);
  EXPECT_EQ(report(1).started_at, at(1));
  EXPECT_EQ(report(1).ended_at, at(9));
  EXPECT_EQ(report(1).message, "");
  EXPECT_NE(report(1).output.find(" copies\n"), std::string::npos);
  EXPECT_TRUE(reader.open().empty());
}

TEST_F(Reader, TheFirstNoteIsTheMessage) {
  line(1, "started");
  line(2, "WARNING: a file is gone");
  line(3, "ERROR: all is lost");
  line(4, "another one runs");
  EXPECT_EQ(report(1).message, "a file is gone");
}

TEST_F(Reader, ARowsMessageWins) {
  line(1, "started");
  line(2, "WARNING: a file is gone");
  line(3, "failed: no space");
  EXPECT_EQ(report(1).message, "it says: no space");
  EXPECT_EQ(report(1).reason, OutcomeReason::error);
}

TEST_F(Reader, ARunThatFoundAnotherAtWorkEndsAloneAndTheOtherGoesOn) {
  line(1, "started");
  line(5, "started");
  line(5, "another one runs");
  line(9, "completed");
  ASSERT_EQ(count(), 4U);
  EXPECT_EQ(report(2).run, report(1).run);
  EXPECT_EQ(report(2).reason, OutcomeReason::another_run_in_progress);
  EXPECT_EQ(report(3).run, report(0).run);
  EXPECT_EQ(report(3).outcome, Outcome::succeeded);
}

TEST_F(Reader, ARunThatDiedWithoutAWordIsInterruptedByTheEndOfTheNext) {
  line(1, "started");
  line(5, "started");
  line(9, "completed");
  ASSERT_EQ(count(), 4U);
  EXPECT_EQ(report(2).run, report(0).run);
  EXPECT_EQ(report(2).reason, OutcomeReason::interrupted);
  EXPECT_EQ(report(3).run, report(1).run);
  EXPECT_EQ(report(3).outcome, Outcome::succeeded);
}

TEST_F(Reader, NoMoreThanAFewStayOpen) {
  for (int i = 0; i < 6; ++i) line(i, "started");
  EXPECT_EQ(reader.open().size(), kLoggedOpenMax);
  EXPECT_EQ(count(), 8U);  // two of them were interrupted
}

TEST_F(Reader, AnEndWhoseStartWasNotSeenIsReportedAllTheSame) {
  line(9, "failed: no space");
  ASSERT_EQ(count(), 1U);
  EXPECT_EQ(report(0).outcome, Outcome::failed);
  EXPECT_FALSE(report(0).started_at);
  EXPECT_EQ(report(0).ended_at, at(9));
}

TEST_F(Reader, ARunThatNeverBeganLeavesTheOpenOneAlone) {
  line(1, "started");
  line(2, "cannot begin: a wrong line");
  ASSERT_EQ(count(), 2U);
  EXPECT_EQ(report(1).outcome, Outcome::failed);
  EXPECT_NE(report(1).run, report(0).run);
  EXPECT_EQ(reader.open().size(), 1U);
}

TEST_F(Reader, RunsOfOtherJobsAreNotReported) {
  job.match = pattern("alpha");
  line(1, "alpha started");
  line(2, "completed");
  line(3, "beta started");
  line(4, "failed: no space");
  line(5, "cannot begin: beta");
  EXPECT_EQ(count(), 2U);
}

TEST_F(Reader, ATimeFromTheFutureOrNoneIsNow) {
  reader.take("2099-01-01T00:00:00Z started", kNow);
  reader.take("no time at all: failed: x", kNow);
  EXPECT_EQ(report(0).started_at, kNow);
  EXPECT_EQ(report(1).ended_at, kNow);
}

TEST_F(Reader, GoesOnWithWhatWasOpen) {
  line(1, "started");
  LogReader later(table, job, reader.open());
  later.take(to_iso(at(9)) + " completed", kNow);
  ASSERT_EQ(later.reports().size(), 1U);
  EXPECT_EQ(later.reports()[0].run, report(0).run);
}

TEST_F(Reader, AnEndMayAskForAMark) {
  table.rows.insert(table.rows.begin(), a_row("worked", "copied", LogEvent::mark));
  table.rows.push_back(a_row("nothing done", "completed$", LogEvent::end));
  table.rows.back().outcome = Outcome::succeeded;
  table.rows.back().operation = Operation::prune;
  table.rows[3].after = "worked";
  line(1, "started");
  line(2, "completed");
  line(3, "started");
  line(4, "copied");
  line(5, "completed");
  ASSERT_EQ(count(), 4U);
  EXPECT_EQ(report(1).operation, Operation::prune);
  EXPECT_EQ(report(3).operation, Operation::backup);
}

TEST_F(Reader, WhatIsOpenEndsWhenNobodyReadsOn) {
  line(1, "started");
  reader.give_up("its log is read no more", at(9));
  ASSERT_EQ(count(), 2U);
  EXPECT_EQ(report(1).reason, OutcomeReason::interrupted);
  EXPECT_EQ(report(1).message, "the log does not say how this run ended: its log is read no more");
  EXPECT_TRUE(reader.open().empty());
}

// What is kept of an open run is stored as text.
TEST_F(Reader, AnyBytesMakeAnOpenRunThatCanBeStored) {
  line(1, "started");
  line(2, "ERROR: " + std::string(70'000, '\xff'));
  for (int i = 0; i < 1000; ++i) line(3, "\xc3\xbc\xc3\xbc\xc3\xbc \xfc" + std::to_string(i));
  const spool::LogPosition position{.file = "/a", .open = reader.open()};
  const auto stored = pack::decode<spool::LogPosition>(pack::encode(position));
  ASSERT_TRUE(stored) << stored.error().message;
  EXPECT_EQ(*stored, position);
  EXPECT_LE(reader.open()[0].output.size(), kOutputBytesMax);
  EXPECT_LE(reader.open()[0].note.size(), kMessageBytesMax);
}

TEST_F(Reader, AnyBytesMakeAReportThatFits) {
  line(1, "started");
  line(2, "ERROR: " + std::string(5000, '\xff'));
  for (int i = 0; i < 100; ++i) line(3, std::string(1000, 'x'));
  line(4, "another one runs");
  ASSERT_EQ(count(), 2U);
  EXPECT_TRUE(check_report(report(1)));
  EXPECT_LE(report(1).output.size(), kOutputBytesMax);
}

}  // namespace
}  // namespace vaultbell::agent::watch
