// A real borg, run by the agent.
#include "tests/agent/tools/real_tool.hpp"

namespace vaultbell::agent::testing {
namespace {

class RealBorg : public ::testing::Test, protected RealTool {
 protected:
  RealBorg() {
    set("BORG_REPO", at("repo"));
    set("BORG_PASSPHRASE", "secret");
    set("BORG_BASE_DIR", at("borg"));
    prepare({"borg", "init", "-e", "repokey"});
  }
  [[nodiscard]] bool is_locked() const {
    return std::filesystem::exists(*this / "repo/lock.exclusive");
  }
  // It ends between two files.
  RunReport interrupt(int signal) {
    prepare({"sh", "-c", "cd src; i=0; while [ $i -lt 3000 ]; do echo $i > $i; i=$((i+1)); done"});
    return RealTool::interrupt(signal, {"borg", "create", "::a", "src"},
                               [&] { return is_locked(); });
  }
};

TEST_F(RealBorg, ASuccessHasFiguresAndASnapshot) {
  const auto end = run({"borg", "create", "--json", "::a", "src"});
  EXPECT_EQ(end.outcome, Outcome::succeeded) << finished.err;
  EXPECT_EQ(end.statistics.files, 3U);
  EXPECT_TRUE(end.statistics.bytes_total.has_value());
  EXPECT_EQ(end.snapshot.size(), 64U);
}

TEST_F(RealBorg, AMissingSourceIsAWarning) {
  const auto end = run({"borg", "create", "::a", "src", "nosuchdir"});
  EXPECT_EQ(end.outcome, Outcome::warning);
  EXPECT_EQ(end.message, "nosuchdir does not exist (1 error)");
}

TEST_F(RealBorg, AnEmptyArchiveIsAFailure) {
  EXPECT_EQ(run({"borg", "create", "--stats", "::a", "nosuchdir"}).outcome, Outcome::failed);
  EXPECT_EQ(run({"borg", "create", "--json", "::b", "nosuchdir"}).outcome, Outcome::failed);
}

TEST_F(RealBorg, AnArchiveThatIsThereAlreadyIsAFailure) {
  prepare({"borg", "create", "::a", "src"});
  const auto end = run({"borg", "create", "::a", "src"});
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.message, "Archive a already exists");
}

TEST_F(RealBorg, AWrongPassphraseIsAFailure) {
  set("BORG_PASSPHRASE", "bad");
  const auto end = run({"borg", "create", "::a", "src"});
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.message, "the passphrase is wrong");
}

TEST_F(RealBorg, ALockedRepositoryIsAnotherRun) {
  start({"borg", "with-lock", "::", "cat"}, [&] { return is_locked(); });
  const auto end = run({"borg", "create", "::a", "src"});
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.reason, OutcomeReason::another_run_in_progress);
}

TEST_F(RealBorg, SigintIsTheUser) {
  EXPECT_EQ(interrupt(SIGINT).outcome, Outcome::cancelled);
}

TEST_F(RealBorg, SigtermInterrupts) {
  EXPECT_EQ(interrupt(SIGTERM).reason, OutcomeReason::interrupted);
}

TEST_F(RealBorg, SigkillInterrupts) {
  EXPECT_EQ(interrupt(SIGKILL).reason, OutcomeReason::interrupted);
}

TEST_F(RealBorg, AFullDiskIsAFailure) {
  if (!mount_small("tiny", "300k")) GTEST_SKIP() << "only root may mount a small file system";
  set("BORG_REPO", at("tiny/repo"));
  prepare({"borg", "init", "-e", "repokey"});
  prepare({"sh", "-c", "head -c 1000000 /dev/urandom > src/big"});
  const auto end = run({"borg", "create", "::a", "src"});
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_NE(end.message.find("no space left for the repository"), std::string::npos);
}

TEST_F(RealBorg, DamageIsFoundByCheck) {
  prepare({"borg", "create", "::a", "src"});
  prepare({"sh", "-c",
           "for f in repo/data/0/*; do printf damage | dd of=$f bs=1 seek=60 conv=notrunc; done"});
  const auto end = run({"borg", "check"});
  EXPECT_EQ(end.operation, Operation::verify);
  EXPECT_EQ(end.exit_code, 1);
  EXPECT_EQ(end.outcome, Outcome::failed);
}

}  // namespace
}  // namespace vaultbell::agent::testing
