// kill -9 of agent and aggregator at random moments under a stream of reports: every report that
// was accepted is booked exactly once, every mail that is owed arrives, and a repeat can be told.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>
#include <poll.h>
#include <random>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/installation.hpp"

namespace vaultbell::integration {
namespace {

constexpr int kKills = 50;

// Reports on and on, alternating failure and success, so that alerts come and go; remembers what
// was accepted.
class Stream {
 public:
  explicit Stream(const Installation& all) : thread_([this, &all] { run(all); }) {}

  std::set<std::string> stop() {
    is_stopping_ = true;
    thread_.join();
    return accepted_;
  }

 private:
  void run(const Installation& all) {
    for (int i = 0; !is_stopping_; ++i) {
      const auto name = fmt::format("report-{}", i);
      const bool is_failure = i / kJobs % 2 == 0;
      const auto ran =
          all.agent("db-1", {"report", "--job", fmt::format("job-{}", i % kJobs), "--outcome",
                             is_failure ? "failed" : "succeeded", "--snapshot", name});
      if (ran.exit_code == 0) accepted_.insert(name);
    }
  }

  static constexpr int kJobs = 4;
  std::set<std::string> accepted_;
  std::atomic<bool> is_stopping_{false};
  std::thread thread_;
};

std::uint64_t seed() {
  const char* given = std::getenv("VAULTBELL_TEST_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
}

// How often each report was booked.
std::map<std::string, int> booked(const Installation& all) {
  std::map<std::string, int> count;
  for (const auto& run : all.vaultbell({"run", "list", "--limit", "1000000"})) {
    ++count[run.at("snapshot")];
  }
  return count;
}

// How often a job went from good to failed: each is an alert.
int failures(const Installation& all) {
  const std::vector<json> listed = all.vaultbell({"run", "list", "--limit", "1000000"});
  std::map<std::uint64_t, json> runs;  // in the order they were booked
  for (const auto& run : listed) runs[run.at("id")] = run;
  std::map<std::string, bool> has_failed;
  int count = 0;
  for (const auto& [id, run] : runs) {
    const bool is_failure = run.at("outcome") == "failed";
    bool& before = has_failed[run.at("job")];
    count += is_failure && !before ? 1 : 0;
    before = is_failure;
  }
  return count;
}

// The alerts about backups, and the mails that they owe: one for each that was told, and one for
// its end. What was over before it could be told, as reports that came together with those of
// their recoveries, owes none.
struct Owed {
  int alerts = 0;
  int mails = 0;
};
Owed owed(const Installation& all) {
  Owed owed;
  for (const auto& alert : all.vaultbell({"alert", "list", "--all", "--limit", "1000000"})) {
    if (alert.at("kind") != "backup_failed") continue;
    ++owed.alerts;
    const std::string reason = alert.at("decision").at("reason");
    const bool is_over = alert.at("state") == "inactive";
    if (reason == "notified") owed.mails += is_over ? 2 : 1;
    if (reason != "notified") {
      EXPECT_EQ(reason, "resolved_during_hold") << alert;
      EXPECT_TRUE(is_over) << alert;
    }
  }
  return owed;
}

// The mails by Message-ID: how often each came, and the subjects it came with.
struct Arrived {
  int count = 0;
  std::set<std::string> subjects;
};
std::map<std::string, Arrived> arrived(const Installation& all) {
  std::map<std::string, Arrived> mails;
  for (const auto& mail : all.smtp.mails()) {
    std::map<std::string, std::string> headers;
    for (const auto& header : mail.at("headers")) headers[header.at(0)] = header.at(1);
    auto& entry = mails[headers.at("Message-ID")];
    ++entry.count;
    entry.subjects.insert(headers.at("Subject"));
  }
  return mails;
}

TEST(Kill, FiftyKillsLoseNothingAndBookNothingTwice) {
  const auto the_seed = seed();
  RecordProperty("seed", std::to_string(the_seed));
  std::printf("seed %llu (repeat with VAULTBELL_TEST_SEED)\n",
              static_cast<unsigned long long>(the_seed));
  std::mt19937_64 random(the_seed);
  Installation all({.more = "[limits]\nemail = []\n"});  // each mail by itself
  all.start_aggregator();
  all.enrol("db-1");
  Stream stream(all);
  int aggregator_kills = 0;
  for (int i = 0; i < kKills; ++i) {
    poll(nullptr, 0, static_cast<int>(random() % 500));  // the moment is the point
    if (random() % 2 == 0) {
      all.kill_aggregator();
      all.start_aggregator();
      ++aggregator_kills;
    } else {
      all.kill_agent("db-1");
      all.agents.insert_or_assign("db-1", Program(all.agent_words("db-1", {"serve"})));
    }
  }
  const auto accepted = stream.stop();

  ASSERT_GT(accepted.size(), 50U);
  std::map<std::string, int> runs;
  const bool has_all = until([&] {
    runs = booked(all);
    return std::ranges::all_of(accepted, [&](const auto& name) { return runs.contains(name); });
  });
  EXPECT_TRUE(has_all) << runs.size() << " were booked of " << accepted.size() << " reports";
  for (const auto& [name, count] : runs) EXPECT_EQ(count, 1) << name;

  EXPECT_TRUE(until([&] { return all.has_delivered_everything(); }));
  const auto mails = arrived(all);
  const auto deliveries = all.vaultbell({"delivery", "list", "--limit", "1000000"});
  const auto about_backups = std::ranges::count_if(mails, [](const auto& mail) {
    return mail.second.subjects.begin()->find("backup") != std::string::npos;
  });
  const auto owed_now = owed(all);
  EXPECT_EQ(owed_now.alerts, failures(all));
  EXPECT_EQ(about_backups, owed_now.mails);
  EXPECT_GT(about_backups, 50);
  int repeats = 0;
  for (const auto& [id, mail] : mails) {
    repeats += mail.count - 1;
    EXPECT_EQ(mail.subjects.size(), 1U) << id;
  }
  EXPECT_EQ(mails.size(), deliveries.size());  // each Message-ID is one notification
  for (const auto& delivery : deliveries) EXPECT_EQ(delivery.at("state"), "delivered");
  std::printf(
      "%d kills (%d of the aggregator): %zu reports accepted, each booked once; "
      "%zu mails owed, all arrived, %d of them repeated with the same Message-ID\n",
      kKills, aggregator_kills, accepted.size(), deliveries.size(), repeats);
}

}  // namespace
}  // namespace vaultbell::integration
