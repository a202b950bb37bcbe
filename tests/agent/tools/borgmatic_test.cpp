// A real borgmatic, run by the agent.
#include <fmt/format.h>

#include "tests/agent/tools/real_tool.hpp"

namespace vaultbell::agent::testing {
namespace {

class RealBorgmatic : public ::testing::Test, protected RealTool {
 protected:
  RealBorgmatic() {
    set("BORG_BASE_DIR", at("borg"));
    set("BORG_PASSPHRASE", "secret");
    configure("src", "secret", "true");
    prepare({"borg", "init", "-e", "repokey", at("repo")});
  }
  void configure(const std::string& source, const std::string& passphrase,
                 const std::string& hook) const {
    write("borgmatic.yaml",
          fmt::format("location:\n    source_directories: [{0}/{1}]\n    repositories: [{0}/{4}]\n"
                      "storage:\n    encryption_passphrase: {2}\n"
                      "hooks:\n    before_backup: [\"{3}\"]\n",
                      path().string(), source, passphrase, hook, repository_));
  }
  [[nodiscard]] Words create() const {
    return {"borgmatic", "-c",     at("borgmatic.yaml"), "--syslog-verbosity", "-1", "create", "-v",
            "1",         "--stats"};
  }
  RunReport interrupt(int signal) {
    write_program("hook", "touch " + at("ready") + "; exec cat");
    configure("src", "secret", at("hook") + " < " + at("silence"));
    const FileDescriptor open_pipe(open(at("silence").c_str(), O_RDWR | O_CLOEXEC));
    return RealTool::interrupt(signal, create(),
                               [&] { return std::filesystem::exists(*this / "ready"); });
  }

  std::string repository_ = "repo";
};

TEST_F(RealBorgmatic, ASuccessHasFigures) {
  const auto end = run(create());
  EXPECT_EQ(end.outcome, Outcome::succeeded) << finished.out << finished.err;
  EXPECT_EQ(end.operation, Operation::backup);
  EXPECT_EQ(end.statistics.files, 3U);
}

TEST_F(RealBorgmatic, AMissingSourceIsAWarning) {
  configure("nosuchdir", "secret", "true");
  const auto end = run(create());
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_EQ(end.outcome, Outcome::warning) << finished.out << finished.err;
}

TEST_F(RealBorgmatic, AHookMaySkipIt) {
  configure("src", "secret", "exit 75");
  const auto end = run(create());
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_EQ(end.outcome, Outcome::cancelled) << finished.out << finished.err;
}

TEST_F(RealBorgmatic, AHookThatFailsIsAFailure) {
  configure("src", "secret", "exit 1");
  EXPECT_EQ(run(create()).outcome, Outcome::failed);
}

TEST_F(RealBorgmatic, AWrongPassphraseIsAFailure) {
  configure("src", "bad", "true");
  const auto end = run(create());
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.message, "the passphrase is wrong");
}

TEST_F(RealBorgmatic, ALockedRepositoryIsAnotherRun) {
  start({"borg", "with-lock", at("repo"), "cat"},
        [&] { return std::filesystem::exists(*this / "repo/lock.exclusive"); });
  const auto end = run(create());
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.reason, OutcomeReason::another_run_in_progress) << finished.out << finished.err;
}

TEST_F(RealBorgmatic, SigintIsTheUser) {
  EXPECT_EQ(interrupt(SIGINT).outcome, Outcome::cancelled);
}

TEST_F(RealBorgmatic, SigtermInterrupts) {
  EXPECT_EQ(interrupt(SIGTERM).reason, OutcomeReason::interrupted);
}

TEST_F(RealBorgmatic, SigkillInterrupts) {
  EXPECT_EQ(interrupt(SIGKILL).reason, OutcomeReason::interrupted);
}

TEST_F(RealBorgmatic, AFullDiskIsAFailure) {
  if (!mount_small("tiny", "300k")) GTEST_SKIP() << "only root may mount a small file system";
  repository_ = "tiny/repo";
  configure("src", "secret", "true");
  prepare({"borg", "init", "-e", "repokey", at("tiny/repo")});
  prepare({"sh", "-c", "head -c 1000000 /dev/urandom > src/big"});
  const auto end = run(create());
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.message, "no space left for the repository");
}

}  // namespace
}  // namespace vaultbell::agent::testing
