// The bytes of the spool's keys and rows: what an agent wrote once must be read for ever.
#include <gtest/gtest.h>

#include "agent/spool/edit.hpp"
#include "tests/agent/support/printing.hpp"
#include "tests/agent/support/reports.hpp"

namespace vaultbell::agent::spool {
namespace {

using testing::uuid;

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    text += kDigits[static_cast<unsigned char>(c) >> 4U];
    text += kDigits[static_cast<unsigned char>(c) & 0xFU];
  }
  return text;
}

template <class Row>
void expect_golden(const Row& row, const std::string& golden) {
  const auto bytes = pack::encode(row);
  EXPECT_EQ(hex(bytes), golden);
  const auto decoded = pack::decode<Row>(bytes);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*decoded, row);
}

TEST(SpoolFormat, KeyOfAReportIsIncarnationAndSequenceHighestByteFirst) {
  EXPECT_EQ(hex(report_key(2, 258)), "00000000000000020000000000000102");
}

TEST(SpoolFormat, KeyOfARunIsItsIdentity) {
  const auto run = uuid(0xAB);
  EXPECT_EQ(hex(run_key(run)), "abababababababababababababababab");
  EXPECT_EQ(to_uuid(run_key(run)), run);
}

TEST(SpoolFormat, Totals) {
  expect_golden(Totals{1, 300, 2}, "83010102cd012c0302");
}

TEST(SpoolFormat, Incarnation) {
  expect_golden(
      Incarnation{uuid(0x11), uuid(0x22), 7},
      "8301c4101111111111111111111111111111111102c410222222222222222222222222222222220307");
}

TEST(SpoolFormat, OpenRun) {
  expect_golden(OpenRun{.job = "nightly",
                        .operation = Operation::backup,
                        .trigger = Trigger::scheduled,
                        .tool = "restic",
                        .by = {4711, 99},
                        .boot = uuid(0x22),
                        .started_at = Instant(Duration(1'000)),
                        .utc_offset_minutes = 60},
                "8901a76e696768746c790202030104a672657374696305cd1267066307c41022222222222222222222"
                "22222222222208cd03e8093c");
}

TEST(SpoolFormat, OpenRunThatPingsTellOf) {
  expect_golden(OpenRun{.job = "a", .boot = uuid(0x22), .pinged = Pinged{uuid(0x44), "log"}},
                "8801a161020203010"
                "4a0050006000"
                "7c410222222222222222222222222222222220a8201c41044444444444444444444444444444444"
                "02a36c6f67");
}

TEST(SpoolFormat, LogPosition) {
  expect_golden(
      LogPosition{.file = "/a",
                  .inode = 7,
                  .offset = 300,
                  .open = {{.run = uuid(0x33),
                            .is_others = true,
                            .started_at = Instant(Duration(1'000)),
                            .utc_offset_minutes = 60,
                            .note = "n",
                            .output = "o",
                            .marks = {"m"}}},
                  .seen = 9},
      "8501a22f61020703cd012c04918701c4103333333333333333333333333333333302c303cd03e8043c05a1"
      "6e06a16f0791a16d0509");
}

TEST(SpoolFormat, Polled) {
  expect_golden(Polled{"x", Instant(Duration(1'000))}, "8201a17802cd03e8");
}

TEST(SpoolFormat, SetAside) {
  expect_golden(SetAside{.spool = uuid(0x11),
                         .sequence = 7,
                         .reason = "no",
                         .at = Instant(Duration(1'000)),
                         .report = RunReport{.run = uuid(0x33), .job = "a"}},
                "8501c41011111111111111111111111111111111020703a26e6f04cd03e8058a01c410333333333333"
                "3333333333333333333302a1610302040106010c800da00ea00fa010a0");
}

TEST(SpoolFormat, Report) {
  expect_golden(RunReport{.run = uuid(0x33),
                          .job = "nightly",
                          .outcome = Outcome::failed,
                          .reason = OutcomeReason::error,
                          .exit_code = 1,
                          .message = "disk full"},
                "8c01c4103333333333333333333333333333333302a76e696768746c7903020404050106010a010c80"
                "0da00ea00fa96469736b2066756c6c10a0");
}

}  // namespace
}  // namespace vaultbell::agent::spool
