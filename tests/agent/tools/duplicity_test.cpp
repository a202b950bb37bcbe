// A real duplicity, run by the agent.
#include <sys/stat.h>

#include "tests/agent/tools/real_tool.hpp"

namespace vaultbell::agent::testing {
namespace {

class RealDuplicity : public ::testing::Test, protected RealTool {
 protected:
  RealDuplicity() { set("PASSPHRASE", "secret"); }
  [[nodiscard]] Words duplicity(const Words& more) const {
    return Words{"duplicity", "--archive-dir", at("cache"), "--no-encryption"} + more;
  }
  [[nodiscard]] Words full(const std::string& target = "target") const {
    return duplicity({"full", at("src"), "file://" + at(target)});
  }
  // It reads the names of its files from a pipe that says nothing.
  RunReport interrupt(int signal) {
    check(mkfifo(at("names").c_str(), 0600) == 0, "a pipe can be made");
    return RealTool::interrupt(signal,
                               duplicity({"--include-filelist", at("names"), "--exclude", "**",
                                          "full", at("src"), "file://" + at("target")}),
                               [&] { return begins_to_read(); });
  }

 private:
  bool begins_to_read() {
    names_ = FileDescriptor(open(at("names").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    return names_.is_open();
  }
  FileDescriptor names_;
};

TEST_F(RealDuplicity, ASuccessHasFigures) {
  const auto end = run(full());
  EXPECT_EQ(end.outcome, Outcome::succeeded) << finished.err;
  EXPECT_EQ(end.operation, Operation::backup);
  EXPECT_EQ(end.statistics.files, 5U);
  EXPECT_GE(end.statistics.bytes_total, 20'000U);
}

// Root may read everything: the tool itself runs as nobody then.
TEST_F(RealDuplicity, AFileThatCannotBeReadIsAWarning) {
  check(chmod(at("src/two").c_str(), 0) == 0, "a mode can be changed");
  if (geteuid() != 0) {
    EXPECT_EQ(run(full()).outcome, Outcome::warning);
    return;
  }
  prepare({"sh", "-c",
           "chmod 755 . src src/sub; chmod 644 src/one src/sub/three; mkdir cache target; "
           "chmod 777 cache target"});
  set("HOME", at("cache"));
  const Words as_nobody = {"setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"};
  const auto end = run(as_nobody + full(), {"--tool", "duplicity"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(end.outcome, Outcome::warning) << finished.out;
  EXPECT_NE(end.message.find("two could not be read"), std::string::npos) << end.message;
}

TEST_F(RealDuplicity, AMissingSourceIsAFailure) {
  const auto end = run(duplicity({"full", at("nosuchdir"), "file://" + at("target")}));
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_NE(end.message.find("nosuchdir does not exist"), std::string::npos) << end.message;
}

TEST_F(RealDuplicity, AWrongPassphraseIsAFailure) {
  const Words encrypted = {"duplicity", "--archive-dir", at("cache"),
                           "full",      at("src"),       "file://" + at("target")};
  prepare(encrypted);
  set("PASSPHRASE", "bad");
  const auto end = run(
      {"duplicity", "--archive-dir", at("cache"), "verify", "file://" + at("target"), at("src")});
  EXPECT_EQ(end.operation, Operation::verify);
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.message, "GnuPG refused: wrong passphrase or key");
}

TEST_F(RealDuplicity, ALockedFolderIsAnotherRun) {
  prepare(full());
  std::filesystem::path lock;  // beside what it keeps of this target
  for (const auto& folder : std::filesystem::directory_iterator(*this / "cache")) {
    lock = folder.path() / "lockfile";
  }
  const FileDescriptor held(open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  struct flock whole {};
  whole.l_type = F_WRLCK;
  check(fcntl(held.get(), F_SETLK, &whole) == 0, "a file can be locked");
  const auto end = run(full());
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.reason, OutcomeReason::another_run_in_progress);
}

TEST_F(RealDuplicity, SigintIsTheUser) {
  EXPECT_EQ(interrupt(SIGINT).outcome, Outcome::cancelled);
  EXPECT_EQ(finished.exit_code, 4);
}

TEST_F(RealDuplicity, SigtermInterrupts) {
  EXPECT_EQ(interrupt(SIGTERM).reason, OutcomeReason::interrupted);
}

TEST_F(RealDuplicity, SigkillInterrupts) {
  EXPECT_EQ(interrupt(SIGKILL).reason, OutcomeReason::interrupted);
}

TEST_F(RealDuplicity, AFullDiskIsAFailure) {
  if (!mount_small("tiny", "64k")) GTEST_SKIP() << "only root may mount a small file system";
  prepare({"sh", "-c", "head -c 1000000 /dev/urandom > src/big"});
  const auto end =
      run(duplicity({"--num-retries", "1", "full", at("src"), "file://" + at("tiny")}));
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.message, "no space left at the target");
}

}  // namespace
}  // namespace vaultbell::agent::testing
