// What is typed, and what the command makes of it.

#include <set>

#include <gtest/gtest.h>

#include "aggregator/ctl/command.hpp"

namespace vaultbell::ctl {
namespace {

using Words = std::vector<std::string>;

std::string command_of(const Words& typed) {
  const auto understood = understand(typed);
  return understood ? std::string(understood->command->words) : understood.error().message;
}

Failure failure_of(const Words& typed) {
  const auto understood = understand(typed);
  EXPECT_FALSE(understood);
  return understood ? Failure{} : understood.error();
}

TEST(Understanding, FindsTheLongestCommand) {
  EXPECT_EQ(command_of({"status"}), "status");
  EXPECT_EQ(command_of({"client", "show", "db-1"}), "client show");
  EXPECT_EQ(command_of({"enrol", "token", "create", "--vault", "prod"}), "enrol token create");
}

TEST(Understanding, AcceptsPluralsAndTheOtherSpelling) {
  EXPECT_EQ(command_of({"clients", "list"}), "client list");
  EXPECT_EQ(command_of({"deliveries", "list"}), "delivery list");
  EXPECT_EQ(command_of({"policies", "set", "vault", "a", "off"}), "policy set vault");
  EXPECT_EQ(command_of({"enroll", "tokens", "list"}), "enrol token list");
  EXPECT_EQ(command_of({"alerts", "acknowledge", "7"}), "alert ack");
  EXPECT_EQ(command_of({"contacts", "list"}), "contact list");
  EXPECT_EQ(command_of({"groups", "list"}), "group list");
  EXPECT_EQ(command_of({"digests", "show"}), "digest show");
  EXPECT_EQ(command_of({"channels", "list"}), "channel list");
  EXPECT_EQ(command_of({"maintenances", "list"}), "maintenance list");
  EXPECT_EQ(command_of({"policies", "list", "--effective"}), "policy list");
}

TEST(Understanding, LeavesNamesAsTheyAre) {
  const auto understood = understand({"client", "show", "clients"});
  ASSERT_TRUE(understood);
  EXPECT_EQ(understood->arguments, (Words{"clients"}));
}

TEST(Understanding, TakesFlagsAnywhere) {
  const auto understood =
      understand({"-o", "json", "client", "--vault=prod", "list", "--state", "online", "-q"});
  ASSERT_TRUE(understood) << understood.error().message;
  EXPECT_EQ(understood->command->words, "client list");
  EXPECT_EQ(understood->value("output"), "json");
  EXPECT_EQ(understood->value("vault"), "prod");
  EXPECT_EQ(understood->value("state"), "online");
  EXPECT_TRUE(understood->has("quiet"));
  EXPECT_FALSE(understood->has("utc"));
}

TEST(Understanding, TakesEverythingBehindTwoDashesAsWords) {
  const auto understood = understand({"client", "show", "--", "--odd"});
  ASSERT_TRUE(understood) << understood.error().message;
  EXPECT_EQ(understood->arguments, (Words{"--odd"}));
}

TEST(Understanding, SortsBackwardsByAColumnWithADash) {
  const auto understood = understand({"client", "list", "--sort", "-name"});
  ASSERT_TRUE(understood) << understood.error().message;
  EXPECT_EQ(understood->value("sort"), "-name");
}

TEST(Understanding, TakesAFlagSeveralTimesWhereTheCommandSaysSo) {
  const auto understood = understand({"policy", "set", "vault", "prod", "custom", "--contact",
                                      "alice", "--contact=bob", "--kind", "test"});
  ASSERT_TRUE(understood) << understood.error().message;
  EXPECT_EQ(understood->values("contact"), (Words{"alice", "bob"}));
  EXPECT_EQ(understood->value("contact"), "alice");
  EXPECT_EQ(understood->values("kind"), (Words{"test"}));
  EXPECT_EQ(understood->values("group"), Words{});
}

TEST(Understanding, KnowsFlagsByTheirOtherSpellings) {
  const auto understood = understand({"contact", "add", "alice", "--email", "a@example.org"});
  ASSERT_TRUE(understood) << understood.error().message;
  EXPECT_EQ(understood->value("mail"), "a@example.org");
  EXPECT_EQ(understood->spelling("mail"), "--email");
  EXPECT_EQ(understood->spelling("mobile"), "--mobile");
  EXPECT_EQ(understand({"contact", "add", "a", "--email=b@c"})->spelling("mail"), "--email");
  EXPECT_EQ(understand({"contact", "add", "a", "--mail=b@c"})->spelling("mail"), "--mail");
  EXPECT_EQ(understand({"alert", "ack", "1", "-m", "x"})->spelling("why"), "--why");
}

TEST(Understanding, FindsTheFirstWordBehindFlagsAndTheirValues) {
  for (const auto& typed : std::vector<Words>{{"check"},
                                              {"--socket", "s", "check", "now"},
                                              {"--socket=s", "check"},
                                              {"-o", "json", "check"},
                                              {"-ojson", "check"},
                                              {"-qo", "json", "check"},
                                              {"--utc", "check"},
                                              {"--bogus", "-x", "check"},
                                              {"--email", "m", "check"},
                                              {"-q", "--", "check"}}) {
    EXPECT_EQ(first_word(typed), "check") << typed[0];
  }
  for (const auto& typed : std::vector<Words>{{}, {"-q"}, {"--"}, {"--socket", "check"}}) {
    EXPECT_EQ(first_word(typed), "");
  }
  EXPECT_EQ(first_word({"client", "show", "check"}), "client");
}

struct Wrong {
  Words typed;
  const char* message;
  const char* hint;
};

class WrongWords : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongWords, AreRefusedWithWhatWouldBeRight) {
  const auto failure = failure_of(GetParam().typed);
  EXPECT_EQ(failure.exit, ExitCode::usage);
  EXPECT_EQ(failure.code, "usage");
  EXPECT_EQ(failure.message, GetParam().message);
  EXPECT_EQ(failure.hint, GetParam().hint);
}

INSTANTIATE_TEST_SUITE_P(
    Words, WrongWords,
    ::testing::Values(
        Wrong{{}, "no command was given", "vaultbell help"},
        Wrong{{"vault", "create", "\xff"},
              "argument 3, \"\uFFFD\", is not UTF-8",
              "every argument must be UTF-8"},
        Wrong{{"alert", "inactivate", "5", "-m", "caf\xe9"},
              "argument 5, \"caf\uFFFD\", is not UTF-8",
              "every argument must be UTF-8"},
        Wrong{{"clinet", "list"}, "unknown command \"clinet\"", "did you mean \"client\"?"},
        Wrong{{"client", "lst"}, "unknown command \"client lst\"", "did you mean \"list\"?"},
        Wrong{{"client"},
              "\"client\" is not a whole command",
              "one of: list, show, timeline, edit, move, rename, retire"},
        Wrong{{"enrol", "token"},
              "\"enrol token\" is not a whole command",
              "one of: create, list, revoke"},
        Wrong{{"client", "frobnicate"},
              "unknown command \"client frobnicate\"",
              "one of: list, show, timeline, edit, move, rename, retire"},
        Wrong{{"client", "list", "--sate", "x"},
              "unknown flag \"--sate\"",
              "did you mean \"--state\"?"},
        Wrong{{"client", "list", "--xyzzy"}, "unknown flag \"--xyzzy\"", "vaultbell help"},
        Wrong{{"client", "list", "--job", "x"},
              "\"client list\" does not take --job",
              "vaultbell help client list"},
        Wrong{{"client", "list", "--vault"},
              "the required argument for option '--vault' is missing",
              "vaultbell help"},
        Wrong{{"client", "list", "--utc=yes"},
              "option '--utc' does not take any arguments",
              "vaultbell help"},
        Wrong{{"client", "list", "--vault", "a", "--vault", "b"}, "\"--vault\" is given twice", ""},
        Wrong{{"contact", "add", "a", "--mail", "b@c", "--email", "d@e"},
              "\"--email\" is given twice",
              ""},
        Wrong{{"client", "list", "-q", "--quiet"}, "\"--quiet\" is given twice", ""},
        Wrong{{"client", "list", "--hold", "1h"},
              "\"client list\" does not take --hold",
              "vaultbell help client list"},
        Wrong{{"contact", "add", "a", "--emial", "b@c"},
              "unknown flag \"--emial\"",
              "did you mean \"--email\"?"},
        Wrong{{"policy", "set", "vault", "prod", "off", "--quiet", "22:00-07:00"},
              "\"policy set vault\" takes no \"22:00-07:00\"",
              "did you mean --quiet-hours 22:00-07:00?"},
        Wrong{{"policy", "set", "vault", "prod", ""},
              "the mode is empty",
              "vaultbell policy set vault prod custom --group ops --notify-after 30m"},
        Wrong{{"contact", "confirm", "alice", ""},
              "the code is empty",
              "vaultbell contact confirm alice 041902"},
        Wrong{
            {"group", "add", "ops", ""}, "the name is empty", "vaultbell group add ops alice bob"},
        Wrong{{"group", "add", "ops"},
              "\"group add\" needs NAME CONTACT...",
              "vaultbell group add ops alice bob"},
        Wrong{{"client", "list", "--stat", "x"},
              "unknown flag \"--stat\"",
              "did you mean \"--state\"?"},
        Wrong{{"client", "show", ""}, "the name is empty", "vaultbell client show db-1"},
        Wrong{{"job", "show", "db-1", ""}, "the name is empty", "vaultbell job show db-1 nightly"},
        Wrong{{"run", "show", ""}, "the ID is empty", "vaultbell run show 412"},
        Wrong{{"alert", "inactivate", "7", ""},
              "the ID is empty",
              "vaultbell alert inactivate 7 8 -m 'disk replaced'"},
        Wrong{{"client", "show"}, "\"client show\" needs NAME", "vaultbell client show db-1"},
        Wrong{{"client", "show", "a", "b"},
              "\"client show\" takes no \"b\"",
              "vaultbell client show db-1"},
        Wrong{{"job", "show", "a"},
              "\"job show\" needs CLIENT JOB",
              "vaultbell job show db-1 nightly"}));

std::string told(const Words& typed, std::string_view message) {
  const auto understood = understand(typed);
  EXPECT_TRUE(understood);
  return understood ? with_flags(message, *understood) : std::string();
}

TEST(Flags, StandInErrorsInsteadOfTheFieldsThatTheyBecame) {
  const Words edit = {"vault", "edit", "prod", "--heartbeat-every", "5m"};
  EXPECT_EQ(told(edit, "heartbeat_every: \"5\" has no unit"),
            "--heartbeat-every: \"5\" has no unit");
  EXPECT_EQ(told(edit, "disconnect_after is shorter than two heartbeats (10m)"),
            "--disconnect-after is shorter than two heartbeats (10m)");
  EXPECT_EQ(told({"enrol", "token", "create", "--vault", "a", "--uses", "0"},
                 "expires_in: 400d is longer than 365d"),
            "--expires: 400d is longer than 365d");
  EXPECT_EQ(told({"delivery", "list", "--alert", "x"}, "alert: \"x\" is not a whole number"),
            "--alert: \"x\" is not a whole number");
}

TEST(Flags, StandInErrorsAsTheyWereTyped) {
  const Words set = {"policy",    "set",   "vault",  "prod", "custom",
                     "--contact", "alice", "--hold", "1"};
  EXPECT_EQ(told(set, "notify_after: \"1\" has no unit"), "--hold: \"1\" has no unit");
  EXPECT_EQ(told(set, "the policy of vault \"prod\": remind_every 1m is not between 5m and 30d"),
            "the policy of vault \"prod\": --remind-every 1m is not between 5m and 30d");
  EXPECT_EQ(told(set, "contacts: there is no contact \"alice\""),
            "--contact: there is no contact \"alice\"");
  EXPECT_EQ(told(set, "least_severity is odd"), "--min-severity is odd");
  EXPECT_EQ(told({"contact", "add", "a", "--email", "x"}, "email: \"x\" is no address"),
            "--email: \"x\" is no address");
  EXPECT_EQ(told({"job", "edit", "a", "b", "--bands", "no"}, "has_bands: is odd"),
            "--bands: is odd");
}

TEST(Flags, DoNotReplaceWordsThatWereNoFields) {
  const Words edit = {"vault", "create", "offline_grace", "--policy", "off"};
  EXPECT_EQ(told(edit, "there is no vault \"offline_grace\""),
            "there is no vault \"offline_grace\"");
  EXPECT_EQ(told(edit, "the policy is off"), "the policy is off");
  EXPECT_EQ(told({"vault", "list"}, "disconnect_after is odd"), "disconnect_after is odd");
  EXPECT_EQ(told(edit, "vault \"a\": disconnect_after of \"disconnect_after\" is odd"),
            "vault \"a\": --disconnect-after of \"disconnect_after\" is odd");
  EXPECT_EQ(told(edit, ""), "");
}

TEST(Help, IsAskedForInEveryWay) {
  EXPECT_EQ(command_of({"help"}), "help");
  EXPECT_EQ(command_of({"--help"}), "help");
  EXPECT_EQ(command_of({"client", "-h"}), "help");
  EXPECT_EQ(command_of({"client", "show", "--help"}), "help");
  EXPECT_EQ(command_of({"--version"}), "version");
}

TEST(Help, OfEveryCommandBeginsWithAnExampleThatIsUnderstood) {
  for (const auto& command : commands()) {
    const auto words = words_in(command.words);
    const auto text = help_for({words.begin(), words.end()});
    ASSERT_TRUE(text) << command.words;
    EXPECT_TRUE(text->starts_with("Example: " + std::string(command.example) + "\n")) << *text;
    EXPECT_TRUE(command.example.starts_with("vaultbell " + std::string(command.words)))
        << command.example;
    EXPECT_NE(command.run, nullptr);
  }
}

TEST(Help, SaysWhichFlagsMayBeRepeatedAndHowElseTheyAreSpelled) {
  const auto text = help_for({"policy", "set", "client"});
  ASSERT_TRUE(text);
  EXPECT_NE(text->find("--contact CONTACT... "), std::string::npos) << *text;
  EXPECT_NE(text->find("--min-severity SEVERITY "), std::string::npos) << *text;
  EXPECT_NE(text->find("(or --hold)\n"), std::string::npos) << *text;
}

TEST(Help, OfANounListsItsCommands) {
  const auto text = help_for({"alerts"});
  ASSERT_TRUE(text);
  EXPECT_TRUE(text->starts_with("Example: vaultbell alert list"));
  EXPECT_NE(text->find("alert inactivate ID..."), std::string::npos);
  EXPECT_EQ(text->find("client list"), std::string::npos);
}

TEST(Help, OfWhatIsNotThereSaysWhatIs) {
  const auto text = help_for({"alrt"});
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().hint, "did you mean \"alert\"?");
}

TEST(Commands, TakeOnlyFlagsThatThereAre) {
  std::set<std::string_view> names;
  for (const auto& flag : flags()) EXPECT_TRUE(names.insert(flag.name).second) << flag.name;
  for (const auto& flag : flags()) EXPECT_FALSE(names.contains(flag.alias)) << flag.alias;
  for (const auto name : global_flags()) EXPECT_TRUE(names.contains(name)) << name;
  std::set<std::string_view> used(global_flags().begin(), global_flags().end());
  for (const auto& command : commands()) {
    for (const auto& flag : flags_of(command)) {
      EXPECT_TRUE(names.contains(flag.name)) << command.words << " " << flag.name;
      used.insert(flag.name);
    }
  }
  EXPECT_EQ(used, names) << "a flag that no command takes";
}

TEST(Json, IsWantedWhereverTheFlagStands) {
  EXPECT_TRUE(wants_json({"x", "-o", "json"}));
  EXPECT_TRUE(wants_json({"-ojson"}));
  EXPECT_TRUE(wants_json({"--output=ndjson"}));
  EXPECT_TRUE(wants_json({"--output", "json", "x"}));
  EXPECT_FALSE(wants_json({"-o", "table"}));
  EXPECT_FALSE(wants_json({"json"}));
  EXPECT_FALSE(wants_json({"-o"}));
}

}  // namespace
}  // namespace vaultbell::ctl
