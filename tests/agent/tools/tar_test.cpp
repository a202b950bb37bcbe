// A real tar, run by the agent. It has no password and no lock.
#include "tests/agent/tools/real_tool.hpp"

namespace vaultbell::agent::testing {
namespace {

class RealTar : public ::testing::Test, protected RealTool {
 protected:
  // It reads the names of its files from a pipe that says nothing.
  RunReport interrupt(int signal) {
    check(mkfifo(at("names").c_str(), 0600) == 0, "a pipe can be made");
    return RealTool::interrupt(signal, {"tar", "-cf", "a.tar", "-T", "names"},
                               [&] { return begins_to_read(); });
  }

 private:
  // Holds the pipe open from then on: its end would be the end of the names.
  bool begins_to_read() {
    names_ = FileDescriptor(open(at("names").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    return names_.is_open();
  }
  FileDescriptor names_;
};

TEST_F(RealTar, ASuccessHasFigures) {
  const auto end = run({"tar", "--totals", "-czf", "a.tgz", "src"});
  EXPECT_EQ(end.outcome, Outcome::succeeded) << finished.err;
  EXPECT_EQ(end.operation, Operation::backup);
  EXPECT_GT(end.statistics.bytes_total, 20'000U);
}

TEST_F(RealTar, AMissingSourceIsAWarning) {
  const auto end = run({"tar", "-cf", "a.tar", "src", "nosuchdir"});
  EXPECT_EQ(end.exit_code, 2);
  EXPECT_EQ(end.outcome, Outcome::warning);
  EXPECT_EQ(end.message, "nosuchdir does not exist (1 error)");
}

TEST_F(RealTar, AnArchiveThatCannotBeReadIsAFailure) {
  write("a.tar", "no archive");
  const auto end = run({"tar", "-xf", "a.tar"});
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.operation, Operation::restore);
}

TEST_F(RealTar, DifferencesAreAFailedVerification) {
  prepare({"tar", "-cf", "a.tar", "src"});
  write("src/one", "changed");
  const auto end = run({"tar", "-df", "a.tar"});
  EXPECT_EQ(end.operation, Operation::verify);
  EXPECT_EQ(end.outcome, Outcome::failed);
}

TEST_F(RealTar, SigintIsTheUser) {
  EXPECT_EQ(interrupt(SIGINT).outcome, Outcome::cancelled);
}

TEST_F(RealTar, SigtermInterrupts) {
  EXPECT_EQ(interrupt(SIGTERM).reason, OutcomeReason::interrupted);
}

TEST_F(RealTar, SigkillInterrupts) {
  EXPECT_EQ(interrupt(SIGKILL).reason, OutcomeReason::interrupted);
}

TEST_F(RealTar, AFullDiskIsAFailure) {
  if (!mount_small("tiny", "8k")) GTEST_SKIP() << "only root may mount a small file system";
  const auto end = run({"tar", "-cf", "tiny/a.tar", "src"});
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_NE(end.message.find("the archive could not be written"), std::string::npos);
}

}  // namespace
}  // namespace vaultbell::agent::testing
