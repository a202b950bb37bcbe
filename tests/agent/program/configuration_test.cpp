#include "tests/agent/program/enrolled.hpp"

namespace vaultbell::agent::testing {
namespace {

Words with(const State& state, const std::string& content) {
  state.write("agent.toml", content);
  return {"--config", (state / "agent.toml").string()};
}

TEST(Configuration, TheExampleHasNoMistakes) {
  const auto finished = finish({"check-config", "--config", VAULTBELL_AGENT_EXAMPLE});
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_EQ(finished.err, VAULTBELL_AGENT_EXAMPLE ": no mistakes\n");
}

TEST(Configuration, ShowsAllMistakesAtOnceInTheOrderOfTheFile) {
  const State state;
  const auto file = (state / "agent.toml").string();
  const auto options = with(state,
                            "state_dri = \"/x\"\n"
                            "socket = 3\n"
                            "[spool]\n"
                            "max_size = \"1KiB\"\n"
                            "[log]\n"
                            "level = \"loud\"\n"
                            "[telephone]\n"
                            "listen = \"127.0.0.1:8483\"\n");
  const auto finished = finish(Words{"check-config"} + options);
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_EQ(finished.err,
            file + ":1:1: unknown key \"state_dri\"; did you mean \"state_dir\"?\n" +  //
                file + ":2:10: socket: not a text (write it in quotes)\n" +            //
                file + ":4:12: max_size in [spool]: \"1KiB\" is outside 1.0 MiB to 4.0 GiB\n" +
                file +
                ":6:9: level in [log]: unknown value \"loud\" (one of: debug info warning "
                "error)\n" +
                file + ":7:2: unknown section \"telephone\"\n" +  //
                "5 errors, nothing was changed\n");
}

TEST(Configuration, AToolThatMayBeMisspeltIsNoMistakeAndIsSaid) {
  const State state;
  const auto file = (state / "agent.toml").string();
  const auto options = with(state,
                            "[[job]]\nname = \"db\"\ntool = \"pgbackrset\"\n"
                            "[[job]]\nname = \"files\"\ntool = \"our-own-program\"\n");
  const auto finished = finish(Words{"check-config"} + options);
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_EQ(finished.err, file +
                              ": warning: tool in [[job]] \"db\": there is no adapter for "
                              "\"pgbackrset\", so exit codes alone count; did you mean "
                              "\"pgbackrest\"?\n" +
                              file + ": no mistakes\n");
}

TEST(Configuration, JobsAreCheckedAndTheirTimeZonesByCheckConfigAlone) {
  const State state;
  const auto file = (state / "agent.toml").string();
  const auto options = with(state,
                            "[[job]]\n"
                            "name = \"db\"\n"
                            "schedule = { cron = \"0 2 * * *\", zone = \"Europe/Berln\" }\n"
                            "[[job]]\n"
                            "name = \"db\"\n"
                            "max_age = \"1s\"\n"
                            "[[job]]\n"
                            "tool = \"restic\"\n"
                            "cron = \"0 25 * * *\"\n"
                            "zone = \"UTC\"\n");
  const auto finished = finish(Words{"check-config"} + options);
  EXPECT_EQ(finished.exit_code, 3);
  for (const auto* mistake :
       {":1:", "did you mean \"Europe/Berlin\"?", ":4:", "max_age 1s is not between 1m and 366d",
        "there is already a [[job]] \"db\"", "name is missing", "hour"}) {
    EXPECT_NE(finished.err.find(mistake), std::string::npos) << mistake << "\n" << finished.err;
  }
}

TEST(Configuration, AdaptersAreCheckedToo) {
  const State state;
  std::filesystem::create_directory(state / "own");
  state.write("own/restic.toml", "nams = [\"a\"]\n");
  const auto options = with(state, "[adapters]\nfolder = \"" + (state / "own").string() + "\"\n");
  const auto finished = finish(Words{"check-config"} + options);
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_EQ(finished.err, (state / "own/restic.toml").string() +
                              ":1:1: unknown key \"nams\"; did you mean \"names\"?\n"
                              "1 error, nothing was changed\n");
}

TEST(Configuration, AdaptersThatAreNotThereAreMissed) {
  const State state;
  const auto options =
      with(state, "[adapters]\nshipped_folder = \"" + (state / "no").string() + "\"\n");
  const auto finished = finish(Words{"check-config"} + options);
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_EQ(finished.err, (state / "agent.toml").string() + ": there is no folder " +
                              (state / "no").string() +
                              " with the adapters that come with the agent (shipped_folder in "
                              "[adapters]): exit codes alone would count\n"
                              "1 error, nothing was changed\n");
}

TEST(Configuration, NamesWhatIsWrongWithTheCommandOfAlone) {
  struct Case {
    std::string content;
    std::string mistake;
  };
  const std::vector<Case> cases = {
      {"after = \"0s\"\n", ":2:9: after in [alone]: \"0s\" is outside 1s to 7d\n"},
      {"after = \"8d\"\n", ":2:9: after in [alone]: \"8d\" is outside 1s to 7d\n"},
      {"command = \"/usr/bin/mail root\"\n",
       ":2:11: command in [alone]: not a list (example: [\"a\", \"b\"])\n"},
      {"command = [\"mail\", \"root\"]\n",
       ":2:11: command in [alone]: \"mail\" is not the whole path of a program (no shell looks for "
       "it; example: [\"/usr/bin/mail\", \"root\"])\n"},
      {"command = [\"/bin/true\", \"a\\u0000b\"]\n",
       ":2:25: command in [alone]: a word cannot hold a zero byte\n"},
  };
  for (const auto& one : cases) {
    const State state;
    const auto finished = finish(Words{"check-config"} + with(state, "[alone]\n" + one.content));
    EXPECT_EQ(finished.exit_code, 3) << one.content;
    EXPECT_EQ(finished.err,
              (state / "agent.toml").string() + one.mistake + "1 error, nothing was changed\n");
  }
}

// The daemon and reports go on without that program.
TEST(Configuration, OnlyCheckConfigWantsTheProgramOfAloneToBeThere) {
  const Enrolled state;
  state.write("tell", "not to be run");
  for (const auto& [program, what] :
       {std::pair{(state / "missing").string(),
                  "there is no program " + (state / "missing").string()},
        std::pair{state.path().string(), "there is no program " + state.path().string()},
        std::pair{(state / "tell").string(), (state / "tell").string() + " cannot be run"}}) {
    const auto options = with(state, "[alone]\ncommand = [\"" + program + "\"]\n");
    const auto finished = finish(Words{"check-config"} + options);
    EXPECT_EQ(finished.exit_code, 3);
    EXPECT_EQ(finished.err, (state / "agent.toml").string() + ":2:11: command in [alone]: " + what +
                                "\n1 error, nothing was changed\n");
    EXPECT_EQ(
        finish(Words{"report", "--job", "a", "--outcome", "failed"} + options + state.options())
            .exit_code,
        0);
  }
  EXPECT_EQ(state.reports().size(), 3U);
}

TEST(Configuration, ACommandForAloneThatIsThereIsNoMistake) {
  for (const std::string command : {"[]", "[\"/bin/true\"]", "[\"/bin/sh\", \"-c\", \"\"]"}) {
    const State state;
    const auto content = "[alone]\nafter = \"1s\"\ncommand = " + command + "\n";
    EXPECT_EQ(finish(Words{"check-config"} + with(state, content)).exit_code, 0) << command;
  }
}

TEST(Configuration, AWrongFileStopsServeWith78AndStatusAndEnrolWith3) {
  const State state;
  const auto options = with(state, "stat_dir = \"/x\"\n");
  const auto text = (state / "agent.toml").string() +
                    ":1:1: unknown key \"stat_dir\"; did you mean \"state_dir\"?\n"
                    "1 error, nothing was changed\n";
  for (const auto& [command, code] :
       {std::pair{"serve", 78}, std::pair{"status", 3}, std::pair{"enrol", 3}}) {
    const auto finished = finish(Words{command} + options);
    EXPECT_EQ(finished.exit_code, code) << command;
    EXPECT_TRUE(finished.err.starts_with(text)) << command << "\n" << finished.err;
  }
}

TEST(Configuration, WhatServeEndsWithThenIsNoReasonForSystemdToStartItAgain) {
  const auto unit = read_file(VAULTBELL_AGENT_UNIT, 64UL * 1024);
  ASSERT_TRUE(unit);
  EXPECT_NE(unit->find("\nRestart=on-failure\n"), std::string::npos);
  EXPECT_NE(unit->find("\nRestartPreventExitStatus=2 78\n"), std::string::npos);
  EXPECT_EQ(unit->find("ExecStartPre="), std::string::npos);  // would end with 3 and be repeated
  EXPECT_NE(unit->find("\nStateDirectoryMode=0700\n"), std::string::npos);
}

TEST(Configuration, ANamedFileMustBeThere) {
  const auto finished = finish({"check-config", "--config", "/nowhere/agent.toml"});
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_EQ(finished.err,
            "/nowhere/agent.toml: cannot read /nowhere/agent.toml: No such file or directory\n"
            "1 error, nothing was changed\n");
}

TEST(Configuration, StateDirOnTheCommandLineWins) {
  const Enrolled state;
  const auto options = with(state, "state_dir = \"/nowhere\"\n");
  ASSERT_EQ(finish(Words{"report", "--job", "a", "--outcome", "failed"} + options + state.options())
                .exit_code,
            0);
  EXPECT_EQ(state.reports().size(), 1U);
}

}  // namespace
}  // namespace vaultbell::agent::testing
