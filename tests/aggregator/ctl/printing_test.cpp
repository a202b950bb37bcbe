// What the real program prints of what there is, against a real API, store and core.

#include <cstdlib>
#include <sstream>

#include <gtest/gtest.h>

#include "aggregator/ctl/run.hpp"
#include "tests/aggregator/ctl/program_fixture.hpp"

namespace vaultbell::ctl {
namespace {

class Printing : public Program {};

TEST_F(Printing, ListsClientsTheSickOnesFirst) {
  play_a_little();
  EXPECT_EQ(out({"client", "list", "--columns", "state,name,alerts"}),
            "STATE\tNAME\tALERTS\ndisconnected\tweb-1\t1\nonline\tdb-1\t1\n");
  EXPECT_EQ(out({"clients", "list", "--no-header", "--columns", "name", "--sort", "name"}),
            "db-1\nweb-1\n");
  EXPECT_EQ(out({"client", "list", "--no-header", "--columns", "name", "--limit", "1"}), "web-1\n");
  EXPECT_EQ(out({"client", "list", "--no-header", "--columns", "name", "--state", "online"}),
            "db-1\n");
}

TEST_F(Printing, ListsClientsThatAreStaleOrOutdated) {
  play_a_little();
  const auto names = [&](const std::string& flag, const std::string& value) {
    Words words = {"client", "list", "--no-header", "--columns", "name,last_run", flag};
    if (!value.empty()) words.push_back(value);
    return out(words);
  };
  EXPECT_EQ(names("--stale", "2h"), "web-1\t\n");
  EXPECT_EQ(names("--outdated", ""), "web-1\t\ndb-1\tfailed\n");
}

TEST_F(Printing, PrintsATableOnlyWhereItIsAskedForOrSeen) {
  play_a_little();
  EXPECT_EQ(out({"client", "list", "-o", "table", "--columns", "state,name"}),
            "STATE           NAME\n✖ disconnected  web-1\n● online        db-1\n");
  EXPECT_EQ(out({"client", "list", "-o", "table", "--columns", "state", "--no-header", "--limit",
                 "1", "--color", "always"}),
            "\x1b[31m✖ disconnected\x1b[0m\n");
}

TEST_F(Printing, PrintsEveryListAsAPureArray) {
  play_a_little();
  for (const auto& list : std::vector<Words>{{"client", "list"},
                                             {"vault", "list"},
                                             {"job", "list"},
                                             {"run", "list"},
                                             {"alert", "list"},
                                             {"delivery", "list"},
                                             {"enrol", "token", "list"},
                                             {"enrol", "pending"}}) {
    const auto items = json_of(list);
    EXPECT_TRUE(items.is_array() && !items.empty()) << list[0] << " " << items;
    auto lines = list;
    lines.insert(lines.end(), {"-o", "ndjson"});
    const auto ran = run(lines);
    EXPECT_EQ(std::ranges::count(ran.out, '\n'), static_cast<std::ptrdiff_t>(items.size()));
    EXPECT_EQ(json::parse(ran.out.substr(0, ran.out.find('\n'))), items[0]);
  }
}

TEST_F(Printing, AnEmptyListIsAnEmptyArrayAndNoError) {
  EXPECT_EQ(out({"client", "list", "-o", "json"}), "[]\n");
  EXPECT_EQ(out({"client", "list", "-o", "ndjson"}), "");
  const auto table = run({"client", "list", "-o", "table"});
  EXPECT_EQ(table.exit, kDone);
  EXPECT_EQ(table.out, "");
  EXPECT_NE(table.err.find("vaultbell enrol token create"), std::string::npos) << table.err;
  EXPECT_EQ(run({"client", "list", "-o", "table", "-q"}).err, "");
}

TEST_F(Printing, SaysOfAnEmptyListWhetherNothingIsThereOrNothingMatches) {
  EXPECT_EQ(run({"alert", "list"}).err, "no active alert\n");
  EXPECT_EQ(run({"alert", "list", "--all"}).err, "no alert\n");
  EXPECT_EQ(run({"alert", "list", "--severity", "warning"}).err, "no alert matches\n");
  EXPECT_EQ(run({"delivery", "list", "--recipient", "x"}).err, "no delivery matches\n");
  EXPECT_EQ(run({"run", "list", "--failed"}).err, "no run matches\n");
  EXPECT_EQ(run({"client", "list", "--state", "online"}).err, "no client matches\n");
  EXPECT_NE(run({"delivery", "list"}).err.find("no delivery; "), std::string::npos);
}

TEST_F(Printing, PrintsEveryObjectWithTheVersionOfTheApi) {
  play_a_little();
  for (const auto& show : std::vector<Words>{{"status"},
                                             {"client", "show", "db-1"},
                                             {"vault", "show", "prod"},
                                             {"job", "show", "db-1", "nightly"},
                                             {"run", "show", "2"},
                                             {"alert", "show", "1"},
                                             {"delivery", "show", "1"},
                                             {"explain", "client", "db-1"},
                                             {"explain", "alert", "1"},
                                             {"explain", "run", "2"},
                                             {"version"},
                                             {"help"}}) {
    EXPECT_EQ(json_of(show)["api_version"], 1) << show[0];
  }
}

TEST_F(Printing, ShowsWhatBelongsToAThing) {
  play_a_little();
  EXPECT_NE(out({"run", "show", "2", "-o", "table"}).find("\noutput\n  a\n  b\n"),
            std::string::npos);
  EXPECT_NE(out({"alert", "show", "1", "-o", "table"}).find("550 no such user"), std::string::npos);
  EXPECT_NE(out({"delivery", "show", "1"}).find("permanent_failure"), std::string::npos);
  EXPECT_NE(out({"client", "show", "web-1"}).find("web-1 is disconnected"), std::string::npos);
  EXPECT_NE(out({"vault", "show", "prod"}).find("disconnect_after\t90s\n"), std::string::npos);
  EXPECT_NE(out({"job", "show", "db-1", "nightly"}).find("last_outcome\tfailed\n"),
            std::string::npos);
}

TEST_F(Printing, FiltersRunsAndAlertsAndDeliveries) {
  play_a_little();
  const Words ids = {"--no-header", "--columns", "id"};
  const auto listed = [&](Words words) {
    words.insert(words.end(), ids.begin(), ids.end());
    return out(words);
  };
  EXPECT_EQ(listed({"run", "list"}), "2\n1\n");
  EXPECT_EQ(listed({"run", "list", "--failed"}), "2\n");
  EXPECT_EQ(listed({"run", "list", "--outcome", "succeeded"}), "1\n");
  EXPECT_EQ(listed({"run", "list", "--client", "web-1"}), "");
  EXPECT_EQ(listed({"run", "list", "--since", "30m", "--all"}), "2\n");
  EXPECT_EQ(listed({"run", "list", "--limit", "1"}), "2\n");
  EXPECT_EQ(listed({"alert", "list", "--kind", "backup_failed"}), "3\n");
  EXPECT_EQ(listed({"alert", "list", "--state", "inactive"}), "");
  EXPECT_EQ(listed({"alert", "list", "--all"}), "1\n3\n2\n");
  EXPECT_EQ(listed({"delivery", "list", "--failed"}), "1\n");
  EXPECT_EQ(listed({"delivery", "list", "--state", "pending"}), "");
}

TEST_F(Printing, TellsInactiveAlertsFromActiveOnes) {
  play_a_little();
  EXPECT_EQ(run({"alert", "inactivate", "1"}).exit, kDone);
  EXPECT_EQ(out({"alert", "list", "--all", "-o", "table"}).substr(0, 11), "ID  STATE  ");
  EXPECT_EQ(out({"alert", "list", "--state", "inactive"}).substr(0, 9), "ID\tSTATE\t");
  EXPECT_EQ(out({"alert", "list"}).substr(0, 12), "ID\tSEVERITY\t");
  EXPECT_EQ(out({"alert", "list", "--all", "-o", "table", "--columns", "id,state,severity"}),
            "ID  STATE       SEVERITY\n 3  ▲ active    ▲ critical\n"
            " 2  ▲ active    ▲ critical\n 1  ○ inactive  critical\n");
  EXPECT_NE(out({"alert", "show", "1", "-o", "table"}).find("severity          critical\n"),
            std::string::npos);
}

TEST_F(Printing, KeepsHeadlinesWholeInANarrowTerminal) {
  play_a_little();
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  setenv("COLUMNS", "80", 1);
  const auto exit = ctl::run({"alert", "list", "--socket", aggregator_.socket().string()},
                             {.in = in, .out = out, .err = err, .is_out_terminal = true});
  unsetenv("COLUMNS");
  EXPECT_EQ(exit, ExitCode::done);
  EXPECT_NE(out.str().find("backup of \"nightly\" on db-1 failed"), std::string::npos) << out.str();
}

TEST_F(Printing, SaysOfAnAlertHowFarTellingHasCome) {
  play_a_little();
  EXPECT_EQ(out({"alert", "list", "--columns", "id,told"}), "ID\tTOLD\n1\tgiven up\n3\t\n2\t\n");
  const auto shown = out({"alert", "show", "1"});
  EXPECT_NE(shown.find("told\tgiven up\n"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("were told"), std::string::npos) << shown;
}

TEST_F(Printing, SaysWhetherAnythingIsWrongInItsFirstLine) {
  play_a_little();
  EXPECT_TRUE(out({"status"})
                  .starts_with("3 critical alerts; 1 of 2 clients disconnected; 1 of 2 "
                               "runs ended well in the last 24 h; 1 delivery given up; "
                               "1 host waits for approval\n"))
      << out({"status"});
}

TEST_F(Printing, ExplainsWhoWouldBeTold) {
  play_a_little();
  EXPECT_EQ(
      out({"explain", "client", "db-1", "--kind", "backup_failed", "--columns", "kind,who"}),
      "KIND\tWHO\nbackup_failed\tops@example.org would be told 1 h after it was raised, if it "
      "is active then.\n");
  EXPECT_NE(out({"explain", "alert", "1"}).find("550 no such user"), std::string::npos);
  EXPECT_NE(out({"explain", "run", "2"}).find("The run raised an alert."), std::string::npos);
}

TEST_F(Printing, ShowsWhatAMessageSays) {
  play_a_little();
  const auto text = out({"delivery", "show", "1", "--message"});
  EXPECT_TRUE(text.starts_with("Subject: something failed\n\nIt failed.\nAt ")) << text;
  EXPECT_EQ(json_of({"delivery", "show", "1", "--message"})["html"], "<p>It failed.</p>");
  aggregator_.pass(std::chrono::hours(1));
  const auto unknown = run({"delivery", "show", "2", "--message"});
  EXPECT_EQ(unknown.exit, kFailed);
  EXPECT_EQ(unknown.err,
            "vaultbell: what delivery 2 says can no longer be known: its code is not the newest "
            "any more\n");
}

TEST_F(Printing, FindsThingsByAPartOfTheirName) {
  play_a_little();
  EXPECT_EQ(out({"search", "B-1", "-o", "tsv", "--no-header"}),
            "client\tdb-1\t\nclient\tweb-1\t\n");
  EXPECT_EQ(out({"search", "night", "-o", "tsv", "--no-header"}), "job\tnightly\tdb-1\n");
  const auto nothing = run({"search", "xyz"});
  EXPECT_EQ(nothing.exit, kDone);
  EXPECT_EQ(nothing.err, "nothing has a name with that in it\n");
}

}  // namespace
}  // namespace vaultbell::ctl
