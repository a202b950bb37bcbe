#include <optional>
#include <sys/resource.h>

#include "tests/agent/program/web.hpp"

namespace vaultbell::agent::testing {
namespace {

constexpr const char* kRid = "0f8fad5b-d9cb-469f-a165-70867728950e";

class Pings : public ::testing::Test {
 protected:
  Pings() : state(aggregator) { aggregator.allow(state.key.public_key); }

  void start(const std::string& more = "", const Program::Setting& setting = {}) {
    state.write("agent.toml", "state_dir = \"" + state.path().string() +
                                  "\"\n[healthchecks]\nlisten = \"127.0.0.1:0\"\n" + more);
    agent.emplace(Words{"serve", "--config", (state / "agent.toml").string()}, setting);
    ASSERT_TRUE(agent->prints("/ping/JOB\n"));
    port = port_in(agent->printed());
  }
  // The whole answer to one request.
  [[nodiscard]] std::string ask(const std::string& bytes) const {
    Web web(port);
    web.say(bytes);
    return web.hear();
  }
  void ping(const std::string& path, const std::string& body = {}) const {
    const auto answer = ask(post_to(path, body));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << path << ": " << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\nOK")) << answer;
  }
  void expect_status(const std::string& bytes, int status) const {
    const auto answer = ask(bytes);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + std::to_string(status) + " ")) << answer;
  }
  // What is on disk, with the agent killed where it stands.
  std::vector<RunReport> kept() {
    agent->kill(SIGKILL);
    agent->wait();
    agent.reset();
    return state.reports();
  }

  Aggregator aggregator;
  Enrolled state;
  std::optional<Program> agent;
  std::uint16_t port = 0;
};

TEST_F(Pings, AStartAndItsEndAreOneRun) {
  start();
  ping("/ping/nightly/start");
  ping("/ping/nightly/log", "halfway\n");
  ping("/ping/nightly", "done\n");
  const auto reports = kept();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].outcome, Outcome::running);
  EXPECT_EQ(reports[0].job, "nightly");
  EXPECT_TRUE(reports[0].started_at);
  EXPECT_EQ(reports[1].run, reports[0].run);
  EXPECT_EQ(reports[1].outcome, Outcome::succeeded);
  EXPECT_EQ(reports[1].started_at, reports[0].started_at);
  EXPECT_TRUE(reports[1].ended_at);
  EXPECT_EQ(reports[1].output, "halfway\ndone\n");
}

TEST_F(Pings, SayHowARunEnded) {
  start();
  ping("/a/fail", "it broke");
  ping("/ping/a/0");
  ping("/ping/AbCdEfGhIjKlMnOpQrStUv/a/3");
  const auto reports = kept();
  ASSERT_EQ(reports.size(), 3U);
  EXPECT_EQ(reports[0].outcome, Outcome::failed);
  EXPECT_EQ(reports[0].reason, OutcomeReason::error);
  EXPECT_EQ(reports[0].output, "it broke");
  EXPECT_FALSE(reports[0].exit_code);
  EXPECT_EQ(reports[1].outcome, Outcome::succeeded);
  EXPECT_EQ(reports[1].exit_code, 0);
  EXPECT_EQ(reports[2].outcome, Outcome::failed);
  EXPECT_EQ(reports[2].exit_code, 3);
  EXPECT_EQ(reports[2].message, "exit code 3");
}

TEST_F(Pings, AreJudgedByTheToolOfTheirJob) {
  start(
      "[[job]]\nname = \"mirror\"\ntool = \"rsync\"\n[[job]]\nname = \"check\"\n"
      "operation = \"verify\"\n");
  ping("/ping/mirror/24", "file has vanished: \"/srv/lock\"\n");
  ping("/ping/mirror/0");
  ping("/ping/mirror/11");
  ping("/ping/check");
  const auto reports = kept();
  ASSERT_EQ(reports.size(), 4U);
  EXPECT_EQ(reports[0].outcome, Outcome::warning);
  EXPECT_EQ(reports[0].tool, "rsync");
  EXPECT_EQ(reports[0].exit_code, 24);
  EXPECT_NE(reports[0].message.find("/srv/lock"), std::string::npos) << reports[0].message;
  EXPECT_EQ(reports[1].outcome, Outcome::succeeded);
  EXPECT_EQ(reports[2].outcome, Outcome::failed);
  EXPECT_EQ(reports[3].operation, Operation::verify);
}

TEST_F(Pings, ARidTellsRunsOfAJobApart) {
  start();
  const auto rid = std::string("?rid=") + kRid;
  ping("/ping/a/start" + rid);
  ping("/ping/a/start");
  ping("/ping/a" + rid);
  const auto reports = kept();
  ASSERT_EQ(reports.size(), 3U);
  EXPECT_EQ(reports[2].run, reports[0].run);
}

TEST_F(Pings, SurviveTheAgent) {
  start();
  ping("/ping/a/start");
  kept();
  start();
  ping("/ping/a");
  const auto reports = kept();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[1].run, reports[0].run);
  EXPECT_EQ(reports[1].outcome, Outcome::succeeded);
}

TEST_F(Pings, OfTheBodyTheLastPartIsKept) {
  start();
  ping("/ping/a", std::string(90'000, 'a') + "\xff" + std::string(10, 'z'));
  const auto output = kept().at(0).output;
  EXPECT_LE(output.size(), kOutputBytesMax);
  EXPECT_TRUE(output.ends_with("a\xEF\xBF\xBDzzzzzzzzzz"));
}

TEST_F(Pings, AreDeliveredAtOnce) {
  start();
  const auto hello = aggregator.await<protocol::Hello>();
  ASSERT_TRUE(hello);
  aggregator.say(hello->route, a_welcome());
  ASSERT_TRUE(aggregator.await<protocol::Heartbeat>());
  ping("/ping/a");
  const auto said = aggregator.await<protocol::Report>();
  ASSERT_TRUE(said);
  EXPECT_EQ(std::get<protocol::Report>(said->message.body).report.job, "a");
}

TEST_F(Pings, ThatAreNoneAreAnsweredSo) {
  start();
  expect_status(post_to("/"), 404);
  expect_status(post_to("/ping/a/b/c"), 404);
  expect_status(post_to("/ping/a/256"), 404);
  expect_status(post_to("/ping/" + std::string(121, 'n')), 400);
  expect_status(post_to("/ping/a%0ab"), 400);
  expect_status(post_to("/ping/a?rid=7"), 400);
  expect_status(post_to("/ping/a/log", "of nothing"), 409);
  expect_status("PUT /ping/a HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 405);
  expect_status("GET /ping/a HTTP/1.1\r\nOrigin: http://evil.example\r\n\r\n", 403);
  EXPECT_TRUE(kept().empty());
}

TEST_F(Pings, AreGetHeadOrPostOnOneConnection) {
  start();
  Web web(port);
  web.say("HEAD /ping/a HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(web.hears("Content-Length: 2\r\n\r\n"));
  web.say("GET /ping/b HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(web.hears("\r\n\r\nOK"));
  EXPECT_EQ(web.answer.find("OK", web.answer.find("keep-alive")),
            web.answer.find("HTTP/1.1 200 OK", 10) + 13);  // HEAD's has no body
  web.say(post_to("/ping/c"));
  web.hear();
  const auto reports = kept();
  ASSERT_EQ(reports.size(), 3U);
  EXPECT_EQ(reports[0].job, "a");
  EXPECT_EQ(reports[1].job, "b");
  EXPECT_EQ(reports[2].job, "c");
}

TEST_F(Pings, ThatComeAllAtOnceAreAllKept) {
  start();
  std::string many;
  for (int i = 0; i < 20; ++i) many += "GET /ping/a HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const auto answer = ask(many + post_to("/ping/a"));
  EXPECT_TRUE(answer.ends_with("Connection: close\r\nContent-Length: 2\r\n\r\nOK"));
  EXPECT_EQ(kept().size(), 21U);
}

TEST_F(Pings, ThatHideAnotherRequestAreRefusedWhole) {
  start();
  const std::string hidden = "GET /ping/hidden HTTP/1.1\r\n\r\n";
  const std::string begin = "POST /ping/a HTTP/1.1\r\nHost: localhost\r\n";
  expect_status(begin + "Content-Length: 0\r\nContent-Length: 3\r\n\r\n" + hidden, 400);
  expect_status(begin + "Transfer-Encoding: x, chunked\r\n\r\n0\r\n\r\n" + hidden, 400);
  expect_status(begin + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n" + hidden,
                400);
  EXPECT_TRUE(kept().empty());
}

TEST_F(Pings, ThatAreTooLargeAreRefusedAndHearWhy) {
  start();
  const std::string begin = "POST /ping/a HTTP/1.1\r\nHost: localhost\r\n";
  expect_status(begin + "X: " + std::string(20'000, 'x') + "\r\n\r\n", 431);
  const auto answer = ask(post_to("/ping/a", std::string(100'001, 'b')));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 413 ")) << answer;
  EXPECT_TRUE(answer.ends_with("the body is larger than 100000 bytes")) << answer;
  EXPECT_TRUE(kept().empty());
}

TEST_F(Pings, AreToldToContinue) {
  start();
  Web web(port);
  web.say("POST /ping/a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  ASSERT_TRUE(web.hears("HTTP/1.1 100 Continue\r\n\r\n"));
  web.say("end");
  ASSERT_TRUE(web.hears("HTTP/1.1 200 OK"));
  EXPECT_EQ(kept().at(0).output, "end");
}

TEST_F(Pings, MayBeOnlyForJobsThatAreDeclared) {
  start("jobs = \"declared\"\n[[job]]\nname = \"db\"\n");
  ping("/ping/db");
  const auto answer = ask(post_to("/ping/other"));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 404 ")) << answer;
  EXPECT_TRUE(
      answer.ends_with("\r\n\r\nnot kept: there is no [[job]] \"other\" in agent.toml, and "
                       "jobs in [healthchecks] is \"declared\""))
      << answer;
  EXPECT_TRUE(agent->prints("a ping was refused: not kept: there is no [[job]] \"other\""));
  EXPECT_EQ(kept().size(), 1U);
}

TEST_F(Pings, AreTakenForAHundredJobsThatAreNotDeclared) {
  start("[[job]]\nname = \"db\"\n");
  std::string many;
  for (int i = 0; i < 100; ++i) {
    many += "GET /ping/job-" + std::to_string(i) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }
  EXPECT_TRUE(ask(many + post_to("/ping/job-0")).ends_with("\r\n\r\nOK"));
  const auto answer = ask(post_to("/ping/one-more"));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
  EXPECT_TRUE(
      answer.ends_with("\r\n\r\nnot kept: there have been pings for 100 jobs already that no "
                       "[[job]] in agent.toml declares; declare \"one-more\" there"))
      << answer;
  ping("/ping/db");
  ping("/ping/job-99");
  EXPECT_EQ(kept().size(), 103U);
}

TEST_F(Pings, ThatAreNotKeptAreRefused) {
  state.fill();
  start("[spool]\nmax_size = \"1MiB\"\n");
  const auto answer = ask(post_to("/ping/a"));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n")) << answer;
  EXPECT_NE(answer.find("\r\n\r\nnot kept: the spool is full: "), std::string::npos) << answer;
  expect_status(post_to("/ping/a/start"), 503);
  agent->kill(SIGTERM);
  EXPECT_EQ(agent->wait().exit_code, 0);
}

// Writing beyond a limit fails as on a full disk.
TEST_F(Pings, AreRefusedWhileTheDiskIsFull) {
  start("", {.before_exec = [] { signal(SIGXFSZ, SIG_IGN); }});
  ping("/ping/a/start");
  const auto limit_files_to = [&](rlim_t size_bytes) {
    const rlimit limit{size_bytes, RLIM_INFINITY};
    ASSERT_EQ(prlimit(agent->pid(), RLIMIT_FSIZE, &limit, nullptr), 0);
  };
  limit_files_to(1);
  expect_status(post_to("/ping/a"), 503);
  limit_files_to(RLIM_INFINITY);
  ping("/ping/a");
  const auto reports = kept();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[1].run, reports[0].run);
  EXPECT_EQ(reports[1].outcome, Outcome::succeeded);
}

// All connections that there may be say a byte now and then, or nothing.
TEST_F(Pings, OfSlowClientsDelayNoHeartbeat) {
  start();
  const auto hello = aggregator.await<protocol::Hello>();
  ASSERT_TRUE(hello);
  aggregator.say(hello->route, a_welcome());
  std::vector<std::unique_ptr<Web>> slow;
  for (int i = 0; i < 16; ++i) slow.push_back(std::make_unique<Web>(port));
  const SystemClock clock;
  const auto begin = clock.steady();
  int beats = 0;
  for (; beats < 5; ++beats) {
    for (std::size_t i = 0; i < slow.size(); i += 2) slow[i]->say("G");
    ASSERT_TRUE(aggregator.await<protocol::Heartbeat>());
  }
  EXPECT_LT(clock.steady() - begin, std::chrono::seconds(8));  // one a second
  ping("/ping/a");  // as soon as one of them has had its time
  for (auto& one : slow) one->hear();
  EXPECT_TRUE(slow.front()->is_closed);
  EXPECT_EQ(kept().size(), 1U);
}

TEST_F(Pings, AreTakenNowhereUnlessThatIsConfigured) {
  Program quiet(state.serve());
  ASSERT_TRUE(quiet.prints("starts"));
  quiet.kill(SIGTERM);
  EXPECT_EQ(quiet.wait().err.find("pings are taken"), std::string::npos);
}

TEST_F(Pings, AreTakenAsSoonAsTheAddressIsFree) {
  start();
  const auto taken = std::to_string(port);
  const Enrolled other(aggregator);
  other.write("agent.toml", "state_dir = \"" + other.path().string() +
                                "\"\n[healthchecks]\nlisten = \"127.0.0.1:" + taken + "\"\n");
  Program second(Words{"serve", "--config", (other / "agent.toml").string()});
  ASSERT_TRUE(second.prints("error cannot take pings at 127.0.0.1:" + taken +
                            ": Address already in use; trying again\n"));
  kept();
  EXPECT_TRUE(second.prints("pings are taken at http://127.0.0.1:" + taken));
  const auto log = second.printed();
  EXPECT_EQ(log.find("cannot take pings"), log.rfind("cannot take pings"));  // said once
}

TEST_F(Pings, OfOtherHostsAreNotTaken) {
  state.write("agent.toml", "[healthchecks]\nlisten = \"0.0.0.0:8483\"\n");
  const auto finished = finish({"check-config", "--config", (state / "agent.toml").string()});
  EXPECT_NE(finished.exit_code, 0);
  EXPECT_NE(finished.err.find("\"0.0.0.0\" is not an address of this host alone"),
            std::string::npos)
      << finished.err;
}

}  // namespace
}  // namespace vaultbell::agent::testing
