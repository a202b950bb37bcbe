// A host that is to be a client no more (R2.7).
#include "shared/base/instance_lock.hpp"
#include "tests/agent/program/enrolled.hpp"

namespace vaultbell::agent::testing {
namespace {

using protocol::Goodbye;
using protocol::Refusal;
using protocol::RefusalCode;

class Unenrol : public ::testing::Test {
 protected:
  [[nodiscard]] Words words(const Words& more = {}) const {
    return Words{"unenrol"} + state.options() + more;
  }
  // Unenrols; the aggregator lets the key in and, at the second goodbye, knows it no more.
  Finished unenrol(const Words& more) {
    aggregator.allow(state.key.public_key);
    Program program(words(more));
    return program.wait([&] {
      aggregator.turn();
      for (; !aggregator.said.empty(); aggregator.said.pop_front()) {
        const auto* goodbye = std::get_if<Goodbye>(&aggregator.said.front().message.body);
        if (goodbye == nullptr) continue;
        EXPECT_EQ(goodbye->reason, GoodbyeReason::unenrolled);
        if (++goodbyes != 2) continue;  // the agent says one, too
        aggregator.say(aggregator.said.front().route, Refusal{RefusalCode::not_enrolled, "no"});
      }
    });
  }
  [[nodiscard]] bool is_there(const std::string& name) const {
    return std::filesystem::exists(state / name);
  }

  Aggregator aggregator;
  Enrolled state{aggregator};
  int goodbyes = 0;
};

TEST_F(Unenrol, SaysGoodbyeUntilTheKeyIsKnownNoMoreAndRemovesIt) {
  const auto finished = unenrol({"--yes"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(finished.out,
            "this host is no longer client \"db-1\"; its key is gone\n"
            "the aggregator has retired it; what it knows of it stays there\n"
            "next: systemctl disable --now vaultbell-agent vaultbell-poll.timer\n");
  EXPECT_EQ(goodbyes, 2);
  EXPECT_FALSE(is_there("key"));
  EXPECT_FALSE(is_there("enrolment.toml"));
  EXPECT_FALSE(is_there("spool"));
}

TEST_F(Unenrol, StopsTheAgent) {
  aggregator.allow(state.key.public_key);
  Program agent(state.serve());
  ASSERT_TRUE(aggregator.await<protocol::Hello>());
  EXPECT_EQ(unenrol({"--yes"}).exit_code, 0);
  EXPECT_EQ(agent.wait().exit_code, 0);
  EXPECT_FALSE(is_there("key"));
}

TEST_F(Unenrol, OfAHostThatIsNotEnrolledHasNothingToDo) {
  EXPECT_EQ(unenrol({"--yes"}).exit_code, 0);
  const auto again = finish(words({"--yes"}));
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(again.out, "this host is not enrolled; there is nothing to do\n");
}

// Another host may have taken the client over, or the aggregator's store be an older copy.
TEST_F(Unenrol, WhereTheKeyIsRefusedAtOnceItDoesNotSayThatTheClientIsRetired) {
  Program program(words({"--yes"}));
  const auto finished = program.wait([&] { aggregator.turn(); });
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(finished.out,
            "this host is no longer client \"db-1\"; its key is gone\n"
            "the aggregator does not know the key of this host (any more): vaultbell client show "
            "db-1 tells there whether somebody must retire it\n"
            "next: systemctl disable --now vaultbell-agent vaultbell-poll.timer\n");
  EXPECT_FALSE(is_there("enrolment.toml"));
}

// It was interrupted behind the goodbye: nobody is asked or told a second time.
TEST_F(Unenrol, ThatWasInterruptedGoesOnAlsoWithoutTheKey) {
  ASSERT_EQ(state.report("nightly").exit_code, 0);
  std::filesystem::rename(state / "enrolment.toml", state / "enrolment.left");
  std::filesystem::remove(state / "key");
  const auto finished = finish(words());
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(finished.out,
            "this host is no longer client \"db-1\"; its key is gone\n"
            "left in " +
                (state / "spool").string() +
                ": 1 report(s) wait to be sent and 0 run(s) have not ended\n"
                "the aggregator refused that key in an earlier run already\n"
                "next: systemctl disable --now vaultbell-agent vaultbell-poll.timer\n");
  EXPECT_FALSE(is_there("enrolment.left"));
  EXPECT_EQ(finish(words()).out, "this host is not enrolled; there is nothing to do\n");
}

// The daemon does not let go; the aggregator need not be told again.
TEST_F(Unenrol, IsEnrolledNoMoreFromTheMomentInWhichTheAggregatorKnowsIt) {
  const auto lock = InstanceLock::take(state / ".");
  EXPECT_EQ(unenrol({"--yes"}).exit_code, 1);
  EXPECT_FALSE(is_there("enrolment.toml"));
  EXPECT_TRUE(is_there("enrolment.left"));
  EXPECT_TRUE(is_there("key"));
}

TEST_F(Unenrol, LosesNoReportUnlessItIsToldTo) {
  ASSERT_EQ(state.report("nightly").exit_code, 0);
  const auto refused = finish(words({"--yes"}));
  EXPECT_EQ(refused.exit_code, 6);
  EXPECT_EQ(refused.err,
            "vaultbell-agent: 1 report(s) wait to be sent and 0 run(s) have not ended; let the "
            "agent send them (vaultbell-agent status tells when that is done), or lose them with "
            "--discard-reports\n");
  EXPECT_TRUE(is_there("key"));
  EXPECT_EQ(unenrol({"--yes", "--discard-reports"}).exit_code, 0);
  EXPECT_FALSE(is_there("spool"));
}

TEST_F(Unenrol, DoesNothingWhileTheKeyIsBeingChanged) {
  const auto lock = InstanceLock::take(state / ".", "key.lock");
  const auto finished = finish(words({"--yes"}));
  EXPECT_EQ(finished.exit_code, 6);
  EXPECT_EQ(finished.err,
            "vaultbell-agent: another process changes or removes the key of this host\n");
  EXPECT_TRUE(is_there("key"));
  EXPECT_TRUE(is_there("enrolment.toml"));
}

TEST_F(Unenrol, WithoutATerminalItWantsToBeToldThatItIsMeant) {
  const auto finished = finish(words());
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_EQ(finished.err,
            "vaultbell-agent: nobody is there to be asked whether this host is to be unenrolled: "
            "add --yes\n");
  EXPECT_TRUE(is_there("key"));
}

TEST_F(Unenrol, WhereTheAggregatorIsAwayItSaysWhatIsLeftToDoThere) {
  aggregator.go_away();
  const auto finished = finish(words({"--yes"}));
  EXPECT_EQ(finished.exit_code, 8);
  EXPECT_EQ(finished.err, "vaultbell-agent: the aggregator could not be told: no answer from " +
                              aggregator.endpoint() +
                              " within 15 s; it will miss this host until somebody types there: "
                              "vaultbell client retire db-1\n");
  EXPECT_FALSE(is_there("key"));
  EXPECT_FALSE(is_there("enrolment.toml"));
}

}  // namespace
}  // namespace vaultbell::agent::testing
