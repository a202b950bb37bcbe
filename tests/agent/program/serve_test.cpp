#include <sys/socket.h>
#include <sys/un.h>

#include "tests/agent/program/enrolled.hpp"

namespace vaultbell::agent::testing {
namespace {

class Serve : public ::testing::Test {
 protected:
  Serve() : state(aggregator) { aggregator.allow(state.key.public_key); }

  template <class T>
  std::optional<Aggregator::Said> await() {
    return aggregator.await<T>();
  }
  // Greets the agent that has just started and returns where it is.
  std::string welcome() {
    const auto said = await<protocol::Hello>();
    EXPECT_TRUE(said);
    if (!said) return {};
    aggregator.say(said->route, a_welcome());
    return said->route;
  }
  Finished stop(Program& agent) {
    agent.kill(SIGTERM);
    return agent.wait([&] { aggregator.turn(); });
  }
  [[nodiscard]] std::string ask() {
    Program program(Words{"status"} + state.options());
    return program.wait([&] { aggregator.turn(); }).out;
  }
  // Asks until the status says so.
  [[nodiscard]] bool comes_to_show(std::string_view text) {
    const SystemClock clock;
    const auto end = clock.steady() + kPatience;
    while (clock.steady() < end) {
      if (ask().find(text) != std::string::npos) return true;
    }
    return false;
  }

  Aggregator aggregator;
  Enrolled state;
};

TEST_F(Serve, DeliversWhatWasReportedBeforeItRan) {
  ASSERT_EQ(state.report("before").exit_code, 0);
  Program agent(state.serve());
  const auto route = welcome();
  const auto said = await<protocol::Report>();
  ASSERT_TRUE(said);
  const auto& report = std::get<protocol::Report>(said->message.body);
  EXPECT_EQ(report.report.job, "before");
  EXPECT_EQ(said->message.sequence, 1U);
  aggregator.say(route, protocol::Ack{{report.spool, 1}});
  EXPECT_TRUE(comes_to_show("0 reports to send"));
  EXPECT_EQ(stop(agent).exit_code, 0);
  EXPECT_TRUE(state.reports().empty());
}

TEST_F(Serve, DeliversWhatIsReportedWhileItRuns) {
  Program agent(state.serve());
  welcome();
  ASSERT_EQ(state.report("during").exit_code, 0);
  const auto said = await<protocol::Report>();
  ASSERT_TRUE(said);
  EXPECT_EQ(std::get<protocol::Report>(said->message.body).report.job, "during");
  stop(agent);
  EXPECT_EQ(state.reports().size(), 1U);  // not acknowledged: kept
}

TEST_F(Serve, SetsAsideWhatIsRefusedForGoodAndShowsIt) {
  ASSERT_EQ(state.report("bad").exit_code, 0);
  Program agent(state.serve());
  const auto route = welcome();
  const auto said = await<protocol::Report>();
  ASSERT_TRUE(said);
  const auto& report = std::get<protocol::Report>(said->message.body);
  aggregator.say(route,
                 protocol::Refusal{protocol::RefusalCode::report_invalid, "too many jobs",
                                   SpoolAck{report.spool, 1}},
                 1);
  EXPECT_TRUE(
      agent.prints("warning the aggregator refused report 1, which is set aside: too many jobs",
                   [&] { aggregator.turn(); }));
  const auto shown = ask();
  EXPECT_NE(shown.find("  set aside    1 refused by the aggregator; last at "), std::string::npos)
      << shown;
  EXPECT_NE(shown.find(" of job \"bad\": too many jobs\n"), std::string::npos) << shown;
  EXPECT_NE(shown.find("  spool        0 reports to send, 0 B of 256.0 MiB\n"), std::string::npos);
}

TEST_F(Serve, BeatsWithItsClockAndSpool) {
  ASSERT_EQ(state.report("one").exit_code, 0);
  Program agent(state.serve());
  welcome();
  const auto said = await<protocol::Heartbeat>();
  ASSERT_TRUE(said);
  const auto& heartbeat = std::get<protocol::Heartbeat>(said->message.body);
  EXPECT_LT(std::chrono::abs(heartbeat.client_time - SystemClock().wall()),
            std::chrono::minutes(1));
  EXPECT_EQ(heartbeat.spool_used_bytes, pack::encode(state.reports().at(0)).size());
  EXPECT_FALSE(heartbeat.is_spool_full);
}

TEST_F(Serve, TellsThatItsSpoolIsFull) {
  state.fill();
  Program agent(Words{"serve"} + state.small_spool());
  welcome();
  const auto said = await<protocol::Heartbeat>();
  ASSERT_TRUE(said);
  EXPECT_TRUE(std::get<protocol::Heartbeat>(said->message.body).is_spool_full);
  EXPECT_TRUE(agent.prints("warning the spool is full: new reports are refused"));
}

TEST_F(Serve, SaysGoodbyeWhenItIsStopped) {
  for (const int signal : {SIGTERM, SIGINT}) {
    Program agent(state.serve());
    welcome();
    ASSERT_TRUE(await<protocol::Heartbeat>());
    agent.kill(signal);
    const auto said = await<protocol::Goodbye>();
    ASSERT_TRUE(said);
    EXPECT_EQ(std::get<protocol::Goodbye>(said->message.body).reason, GoodbyeReason::stopped);
    EXPECT_EQ(agent.wait().exit_code, 0);
  }
}

TEST_F(Serve, StopsAtOnceWhenNobodyIsThere) {
  aggregator.go_away();
  Program agent(state.serve());
  ASSERT_TRUE(agent.prints("starts; the aggregator is at " + aggregator.endpoint()));
  agent.kill(SIGTERM);
  EXPECT_EQ(agent.wait().exit_code, 0);
}

TEST_F(Serve, AnEndpointThatIsNoneIsNothingThatARestartWouldMend) {
  const Enrolled wrong("nowhere", aggregator.key());
  const auto finished = finish(wrong.serve());
  EXPECT_EQ(finished.exit_code, 78);
  EXPECT_NE(finished.err.find("error enrolment.toml: cannot connect to nowhere: Invalid argument"),
            std::string::npos)
      << finished.err;
}

TEST_F(Serve, DoesNotRunTwiceOnOneState) {
  Program first(state.serve());
  ASSERT_TRUE(first.prints("starts"));
  const auto second = finish(state.serve());
  EXPECT_EQ(second.exit_code, 6);
  EXPECT_NE(second.err.find("error another instance already runs on " + state.path().string() +
                            "; stop it first, or give this one a state_dir of its own\n"),
            std::string::npos)
      << second.err;
}

TEST_F(Serve, StartsAgainAfterItWasKilled) {
  {
    Program first(state.serve());
    ASSERT_TRUE(first.prints("starts"));
    first.kill(SIGKILL);
    first.wait();
  }
  EXPECT_TRUE(std::filesystem::exists(state / "agent.sock"));
  Program second(state.serve());
  welcome();
  EXPECT_EQ(stop(second).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(state / "agent.sock"));
}

TEST_F(Serve, EndsARunWhoseWrapperWasKilled) {
  Program wrapper(
      Words{"run"} + state.options() +
      Words{"--job", "nightly", "--", "sh", "-c", "while sleep 0.05; do echo ready; done"});
  ASSERT_TRUE(wrapper.prints("ready"));  // the command ends when nobody takes its output
  Program agent(state.serve());
  welcome();
  ASSERT_TRUE(await<protocol::Report>());  // the start
  wrapper.kill(SIGKILL);
  wrapper.wait();
  const auto said = await<protocol::Report>();
  ASSERT_TRUE(said);
  const auto& end = std::get<protocol::Report>(said->message.body).report;
  EXPECT_EQ(end.outcome, Outcome::failed);
  EXPECT_EQ(end.reason, OutcomeReason::interrupted);
}

TEST_F(Serve, ComesBackByItselfAfterTheAggregatorWasAway) {
  Program agent(state.serve());
  welcome();
  ASSERT_TRUE(await<protocol::Heartbeat>());
  aggregator.go_away();
  // ZAP takes part in closing a connection: it must be served meanwhile.
  ASSERT_TRUE(agent.prints("warning the connection to the aggregator was lost",
                           [&] { aggregator.turn(); }));
  ASSERT_EQ(state.report("meanwhile").exit_code, 0);
  aggregator.come_back();
  welcome();
  const auto said = await<protocol::Report>();
  ASSERT_TRUE(said);
  EXPECT_EQ(std::get<protocol::Report>(said->message.body).report.job, "meanwhile");
}

TEST_F(Serve, TellsSystemdThatItIsReadyHowItIsAndThatItLives) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto path = (state / "notify").string();
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0));
  ASSERT_EQ(bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  Program agent(state.serve(), {.before_exec = [&] {
                  setenv("NOTIFY_SOCKET", path.c_str(), 1);
                  setenv("WATCHDOG_USEC", "200000", 1);
                }});
  welcome();
  const SystemClock clock;
  const auto end = clock.steady() + kPatience;
  std::string told;
  const auto has_told = [&](const std::string& text) {
    return told.find(text) != std::string::npos;
  };
  const auto connected = "STATUS=connected to " + aggregator.endpoint();
  while (clock.steady() < end && !(has_told("WATCHDOG=1") && has_told(connected))) {
    char buffer[512];
    const auto got = recv(socket.get(), buffer, sizeof buffer, 0);
    if (got > 0) told.append(buffer, static_cast<std::size_t>(got)) += '\n';
    aggregator.turn();
  }
  EXPECT_TRUE(has_told("READY=1")) << told;
  EXPECT_TRUE(has_told("STATUS=no contact with " + aggregator.endpoint())) << told;
  EXPECT_TRUE(has_told(connected)) << told;
  EXPECT_TRUE(has_told("WATCHDOG=1")) << told;
}

TEST_F(Serve, TellsOfItsJobsAndAgainWhenTheConfigurationIsReadAgain) {
  state.write("agent.toml", "[[job]]\nname = \"db\"\nmax_age = \"26h\"\n");
  Program agent(state.serve() + Words{"--config", (state / "agent.toml").string()});
  const auto first = await<protocol::Hello>();
  ASSERT_TRUE(first);
  EXPECT_EQ(std::get<protocol::Hello>(first->message.body).jobs,
            (std::vector<AgentJob>{{"db", {.max_age = std::chrono::hours(26)}}}));
  aggregator.say(first->route, a_welcome());
  state.write("agent.toml", "[[job]]\nname = \"files\"\n");
  agent.kill(SIGHUP);
  const auto second = await<protocol::Hello>();
  ASSERT_TRUE(second);
  EXPECT_EQ(std::get<protocol::Hello>(second->message.body).jobs,
            (std::vector<AgentJob>{{"files", {}}}));
  EXPECT_EQ(stop(agent).exit_code, 0);
}

TEST_F(Serve, AReloadSaysWhatCountsOnlyWithARestart) {
  state.write("agent.toml", "");
  Program agent(state.serve() + Words{"--config", (state / "agent.toml").string()});
  ASSERT_TRUE(agent.prints("starts"));
  state.write("agent.toml", "[spool]\nmax_size = \"1MiB\"\n");
  agent.kill(SIGHUP);
  EXPECT_TRUE(agent.prints(
      "warning only [[job]] and [adapters] count from now on; what else was changed does with a "
      "restart"));
  EXPECT_EQ(stop(agent).exit_code, 0);
}

TEST_F(Serve, AReloadOfAWrongFileChangesNothing) {
  state.write("agent.toml", "[[job]]\nname = \"db\"\n");
  Program agent(state.serve() + Words{"--config", (state / "agent.toml").string()});
  const auto route = welcome();
  state.write("agent.toml", "[[job]]\nnam = \"db\"\n");
  agent.kill(SIGHUP);
  EXPECT_TRUE(agent.prints("the configuration was not read again: 2 errors, nothing was changed"));
  aggregator.say(route, protocol::Refusal{protocol::RefusalCode::hello_needed, "", {}});
  const auto hello = await<protocol::Hello>();
  ASSERT_TRUE(hello);
  EXPECT_EQ(std::get<protocol::Hello>(hello->message.body).jobs,
            (std::vector<AgentJob>{{"db", {}}}));
  EXPECT_EQ(stop(agent).exit_code, 0);
}

// ---- the local socket

class LocalSocketTest : public Serve {
 protected:
  LocalSocketTest() : agent(state.serve()) { EXPECT_TRUE(agent.prints("starts")); }

  [[nodiscard]] FileDescriptor connect_to_agent() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    (state / "agent.sock").string().copy(address.sun_path, sizeof address.sun_path - 1);
    FileDescriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return fd;
  }
  static std::string answer_on(const FileDescriptor& fd) {
    std::string text;
    char buffer[4096];
    for (auto got = read(fd.get(), buffer, sizeof buffer); got > 0;
         got = read(fd.get(), buffer, sizeof buffer)) {
      text.append(buffer, static_cast<std::size_t>(got));
    }
    return text;
  }
  static void say(const FileDescriptor& fd, std::string_view text) {
    ASSERT_EQ(write(fd.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  Program agent;
};

TEST_F(LocalSocketTest, AnswersOneLineAndHangsUp) {
  for (const auto& [request, answer] :
       {std::pair{"wake\n", "ok\n"}, std::pair{"dance\n", "unknown request\n"}}) {
    const auto fd = connect_to_agent();
    say(fd, request);
    EXPECT_EQ(answer_on(fd), answer);
  }
}

TEST_F(LocalSocketTest, TakesARequestInPieces) {
  const auto fd = connect_to_agent();
  say(fd, "wa");
  say(fd, "ke\nmore");
  EXPECT_EQ(answer_on(fd), "ok\n");
}

TEST_F(LocalSocketTest, HangsUpOnWhoSaysTooMuchOrNothing) {
  const auto chatty = connect_to_agent();
  say(chatty, std::string(65, 'x'));
  EXPECT_EQ(answer_on(chatty), "");
  const auto silent = connect_to_agent();
  EXPECT_EQ(answer_on(silent), "");  // after its five seconds
}

TEST_F(LocalSocketTest, SilentConnectionsDoNotShutOutOthers) {
  std::vector<FileDescriptor> silent;
  silent.reserve(16);
  for (int i = 0; i < 16; ++i) silent.push_back(connect_to_agent());
  const auto fd = connect_to_agent();
  say(fd, "wake\n");
  EXPECT_EQ(answer_on(fd), "ok\n");  // when the first has used up its time
}

TEST_F(LocalSocketTest, IsForItsOwnerOnly) {
  const auto mode = std::filesystem::status(state / "agent.sock").permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

// ---- what stops it from starting

TEST(ServeStart, WantsAnEnrolment) {
  const State state;
  const auto finished = finish(Words{"serve"} + state.options());
  EXPECT_EQ(finished.exit_code, 78);
  EXPECT_NE(finished.err.find("error this host is not enrolled; ask the administrator for a join "
                              "token, then: vaultbell-agent enrol\n"),
            std::string::npos)
      << finished.err;
}

TEST(ServeStart, NamesWhatIsWrongWithItsFiles) {
  struct Case {
    std::function<void(const Enrolled&)> harm;
    std::string text;
    int code = 78;
  };
  const auto own = [](const Enrolled& state, const char* name) { return (state / name).string(); };
  const std::vector<Case> cases = {
      {[&](const Enrolled& state) { std::filesystem::remove(own(state, "key")); },
       "error this host's key: cannot read STATE/key: No such file or directory"},
      {[&](const Enrolled& state) {
         std::filesystem::permissions(own(state, "key"), std::filesystem::perms(0644));
       },
       "error this host's key: STATE/key can be read by others (mode 0644); make it private: chmod "
       "600 STATE/key"},
      {[&](const Enrolled& state) { state.write("key", "nonsense"); },
       "error this host's key: STATE/key: not a key (44 characters of base64)"},
      {[&](const Enrolled& state) { state.write("enrolment.toml", "client = \"a\"\n"); },
       "error STATE/enrolment.toml is not complete; remove it and enrol this host again"},
      {[&](const Enrolled& state) { state.write("enrolment.toml", "server_key = \"a\"\n"); },
       "error STATE/enrolment.toml:1:14: server_key: not a key (44 characters of base64)"},
      {[&](const Enrolled& state) { state.write("agent.sock", "in the way"); },
       "error STATE/agent.sock is in the way: it is not a socket", 6},
  };
  for (const auto& one : cases) {
    const Enrolled state("tcp://127.0.0.1:1", PublicKey{});
    one.harm(state);
    auto text = one.text;
    for (auto at = text.find("STATE"); at != std::string::npos; at = text.find("STATE")) {
      text.replace(at, 5, state.path().string());
    }
    const auto finished = finish(state.serve());
    EXPECT_EQ(finished.exit_code, one.code) << finished.err;
    EXPECT_NE(finished.err.find(text + "\n"), std::string::npos) << finished.err;
  }
}

TEST(ServeStart, ASocketPathMustFit) {
  const Enrolled state("tcp://127.0.0.1:1", PublicKey{});
  const auto path = "/" + std::string(120, 'x');
  state.write("agent.toml",
              "state_dir = \"" + state.path().string() + "\"\nsocket = \"" + path + "\"\n");
  const auto finished = finish({"serve", "--config", (state / "agent.toml").string()});
  EXPECT_EQ(finished.exit_code, 78);
  EXPECT_NE(finished.err.find("error the socket's path " + path +
                              " is longer than 107 bytes; set \"socket\" in the configuration to a "
                              "shorter one\n"),
            std::string::npos)
      << finished.err;
}

TEST(ServeStart, ASocketWhereAnotherAgentAnswersIsLeftAlone) {
  const Enrolled first("tcp://127.0.0.1:1", PublicKey{});
  Program agent(first.serve());
  ASSERT_TRUE(agent.prints("starts"));
  const Enrolled second("tcp://127.0.0.1:1", PublicKey{});
  const auto socket = (first / "agent.sock").string();
  second.write("agent.toml",
               "state_dir = \"" + second.path().string() + "\"\nsocket = \"" + socket + "\"\n");
  const auto finished = finish({"serve", "--config", (second / "agent.toml").string()});
  EXPECT_EQ(finished.exit_code, 6);
  EXPECT_NE(finished.err.find("error another vaultbell-agent answers on " + socket +
                              "; set \"socket\" in the configuration to a path of its own\n"),
            std::string::npos)
      << finished.err;
}

}  // namespace
}  // namespace vaultbell::agent::testing
