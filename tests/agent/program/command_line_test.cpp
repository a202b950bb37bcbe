#include "tests/agent/program/enrolled.hpp"

namespace vaultbell::agent::testing {
namespace {

void expect_usage_error(const Words& words, const std::string& text) {
  const auto finished = finish(words);
  EXPECT_EQ(finished.exit_code, 2) << text;
  EXPECT_EQ(finished.out, "");
  EXPECT_EQ(finished.err, text);
}

TEST(CommandLine, EveryHelpBeginsWithAnExample) {
  const std::vector<Words> helps = {{"--help"},
                                    {"help"},
                                    {"serve", "--help"},
                                    {"run", "--help"},
                                    {"report", "-h"},
                                    {"hook", "--help"},
                                    {"status", "--help"},
                                    {"enrol", "--help"},
                                    {"rotate-key", "--help"},
                                    {"unenrol", "--help"},
                                    {"unenroll", "--help"},
                                    {"enroll", "--help"},
                                    {"check-config", "--help"},
                                    {"help", "run"}};
  for (const auto& words : helps) {
    const auto finished = finish(words);
    EXPECT_EQ(finished.exit_code, 0) << words.back();
    EXPECT_TRUE(finished.out.starts_with("Example: vaultbell-agent ")) << finished.out;
    EXPECT_EQ(finished.err, "");
  }
}

TEST(CommandLine, TellsItsVersion) {
  for (const auto* word : {"version", "--version"}) {
    EXPECT_EQ(finish({word}).out, "vaultbell-agent " VAULTBELL_VERSION "\n");
  }
}

TEST(CommandLine, KnowsWhatCanFollowForTheShellsToComplete) {
  const auto offered = [](const Words& typed) {
    Words words = {"__complete"};
    words.insert(words.end(), typed.begin(), typed.end());
    return finish(words).out;
  };
  for (const auto* word : {"serve", "run", "report", "status", "enrol", "check-config", "help"}) {
    EXPECT_TRUE(offered({word}).starts_with(std::string(word) + "\t")) << word;
  }
  EXPECT_TRUE(offered({"--state-dir", "x", "run", "--jo"}).starts_with("--job\t"));
  EXPECT_EQ(offered({"report", "--job", ""}), "");
  EXPECT_EQ(offered({"status", "--config", ""}), "\n");
  EXPECT_EQ(offered({"run", "--job", "x", "--", "res"}), "\n");
}

TEST(CommandLine, GuessesWhatWasMeant) {
  expect_usage_error({"statsu"},
                     "vaultbell-agent: unknown command \"statsu\"; did you mean \"status\"?\n"
                     "try: vaultbell-agent help\n");
  expect_usage_error({"help", "rum"},
                     "vaultbell-agent: unknown command \"rum\"; did you mean \"run\"?\n"
                     "try: vaultbell-agent help\n");
  expect_usage_error({"run", "--jbo", "x", "--", "true"},
                     "vaultbell-agent: unknown option \"--jbo\"; did you mean \"--job\"?\n"
                     "try: vaultbell-agent run --help\n");
  expect_usage_error({"--confg", "x"},
                     "vaultbell-agent: unknown option \"--confg\"; did you mean \"--config\"?\n"
                     "try: vaultbell-agent serve --help\n");
}

TEST(CommandLine, WhatEveryCommandKnowsMayStandBeforeIt) {
  const Enrolled state;
  const Words report{"report", "--job", "a", "--outcome", "failed"};
  EXPECT_EQ(finish(state.options() + report).exit_code, 0);
  EXPECT_EQ(finish(Words{"--state-dir=" + state.path().string()} + report).exit_code, 0);
  EXPECT_EQ(state.reports().size(), 2U);
  EXPECT_EQ(finish({"--config", "/nowhere", "--version"}).exit_code, 0);
  expect_usage_error({"--state-dir", "x", "statsu"},
                     "vaultbell-agent: unknown command \"statsu\"; did you mean \"status\"?\n"
                     "try: vaultbell-agent help\n");
}

TEST(CommandLine, NamesTheOptionThatIsWrong) {
  expect_usage_error({"status", "--state-dir", "a", "--state-dir", "b"},
                     "vaultbell-agent: option --state-dir is given twice\n"
                     "try: vaultbell-agent status --help\n");
  expect_usage_error({"status", "now"},
                     "vaultbell-agent: unexpected argument \"now\"\n"
                     "try: vaultbell-agent status --help\n");
  expect_usage_error({"status", "--config"},
                     "vaultbell-agent: the required argument for option '--config' is missing\n"
                     "try: vaultbell-agent status --help\n");
  expect_usage_error({"status", "-o", "yaml"},
                     "vaultbell-agent: unknown --output \"yaml\" (one of: text json)\n"
                     "try: vaultbell-agent status --help\n");
}

TEST(CommandLine, RunWantsAJobAndACommand) {
  expect_usage_error({"run", "--", "true"},
                     "vaultbell-agent: --job is missing: which job is this a run of?\n"
                     "try: vaultbell-agent run --help\n");
  for (const Words& words : {Words{"run", "--job", "x"}, Words{"run", "--job", "x", "--"}}) {
    expect_usage_error(words,
                       "vaultbell-agent: what is to be run stands behind \"--\"\n"
                       "try: vaultbell-agent run --help\n");
  }
}

TEST(CommandLine, RunChecksItsOptionsBeforeItRunsAnything) {
  const std::vector<std::pair<Words, std::string>> wrong = {
      {{"--operation", "bakcup"}, "unknown --operation \"bakcup\"; did you mean \"backup\"?"},
      {{"--trigger", "usr"}, "unknown --trigger \"usr\"; did you mean \"user\"?"},
      {{"--timeout", "6x"}, "--timeout: \"6x\" is not a duration (examples: \"45m\", \"26h\")"},
      {{"--map", "3"}, "--map 3: not an exit code and an outcome (example: 3=warning)"},
      {{"--map", "300=warning"},
       "--map 300=warning: not an exit code and an outcome (example: 3=warning)"},
      {{"--map", "3=wrning"},
       "--map 3=wrning: unknown outcome \"wrning\"; did you mean \"warning\"?"},
      {{"--map", "3=running"}, "--map 3=running: a command that has ended is not running"},
      {{"--map", "3=failed", "--map", "3=warning"}, "--map 3=warning: 3 is mapped twice"},
  };
  const support::TemporaryFolder folder;
  for (const auto& [words, text] : wrong) {
    expect_usage_error(
        Words{"run", "--job", "x"} + words + Words{"--", "touch", (folder / "ran").string()},
        "vaultbell-agent: " + text + "\ntry: vaultbell-agent run --help\n");
  }
  expect_usage_error({"run", "--job", " x", "--", "touch", (folder / "ran").string()},
                     "vaultbell-agent: job name \" x\": begins or ends with white space\n"
                     "try: vaultbell-agent run --help\n");
  EXPECT_FALSE(std::filesystem::exists(folder / "ran"));
}

TEST(CommandLine, ReportChecksWhatItIsGiven) {
  const std::vector<std::pair<Words, std::string>> wrong = {
      {{"--outcome", "failed"}, "--job is missing"},
      {{"--job", "x"}, "--outcome is missing"},
      {{"--job", "x", "--outcome", "succeded"},
       "unknown --outcome \"succeded\"; did you mean \"succeeded\"?"},
      {{"--job", "x", "--outcome", "failed", "--reason", "timout"},
       "unknown --reason \"timout\"; did you mean \"timeout\"?"},
      {{"--job", "x", "--outcome", "failed", "--exit-code", "one"},
       "--exit-code one: not a number"},
      {{"--job", "x", "--outcome", "failed", "--files", "-1"}, "--files -1: not a number"},
      {{"--job", "x", "--outcome", "failed", "--started-at", "noon"},
       "--started-at: \"noon\" is not a time (example: \"2026-03-01T02:20:00Z\")"},
      {{"--job", "x", "--outcome", "failed", "--run", "7"},
       "--run: \"7\" is not a UUID (32 hexadecimal digits in groups of 8-4-4-4-12)"},
      {{"--job", "", "--outcome", "failed"}, "job name is empty"},
      {{"--job", "x", "--outcome", "failed", "--started-at", "2026-03-01T02:20:00+01:00",
        "--ended-at", "2026-03-01T01:19:59Z"},
       "the run ends before it starts: --started-at 2026-03-01T01:20:00Z, --ended-at "
       "2026-03-01T01:19:59Z"},
      {{"--job", "x", "--outcome", "succeeded", "--exit-code", "3"},
       "--outcome succeeded and --exit-code 3 contradict each other: report warning or failed, or "
       "leave the exit code out"},
  };
  for (const auto& [words, text] : wrong) {
    expect_usage_error(Words{"report"} + words,
                       "vaultbell-agent: " + text + "\ntry: vaultbell-agent report --help\n");
  }
}

TEST(CommandLine, EnrolDoesNotRepeatATokenThatStandsWhereEverybodySeesIt) {
  expect_usage_error({"enrol", "vb1.secret"},
                     "vaultbell-agent: the join token is read from standard input or --token-file, "
                     "never from an argument: others could see it there\n"
                     "try: vaultbell-agent enrol --help\n");
  for (const Words& words : {Words{"enrol", "--token", "vb1.secret"},
                             Words{"enrol", "--token=vb1.secret"}, Words{"vb1.secret"}}) {
    const auto finished = finish(words);
    EXPECT_EQ(finished.exit_code, 2);
    EXPECT_EQ(finished.err.find("secret"), std::string::npos) << finished.err;
  }
}

TEST(CommandLine, EnrolChecksNameAndPatience) {
  expect_usage_error({"enrol", "--name", "db\n1"},
                     "vaultbell-agent: client name \"db\n1\": has a control character or a "
                     "direction mark\ntry: vaultbell-agent enrol --help\n");
  expect_usage_error({"enrol", "--wait", "soon"},
                     "vaultbell-agent: --wait: \"soon\" is not a duration (examples: \"45m\", "
                     "\"26h\")\ntry: vaultbell-agent enrol --help\n");
}

}  // namespace
}  // namespace vaultbell::agent::testing
