// A real rclone, run by the agent. It knows no warning, and has no lock.
#include "tests/agent/tools/real_tool.hpp"

namespace vaultbell::agent::testing {
namespace {

class RealRclone : public ::testing::Test, protected RealTool {
 protected:
  RealRclone() { set("RCLONE_CONFIG", "/dev/null"); }
  // So slowly that it is at work when the signal comes.
  RunReport interrupt(int signal) {
    prepare({"sh", "-c", "head -c 1000000 /dev/urandom > src/big"});
    return RealTool::interrupt(signal, {"rclone", "sync", "src", "dst", "--bwlimit", "1k"},
                               [&] { return std::filesystem::exists(*this / "dst/big"); });
  }
};

TEST_F(RealRclone, ASuccessHasFigures) {
  const auto end =
      run({"rclone", "sync", "src", "dst", "-v", "--use-json-log", "--stats-one-line"});
  EXPECT_EQ(end.outcome, Outcome::succeeded) << finished.err;
  EXPECT_EQ(end.operation, Operation::backup);
  EXPECT_EQ(end.statistics.files, 3U);
  EXPECT_EQ(end.statistics.bytes_added, 20'000U);
}

TEST_F(RealRclone, AMissingSourceIsAFailure) {
  const auto end = run({"rclone", "sync", "nosuchdir", "dst", "--retries", "1"});
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.message, "Failed to sync: directory not found");
}

TEST_F(RealRclone, AWrongPasswordIsAFailure) {
  write("rclone.conf", "[vault]\ntype = crypt\nremote = " + at("dst") + "\npassword = bad\n");
  set("RCLONE_CONFIG", at("rclone.conf"));
  EXPECT_EQ(run({"rclone", "sync", "src", "vault:"}).outcome, Outcome::failed);
}

TEST_F(RealRclone, DifferencesAreAFailedVerification) {
  prepare({"rclone", "sync", "src", "dst"});
  write("src/one", "changed");
  const auto end = run({"rclone", "check", "src", "dst"});
  EXPECT_EQ(end.operation, Operation::verify);
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.message, "1 differences found");
}

TEST_F(RealRclone, SigintIsTheUser) {
  EXPECT_EQ(interrupt(SIGINT).outcome, Outcome::cancelled);
}

TEST_F(RealRclone, SigtermInterrupts) {
  EXPECT_EQ(interrupt(SIGTERM).reason, OutcomeReason::interrupted);
}

TEST_F(RealRclone, SigkillInterrupts) {
  EXPECT_EQ(interrupt(SIGKILL).reason, OutcomeReason::interrupted);
}

TEST_F(RealRclone, AFullDiskIsAFailure) {
  if (!mount_small("tiny", "64k")) GTEST_SKIP() << "only root may mount a small file system";
  prepare({"sh", "-c", "head -c 1000000 /dev/urandom > src/big"});
  const auto end =
      run({"rclone", "sync", "src", "tiny", "--retries", "1", "--low-level-retries", "1"});
  EXPECT_EQ(end.outcome, Outcome::failed);
}

}  // namespace
}  // namespace vaultbell::agent::testing
