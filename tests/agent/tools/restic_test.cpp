// A real restic, run by the agent (R3.2, R3.3, R3.5).
#include "tests/agent/tools/real_tool.hpp"

namespace vaultbell::agent::testing {
namespace {

class RealRestic : public ::testing::Test, protected RealTool {
 protected:
  RealRestic() {
    set("RESTIC_REPOSITORY", at("repo"));
    set("RESTIC_PASSWORD", "secret");
    set("RESTIC_CACHE_DIR", at("cache"));
    prepare({"restic", "init"});
  }
  [[nodiscard]] bool is_locked() const { return !std::filesystem::is_empty(*this / "repo/locks"); }
  RunReport interrupt(int signal) {
    return RealTool::interrupt(signal, {"restic", "backup", "--stdin"},
                               [&] { return is_locked(); });
  }
};

TEST_F(RealRestic, ASuccessHasFiguresAndASnapshot) {
  const auto end = run({"restic", "backup", "--json", "src"});
  EXPECT_EQ(end.outcome, Outcome::succeeded) << finished.err;
  EXPECT_EQ(end.operation, Operation::backup);
  EXPECT_EQ(end.statistics.files, 3U);
  EXPECT_EQ(end.statistics.bytes_total, 20'000U);
  EXPECT_FALSE(end.snapshot.empty());
}

TEST_F(RealRestic, AMissingSourceIsAWarning) {
  const auto end = run({"restic", "backup", "src", "nosuchdir"});
  EXPECT_EQ(end.outcome, Outcome::warning);
  EXPECT_EQ(end.message, "nosuchdir does not exist and was left out");
  EXPECT_EQ(end.statistics.files, 3U);
}

TEST_F(RealRestic, NoSourceIsAFailure) {
  const auto end = run({"restic", "backup", "nosuchdir"});
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.message, "none of the sources exists");
}

TEST_F(RealRestic, AWrongPasswordIsAFailure) {
  set("RESTIC_PASSWORD", "bad");
  const auto end = run({"restic", "backup", "src"});
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.message, "wrong password");
}

TEST_F(RealRestic, ALockedRepositoryIsAnotherRun) {
  start({"restic", "backup", "--stdin"}, [&] { return is_locked(); });
  const auto end = run({"restic", "prune"});
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.reason, OutcomeReason::another_run_in_progress);
  EXPECT_EQ(end.operation, Operation::prune);
}

TEST_F(RealRestic, SigintIsTheUser) {
  EXPECT_EQ(interrupt(SIGINT).outcome, Outcome::cancelled);
}

TEST_F(RealRestic, SigtermInterrupts) {
  EXPECT_EQ(interrupt(SIGTERM).reason, OutcomeReason::interrupted);
}

TEST_F(RealRestic, SigkillInterrupts) {
  const auto end = interrupt(SIGKILL);
  EXPECT_EQ(end.reason, OutcomeReason::interrupted);
  EXPECT_EQ(end.signal, SIGKILL);
}

TEST_F(RealRestic, AFullDiskIsAFailure) {
  if (!mount_small("tiny", "300k")) GTEST_SKIP() << "only root may mount a small file system";
  set("RESTIC_REPOSITORY", at("tiny/repo"));
  prepare({"restic", "init"});
  prepare({"sh", "-c", "head -c 1000000 /dev/urandom > src/big"});
  const auto end = run({"restic", "backup", "src"}, {"--timeout", "60s"});
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.message, "no space left for the repository");
}

TEST_F(RealRestic, DamageIsFoundByCheck) {
  prepare({"restic", "backup", "src"});
  prepare({"sh", "-c",
           "for f in repo/data/*/*; do chmod u+w $f; printf damage | dd of=$f bs=1 seek=9 "
           "conv=notrunc; done"});
  const auto end = run({"restic", "check", "--read-data"});
  EXPECT_EQ(end.operation, Operation::verify);
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.message, "the repository is damaged");
}

}  // namespace
}  // namespace vaultbell::agent::testing
