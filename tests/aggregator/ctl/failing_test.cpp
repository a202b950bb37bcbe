// Exit codes, and what the real program says when it did not do what it was asked.

#include <fstream>
#include <future>
#include <optional>
#include <sstream>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aggregator/api/http_server.hpp"
#include "aggregator/ctl/api.hpp"
#include "aggregator/ctl/command.hpp"
#include "aggregator/ctl/run.hpp"
#include "shared/base/duration.hpp"
#include "tests/aggregator/ctl/program_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::ctl {
namespace {

class Failing : public Program {};

TEST_F(Failing, SaysInItsExitWhatWentWrong) {
  aggregator_.add_vault("prod");
  EXPECT_EQ(run({"vault", "show", "prd"}).exit, kNotFound);
  EXPECT_EQ(run({"alert", "show", "first"}).exit, kUsage);
  EXPECT_EQ(run({"vault", "create", "prod"}).exit, kRefused);
  EXPECT_EQ(run({"vault", "create", "lab", "--policy", "of"}).exit, kUsage);
  EXPECT_EQ(run({"policy", "set", "vault", "prod", "same-as-vault"}).exit, kUsage);
  EXPECT_EQ(run({"frobnicate"}).exit, kUsage);
  EXPECT_EQ(run({"alert", "list", "--timeout", "soon"}).exit, kUsage);
  EXPECT_EQ(run({"alert", "list", "--limit", "none"}).exit, kUsage);
  EXPECT_EQ(run({"alert", "list", "--sort", "sverity"}).exit, kUsage);
  EXPECT_EQ(run({"status", "--socket", "/no-such-folder"}).exit, kUnreachable);
  aggregator_.refuse_orders();
  EXPECT_EQ(run({"vault", "create", "lab"}).exit, kTryLater);
}

TEST_F(Failing, TellsErrorsInTwoLines) {
  aggregator_.add_vault("prod");
  const auto ran = run({"vault", "show", "prd"});
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "vaultbell: there is no vault \"prd\"\n  did you mean \"prod\"?\n");
}

TEST_F(Failing, NamesTheFlagThatIsWrong) {
  aggregator_.add_vault("prod");
  const auto error = [&](const Words& words) {
    const auto ran = run(words);
    EXPECT_EQ(ran.exit, kUsage);
    return ran.err.substr(0, ran.err.find(' ', 11) + 1);
  };
  EXPECT_EQ(error({"vault", "edit", "prod", "--disconnect-after", ""}),
            "vaultbell: --disconnect-after: ");
  EXPECT_EQ(error({"enrol", "token", "create", "--vault", "prod", "--expires", "1"}),
            "vaultbell: --expires: ");
  EXPECT_EQ(run({"run", "list", "--job", "nightly"}).err,
            "vaultbell: --job needs --client: other clients may have a job of that name\n"
            "  vaultbell run list --client db-1 --job nightly\n");
}

TEST_F(Failing, TellsErrorsAsOneJsonObjectWhereJsonIsWanted) {
  aggregator_.add_vault("prod");
  for (const auto& words : std::vector<Words>{{"vault", "show", "prd", "-o", "json"},
                                              {"vault", "shw", "prd", "-o", "json"},
                                              {"-o", "ndjson", "vault", "show"},
                                              {"status", "--socket", "/no-such-folder", "-ojson"},
                                              {"check", "--socket", "/no-such-folder", "-ojson"},
                                              {"alert", "inactivate", "99", "-o", "json"},
                                              {"enrol", "approve", "x", "--output=json"}}) {
    const auto ran = run(words);
    EXPECT_NE(ran.exit, kDone);
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(std::ranges::count(ran.err, '\n'), 1) << ran.err;
    const auto error = json::parse(ran.err, nullptr, false);
    ASSERT_TRUE(error.is_object()) << ran.err;
    EXPECT_FALSE(error["error"]["message"].get<std::string>().empty());
    EXPECT_FALSE(error["error"]["code"].get<std::string>().empty());
  }
}

TEST_F(Failing, TheSocketIsTheFlagsThenTheVariables) {
  aggregator_.add_vault("prod");
  const auto ran = run_program({"vault", "list", "--socket", aggregator_.socket().string()},
                               {"VAULTBELL_SOCKET=/no-such-folder"});
  EXPECT_EQ(ran.exit, kDone) << ran.err;
  const auto usual = run_program({"vault", "list"});
  EXPECT_EQ(usual.exit, kUnreachable);
  EXPECT_NE(usual.err.find("/run/vaultbell/control.sock"), std::string::npos) << usual.err;
}

TEST_F(Failing, GivesUpWaitingAfterItsTimeout) {
  aggregator_.ignore_orders();
  const auto ran = run({"vault", "create", "prod", "--timeout", "200ms"});
  EXPECT_EQ(ran.exit, kFailed);
  EXPECT_NE(ran.err.find("did not answer the order: no answer within 200ms\n"
                         "  an order may still be carried out: look before you repeat it\n"),
            std::string::npos)
      << ran.err;
  const auto in_json = run({"vault", "create", "prod", "--timeout", "200ms", "-o", "json"});
  EXPECT_EQ(json::parse(in_json.err)["error"]["code"], "no_answer");
}

// Only an order that was sent may have been carried out.
TEST_F(Failing, CannotReachWhoDoesNotAnswerAQuestionOrIsNotThere) {
  aggregator_.ignore_orders();
  const Words create = {"vault", "create", "prod", "--timeout", "200ms"};
  auto dry = create;
  dry.emplace_back("--dry-run");
  auto elsewhere = create;
  elsewhere.insert(elsewhere.end(), {"--socket", "/no-such-folder"});
  for (const auto& words : {dry, elsewhere}) {
    const auto ran = run(words);
    EXPECT_EQ(ran.exit, kUnreachable) << ran.err;
    EXPECT_NE(ran.err.find("is it running?"), std::string::npos) << ran.err;
  }
}

// Else its own answer, that it does not know what became of the order, would come too late.
TEST_F(Failing, WaitsLongerThanTheAggregatorDoes) {
  EXPECT_GT(kTimeoutDefault, api::HttpOptions{}.answer_deadline);
  const auto timeout = std::ranges::find(flags(), "timeout", &Flag::name);
  EXPECT_NE(timeout->help.find(to_text(kTimeoutDefault)), std::string::npos) << timeout->help;
}

TEST_F(Failing, AnOrderWhoseAnswerWasCutMayHaveBeenCarriedOut) {
  const support::TemporaryFolder folder;
  const auto socket = folder.path() / "s";
  std::promise<void> asked;
  auto server = api::HttpServer::start(
      {.socket = socket}, [&](const api::HttpRequest&, const api::Respond&) { asked.set_value(); });
  ASSERT_TRUE(server);
  auto ran = std::async(std::launch::async, [&] {
    return run_program({"vault", "create", "prod", "--socket", socket.string()});
  });
  asked.get_future().get();
  server->reset();
  EXPECT_EQ(ran.get().exit, kFailed);
}

// A full disk must not look like an empty list.
TEST_F(Failing, FailsWhenItsOutputCannotBeWritten) {
  std::istringstream in;
  std::ofstream full("/dev/full");
  std::ostringstream err;
  const auto exit = ctl::run({"version"}, {.in = in, .out = full, .err = err});
  EXPECT_EQ(exit, ExitCode::failed);
}

// As in: vaultbell alert list -o json | head -1
TEST_F(Failing, DoesNotMindAReaderThatHasSeenEnough) {
  play_a_little();
  EXPECT_EQ(run_unread({"alert", "list", "--all", "-o", "json"}, environment()), kDone);
  EXPECT_EQ(run_unread({"alert", "list"}, environment()), kDone);
  EXPECT_EQ(run_unread({"alert", "show", "99"}, environment()), kNotFound);
}

TEST_F(Failing, AsksSomebodyAtATerminal) {
  play_a_little();
  const auto answered = [&](const std::string& answer) {
    std::istringstream in(answer);
    std::ostringstream out;
    std::ostringstream err;
    const auto exit = ctl::run(
        {"enrol", "approve", "nas-1", "--socket", aggregator_.socket().string()},
        {.in = in, .out = out, .err = err, .is_in_terminal = true, .is_out_terminal = true});
    EXPECT_NE(err.str().find("nas-1  SHA256:"), std::string::npos) << err.str();
    EXPECT_NE(err.str().find("Approve it? [y/N] "), std::string::npos) << err.str();
    return exit;
  };
  EXPECT_EQ(answered("n\n"), ExitCode::failed);
  EXPECT_EQ(answered(""), ExitCode::failed);
  EXPECT_EQ(json_of({"enrol", "pending"}).size(), 1U);
  EXPECT_EQ(answered("y\n"), ExitCode::done);
  EXPECT_EQ(json_of({"enrol", "pending"}), json::array());
}

// ---- answers that no aggregator of ours gives

struct StatusAndExit {
  unsigned status;
  std::string body;
  int exit;
};

class Answers : public ::testing::TestWithParam<StatusAndExit> {};

TEST_P(Answers, BecomeExitCodes) {
  const support::TemporaryFolder folder;
  const auto socket = folder.path() / "s";
  const auto server = api::HttpServer::start(
      {.socket = socket}, [](const api::HttpRequest&, const api::Respond& respond) {
        respond({.status = GetParam().status, .body = GetParam().body});
      });
  ASSERT_TRUE(server);
  const auto ran = run_program({"status", "--socket", socket.string()});
  EXPECT_EQ(ran.exit, GetParam().exit) << ran.err;
  EXPECT_NE(ran.err, "");
}

const std::string kError = R"({"error":{"code":"x","message":"m"}})";

INSTANTIATE_TEST_SUITE_P(
    Program, Answers,
    ::testing::Values(StatusAndExit{400, kError, kUsage},
                      StatusAndExit{401, kError, kNotAuthorised},
                      StatusAndExit{403, kError, kNotAuthorised},
                      StatusAndExit{404, kError, kNotFound}, StatusAndExit{405, kError, kUsage},
                      StatusAndExit{409, kError, kRefused}, StatusAndExit{413, kError, kUsage},
                      StatusAndExit{429, kError, kTryLater}, StatusAndExit{500, kError, kFailed},
                      StatusAndExit{503, kError, kTryLater}, StatusAndExit{504, kError, kFailed},
                      StatusAndExit{200, "<html>", kFailed}, StatusAndExit{200, "{}", kFailed},
                      StatusAndExit{200, "", kFailed},
                      StatusAndExit{200, R"({"api_version":2})", kFailed}),
    [](const auto& test) { return fmt::format("status_{}_{}", test.param.status, test.index); });

// Only this thread becomes somebody else: the kernel keeps credentials by thread.
void become_nobody() {
  constexpr uid_t kNobody = 65534;
  if (geteuid() == 0) syscall(SYS_setresuid, -1, kNobody, -1);
}

TEST_F(Failing, WhoMayNotOpenTheSocketIsNotAuthorised) {
  ASSERT_TRUE(geteuid() == 0 || chmod(aggregator_.socket().c_str(), 0) == 0);
  std::optional<Failure> failure;
  std::thread([&] {
    become_nobody();
    Api api(aggregator_.socket(), std::chrono::seconds(10));
    const auto answer = api.get(path_of({"status"}));
    if (!answer) failure = answer.error();
  }).join();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->exit, ExitCode::not_authorised);
  EXPECT_EQ(failure->hint, "use sudo, or become a member of the socket's group");
}

}  // namespace
}  // namespace vaultbell::ctl
