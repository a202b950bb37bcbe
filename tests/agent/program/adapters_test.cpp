// `run` with adapters: stand-ins that are called as the tools are, print what these print and exit
// with their codes.
#include <sys/stat.h>

#include <fmt/format.h>

#include "tests/agent/program/enrolled.hpp"

namespace vaultbell::agent::testing {
namespace {

// A folder with stand-ins, in front of PATH, and with the administrator's own adapters.
class Tools : public Enrolled {
 public:
  Tools() {
    std::filesystem::create_directory(*this / "bin");
    std::filesystem::create_directory(*this / "adapters");
    write("agent.toml", fmt::format("state_dir = \"{}\"\n[adapters]\nfolder = \"{}\"\n",
                                    path().string(), (*this / "adapters").string()));
  }

  // Returns its path.
  [[nodiscard]] std::string tool(const std::string& name, const std::string& script) const {
    write("bin/" + name, "#!/bin/sh\n" + script + "\n");
    const auto file = *this / ("bin/" + name);
    check(chmod(file.c_str(), 0700) == 0, "a file can be made a program");
    return file.string();
  }

  [[nodiscard]] Words run_words(const Words& command, const Words& options = {}) const {
    return Words{"run", "--config", (*this / "agent.toml").string(), "--job", "nightly"} + options +
           Words{"--"} + command;
  }
  RunReport run(const Words& command, const Words& options = {}) {
    finished = finish(run_words(command, options), {.before_exec = [this] { use_path(); }});
    return reports().back();
  }

  Finished finished;

 private:
  void use_path() const {
    const auto all = (*this / "bin").string() + ":" + std::getenv("PATH");
    setenv("PATH", all.c_str(), 1);
  }
};

const std::string kLeftOut =
    "echo 'processed 6 files, 97.662 KiB in 0:00'; echo 'snapshot aa0a280d saved'\n"
    "echo 'nosuchdir does not exist, skipping' >&2";

// R3.2 R3.5
TEST(RunAdapters, TheCommandsNameFindsTheAdapter) {
  Tools tools;
  const auto end = tools.run({tools.tool("restic", kLeftOut), "backup", "src", "nosuchdir"});
  EXPECT_EQ(tools.finished.exit_code, 0);
  EXPECT_EQ(end.outcome, Outcome::warning);
  EXPECT_EQ(end.tool, "restic");
  EXPECT_EQ(end.message, "nosuchdir does not exist and was left out");
  EXPECT_EQ(end.snapshot, "aa0a280d");
  EXPECT_EQ(end.statistics, (RunStatistics{.bytes_total = 100005, .files = 6}));
}

TEST(RunAdapters, AToolThatIsNamedJudgesAScript) {
  Tools tools;
  const auto script = tools.tool("nightly.sh", kLeftOut);
  EXPECT_EQ(tools.run({script}).outcome, Outcome::succeeded);
  EXPECT_EQ(tools.run({script}, {"--tool", "restic"}).outcome, Outcome::warning);
}

TEST(RunAdapters, TheCommandsWordsSayTheOperationUnlessItIsGiven) {
  Tools tools;
  const auto restic = tools.tool("restic", "exit 0");
  tools.run({restic, "-r", "backup", "check"});
  for (const auto& report : tools.reports()) EXPECT_EQ(report.operation, Operation::verify);
  EXPECT_EQ(tools.run({restic, "forget"}, {"--operation", "backup"}).operation, Operation::backup);
  EXPECT_EQ(tools.run({restic, "backup", "--dry-run"}).operation, Operation::configure);
}

TEST(RunAdapters, TheOutputMaySayThatItWasAnotherOperation) {
  Tools tools;
  const auto script = tools.tool("n.sh", "echo '{\"message_type\":\"summary\",\"dry_run\":true}'");
  EXPECT_EQ(tools.run({script}, {"--tool", "restic"}).operation, Operation::configure);
  EXPECT_EQ(tools.run({script}, {"--tool", "restic", "--operation", "backup"}).operation,
            Operation::backup);
}

TEST(RunAdapters, AMapWinsOverEveryRow) {
  Tools tools;
  const auto end = tools.run({tools.tool("restic", kLeftOut), "backup"}, {"--map", "0=failed"});
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.snapshot, "aa0a280d");
}

TEST(RunAdapters, ATimeOutIsOne) {
  Tools tools;
  const auto borg = tools.tool("borg", "exec sleep 60");
  const auto end = tools.run({borg, "create"}, {"--timeout", "100ms"});
  EXPECT_EQ(end.reason, OutcomeReason::timeout);
}

TEST(RunAdapters, ACommandThatCannotBeStartedIsJudgedByNoRow) {
  Tools tools;
  const auto end = tools.run({(tools / "no/restic").string(), "backup"});
  EXPECT_EQ(tools.finished.exit_code, 127);
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_NE(end.message.find("cannot start"), std::string::npos);
}

TEST(RunAdapters, AllOfTheOutputCountsNotOnlyItsEnd) {
  Tools tools;
  const auto restic = tools.tool("restic",
                                 "echo 'nosuchdir does not exist, skipping'\n"
                                 "i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done");
  const auto end = tools.run({restic, "backup"});
  EXPECT_EQ(end.output.find("skipping"), std::string::npos);
  EXPECT_EQ(end.outcome, Outcome::warning);
}

TEST(RunAdapters, TheAdministratorsFileTakesThePlaceOfOurs) {
  Tools tools;
  tools.write("adapters/restic.toml", "zero = \"failed\"\n");
  const auto end = tools.run({tools.tool("restic", "exit 0"), "backup"});
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.message, "exit code 0, and nothing in the output says how it ended");
}

TEST(RunAdapters, AToolThatMayBeMisspeltStopsNoBackupAndIsSaid) {
  Tools tools;
  const auto script = tools.tool("script", "exit 0");
  const std::string said =
      "there is no adapter for \"resticc\", so exit codes alone count; did you mean \"restic\"?";
  const auto end = tools.run({script}, {"--tool", "resticc"});
  EXPECT_EQ(tools.finished.exit_code, 0);
  EXPECT_EQ(tools.finished.err, "vaultbell-agent: " + said + "\n");
  EXPECT_EQ(end.outcome, Outcome::succeeded);
  EXPECT_EQ(end.message, said);
  tools.run({script}, {"--tool", "our-own-program"});
  EXPECT_EQ(tools.finished.err, "");
  tools.run({tools.tool("resticc", "exit 0")});  // nobody has said that it is a tool
  EXPECT_EQ(tools.finished.err, "");
}

TEST(RunAdapters, ABrokenFileStopsNoBackupAndIsSaid) {
  Tools tools;
  tools.write("adapters/restic.toml",
              "[[row]]\nname = \"x\"\nexit = [\"x\"]\noutcome = \"failed\"\n");
  const auto restic = tools.tool("restic", "echo done; exit $1");
  const auto said =
      "the adapter for restic is not used: " + (tools / "adapters/restic.toml").string() +
      ":3:9: exit in [[row]]: \"x\" is no exit code from 0 to 255, and no range (example: "
      "\"100-127\")";
  auto end = tools.run({restic, "0"});
  EXPECT_EQ(tools.finished.exit_code, 0);
  EXPECT_EQ(tools.finished.out, "done\n");
  EXPECT_EQ(tools.finished.err, "vaultbell-agent: " + said + "\n");
  EXPECT_EQ(end.outcome, Outcome::succeeded);
  EXPECT_EQ(end.message, said);
  end = tools.run({restic, "3"});
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.message, "exit code 3 (" + said + ")");
}

// ---- versions

const std::string kVersions =
    "[version]\narguments = [\"version\"]\npattern = '^tool (\\S+)$'\n"
    "[[row]]\nname = \"new\"\nversions = \">=2\"\nexit = [\"7\"]\noutcome = \"warning\"\n"
    "[[row]]\nname = \"old\"\nexit = [\"7\"]\noutcome = \"cancelled\"\n";

std::string versioned(const std::string& answer) {
  return "if [ \"$1\" = version ]; then echo asked >> \"$0.asked\"; " + answer + "; exit 0; fi\n" +
         "exit $1";
}

TEST(RunAdapters, TheToolIsAskedForItsVersionWhereThatDecides) {
  Tools tools;
  tools.write("adapters/tool.toml", kVersions);
  EXPECT_EQ(tools.run({tools.tool("tool", versioned("echo tool 2.1")), "7"}).outcome,
            Outcome::warning);
  EXPECT_EQ(tools.run({tools.tool("tool", versioned("echo tool 1.9")), "7"}).outcome,
            Outcome::cancelled);
  EXPECT_EQ(tools.run({tools.tool("tool", versioned("echo what?")), "7"}).outcome,
            Outcome::cancelled);
}

TEST(RunAdapters, TheToolIsNotAskedWhereItsVersionDecidesNothing) {
  Tools tools;
  tools.write("adapters/tool.toml", kVersions);
  const auto tool = tools.tool("tool", versioned("echo tool 2.1"));
  tools.run({tool, "0"});
  tools.run({tool, "3"});
  EXPECT_FALSE(std::filesystem::exists(tool + ".asked"));
}

TEST(RunAdapters, WhereAScriptWasRunTheToolItselfIsAsked) {
  Tools tools;
  tools.write("adapters/tool.toml", kVersions);
  [[maybe_unused]] const auto tool = tools.tool("tool", versioned("echo tool 2.1"));
  const auto script = tools.tool("nightly.sh", "exit 7");
  EXPECT_EQ(tools.run({script}, {"--tool", "tool"}).outcome, Outcome::warning);
}

// ---- signals (R3.3)

// What systemd sends to a unit that is stopped, a oneshot unit's too: the tool catches it, cleans
// up and exits with a code that means something else.
TEST(RunAdapters, AToolThatIsStoppedBySigtermWasInterruptedWhateverItsCode) {
  for (const auto& [name, code] : {std::pair("restic", 1), std::pair("rsync", 20),
                                   std::pair("borg", 143), std::pair("duplicity", 4)}) {
    Tools tools;
    const auto tool = tools.tool(
        name, fmt::format("trap 'exit {}' TERM; echo ready; while :; do sleep 0.05; done", code));
    Program program(tools.run_words({tool, "backup"}));
    ASSERT_TRUE(program.prints("ready"));
    program.kill(SIGTERM);
    EXPECT_EQ(program.wait().exit_code, code);
    EXPECT_EQ(tools.reports().back().outcome, Outcome::failed) << name;
    EXPECT_EQ(tools.reports().back().reason, OutcomeReason::interrupted) << name;
  }
}

TEST(RunAdapters, AToolThatWasStoppedByTheUserWasCancelledWhateverItsCode) {
  Tools tools;
  const auto tool =
      tools.tool("rsync", "trap 'exit 20' INT; echo ready; while :; do sleep 0.05; done");
  Program program(tools.run_words({tool, "src", "dst"}));
  ASSERT_TRUE(program.prints("ready"));
  program.kill(SIGINT);
  EXPECT_EQ(program.wait().exit_code, 20);
  EXPECT_EQ(tools.reports().back().reason, OutcomeReason::user_cancelled);
}

}  // namespace
}  // namespace vaultbell::agent::testing
