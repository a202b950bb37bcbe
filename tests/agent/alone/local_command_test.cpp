// With real commands. Time is an argument: nobody waits for a limit.
#include "agent/alone/local_command.hpp"

#include <csignal>
#include <cstdlib>

#include <gtest/gtest.h>

#include "shared/base/clock.hpp"
#include "shared/base/files.hpp"
#include "tests/agent/support/printing.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::agent::alone {
namespace {

constexpr Duration kPatience = std::chrono::seconds(30);
constexpr Duration kLimit = std::chrono::seconds(60);
const Steady kStart{std::chrono::seconds(1000)};

Order shell(const std::string& script) {
  return {.words = {"/bin/sh", "-c", script}, .limit = kLimit};
}

// Whether that process ends; one that nobody has taken note of has no command line any more.
bool comes_to_an_end(const std::string& pid) {
  const SystemClock clock;
  const auto end = clock.steady() + kPatience;
  const auto path = "/proc/" + pid.substr(0, pid.find('\n')) + "/cmdline";
  net::Poller poller;
  while (clock.steady() < end) {
    const auto words = read_file(path, 4096);
    if (!words || words->empty()) return true;
    poller.wait(Duration(10));
  }
  return false;
}

class LocalCommandTest : public ::testing::Test {
 protected:
  // Turns at that time until it has ended.
  std::optional<CommandEnd> wait(Steady now = kStart) {
    const SystemClock clock;
    const auto end = clock.steady() + kPatience;
    net::Poller poller;
    while (clock.steady() < end) {
      if (auto ended = command.turn(now)) return ended;
      poller.clear();
      command.add_to(poller);
      poller.wait(Duration(100));
    }
    return std::nullopt;
  }
  // Turns until it has made that file.
  bool makes(const std::string& name) {
    const SystemClock clock;
    const auto end = clock.steady() + kPatience;
    net::Poller poller;
    while (clock.steady() < end) {
      if (std::filesystem::exists(folder / name)) return true;
      EXPECT_FALSE(command.turn(kStart));
      poller.wait(Duration(10));
    }
    return false;
  }

  support::TemporaryFolder folder;
  LocalCommand command;
};

TEST_F(LocalCommandTest, GetsItsWordsItsInputAndItsEnvironment) {
  auto order = shell("printf '%s|' \"$@\" \"$NAME\"; cat; echo warn >&2");
  order.words.insert(order.words.end(), {"sh", "two words", "$HOME", ""});
  order.environment = {"NAME=a=b"};
  order.input = "one\ntwo\n";
  ASSERT_TRUE(command.start(order, kStart));
  EXPECT_TRUE(command.is_running());
  const auto end = wait();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 0);
  EXPECT_EQ(end->failure, "");
  EXPECT_EQ(end->output, "two words|$HOME||a=b|one\ntwo\nwarn\n");
  EXPECT_FALSE(command.is_running());
  EXPECT_FALSE(command.next_deadline());
}

TEST_F(LocalCommandTest, SeesNothingOfWhatIsOurs) {
  setenv("NOTIFY_SOCKET", "/nowhere", 1);
  setenv("KEPT", "yes", 1);
  ASSERT_TRUE(command.start(
      shell("echo \"${NOTIFY_SOCKET-none} $KEPT\"; ls /proc/self/fd | tr '\\n' ' '"), kStart));
  unsetenv("NOTIFY_SOCKET");
  unsetenv("KEPT");
  const auto end = wait();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output, "none yes\n0 1 2 3 ");  // ls itself has the folder open
}

TEST_F(LocalCommandTest, ACodeOtherThanZeroIsAFailure) {
  ASSERT_TRUE(command.start(shell("exit 3"), kStart));
  const auto end = wait();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 3);
  EXPECT_EQ(end->failure, "exit code 3");
}

TEST_F(LocalCommandTest, ADeathByASignalIsAFailure) {
  ASSERT_TRUE(command.start(shell("kill -SEGV $$"), kStart));
  const auto end = wait();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 128 + SIGSEGV);
  EXPECT_EQ(end->failure, "killed by SIGSEGV");
}

TEST_F(LocalCommandTest, WhatCannotBeStartedIsNamed) {
  const auto started = command.start({.words = {"/nowhere/mail"}, .limit = kLimit}, kStart);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().message, "cannot start /nowhere/mail: No such file or directory");
  EXPECT_FALSE(command.is_running());
  EXPECT_FALSE(command.turn(kStart));
}

TEST_F(LocalCommandTest, OnlyTheLastOfALongOutputIsKept) {
  ASSERT_TRUE(command.start(shell("yes | head -n 1000000; printf last"), kStart));
  const auto end = wait();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output.size(), kOutputBytesMax);
  EXPECT_TRUE(end->output.ends_with("y\ny\nlast"));
}

TEST_F(LocalCommandTest, AnOutputThatIsNoUtf8IsMadeSo) {
  ASSERT_TRUE(command.start(shell("printf 'a\\377b'"), kStart));
  const auto end = wait();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output,
            "a\xEF\xBF\xBD"
            "b");
}

TEST_F(LocalCommandTest, OneThatDoesNotReadItsInputIsNotWaitedFor) {
  auto order = shell("exec true");
  order.input = std::string(kInputBytesMax, 'x');
  ASSERT_TRUE(command.start(order, kStart));
  const auto end = wait();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->failure, "");
}

TEST_F(LocalCommandTest, WhatItLeavesBehindIsNotWaitedFor) {
  ASSERT_TRUE(command.start(shell("sleep 60 & echo $!"), kStart));
  const auto end = wait();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->failure, "");
  EXPECT_EQ(kill(std::stoi(end->output), SIGKILL), 0);  // it still runs
}

TEST_F(LocalCommandTest, AfterItsLimitItIsToldToEnd) {
  ASSERT_TRUE(command.start(shell("echo begun; sleep 60; echo over"), kStart));
  EXPECT_EQ(*command.next_deadline(), kStart + kLimit);
  EXPECT_FALSE(command.turn(kStart + kLimit - Duration(1)));
  const auto end = wait(kStart + kLimit);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 128 + SIGTERM);
  EXPECT_EQ(end->failure, "still at work after 1 min");
}

TEST_F(LocalCommandTest, AnExitWithZeroBehindItsLimitIsAFailure) {
  const auto ready = (folder / "ready").string();
  ASSERT_TRUE(command.start(
      shell("trap 'exit 0' TERM; touch " + ready + "; while :; do sleep 0.01; done"), kStart));
  ASSERT_TRUE(makes("ready"));
  const auto end = wait(kStart + kLimit);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 0);
  EXPECT_EQ(end->failure, "still at work after 1 min");
}

TEST_F(LocalCommandTest, OneThatDoesNotEndThenIsKilledWithAllThatItHasStarted) {
  const auto ready = (folder / "ready").string();
  ASSERT_TRUE(command.start(
      shell("trap '' TERM; sh -c 'echo $$; touch " + ready + "; exec sleep 60'; true"), kStart));
  ASSERT_TRUE(makes("ready"));
  EXPECT_FALSE(command.turn(kStart + kLimit));
  EXPECT_EQ(*command.next_deadline(), kStart + kLimit + kKillAfter);
  const auto end = wait(kStart + kLimit + kKillAfter);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 128 + SIGKILL);
  EXPECT_EQ(end->failure, "still at work after 1 min");
  EXPECT_TRUE(comes_to_an_end(end->output));
}

TEST_F(LocalCommandTest, WhenWeStopItHasALittleTime) {
  ASSERT_TRUE(command.start(shell("echo told"), SystemClock().steady()));
  const auto end = command.end_within(kPatience);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->failure, "");
  EXPECT_EQ(end->output, "told\n");
  EXPECT_FALSE(command.end_within(kPatience));
}

TEST_F(LocalCommandTest, WhenWeStopItIsKilledIfItDoesNotEnd) {
  ASSERT_TRUE(command.start(shell("sleep 60"), SystemClock().steady()));
  const auto end = command.end_within(Duration(1));
  ASSERT_TRUE(end);
  EXPECT_EQ(end->failure, "killed by SIGKILL");
}

TEST_F(LocalCommandTest, AnotherCanFollow) {
  for (const int code : {0, 4, 0}) {
    ASSERT_TRUE(command.start(shell("exit " + std::to_string(code)), kStart));
    const auto end = wait();
    ASSERT_TRUE(end);
    EXPECT_EQ(end->exit_code, code);
  }
}

}  // namespace
}  // namespace vaultbell::agent::alone
