// Being alone (R8.2), with the real agent and real commands. The limit is a second here.
#include <set>

#include <nlohmann/json.hpp>

#include "tests/agent/program/enrolled.hpp"

namespace vaultbell::agent::testing {
namespace {

using Json = nlohmann::json;

class Alone : public ::testing::Test {
 protected:
  Alone() : state(aggregator) {
    aggregator.allow(state.key.public_key);
    aggregator.go_away();
    // Each call is a file of its own, which is there when it is whole.
    tell_with(
        "{ env | grep ^VAULTBELL_ | sort; cat; } > \"$HERE/writing\"\n"
        "echo \"noted $VAULTBELL_EVENT\"\n"
        "n=1; while [ -e \"$HERE/call.$n\" ]; do n=$((n + 1)); done\n"
        "mv \"$HERE/writing\" \"$HERE/call.$n\"\n");
  }

  void tell_with(const std::string& script) const {
    state.write("tell", "#!/bin/sh\nHERE='" + state.path().string() + "'\n" + script);
    std::filesystem::permissions(state / "tell", std::filesystem::perms::owner_all);
  }
  [[nodiscard]] Words options() const {
    state.write("agent.toml", "state_dir = \"" + state.path().string() +
                                  "\"\n[alone]\nafter = \"1s\"\ncommand = [\"" +
                                  (state / "tell").string() + "\", \"a b\"]\n");
    return {"--config", (state / "agent.toml").string()};
  }
  [[nodiscard]] Words serve() const { return Words{"serve"} + options(); }

  [[nodiscard]] Json status(int exit_code = 1) {
    Program program(Words{"status", "-o", "json"} + state.options());
    const auto finished = program.wait([&] { turn(); });
    EXPECT_EQ(finished.exit_code, exit_code) << finished.err;
    return Json::parse(finished.out);
  }
  [[nodiscard]] std::string shown() {
    Program program(Words{"status"} + state.options());
    return program.wait([&] { turn(); }).out;
  }
  [[nodiscard]] std::string call(int number) const {
    return read_file(state / ("call." + std::to_string(number)), 64UL * 1024).value_or("");
  }
  // Lets the agent and the aggregator work until it is so.
  bool waits_for(Program& agent, const std::function<bool()>& condition) {
    const SystemClock clock;
    const auto end = clock.steady() + kPatience;
    while (!condition()) {
      if (clock.steady() >= end) return false;
      turn();
      agent.take_output();
    }
    return true;
  }
  bool makes_call(Program& agent, int number) {
    return waits_for(agent, [&] { return !call(number).empty(); });
  }
  // For so long that a call that is to be repeated would have been.
  bool lives_on(Program& agent, Duration duration) {
    const auto until = SystemClock().steady() + duration;
    return waits_for(agent, [&] { return SystemClock().steady() >= until; });
  }
  bool has_ended_well(Program& agent) {
    return waits_for(agent, [&] { return status()["alone"]["command_exit"] == 0; });
  }
  // Comes back, and answers what the agent says from now on.
  void come_back() {
    aggregator.come_back();
    is_answering = true;
  }
  void turn() {
    aggregator.turn();
    if (!is_answering) return aggregator.said.clear();
    while (!aggregator.said.empty()) {
      const auto said = std::move(aggregator.said.front());
      aggregator.said.pop_front();
      if (std::holds_alternative<protocol::Hello>(said.message.body)) {
        aggregator.say(said.route, a_welcome());
      } else if (std::holds_alternative<protocol::Heartbeat>(said.message.body)) {
        aggregator.say(said.route, protocol::HeartbeatAck{SystemClock().wall()});
      } else if (const auto* report = std::get_if<protocol::Report>(&said.message.body)) {
        reported.insert(report->report.job);
      }
    }
  }
  void kill(Program& agent) {
    agent.kill(SIGKILL);
    agent.wait([&] { turn(); });
  }

  Aggregator aggregator;
  Enrolled state;
  bool is_answering = false;
  std::set<std::string> reported;  // the jobs
};

std::string line_of(const std::string& text, const std::string& begin) {
  const auto at = text.find(begin);
  return at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
}

// R8.2
TEST_F(Alone, TheCommandRunsOnceForAPeriodAndOnceWhenContactIsBackThoughTheAgentIsKilledInBetween) {
  std::string since;
  {
    Program agent(serve());
    ASSERT_TRUE(makes_call(agent, 1));
    ASSERT_TRUE(has_ended_well(agent));
    since = status()["alone"]["since"].get<std::string>();
    EXPECT_EQ(line_of(call(1), "VAULTBELL_EVENT="), "VAULTBELL_EVENT=alone");
    EXPECT_EQ(line_of(call(1), "VAULTBELL_SINCE="), "VAULTBELL_SINCE=" + since);
    EXPECT_GE(std::stoi(line_of(call(1), "VAULTBELL_FOR=").substr(14)), 1);
    EXPECT_EQ(line_of(call(1), "VAULTBELL_CLIENT="), "VAULTBELL_CLIENT=db-1");
    EXPECT_EQ(line_of(call(1), "VAULTBELL_AGGREGATOR="),
              "VAULTBELL_AGGREGATOR=" + aggregator.endpoint());
    EXPECT_NE(call(1).find("\nThe Vaultbell agent on "), std::string::npos) << call(1);
    EXPECT_TRUE(lives_on(agent, std::chrono::seconds(2)));
    kill(agent);
  }
  {
    Program agent(serve());
    ASSERT_TRUE(lives_on(agent, std::chrono::seconds(2)));
    EXPECT_EQ(call(2), "");
    kill(agent);
  }
  {
    Program agent(serve());
    ASSERT_TRUE(agent.prints("starts"));
    come_back();
    ASSERT_TRUE(makes_call(agent, 2));
    EXPECT_EQ(line_of(call(2), "VAULTBELL_EVENT="), "VAULTBELL_EVENT=back");
    EXPECT_EQ(line_of(call(2), "VAULTBELL_SINCE="), "VAULTBELL_SINCE=" + since);
    ASSERT_TRUE(
        waits_for(agent, [&] { return status(0)["alone"]["command_is_running"] == false; }));
    kill(agent);
  }
  Program agent(serve());
  ASSERT_TRUE(agent.prints("connected as client", [&] { turn(); }));
  ASSERT_TRUE(lives_on(agent, std::chrono::seconds(2)));
  EXPECT_EQ(call(3), "");
}

TEST_F(Alone, AKillWhileTheCommandRunsNeitherRepeatsItNorForgetsWhatIsOwed) {
  tell_with(
      "echo $VAULTBELL_EVENT >> \"$HERE/calls\"\n"
      "while [ -e \"$HERE/calls\" ] && [ ! -e \"$HERE/end\" ]; do sleep 0.05; done\n");
  const auto calls = [&] { return read_file(state / "calls", 4096).value_or(""); };
  {
    Program agent(serve());
    ASSERT_TRUE(waits_for(agent, [&] { return calls() == "alone\n"; }));
    kill(agent);
  }
  Program agent(serve());
  ASSERT_TRUE(
      agent.prints("warning the command of [alone] is not repeated; how it ended is not known: the "
                   "agent was killed while it ran"));
  ASSERT_TRUE(lives_on(agent, std::chrono::seconds(2)));
  EXPECT_EQ(calls(), "alone\n");
  state.write("end", "");
  come_back();
  EXPECT_TRUE(waits_for(agent, [&] { return calls() == "alone\nback\n"; }));
}

// R8.2
TEST_F(Alone, StatusSaysSoFromTheFirstMissedHeartbeat) {
  come_back();
  state.write("agent.toml", "state_dir = \"" + state.path().string() +
                                "\"\n[alone]\nafter = \"4h\"\ncommand = [\"/bin/true\"]\n");
  Program agent({"serve", "--config", (state / "agent.toml").string()});
  ASSERT_TRUE(agent.prints("connected as client", [&] { turn(); }));
  EXPECT_EQ(status(0)["alone"], (Json{{"since", nullptr},
                                      {"is_alone", false},
                                      {"after_ms", 14'400'000},
                                      {"has_command", true},
                                      {"event", nullptr},
                                      {"command_run_at", nullptr},
                                      {"command_attempts", 0},
                                      {"command_is_running", false},
                                      {"command_is_over", nullptr},
                                      {"command_exit", nullptr},
                                      {"command_failed", nullptr},
                                      {"command_due_at", nullptr}}));
  EXPECT_EQ(shown().find("  alone "), std::string::npos);
  is_answering = false;
  ASSERT_TRUE(waits_for(agent, [&] { return shown().find("  alone ") != std::string::npos; }));
  EXPECT_EQ(status()["alone"]["is_alone"], false);
  const auto line = line_of(shown(), "  alone  ");
  EXPECT_TRUE(line.starts_with("  alone        since 20")) << line;
  EXPECT_NE(line.find("Z; the command is run at 20"), std::string::npos) << line;
}

TEST_F(Alone, ACommandThatFailsIsShownAndTriedAgainAndReportsAreSentAllTheSame) {
  tell_with("echo 'no such mailbox' >&2\n[ -e \"$HERE/mended\" ] || exit 3\n");
  Program agent(serve());
  ASSERT_TRUE(agent.prints(
      "warning the command of [alone] has ended: exit code 3; it printed: no such mailbox"));
  ASSERT_TRUE(agent.prints(
      "warning the command of [alone] has failed: exit code 3; it is tried again in 10 s"));
  const auto alone = status()["alone"];
  EXPECT_EQ(alone["event"], "alone");
  EXPECT_EQ(alone["command_attempts"], 1);
  EXPECT_EQ(alone["command_exit"], 3);
  EXPECT_EQ(alone["command_failed"], "exit code 3");
  EXPECT_EQ(alone["command_is_over"], false);
  EXPECT_EQ(line_of(shown(), "  alone  "),
            "  alone        since " + alone["since"].get<std::string>() + ", longer than 1s");
  const auto line = line_of(shown(), "  command ");
  EXPECT_TRUE(line.starts_with("  command      \"alone\" at " +
                               alone["command_run_at"].get<std::string>() +
                               ": failed: exit code 3; tried again at 20"))
      << line;
  EXPECT_EQ(state.report("meanwhile").exit_code, 0);
  state.write("mended", "");
  ASSERT_TRUE(has_ended_well(agent));
  EXPECT_EQ(status()["alone"]["command_attempts"], 2);
  come_back();
  EXPECT_TRUE(waits_for(agent, [&] { return shown().find("\"back\"") != std::string::npos; }));
  EXPECT_TRUE(waits_for(agent, [&] { return reported.contains("meanwhile"); }));
}

TEST_F(Alone, ACommandThatHangsHoldsUpNothing) {
  tell_with("exec sleep 60\n");
  {
    Program agent(serve());
    ASSERT_TRUE(waits_for(agent, [&] { return status()["alone"]["command_is_running"] == true; }));
    EXPECT_NE(shown().find(": running\n"), std::string::npos) << shown();
    agent.kill(SIGTERM);
    EXPECT_EQ(agent.wait().exit_code, 0);
  }
  Program agent(serve());
  ASSERT_TRUE(agent.prints("starts"));
  const auto alone = status()["alone"];
  EXPECT_EQ(alone["command_failed"], "killed by SIGKILL");
  EXPECT_EQ(alone["command_is_over"], false);
}

TEST_F(Alone, AProgramThatIsMissingStopsNothing) {
  const auto options = this->options();
  std::filesystem::remove(state / "tell");
  Program agent(Words{"serve"} + options);
  ASSERT_TRUE(agent.prints("warning " + (state / "agent.toml").string() +
                           ": command in [alone]: there is no program " +
                           (state / "tell").string() + "\n"));
  ASSERT_TRUE(agent.prints("warning the command of [alone] has failed: cannot start " +
                           (state / "tell").string() +
                           ": No such file or directory; it is tried "
                           "again in 10 s"));
  EXPECT_EQ(status()["alone"]["command_exit"], nullptr);
  EXPECT_EQ(finish(Words{"report", "--job", "a", "--outcome", "succeeded"} + options).exit_code, 0);
}

TEST_F(Alone, WhatCannotBeKeptIsNotTold) {
  std::filesystem::create_directory(state / "alone");
  Program agent(serve());
  const auto why = "cannot write " + (state / "alone").string() + ": Is a directory";
  ASSERT_TRUE(agent.prints("warning what was kept of being alone cannot be read"));
  ASSERT_TRUE(agent.prints("error what is known of being alone cannot be kept: " + why));
  ASSERT_TRUE(agent.prints("it is run only when that is kept: " + why));
  EXPECT_EQ(call(1), "");
  EXPECT_EQ(state.report("meanwhile").exit_code, 0);
}

TEST_F(Alone, WithoutACommandTheLogAndStatusSayIt) {
  state.write("agent.toml",
              "state_dir = \"" + state.path().string() + "\"\n[alone]\nafter = \"1s\"\n");
  Program agent({"serve", "--config", (state / "agent.toml").string()});
  ASSERT_TRUE(agent.prints("; [alone] has no command to run"));
  EXPECT_NE(shown().find(", longer than 1s; [alone] has no command to run\n"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(state / "alone"));
}

}  // namespace
}  // namespace vaultbell::agent::testing
