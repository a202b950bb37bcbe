// `poll`: the newest backup that a tool shows, reported once. The tools here are scripts.
#include <filesystem>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/agent/program/enrolled.hpp"

namespace vaultbell::agent::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

class Poll : public ::testing::Test {
 protected:
  // A [[job]] whose poll runs that script.
  void job(const std::string& name, const std::string& tool, const std::string& script,
           const std::string& word = "a b") {
    const auto program = state / (name + ".sh");
    state.write(name + ".sh", "#!/bin/sh\n" + script + "\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    jobs_ += "[[job]]\nname = \"" + name + "\"\ntool = \"" + tool + "\"\npoll = [\"" +
             program.string() + "\", \"" + word + "\"]\n";
    state.write("agent.toml", "state_dir = \"" + state.path().string() + "\"\n" + jobs_);
  }
  [[nodiscard]] Finished poll(const Words& more = {}) const {
    return finish(Words{"poll", "--config", (state / "agent.toml").string()} + more);
  }
  static std::string restic_list(const std::string& ended_at, const std::string& id) {
    return "[ \"$1\" = 'a b' ] && echo '[{\"time\":\"" + ended_at + "\",\"id\":\"" + id + "\"}]'";
  }

  Enrolled state;

 private:
  std::string jobs_;
};

TEST_F(Poll, ReportsTheNewestBackupOnce) {
  job("nightly", "restic", restic_list("2026-03-01T02:20:00Z", "2ea0cb67"));
  auto finished = poll();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(finished.out,
            "nightly: the newest backup ended 2026-03-01T02:20:00Z (2ea0cb67); reported\n");
  finished = poll();
  EXPECT_EQ(finished.out,
            "nightly: the newest backup ended 2026-03-01T02:20:00Z (2ea0cb67); reported before\n");
  job("nightly2", "restic", restic_list("2026-03-02T02:20:00Z", "x"));
  EXPECT_EQ(poll({"--job", "nightly2"}).exit_code, 0);
  const auto reports = state.reports();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].job, "nightly");
  EXPECT_EQ(reports[0].outcome, Outcome::succeeded);
  EXPECT_EQ(reports[0].snapshot, "2ea0cb67");
  EXPECT_EQ(reports[0].tool, "restic");
  EXPECT_EQ(to_iso(*reports[0].ended_at), "2026-03-01T02:20:00Z");
  EXPECT_EQ(reports[1].job, "nightly2");
}

TEST_F(Poll, ACommandThatIsItselfACheckIsARunEachTime) {
  job("pool", "sanoid", "echo 'CRIT: pool/x has no daily snapshots at all!'; exit 2",
      "--monitor-snapshots");
  const auto finished = poll();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(poll().exit_code, 0);
  const auto reports = state.reports();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[1].outcome, Outcome::failed);
  EXPECT_EQ(reports[1].exit_code, 2);
  EXPECT_THAT(reports[1].output, HasSubstr("CRIT: pool/x"));
}

TEST_F(Poll, SaysWhyItCouldNotLookAndLooksAtTheOthers) {
  job("gone", "restic", "echo 'wrong password' >&2; exit 12");
  job("text", "restic", "echo hello");
  job("killed", "restic", "kill -9 $$");
  job("good", "restic", restic_list("2026-03-01T02:20:00Z", "x"));
  job("none", "restic", "echo '[]'");
  job("other", "restic", "echo '{}'");
  job("large", "restic", "head -c 5000000 /dev/zero");
  job("rclone", "rclone", "true");
  const auto finished = poll();
  EXPECT_EQ(finished.exit_code, 1);
  const auto program = [&](const std::string& name) { return (state / (name + ".sh")).string(); };
  EXPECT_THAT(finished.err, HasSubstr("wrong password\n"));
  EXPECT_THAT(finished.err, HasSubstr("gone: " + program("gone") + " exited with 12\n"));
  EXPECT_THAT(finished.err, HasSubstr("text: " + program("text") + " did not print JSON\n"));
  EXPECT_THAT(finished.err, HasSubstr("killed: " + program("killed") + " was killed by SIGKILL\n"));
  EXPECT_THAT(finished.err,
              HasSubstr("other: what " + program("other") + " printed: there is no list"));
  EXPECT_THAT(finished.err, HasSubstr("large: " + program("large") + " printed more than 4.0 MiB"));
  EXPECT_THAT(finished.err, HasSubstr("rclone: the adapter for rclone has no list of backups"));
  EXPECT_THAT(finished.out, HasSubstr("none: there is no good backup yet\n"));
  EXPECT_EQ(state.reports().size(), 1U);
}

TEST_F(Poll, ThatIsInterruptedReportsNothing) {
  job("pool", "sanoid", "trap 'kill $!; exit 2' TERM; sleep 60 & touch \"$0.up\"; wait",
      "--monitor-snapshots");
  Program program(Words{"poll", "--config", (state / "agent.toml").string()});
  const auto up = state / "pool.sh.up";
  const SystemClock clock;
  const auto end = clock.steady() + kPatience;
  while (!std::filesystem::exists(up) && clock.steady() < end) program.take_output();
  program.kill(SIGTERM);
  EXPECT_EQ(program.wait().exit_code, 1);
  EXPECT_TRUE(state.reports().empty());
}

TEST_F(Poll, WaitsForNoCommandForEver) {
  job("slow", "restic", "exec sleep 60");
  const auto finished = poll({"--timeout", "1s"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.err, HasSubstr("gave no answer within 1s"));
}

TEST_F(Poll, IsOneJsonLineAJob) {
  job("nightly", "restic", restic_list("2026-03-01T02:20:00Z", "x"));
  job("gone", "restic", "exit 12");
  const auto finished = poll({"-o", "json"});
  EXPECT_EQ(finished.exit_code, 1);
  const auto end = finished.out.find('\n');
  const auto first = Json::parse(finished.out.substr(0, end));
  EXPECT_EQ(first["job"], "nightly");
  EXPECT_EQ(first["is_new"], true);
  EXPECT_EQ(first["ended_at"], "2026-03-01T02:20:00Z");
  EXPECT_EQ(first["trouble"], nullptr);
  const auto second = Json::parse(finished.out.substr(end + 1));
  EXPECT_EQ(second["trouble"], (state / "gone.sh").string() + " exited with 12");
  EXPECT_EQ(second["outcome"], nullptr);
}

TEST_F(Poll, OfAJobWithoutPollIsAMistake) {
  job("nightly", "restic", "true");
  const auto finished = poll({"--job", "other"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.err, HasSubstr("--job other: no [[job]] of that name has poll"));
}

TEST_F(Poll, WithNothingToLookAtSaysSo) {
  state.write("agent.toml", "state_dir = \"" + state.path().string() + "\"\n");
  const auto finished = poll();
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_EQ(finished.out, "no [[job]] has poll: there is nothing to look at\n");
}

}  // namespace
}  // namespace vaultbell::agent::testing
