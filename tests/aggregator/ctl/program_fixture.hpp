// The real program against a real API, store and core: what the tests of its commands stand on.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/aggregator/ctl/program.hpp"
#include "tests/support/small_aggregator.hpp"

namespace vaultbell::ctl {

using nlohmann::json;
using support::SmallAggregator;
using Words = std::vector<std::string>;

// Exit codes, as docs/cli.md has them.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;
inline constexpr int kNotAuthorised = 4;
inline constexpr int kNotFound = 5;
inline constexpr int kRefused = 6;
inline constexpr int kPartlyDone = 7;
inline constexpr int kUnreachable = 8;
inline constexpr int kDifferences = 10;
inline constexpr int kTryLater = 75;

class Program : public ::testing::Test {
 protected:
  [[nodiscard]] Words environment() const {
    return {"VAULTBELL_SOCKET=" + aggregator_.socket().string(), "TZ=UTC"};
  }

  [[nodiscard]] Ran run(const Words& words, const std::string& in = {}) const {
    return run_program(words, environment(), in);
  }

  // Standard output of a command that must succeed.
  [[nodiscard]] std::string out(const Words& words) const {
    const auto ran = run(words);
    EXPECT_EQ(ran.exit, kDone) << ran.out << ran.err;
    return ran.out;
  }

  [[nodiscard]] json json_of(Words words) const {
    words.insert(words.end(), {"-o", "json"});
    const auto ran = run(words);
    EXPECT_EQ(ran.exit, kDone) << ran.out << ran.err;
    EXPECT_EQ(ran.err, "");
    return ran.json();
  }

  // A vault, two clients, a disconnection of which nobody could be told (alert 1, and 2 says so), a
  // failed run with its alert (3), a host that waits.
  void play_a_little() {
    aggregator_.add_vault("prod");
    const auto db = aggregator_.add_client("db-1", "prod");
    const auto web = aggregator_.add_client("web-1", "prod");
    aggregator_.ask_to_enrol("nas-1", "prod");
    aggregator_.report(db, {.output = "all good"});
    aggregator_.fall_silent(web);
    aggregator_.pass(std::chrono::hours(1));
    aggregator_.end_delivery({1}, core::AttemptResult::permanent_failure, "550 no such user");
    aggregator_.report(db, {.outcome = Outcome::failed, .message = "disk full", .output = "a\nb"});
  }

  SmallAggregator aggregator_;
};

}  // namespace vaultbell::ctl
