// `test`: each step of a report's way, where it fails and what is said then.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/agent/program/enrolled.hpp"

namespace vaultbell::agent::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Json = nlohmann::json;

class TestCommand : public ::testing::Test {
 protected:
  TestCommand() : state(aggregator) { aggregator.allow(state.key.public_key); }

  Finished test(const Words& more = {}) {
    Program program(Words{"test"} + state.options() + more);
    return program.wait([&] { turn(); });
  }
  void start() {
    agent.emplace(state.serve());
    ASSERT_TRUE(agent->prints("connected as client", [&] { turn(); }));
  }
  void turn() {
    aggregator.turn();
    if (agent) agent->take_output();
    while (!aggregator.said.empty()) {
      const auto said = std::move(aggregator.said.front());
      aggregator.said.pop_front();
      if (std::holds_alternative<protocol::Hello>(said.message.body)) {
        aggregator.say(said.route, a_welcome());
      } else if (std::holds_alternative<protocol::Heartbeat>(said.message.body)) {
        aggregator.say(said.route, protocol::HeartbeatAck{SystemClock().wall()});
      } else if (const auto* report = std::get_if<protocol::Report>(&said.message.body)) {
        reported.push_back(report->report);
        answer(said.route, *report, said.message.sequence);
      }
    }
  }
  void answer(const std::string& route, const protocol::Report& report, std::uint64_t sequence) {
    if (is_refusing) {
      aggregator.say(route,
                     protocol::Refusal{.code = protocol::RefusalCode::report_invalid,
                                       .message = "no such thing",
                                       .ack = SpoolAck{report.spool, sequence}},
                     sequence);
    } else if (is_acknowledging) {
      aggregator.say(route, protocol::Ack{{report.spool, sequence}});
    }
  }

  Aggregator aggregator;
  Enrolled state;
  std::optional<Program> agent;
  std::vector<RunReport> reported;
  bool is_acknowledging = true;
  bool is_refusing = false;
};

TEST_F(TestCommand, GoesTheWholeWay) {
  start();
  const auto finished = test();
  EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
  EXPECT_THAT(finished.out, StartsWith("ok     configuration  "));
  EXPECT_THAT(finished.out,
              HasSubstr("\nok     enrolment      client \"db-1\" of vault \"prod\"\n"));
  EXPECT_THAT(finished.out, HasSubstr("\nok     network        " + aggregator.endpoint()));
  EXPECT_THAT(finished.out, HasSubstr("\nok     agent          connected to "));
  EXPECT_THAT(finished.out, HasSubstr("\nok     report         a good run of job "
                                      "\"vaultbell-test\" was acknowledged after "));
  ASSERT_EQ(reported.size(), 1U);
  EXPECT_EQ(reported[0].outcome, Outcome::succeeded);
}

TEST_F(TestCommand, MayBeAFailureWithWhatFollows) {
  start();
  const auto finished = test({"--fail", "--job", "alarm"});
  EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("vaultbell job forget db-1 alarm\n"));
  ASSERT_EQ(reported.size(), 1U);
  EXPECT_EQ(reported[0].outcome, Outcome::failed);
  EXPECT_EQ(reported[0].job, "alarm");
}

TEST_F(TestCommand, NamesTheStepThatFails) {
  aggregator.go_away();
  auto finished = test({"--wait", "1s"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.out, HasSubstr("\nFAILED network        " + aggregator.endpoint() +
                                      " cannot be reached: "));
  aggregator.come_back();
  finished = test({"--wait", "1s"});
  EXPECT_THAT(finished.out, HasSubstr("\nFAILED agent          it does not run; start it: "));
  start();
  is_acknowledging = false;
  finished = test({"--wait", "1s"});
  EXPECT_THAT(finished.out, HasSubstr("\nFAILED report         it was not acknowledged within 1s"));
  EXPECT_TRUE(state.reports().size() == 1);
}

TEST_F(TestCommand, SaysWhyAReportIsNotTaken) {
  start();
  is_refusing = true;
  const auto finished = test();
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.out, HasSubstr("\nFAILED report         the aggregator does not take it: "));
}

TEST_F(TestCommand, OfAHostThatIsNotEnrolledSaysSo) {
  const State empty;
  const auto finished = finish(Words{"test"} + empty.options());
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.out, HasSubstr("\nFAILED enrolment      this host is not enrolled"));
}

TEST_F(TestCommand, IsOneJsonObject) {
  start();
  const auto json = Json::parse(test({"-o", "json"}).out);
  EXPECT_EQ(json.at("is_good"), true);
  EXPECT_EQ(json.at("steps").size(), 5U);
  EXPECT_EQ(json.at("steps").at(4).at("name"), "report");
}

}  // namespace
}  // namespace vaultbell::agent::testing
