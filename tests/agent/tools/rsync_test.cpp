// A real rsync, run by the agent. It has no password and no lock of its own.
#include "tests/agent/tools/real_tool.hpp"

namespace vaultbell::agent::testing {
namespace {

class RealRsync : public ::testing::Test, protected RealTool {
 protected:
  // In place of ssh: says that it was started, and never answers.
  RunReport interrupt(int signal) {
    write_program("ssh", "touch " + at("ready") + "; exec cat " + at("silence"));
    const FileDescriptor open_pipe(open(at("silence").c_str(), O_RDWR | O_CLOEXEC));
    return RealTool::interrupt(signal, {"rsync", "-a", "-e", at("ssh"), "src/", "host:/x"},
                               [&] { return std::filesystem::exists(*this / "ready"); });
  }
};

TEST_F(RealRsync, ASuccessHasFigures) {
  const auto end = run({"rsync", "-a", "--stats", "src/", "dst/"});
  EXPECT_EQ(end.outcome, Outcome::succeeded) << finished.err;
  EXPECT_EQ(end.statistics.files, 5U);
  EXPECT_EQ(end.statistics.bytes_total, 20'000U);
  EXPECT_EQ(end.statistics.bytes_added, 20'000U);
}

TEST_F(RealRsync, AFileThatIsMissingIsAWarning) {
  const auto end = run({"rsync", "-a", "src/one", "src/nosuchfile", "dst/"});
  EXPECT_EQ(end.exit_code, 23);
  EXPECT_EQ(end.outcome, Outcome::warning);
}

TEST_F(RealRsync, AFolderThatIsMissingIsAFailure) {
  const auto end = run({"rsync", "-a", "nosuchdir/", "dst/"});
  EXPECT_EQ(end.exit_code, 23);
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_NE(end.message.find("nosuchdir"), std::string::npos);
}

TEST_F(RealRsync, WrongUsageIsAFailure) {
  EXPECT_EQ(run({"rsync", "--nosuch", "src/", "dst/"}).outcome, Outcome::failed);
}

TEST_F(RealRsync, ADryRunIsNoBackup) {
  EXPECT_EQ(run({"rsync", "-an", "src/", "dst/"}).operation, Operation::configure);
}

TEST_F(RealRsync, SigintIsTheUser) {
  EXPECT_EQ(interrupt(SIGINT).outcome, Outcome::cancelled);
}

TEST_F(RealRsync, SigtermInterrupts) {
  EXPECT_EQ(interrupt(SIGTERM).reason, OutcomeReason::interrupted);
}

TEST_F(RealRsync, SigkillInterrupts) {
  EXPECT_EQ(interrupt(SIGKILL).reason, OutcomeReason::interrupted);
}

TEST_F(RealRsync, AFullDiskIsAFailure) {
  if (!mount_small("tiny", "64k")) GTEST_SKIP() << "only root may mount a small file system";
  prepare({"sh", "-c", "head -c 1000000 /dev/urandom > src/big"});
  const auto end = run({"rsync", "-a", "src/", "tiny/"});
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.message, "no space left at the destination");
}

}  // namespace
}  // namespace vaultbell::agent::testing
