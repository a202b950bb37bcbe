// Texts that want to be more than text.

#include <gtest/gtest.h>

#include "shared/base/text.hpp"
#include "tests/aggregator/ctl/program_fixture.hpp"

namespace vaultbell::ctl {
namespace {

class Hostile : public Program {};

TEST_F(Hostile, LetsNothingFromAnAgentReachTheTerminalAsControl) {
  aggregator_.add_vault("prod");
  const auto client = aggregator_.add_client("db-1", "prod");
  const std::string hostile = "\x1b]0;owned\x07\x1b[2J\r\u202e\u0085\ttext";
  aggregator_.report(
      client, {.outcome = Outcome::failed, .message = hostile, .output = hostile + "\n" + hostile});
  for (const auto& words : std::vector<Words>{{"run", "list"},
                                              {"run", "show", "1"},
                                              {"alert", "list"},
                                              {"alert", "show", "1"},
                                              {"explain", "alert", "1"},
                                              {"explain", "run", "1"},
                                              {"client", "show", "db-1"}}) {
    for (const auto* format : {"table", "wide", "json", "ndjson", "tsv"}) {
      auto typed = words;
      typed.insert(typed.end(), {"-o", format});
      const auto ran = run(typed);
      std::string_view rest = ran.out;
      while (!rest.empty()) {
        const auto end = rest.find_first_of("\n\t");
        EXPECT_FALSE(has_control(rest.substr(0, end))) << format << " " << words[0] << ran.out;
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      }
      EXPECT_NE(ran.out, "");
    }
  }
}

TEST_F(Hostile, ShowsHostileArgumentsHarmlessly) {
  const auto ran = run({"client", "show", "\x1b[2J\nx"});
  EXPECT_EQ(ran.exit, kNotFound);
  EXPECT_EQ(ran.err.find('\x1b'), std::string::npos);
  EXPECT_EQ(run({"\x1b[2J"}).err.find('\x1b'), std::string::npos);
}

TEST_F(Hostile, RefusesArgumentsThatAreNotUtf8) {
  for (const auto& words : std::vector<Words>{{"vault", "create", "\xff"},
                                              {"alert", "inactivate", "5", "-m", "\xff"},
                                              {"enrol", "token", "create", "--vault=\xff"},
                                              {"\xff", "-o", "json"},
                                              {"client", "list", "--socket", "\xff"}}) {
    const auto ran = run(words);
    EXPECT_EQ(ran.exit, kUsage) << words[0];
    EXPECT_NE(ran.err.find("is not UTF-8"), std::string::npos) << ran.err;
  }
}

}  // namespace
}  // namespace vaultbell::ctl
