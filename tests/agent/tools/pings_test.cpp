// A real borgmatic that pings the agent with its own hook for Healthchecks.
#include <fmt/format.h>

#include "tests/agent/program/web.hpp"
#include "tests/agent/tools/real_tool.hpp"

namespace vaultbell::agent::testing {
namespace {

class BorgmaticPings : public ::testing::Test, protected RealTool {
 protected:
  BorgmaticPings() {
    set("BORG_BASE_DIR", at("borg"));
    set("BORG_PASSPHRASE", "secret");
    write("agent.toml",
          fmt::format("state_dir = \"{}\"\n[healthchecks]\nlisten = \"127.0.0.1:0\"\n",
                      path().string()));
    prepare({"borg", "init", "-e", "repokey", at("repo")});
  }
  // Runs borgmatic, which exits with 0 or not, and returns what is reported.
  std::vector<RunReport> create(const std::string& hook, bool is_good) {
    Program agent({"serve", "--config", at("agent.toml")});
    EXPECT_TRUE(agent.prints("/ping/JOB\n"));
    write("borgmatic.yaml",
          fmt::format("location:\n    source_directories: [{0}/src]\n    repositories: [{0}/repo]\n"
                      "storage:\n    encryption_passphrase: secret\n"
                      "hooks:\n    before_backup: [\"{1}\"]\n"
                      "    healthchecks:\n        ping_url: http://127.0.0.1:{2}/ping/nightly\n",
                      path().string(), hook, port_in(agent.printed())));
    prepare({"sh", "-c",
             fmt::format("{}borgmatic -c borgmatic.yaml --syslog-verbosity -1 create -v 1 --stats",
                         is_good ? "" : "! ")});
    agent.kill(SIGTERM);
    EXPECT_EQ(agent.wait().exit_code, 0);
    return reports();
  }
};

TEST_F(BorgmaticPings, ASuccessIsAStartAndItsEnd) {
  const auto runs = create("true", true);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].outcome, Outcome::running);
  EXPECT_EQ(runs[0].job, "nightly");
  EXPECT_EQ(runs[1].outcome, Outcome::succeeded);
  EXPECT_EQ(runs[1].run, runs[0].run);
  EXPECT_NE(runs[1].output.find("Archive name: "), std::string::npos) << runs[1].output;
}

TEST_F(BorgmaticPings, AFailureIsOneWithWhatWasPrinted) {
  const auto runs = create("echo no database; exit 1", false);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[1].outcome, Outcome::failed);
  EXPECT_EQ(runs[1].run, runs[0].run);
  EXPECT_NE(runs[1].output.find("no database"), std::string::npos) << runs[1].output;
}

}  // namespace
}  // namespace vaultbell::agent::testing
