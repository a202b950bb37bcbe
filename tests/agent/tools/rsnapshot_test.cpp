// A real rsnapshot, run by the agent. It has no password.
#include <fmt/format.h>

#include "tests/agent/tools/real_tool.hpp"

namespace vaultbell::agent::testing {
namespace {

class RealRsnapshot : public ::testing::Test, protected RealTool {
 protected:
  RealRsnapshot() { configure(at("src/"), "snapshots"); }
  void configure(const std::string& source, const std::string& target) const {
    write("rsnapshot.conf",
          fmt::format("config_version\t1.2\nsnapshot_root\t{0}/{2}/\ncmd_cp\t/bin/cp\n"
                      "cmd_rm\t/bin/rm\ncmd_rsync\t/usr/bin/rsync\ncmd_ssh\t{0}/ssh\n"
                      "lockfile\t{0}/lock.pid\nretain\talpha\t3\nbackup\t{1}\tlocalhost/\n",
                      path().string(), source, target));
    write_program("ssh", "touch " + at("ready") + "; exec cat " + at("silence"));
  }
  [[nodiscard]] Words alpha() const { return {"rsnapshot", "-c", at("rsnapshot.conf"), "alpha"}; }
  RunReport interrupt(int signal) {
    configure("root@host:/x/", "snapshots");
    const FileDescriptor open_pipe(open(at("silence").c_str(), O_RDWR | O_CLOEXEC));
    return RealTool::interrupt(signal, alpha(),
                               [&] { return std::filesystem::exists(*this / "ready"); });
  }
};

TEST_F(RealRsnapshot, ASuccess) {
  const auto end = run(alpha());
  EXPECT_EQ(end.outcome, Outcome::succeeded) << finished.err;
  EXPECT_EQ(end.operation, Operation::backup);
}

TEST_F(RealRsnapshot, AStaleLockIsAWarning) {
  write("lock.pid", "4194304\n");  // above the highest number that a process can have
  const auto end = run(alpha());
  EXPECT_EQ(end.exit_code, 2);
  EXPECT_EQ(end.outcome, Outcome::warning);
  EXPECT_NE(end.message.find("Removing stale lockfile"), std::string::npos);
}

TEST_F(RealRsnapshot, AMissingSourceIsAFailure) {
  configure(at("nosuchdir/"), "snapshots");
  EXPECT_EQ(run(alpha()).outcome, Outcome::failed);
}

TEST_F(RealRsnapshot, ALockOfALiveProcessIsAnotherRun) {
  write("lock.pid", std::to_string(getpid()) + "\n");
  const auto end = run(alpha());
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.reason, OutcomeReason::another_run_in_progress);
}

TEST_F(RealRsnapshot, SigintIsTheUser) {
  EXPECT_EQ(interrupt(SIGINT).outcome, Outcome::cancelled);
}

TEST_F(RealRsnapshot, SigtermInterrupts) {
  EXPECT_EQ(interrupt(SIGTERM).reason, OutcomeReason::interrupted);
}

TEST_F(RealRsnapshot, SigkillInterrupts) {
  EXPECT_EQ(interrupt(SIGKILL).reason, OutcomeReason::interrupted);
}

TEST_F(RealRsnapshot, AFullDiskIsAFailure) {
  if (!mount_small("tiny", "64k")) GTEST_SKIP() << "only root may mount a small file system";
  configure(at("src/"), "tiny");
  prepare({"sh", "-c", "head -c 1000000 /dev/urandom > src/big"});
  EXPECT_EQ(run(alpha()).outcome, Outcome::failed);
}

}  // namespace
}  // namespace vaultbell::agent::testing
