#include <nlohmann/json.hpp>

#include "tests/agent/program/enrolled.hpp"

namespace vaultbell::agent::testing {
namespace {

using Json = nlohmann::json;

TEST(Status, OfAHostThatIsNotEnrolled) {
  const State state;
  const auto finished = finish(Words{"status"} + state.options());
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_EQ(finished.out,
            "this host is not enrolled\n"
            "what to do: ask the administrator for a join token, then: vaultbell-agent enrol\n"
            "  state folder " +
                state.path().string() +
                "\n"
                "  spool        0 reports to send, 0 B of 256.0 MiB\n");
  EXPECT_TRUE(std::filesystem::is_empty(state.path()));
}

TEST(Status, OfAFolderThatIsNotThere) {
  const State state;
  const auto missing = (state / "missing").string();
  const auto finished = finish({"status", "--state-dir", missing});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_EQ(finished.err, "vaultbell-agent: there is no state folder " + missing +
                              "; vaultbell-agent enrol makes it, and --state-dir or --config names "
                              "another\n");
  EXPECT_FALSE(std::filesystem::exists(missing));
}

// Root looks as the owner, so that a test that runs as root must become somebody else.
TEST(Status, OfAFolderOfAnotherUserTakesSudo) {
  constexpr uid_t kSomebody = 65534;
  const State state;
  const std::string folder = geteuid() == 0 ? state.path().string() : "/root";
  const auto inside = folder + "/state";
  for (const auto& path : {folder, inside}) {
    const auto finished = finish({"status", "--state-dir", path}, {.before_exec = [] {
                                   if (geteuid() == 0 && setuid(kSomebody) != 0) _exit(98);
                                 }});
    EXPECT_EQ(finished.exit_code, 1);
    EXPECT_EQ(finished.err,
              "vaultbell-agent: the state folder " + path + " belongs to another user; use sudo\n");
  }
}

TEST(Status, OfAnAgentThatDoesNotRun) {
  const Enrolled state("tcp://127.0.0.1:1", PublicKey{});
  ASSERT_EQ(state.report("a").exit_code, 0);
  const auto finished = state.status();
  EXPECT_EQ(finished.exit_code, 1);
  const auto used = std::to_string(pack::encode(state.reports().at(0)).size());
  EXPECT_EQ(finished.out,
            "the agent is not running; reports are kept until it is\n"
            "what to do: systemctl start vaultbell-agent (or: vaultbell-agent serve)\n"
            "  client       db-1 of vault prod\n"
            "  aggregator   tcp://127.0.0.1:1\n"
            "  key          " +
                crypto::fingerprint(state.key.public_key) + "\n  state folder " +
                state.path().string() +
                "\n"
                "  spool        1 report to send, " +
                used + " B of 256.0 MiB\n");
}

TEST(Status, OfAnAgentThatReachesNobody) {
  const Enrolled state("tcp://127.0.0.1:1", PublicKey{});
  Program agent(state.serve());
  ASSERT_TRUE(agent.prints("starts"));
  const auto finished = state.status();
  EXPECT_EQ(finished.exit_code, 1);
  const auto since = Json::parse(state.status({"-o", "json"}).out).at("running_since");
  EXPECT_TRUE(finished.out.starts_with(
      "not connected: no contact since the start at " + since.get<std::string>() +
      "\nwhat to do: see that the aggregator runs and that tcp://127.0.0.1:1 can be reached from "
      "here\n"))
      << finished.out;
}

TEST(Status, OfAnAgentThatIsNotLetIn) {
  Aggregator aggregator;
  const Enrolled state(aggregator);
  Program agent(state.serve());
  ASSERT_TRUE(agent.prints(
      "warning the aggregator does not let us in: this host's key is not enrolled there",
      [&] { aggregator.turn(); }));
  const auto finished = state.status();
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_TRUE(finished.out.starts_with(
      "not connected: " + aggregator.endpoint() +
      " does not let this host in: this host's key is not enrolled there\n"
      "what to do: see on the aggregator what became of this client; to enrol the host anew, "
      "remove enrolment.toml from its state folder, then: vaultbell-agent enrol\n"))
      << finished.out;
  aggregator.allow(state.key.public_key);
  const auto said = aggregator.await<protocol::Hello>();
  ASSERT_TRUE(said);
}

TEST(Status, OfAnAgentThatIsConnected) {
  Aggregator aggregator;
  const Enrolled state(aggregator);
  aggregator.allow(state.key.public_key);
  Program agent(state.serve());
  const auto said = aggregator.await<protocol::Hello>();
  ASSERT_TRUE(said);
  auto welcome = a_welcome();
  welcome.client = "db-one";  // as an administrator has renamed it
  welcome.server_time += std::chrono::seconds(65 * 60 + 30);
  aggregator.say(said->route, welcome);
  ASSERT_TRUE(
      agent.prints("connected as client \"db-one\" of vault \"prod\"", [&] { aggregator.turn(); }));
  const auto finished = state.status();
  EXPECT_EQ(finished.exit_code, 0);
  const auto json = Json::parse(state.status({"-o", "json"}).out);
  EXPECT_TRUE(finished.out.starts_with("connected to " + aggregator.endpoint() + " since 20"));
  EXPECT_NE(finished.out.find("  client       db-one of vault prod\n"), std::string::npos);
  EXPECT_NE(finished.out.find("  clock        1 h 5 min behind the aggregator's\n"),
            std::string::npos)
      << finished.out;
  EXPECT_EQ(json.at("api_version"), 1);
  EXPECT_EQ(json.at("is_connected"), true);
  EXPECT_EQ(json.at("aggregator"), aggregator.endpoint());
  EXPECT_EQ(json.at("client"), "db-one");
  EXPECT_EQ(json.at("vault"), "prod");
  EXPECT_EQ(json.at("fingerprint"), crypto::fingerprint(state.key.public_key));
  EXPECT_TRUE(json.at("trouble").is_null());
  EXPECT_LT(json.at("clock_ahead_ms").get<std::int64_t>(), -3'800'000);
  EXPECT_EQ(json.at("spool"), (Json{{"reports", 0},
                                    {"used_bytes", 0},
                                    {"max_bytes", 256U << 20U},
                                    {"is_full", false},
                                    {"open_runs", 0},
                                    {"set_aside", 0},
                                    {"last_set_aside", nullptr}}));
}

TEST(Status, IsShownBesideTheMistakesOfTheFile) {
  const Enrolled state("tcp://127.0.0.1:1", PublicKey{});
  state.write("agent.toml",
              "state_dir = \"" + state.path().string() + "\"\n[log]\nlevel = \"loud\"\n");
  const auto file = (state / "agent.toml").string();
  const auto mistakes = file +
                        ":3:9: level in [log]: unknown value \"loud\" (one of: debug info warning "
                        "error)\n1 error, nothing was changed\n";
  const auto alone = finish({"status", "--config", file});
  EXPECT_EQ(alone.exit_code, 3);
  EXPECT_EQ(alone.out, "");
  EXPECT_EQ(alone.err, mistakes + "vaultbell-agent: nobody answers on " +
                           (state / "agent.sock").string() + "\n");
  Program agent(state.serve());
  ASSERT_TRUE(agent.prints("starts"));
  const auto finished = finish({"status", "--config", file});
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_EQ(finished.err, mistakes);
  EXPECT_TRUE(finished.out.starts_with("not connected: no contact since the start at "))
      << finished.out;
  const auto json = finish({"status", "--config", file, "-o", "json"});
  EXPECT_EQ(json.exit_code, 3);
  EXPECT_EQ(Json::parse(json.out).at("is_connected"), false);
}

TEST(Status, ShowsAFullSpool) {
  const State state;
  state.fill();
  const auto finished = finish(Words{"status"} + state.small_spool());
  EXPECT_NE(finished.out.find("  spool        full: "), std::string::npos) << finished.out;
}

TEST(Status, NamesAnAgentThatDoesNotAnswer) {
  const Enrolled state("tcp://127.0.0.1:1", PublicKey{});
  Program agent(state.serve());
  ASSERT_TRUE(agent.prints("starts"));
  agent.kill(SIGSTOP);
  const auto finished = state.status();
  agent.kill(SIGCONT);
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_EQ(finished.err, "vaultbell-agent: the agent behind " + (state / "agent.sock").string() +
                              " does not answer\n");
}

}  // namespace
}  // namespace vaultbell::agent::testing
