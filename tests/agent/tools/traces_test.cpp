// Real tools that nobody wrapped: the agent reads the log of rsnapshot, and asks restic and borg.
#include <fmt/format.h>

#include "tests/agent/tools/real_tool.hpp"

namespace vaultbell::agent::testing {
namespace {

class UnwrappedRsnapshot : public ::testing::Test, protected RealTool {
 protected:
  UnwrappedRsnapshot() {
    write("rsnapshot.conf",
          fmt::format("config_version\t1.2\nsnapshot_root\t{0}/snapshots/\ncmd_cp\t/bin/cp\n"
                      "cmd_rm\t/bin/rm\ncmd_rsync\t/usr/bin/rsync\nlogfile\t{0}/rsnapshot.log\n"
                      "lockfile\t{0}/lock.pid\nretain\talpha\t3\nretain\tbeta\t3\n"
                      "backup\t{0}/src/\tlocalhost/\n",
                      path().string()));
    write("agent.toml",
          fmt::format("state_dir = \"{0}\"\n[[job]]\nname = \"nightly\"\ntool = \"rsnapshot\"\n"
                      "log = \"{0}/rsnapshot.log\"\nlog_match = 'alpha: started'\n",
                      path().string()));
    write("rsnapshot.log", "");
  }
  void take(const std::string& interval, bool is_good = true) const {
    prepare({"sh", "-c",
             fmt::format("{} rsnapshot -c rsnapshot.conf {}", is_good ? "" : "!", interval)});
  }
  static bool comes_true(const std::function<bool()>& condition, Program& agent) {
    const SystemClock clock;
    const auto end = clock.steady() + kPatience;
    while (!condition()) {
      if (clock.steady() >= end) return false;
      agent.take_output();
    }
    return true;
  }
};

TEST_F(UnwrappedRsnapshot, IsKnownByItsLog) {
  Program agent({"serve", "--config", at("agent.toml")});
  ASSERT_TRUE(comes_true([&] { return open_spool().log_position("nightly")->has_value(); }, agent));
  take("alpha");
  take("beta");
  write("lock.pid", std::to_string(getpid()) + "\n");
  take("alpha", false);
  ASSERT_TRUE(comes_true([&] { return reports().size() >= 4; }, agent));
  const auto told = reports();
  ASSERT_EQ(told.size(), 4U);
  EXPECT_EQ(told[1].run, told[0].run);
  EXPECT_EQ(told[1].outcome, Outcome::succeeded) << told[1].message;
  EXPECT_EQ(told[3].outcome, Outcome::failed);
  EXPECT_EQ(told[3].reason, OutcomeReason::another_run_in_progress);
  const auto now = SystemClock().wall();
  EXPECT_LE(*told[1].ended_at, now);
  EXPECT_GT(*told[1].ended_at, now - std::chrono::minutes(5));  // its log is in local time
}

class Polled : public ::testing::Test, protected RealTool {
 protected:
  void poll(const std::string& tool, const Words& command) {
    std::string words;
    for (const auto& word : command) words += "\"" + word + "\", ";
    write(
        "agent.toml",
        fmt::format("state_dir = \"{}\"\n[[job]]\nname = \"nightly\"\ntool = \"{}\"\npoll = [{}]\n",
                    path().string(), tool, words));
    prepare({VAULTBELL_AGENT, "poll", "--config", at("agent.toml")});
  }
  // The newest backup, which was made just now and is told once.
  void expect_one() const {
    const auto told = reports();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].outcome, Outcome::succeeded);
    EXPECT_FALSE(told[0].snapshot.empty());
    const auto now = SystemClock().wall();
    EXPECT_LE(*told[0].ended_at, now);
    EXPECT_GT(*told[0].ended_at, now - std::chrono::minutes(5));
  }
};

TEST_F(Polled, ResticShowsItsNewestSnapshot) {
  set("RESTIC_REPOSITORY", at("repo"));
  set("RESTIC_PASSWORD", "secret");
  set("RESTIC_CACHE_DIR", at("cache"));
  prepare({"restic", "init"});
  const Words list = {"/usr/bin/restic", "snapshots", "--latest", "1", "--json", "--no-lock"};
  poll("restic", list);
  EXPECT_TRUE(reports().empty());  // there is none yet
  prepare({"restic", "backup", "src"});
  poll("restic", list);
  poll("restic", list);
  expect_one();
  prepare({"restic", "backup", "src"});
  poll("restic", list);
  EXPECT_EQ(reports().size(), 2U);
}

TEST_F(Polled, BorgShowsItsNewestArchive) {
  set("BORG_BASE_DIR", at("borg"));
  set("BORG_PASSPHRASE", "secret");
  prepare({"borg", "init", "-e", "repokey", at("repo")});
  prepare({"borg", "create", at("repo") + "::one", "src"});
  const Words list = {"/usr/bin/borg", "info", "--last", "1", "--json", at("repo")};
  poll("borg", list);
  poll("borg", list);
  expect_one();
  EXPECT_EQ(reports()[0].statistics.files, 3U);
  EXPECT_EQ(reports()[0].statistics.bytes_total, 20'000U);
}

}  // namespace
}  // namespace vaultbell::agent::testing
