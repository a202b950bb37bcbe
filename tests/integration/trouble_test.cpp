// What stops a daemon, or must not: wrong files, taken ports, full disks, second instances.
#include <csignal>
#include <fstream>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "shared/base/file_descriptor.hpp"
#include "tests/integration/installation.hpp"

namespace vaultbell::integration {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Trouble, AWrongConfigurationIsNamedWholeAndExitsWith78) {
  Installation all;
  all.settings.notify_after = "90x";
  all.settings.heartbeat_every = "soon";
  all.write_configuration();
  for (const auto& words : {Words{}, Words{"check-config"}}) {
    const auto ran = all.run_aggregator(words);
    EXPECT_EQ(ran.exit_code, 78);
    EXPECT_TRUE(has(ran.err, "heartbeat_every in [agents]: \"soon\" is not a duration")) << ran.err;
    EXPECT_TRUE(has(ran.err, "notify_after in [alerts]: \"90x\" is not a duration")) << ran.err;
    EXPECT_TRUE(has(ran.err, "2 errors, nothing was changed\n")) << ran.err;
  }
}

TEST(Trouble, AReloadWithAMistakeKeepsWhatRuns) {
  Installation all;
  all.start_aggregator();
  std::ofstream(all / "aggregator.toml", std::ios::app) << "[alert]\n";
  all.aggregator->send(SIGHUP);
  EXPECT_TRUE(until([&] {
    return has(all.aggregator->err(), "unknown section \"alert\"; did you mean \"alerts\"?");
  }));
  EXPECT_TRUE(has(all.aggregator->err(), "1 error, nothing was changed"));
  EXPECT_EQ(all.vaultbell({"status"}).at("is_mail_configured"), true);
}

TEST(Trouble, ASecondInstanceIsRefusedAndTheFirstGoesOn) {
  Installation all;
  all.start_aggregator();
  const auto second = all.run_aggregator();
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_TRUE(has(second.err, "another instance already runs on " + (all / "aggregator").string()))
      << second.err;
  EXPECT_EQ(all.vaultbell({"status"}).at("vaults"), 0);
}

TEST(Trouble, APortInUseIsNamedWithItsKey) {
  Installation first;
  first.start_aggregator();
  Installation second;
  const auto taken = first.vaultbell({"status"}).at("endpoints").at("agents").get<std::string>();
  std::ofstream(second / "aggregator.toml")
      << "state_dir = \"" << (second / "aggregator").string() << "\"\n[control]\nsocket = \""
      << (second / "control.sock").string() << "\"\n[agents]\nlisten = \"" << taken << "\"\n";
  const auto ran = second.run_aggregator();
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_TRUE(
      has(ran.err, "[agents] listen: cannot listen on " + taken + ": Address already in use"))
      << ran.err;
}

TEST(Trouble, AStateFolderThatCannotBeWrittenIsNamed) {
  Installation all;
  std::ofstream(all / "aggregator") << "a file where the folder should be";
  const auto ran = all.run_aggregator();
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_TRUE(has(ran.err, "state_dir: ")) << ran.err;
  EXPECT_TRUE(has(ran.err, (all / "aggregator").string())) << ran.err;
}

// A full disk, as far as a process can tell: no file may grow any further.
Program::Setting with_full_disk(rlim_t file_bytes_max) {
  return {.input = {}, .environment = {}, .before_exec = [file_bytes_max] {
            signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{file_bytes_max, file_bytes_max};
            setrlimit(RLIMIT_FSIZE, &limit);
          }};
}

TEST(Trouble, AFullDiskEndsTheAggregatorWithItsReasonAndLosesNoReport) {
  Installation all;
  all.start_aggregator();
  all.enrol("db-1");
  all.kill_aggregator();
  struct stat facts {};
  ASSERT_EQ(stat((all / "aggregator/data.mdb").c_str(), &facts), 0);
  constexpr int kReports = 40;
  for (int i = 0; i < kReports; ++i) {
    const auto ran = all.agent("db-1", {"report", "--job", "big", "--outcome", "failed",
                                        "--message", std::string(1000, 'x')});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
  }
  // It ends as soon as the agent is back, which may be before it answers anybody.
  all.launch_aggregator(with_full_disk(static_cast<rlim_t>(facts.st_size)));
  const auto ended = all.aggregator->wait();
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_TRUE(has(ended.err, "commit failed: ")) << ended.err;
  all.start_aggregator();
  EXPECT_TRUE(until([&] { return all.vaultbell({"run", "list"}).size() == kReports; }));
}

TEST(Trouble, AHostWithATokenThatWasUsedIsRefusedWithTheReason) {
  Installation all;
  all.start_aggregator();
  all.vaultbell({"vault", "create", "prod"});
  const auto token = all.vaultbell_as_is({"enrol", "token", "create", "--vault", "prod"}).out;
  EXPECT_EQ(all.agent("db-1", {"enrol", "--name", "db-1"}, {.input = token}).exit_code, 0);
  const auto again = all.agent("db-2", {"enrol", "--name", "db-2"}, {.input = token});
  EXPECT_EQ(again.exit_code, 4);
  EXPECT_TRUE(has(again.err, "this join token has already been used")) << again.err;
  auto altered = token;
  altered[altered.size() / 2] = altered[altered.size() / 2] == 'a' ? 'b' : 'a';
  const auto damaged = all.agent("db-3", {"enrol", "--name", "db-3"}, {.input = altered});
  EXPECT_NE(damaged.exit_code, 0);
  EXPECT_TRUE(has(damaged.err, "the join token is damaged")) << damaged.err;
}

TEST(Trouble, AHostThatMustBeApprovedWaitsAndIsLetIn) {
  Installation all;
  all.start_aggregator();
  all.vaultbell({"vault", "create", "prod"});
  const auto token =
      all.vaultbell_as_is({"enrol", "token", "create", "--vault", "prod", "--needs-approval"}).out;
  Program enrolling(all.agent_words("db-1", {"enrol", "--name", "db-1"}), {.input = token});
  EXPECT_TRUE(until([&] { return has(enrolling.out(), "vaultbell enrol approve db-1"); }))
      << enrolling.err();
  const auto waiting = all.vaultbell({"enrol", "pending"});
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_TRUE(has(enrolling.out(), waiting[0].at("fingerprint")));
  all.vaultbell({"enrol", "approve", "db-1", "--yes"});
  EXPECT_EQ(enrolling.wait().exit_code, 0);
  all.start_agent("db-1");
}

}  // namespace
}  // namespace vaultbell::integration
