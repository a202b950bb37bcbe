// Who a host is, with real programs: it keeps its history while its key changes.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "tests/integration/installation.hpp"

namespace vaultbell::integration {
namespace {

// Makes sure that what was reported is booked.
void book_report(Installation& all, const std::string& job, std::size_t runs) {
  EXPECT_EQ(all.agent("db-1", {"report", "--job", job, "--outcome", "succeeded"}).exit_code, 0);
  EXPECT_TRUE(until([&] { return all.vaultbell({"run", "list"}).size() == runs; }));
}

// R2.9
TEST(Identity, AHostThatWasSetUpAnewIsTheClientThatItWas) {
  Installation all;
  all.start_aggregator();
  all.enrol("db-1");
  book_report(all, "nightly", 1);
  all.kill_agent("db-1");
  std::filesystem::rename(all / "db-1", all / "old");

  const auto usual = all.vaultbell_as_is({"enrol", "token", "create", "--vault", "prod"});
  const auto refused = all.agent("db-1", {"enrol", "--name", "db-1"}, {.input = usual.out});
  EXPECT_EQ(refused.exit_code, 6);
  EXPECT_NE(refused.err.find("ask for a token made with --for-client db-1"), std::string::npos)
      << refused.err;
  const auto token = all.vaultbell_as_is({"enrol", "token", "create", "--for-client", "db-1"});
  const auto enrolled = all.agent("db-1", {"enrol"}, {.input = token.out});
  EXPECT_EQ(enrolled.exit_code, 0) << enrolled.err;
  all.start_agent("db-1");
  book_report(all, "nightly", 2);

  EXPECT_EQ(all.vaultbell({"client", "list"}).size(), 1U);
  EXPECT_EQ(all.vaultbell({"job", "list"}).size(), 1U);
  // The old key lets nobody in any more.
  all.agents.insert_or_assign("old", Program(all.agent_words("old", {"serve"})));
  EXPECT_TRUE(until([&] {
    return all.agents.at("old").err().find("key is not enrolled there") != std::string::npos;
  })) << all.agents.at("old").err();
  all.stop_agent("old");
  EXPECT_EQ(all.state_of("db-1"), "online");
}

// R2.9, as a configuration tool does it: docs/operations.md, "Many backup hosts".
TEST(Identity, OneTokenLetsInAsManyHostsAsItSaysWithoutAnybodyBeingAsked) {
  Installation all;
  all.start_aggregator();
  all.vaultbell({"vault", "create", "prod"});
  const auto token = all.vaultbell_as_is(
      {"enrol", "token", "create", "--vault", "prod", "--uses", "2", "--auto-approve"});
  std::ofstream(all / "token") << token.out;
  const auto enrol = [&](const std::string& host) {
    return all
        .agent(host,
               {"enrol", "--name", host, "--token-file", (all / "token").string(), "--wait", "0"})
        .exit_code;
  };
  EXPECT_EQ(enrol("db-1"), 0);
  EXPECT_EQ(enrol("db-2"), 0);
  EXPECT_EQ(enrol("db-3"), 4);
  EXPECT_EQ(enrol("db-1"), 6);
  EXPECT_EQ(all.vaultbell({"client", "list"}).size(), 2U);
}

std::string fingerprint(const Installation& all) {
  return all.vaultbell({"client", "show", "db-1"}).at("fingerprint");
}

// R2.2
TEST(Identity, AHostChangesItsKeyAndGoesOnReporting) {
  Installation all;
  all.start_aggregator();
  all.enrol("db-1");
  book_report(all, "nightly", 1);
  const auto before = fingerprint(all);

  const auto rotated = all.agent("db-1", {"rotate-key"});

  EXPECT_EQ(rotated.exit_code, 0) << rotated.err;
  EXPECT_NE(fingerprint(all), before);
  EXPECT_NE(rotated.out.find(fingerprint(all)), std::string::npos) << rotated.out;
  book_report(all, "nightly", 2);
  EXPECT_EQ(all.state_of("db-1"), "online");
  EXPECT_EQ(all.vaultbell({"alert", "list", "--all"}), json::array());
}

// At every moment one of the keys on the host's disk is accepted, whoever is killed when.
TEST(Identity, AKeyThatIsChangedAmidKillsLosesNoReport) {
  Installation all;
  all.start_aggregator();
  all.enrol("db-1");
  std::mt19937 random(std::random_device{}());  // of the moments: no moment may matter
  std::uniform_int_distribution<int> moment(0, 120);
  constexpr std::size_t kRounds = 8;
  const auto before = fingerprint(all);
  for (std::size_t round = 1; round <= kRounds; ++round) {
    {
      Program rotating(all.agent_words("db-1", {"rotate-key"}));
      std::this_thread::sleep_for(std::chrono::milliseconds(moment(random)));
      if (round % 3 == 0) all.kill_aggregator();
      if (round % 4 == 0) all.kill_agent("db-1");
      rotating.send(SIGKILL);
      rotating.wait();
    }
    if (round % 3 == 0) all.start_aggregator();
    if (round % 4 == 0) all.start_agent("db-1");
    book_report(all, "nightly", round);
  }
  EXPECT_EQ(all.agent("db-1", {"rotate-key"}).exit_code, 0);
  book_report(all, "nightly", kRounds + 1);
  EXPECT_NE(fingerprint(all), before);
  EXPECT_FALSE(std::filesystem::exists(all / "db-1/key.next"));
}

// R2.7
TEST(Identity, AHostThatIsUnenrolledIsRetiredAndItsAgentStops) {
  Installation all;
  all.start_aggregator();
  all.enrol("db-1");
  book_report(all, "nightly", 1);

  // The report is acknowledged a moment after it is booked.
  EXPECT_TRUE(until([&] { return all.agent("db-1", {"unenrol", "--yes"}).exit_code == 0; }));

  EXPECT_EQ(all.agents.at("db-1").wait().exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(all / "db-1/key"));
  EXPECT_EQ(all.vaultbell({"client", "list", "--state", "retired"}).size(), 1U);
  EXPECT_TRUE(until([&] { return all.subjects().size() == 1; }));
  EXPECT_EQ(all.subjects().at(0), "[WARNING] db-1: unenrolled (vault prod)");
  EXPECT_EQ(all.active_alerts(), std::vector<std::string>{"protection_stopped"});
  // Its name is free.
  all.enrol("db-1");
  EXPECT_EQ(all.state_of("db-1"), "online");
}

}  // namespace
}  // namespace vaultbell::integration
