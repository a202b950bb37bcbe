// The real program against a real API, store and core.

#include "tests/aggregator/ctl/program.hpp"

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
#include "shared/base/text.hpp"
#include "shared/crypto/join_token.hpp"
#include "tests/support/small_aggregator.hpp"

namespace vaultbell::ctl {
namespace {

using nlohmann::json;
using std::chrono_literals::operator""h;
using support::SmallAggregator;
using Words = std::vector<std::string>;

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr int kNotAuthorised = 4;
constexpr int kNotFound = 5;
constexpr int kRefused = 6;
constexpr int kPartlyDone = 7;
constexpr int kUnreachable = 8;
constexpr int kDifferences = 10;
constexpr int kTryLater = 75;

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

  // A vault, two clients, a failed run with its alert, a told disconnection, a host that waits.
  void play_a_little() {
    aggregator_.add_vault("prod");
    const auto db = aggregator_.add_client("db-1", "prod");
    const auto web = aggregator_.add_client("web-1", "prod");
    aggregator_.ask_to_enrol("nas-1", "prod");
    aggregator_.report(db, {.output = "all good"});
    aggregator_.fall_silent(web);
    aggregator_.pass(1h);
    aggregator_.end_delivery({1}, core::AttemptResult::permanent_failure, "550 no such user");
    aggregator_.report(db, {.outcome = Outcome::failed, .message = "disk full", .output = "a\nb"});
  }

  SmallAggregator aggregator_;
};

TEST_F(Program, ListsClientsTheSickOnesFirst) {
  play_a_little();
  EXPECT_EQ(out({"client", "list", "--columns", "state,name,alerts"}),
            "STATE\tNAME\tALERTS\ndisconnected\tweb-1\t1\nonline\tdb-1\t1\n");
  EXPECT_EQ(out({"clients", "list", "--no-header", "--columns", "name", "--sort", "name"}),
            "db-1\nweb-1\n");
  EXPECT_EQ(out({"client", "list", "--no-header", "--columns", "name", "--limit", "1"}), "web-1\n");
  EXPECT_EQ(out({"client", "list", "--no-header", "--columns", "name", "--state", "online"}),
            "db-1\n");
}

TEST_F(Program, PrintsATableOnlyWhereItIsAskedForOrSeen) {
  play_a_little();
  EXPECT_EQ(out({"client", "list", "-o", "table", "--columns", "state,name"}),
            "STATE           NAME\n✖ disconnected  web-1\n● online        db-1\n");
  EXPECT_EQ(out({"client", "list", "-o", "table", "--columns", "state", "--no-header", "--limit",
                 "1", "--color", "always"}),
            "\x1b[31m✖ disconnected\x1b[0m\n");
}

TEST_F(Program, PrintsEveryListAsAPureArray) {
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

TEST_F(Program, AnEmptyListIsAnEmptyArrayAndNoError) {
  EXPECT_EQ(out({"client", "list", "-o", "json"}), "[]\n");
  EXPECT_EQ(out({"client", "list", "-o", "ndjson"}), "");
  const auto table = run({"client", "list", "-o", "table"});
  EXPECT_EQ(table.exit, kDone);
  EXPECT_EQ(table.out, "");
  EXPECT_NE(table.err.find("vaultbell enrol token create"), std::string::npos) << table.err;
  EXPECT_EQ(run({"client", "list", "-o", "table", "-q"}).err, "");
}

TEST_F(Program, SaysOfAnEmptyListWhetherNothingIsThereOrNothingMatches) {
  EXPECT_EQ(run({"alert", "list"}).err, "no active alert\n");
  EXPECT_EQ(run({"alert", "list", "--all"}).err, "no alert\n");
  EXPECT_EQ(run({"alert", "list", "--severity", "warning"}).err, "no alert matches\n");
  EXPECT_EQ(run({"delivery", "list", "--recipient", "x"}).err, "no delivery matches\n");
  EXPECT_EQ(run({"run", "list", "--failed"}).err, "no run matches\n");
  EXPECT_EQ(run({"client", "list", "--state", "online"}).err, "no client matches\n");
  EXPECT_NE(run({"delivery", "list"}).err.find("no delivery; "), std::string::npos);
}

TEST_F(Program, PrintsEveryObjectWithTheVersionOfTheApi) {
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

TEST_F(Program, ShowsWhatBelongsToAThing) {
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

TEST_F(Program, FiltersRunsAndAlertsAndDeliveries) {
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
  EXPECT_EQ(listed({"alert", "list", "--kind", "backup_failed"}), "2\n");
  EXPECT_EQ(listed({"alert", "list", "--state", "inactive"}), "");
  EXPECT_EQ(listed({"alert", "list", "--all"}), "1\n2\n");
  EXPECT_EQ(listed({"delivery", "list", "--failed"}), "1\n");
  EXPECT_EQ(listed({"delivery", "list", "--state", "pending"}), "");
}

TEST_F(Program, TellsInactiveAlertsFromActiveOnes) {
  play_a_little();
  EXPECT_EQ(run({"alert", "inactivate", "1"}).exit, kDone);
  EXPECT_EQ(out({"alert", "list", "--all", "-o", "table"}).substr(0, 11), "ID  STATE  ");
  EXPECT_EQ(out({"alert", "list", "--state", "inactive"}).substr(0, 9), "ID\tSTATE\t");
  EXPECT_EQ(out({"alert", "list"}).substr(0, 12), "ID\tSEVERITY\t");
  EXPECT_EQ(out({"alert", "list", "--all", "-o", "table", "--columns", "id,state,severity"}),
            "ID  STATE       SEVERITY\n 2  ▲ active    ▲ critical\n 1  ○ inactive  critical\n");
  EXPECT_NE(out({"alert", "show", "1", "-o", "table"}).find("severity          critical\n"),
            std::string::npos);
}

TEST_F(Program, KeepsHeadlinesWholeInANarrowTerminal) {
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

TEST_F(Program, SaysOfAnAlertHowFarTellingHasCome) {
  play_a_little();
  EXPECT_EQ(out({"alert", "list", "--columns", "id,told"}), "ID\tTOLD\n1\tgiven up\n2\t\n");
  const auto shown = out({"alert", "show", "1"});
  EXPECT_NE(shown.find("told\tgiven up\n"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("were told"), std::string::npos) << shown;
}

TEST_F(Program, SaysWhetherAnythingIsWrongInItsFirstLine) {
  play_a_little();
  EXPECT_TRUE(out({"status"})
                  .starts_with("2 critical alerts; 1 of 2 clients disconnected; 1 of 2 "
                               "runs ended well in the last 24 h; 1 delivery given up; "
                               "1 host waits for approval\n"))
      << out({"status"});
}

TEST_F(Program, ExplainsWhoWouldBeTold) {
  play_a_little();
  EXPECT_EQ(
      out({"explain", "client", "db-1", "--kind", "backup_failed", "--columns", "kind,who"}),
      "KIND\tWHO\nbackup_failed\tops@example.org would be told 1 h after it was raised, if it "
      "is active then.\n");
  EXPECT_NE(out({"explain", "alert", "1"}).find("550 no such user"), std::string::npos);
  EXPECT_NE(out({"explain", "run", "2"}).find("The run raised an alert."), std::string::npos);
}

// ---- changes

TEST_F(Program, MakesAndEditsVaults) {
  EXPECT_EQ(out({"vault", "create", "prod", "--policy", "off"}), "created vault prod\n");
  EXPECT_EQ(out({"policy", "set", "vault", "prod", "default"}),
            "updated vault prod\n  policy: off -> default\n");
  EXPECT_EQ(out({"vault", "edit", "prod", "--disconnect-after", "5m"}),
            "updated vault prod\n  own_timing.disconnect_after:  -> 5m\n");
  const auto nothing = run({"policy", "set", "vault", "prod", "default"});
  EXPECT_EQ(nothing.exit, kDone);
  EXPECT_EQ(nothing.err, "nothing to change\n");
}

TEST_F(Program, EditsAClient) {
  play_a_little();
  EXPECT_EQ(out({"client", "edit", "db-1", "--offline-grace", "2h"}),
            "updated client db-1\n  own_timing.offline_grace:  -> 2h\n");
  const auto nothing = run({"client", "edit", "db-1"});
  EXPECT_EQ(nothing.exit, kUsage);
  EXPECT_NE(nothing.err.find("nothing to change was given"), std::string::npos);
}

TEST_F(Program, ADryRunChangesNothingAndCanSayByItsExitWhetherItWould) {
  EXPECT_EQ(out({"vault", "create", "prod", "--dry-run"}), "would create vault prod\n");
  EXPECT_EQ(run({"vault", "create", "prod", "--dry-run", "--exit-code"}).exit, kDifferences);
  EXPECT_EQ(json_of({"vault", "list"}), json::array());
  aggregator_.add_vault("prod");
  EXPECT_EQ(run({"policy", "set", "vault", "prod", "default", "--dry-run", "--exit-code"}).exit,
            kDone);
  EXPECT_EQ(json_of({"vault", "create", "lab", "--dry-run"})["is_dry_run"], true);
}

TEST_F(Program, InactivatesSeveralAlerts) {
  play_a_little();
  EXPECT_EQ(run({"alert", "inactivate", "1", "2", "-m", "moved"}).exit, kDone);
  EXPECT_EQ(json_of({"alert", "list"}), json::array());
  EXPECT_EQ(json_of({"alert", "show", "2"})["inactivation"]["why"], "moved");
  const auto again = run({"alert", "inactivate", "1"});
  EXPECT_EQ(again.exit, kDone);
  EXPECT_EQ(again.err, "alert 1: it was already inactive\n");
}

TEST_F(Program, SaysWhichOfSeveralCouldNotBeDone) {
  play_a_little();
  const auto ran = run({"alert", "inactivate", "1", "99"});
  EXPECT_EQ(ran.exit, kPartlyDone);
  EXPECT_EQ(ran.err, "there is no alert 99\n");
  const auto in_json = run({"alert", "inactivate", "1", "99", "-o", "json"});
  EXPECT_EQ(in_json.exit, kPartlyDone);
  EXPECT_EQ(in_json.json()[0]["result"], "nothing_to_do");
  EXPECT_EQ(in_json.json()[1]["result"], "failed");
  EXPECT_EQ(in_json.json()[1]["error"]["code"], "not_found");
  EXPECT_EQ(run({"alert", "inactivate", "98", "99"}).exit, kNotFound);
}

TEST_F(Program, SaysWhatAnInactivationChangesInWords) {
  play_a_little();
  const auto would = out({"alert", "inactivate", "2", "-m", "moved", "--dry-run"});
  EXPECT_TRUE(would.starts_with("would update alert 2\n")) << would;
  EXPECT_NE(would.find("\n  inactivation.reason:  -> by_operator\n"), std::string::npos) << would;
  EXPECT_NE(would.find("\n  inactivation.why:  -> moved\n"), std::string::npos) << would;
  EXPECT_EQ(would.find('{'), std::string::npos) << would;
}

TEST_F(Program, GivesIdentitiesAsNumbers) {
  play_a_little();
  EXPECT_EQ(run({"alert", "inactivate", "1", "x", "-o", "json"}).json()[0]["id"], 1);
  EXPECT_EQ(run({"alert", "inactivate", "1", "x", "-o", "json"}).json()[1]["id"], "x");
}

TEST_F(Program, TellsTheErrorOfEachOrderOnce) {
  play_a_little();
  EXPECT_EQ(run({"alert", "inactivate", "99"}).err, "vaultbell: there is no alert 99\n");
  EXPECT_EQ(run({"alert", "inactivate", "98", "99"}).err,
            "there is no alert 99\nvaultbell: there is no alert 98\n");
}

TEST_F(Program, SaysWhatCanBeSentAgain) {
  aggregator_.add_vault("prod");
  aggregator_.fall_silent(aggregator_.add_client("db-1", "prod"));
  aggregator_.pass(1h);
  aggregator_.end_delivery({1}, core::AttemptResult::delivered, "250 ok");
  const auto ran = run({"delivery", "retry", "1"});
  EXPECT_EQ(ran.exit, kRefused);
  EXPECT_EQ(ran.err,
            "vaultbell: delivery 1: it was delivered\n"
            "  only what waits or was given up is sent again; what became of it: vaultbell "
            "delivery show 1\n");
}

TEST_F(Program, SendsADeliveryAgain) {
  play_a_little();
  EXPECT_NE(out({"delivery", "retry", "1"}).find("state: given_up -> pending"), std::string::npos);
  EXPECT_EQ(json_of({"delivery", "show", "1"})["state"], "pending");
}

// ---- enrolment

TEST_F(Program, PrintsATokenAloneSoThatItCanBePiped) {
  aggregator_.add_vault("prod");
  const auto ran = run({"enrol", "token", "create", "--vault", "prod", "--expires", "2h", "--uses",
                        "3", "--auto-approve"});
  EXPECT_EQ(ran.exit, kDone) << ran.err;
  const auto token = crypto::parse_join_token(trimmed(ran.out));
  ASSERT_TRUE(token) << ran.out;
  EXPECT_EQ(token->vault, "prod");
  EXPECT_EQ(ran.err,
            "token 1 for vault prod, 3 host(s), valid until 2026-03-01T04:00:00+00:00\n"
            "on the backup host, paste it into: sudo vaultbell-agent enrol\n");
  const auto in_json = json_of({"enrol", "token", "create", "--vault", "prod"});
  EXPECT_TRUE(crypto::parse_join_token(in_json["token"].get<std::string>()));
  EXPECT_EQ(run({"enrol", "token", "create", "--vault", "prod", "--dry-run"}).out,
            "would create token 3\n");
}

TEST_F(Program, RefusesATokenThatMakesNoSense) {
  aggregator_.add_vault("prod");
  EXPECT_EQ(run({"enrol", "token", "create"}).exit, kUsage);
  EXPECT_EQ(run({"enrol", "token", "create", "--vault", "prd"}).exit, kNotFound);
  EXPECT_EQ(run({"enrol", "token", "create", "--vault", "prod", "--uses", "x"}).exit, kUsage);
  EXPECT_EQ(run({"enrol", "token", "create", "--vault", "prod", "--uses", "0"}).exit, kUsage);
  EXPECT_EQ(run({"enrol", "token", "create", "--vault", "prod", "--expires", "soon"}).exit, kUsage);
  EXPECT_EQ(
      run({"enrol", "token", "create", "--vault", "prod", "--auto-approve", "--needs-approval"})
          .exit,
      kUsage);
}

TEST_F(Program, RevokesTokens) {
  aggregator_.add_vault("prod");
  EXPECT_NE(out({"enrol", "token", "create", "--vault", "prod"}), "");
  EXPECT_NE(out({"enroll", "token", "revoke", "1"}).find("state: usable -> revoked"),
            std::string::npos);
}

TEST_F(Program, ApprovesAHostOnlyWhenSomebodyHasLookedAtItsFingerprint) {
  play_a_little();
  const auto unasked = run({"enrol", "approve", "nas-1"});
  EXPECT_EQ(unasked.exit, kUsage);
  EXPECT_NE(unasked.err.find("add --yes"), std::string::npos);
  EXPECT_EQ(json_of({"enrol", "pending"}).size(), 1U);
  const auto print = json_of({"enrol", "pending"})[0]["fingerprint"].get<std::string>();
  EXPECT_NE(out({"enrol", "approve", "--fingerprint", print}).find("created client nas-1"),
            std::string::npos);
  EXPECT_EQ(json_of({"enrol", "pending"}), json::array());
}

TEST_F(Program, ListsOnlyTheHostsThatWaitUnlessToldOtherwise) {
  play_a_little();
  aggregator_.ask_to_enrol("nas-2", "prod");
  EXPECT_EQ(run({"enrol", "reject", "nas-2"}).exit, kDone);
  EXPECT_EQ(out({"enrol", "pending", "--columns", "name"}), "NAME\nnas-1\n");
  EXPECT_TRUE(out({"enrol", "pending"}).starts_with("NAME\tVAULT\tFINGERPRINT\t"));
  EXPECT_TRUE(out({"enrol", "pending", "--all"}).starts_with("STATE\tNAME\t"));
  EXPECT_EQ(out({"enrol", "pending", "--all", "--columns", "state,name"}),
            "STATE\tNAME\nwaiting\tnas-1\nrejected\tnas-2\n");
  EXPECT_EQ(out({"enrol", "pending", "--state", "rejected", "--columns", "name"}), "NAME\nnas-2\n");
  EXPECT_EQ(run({"enrol", "reject", "nas-1"}).exit, kDone);
  EXPECT_EQ(run({"enrol", "pending"}).err, "no host waits to be let in\n");
}

TEST_F(Program, ApprovesOrRejectsAHostByItsName) {
  play_a_little();
  aggregator_.ask_to_enrol("nas-2", "prod");
  EXPECT_EQ(run({"enrol", "approve", "nas-1", "--yes"}).exit, kDone);
  EXPECT_EQ(run({"enrol", "reject", "nas-2"}).exit, kDone);
  EXPECT_EQ(json_of({"enrol", "pending", "--all"})[0]["state"], "rejected");
  const auto unknown = run({"enrol", "approve", "nas-3", "--yes"});
  EXPECT_EQ(unknown.exit, kNotFound);
  EXPECT_NE(unknown.err.find("did you mean \"nas-2\"?"), std::string::npos) << unknown.err;
  EXPECT_EQ(run({"enrol", "approve"}).exit, kUsage);
}

// Anybody with a token may ask in the name of another.
TEST_F(Program, RefusesANameThatSeveralHostsWaitUnder) {
  play_a_little();
  aggregator_.ask_to_enrol("nas-1", "prod");
  const auto pending = json_of({"enrol", "pending"});
  ASSERT_EQ(pending.size(), 2U);
  const auto first = pending[0]["fingerprint"].get<std::string>();
  const auto second = pending[1]["fingerprint"].get<std::string>();
  for (const auto& words :
       {Words{"enrol", "approve", "nas-1", "--yes"}, Words{"enrol", "reject", "nas-1"}}) {
    const auto ran = run(words);
    EXPECT_EQ(ran.exit, kRefused);
    EXPECT_EQ(ran.err, fmt::format("vaultbell: 2 hosts named \"nas-1\" wait to be let in: {}, {}\n"
                                   "  name the one that is meant by --fingerprint\n",
                                   first, second));
  }
  EXPECT_EQ(run({"enrol", "approve", "--fingerprint", second}).exit, kDone);
  EXPECT_EQ(json_of({"enrol", "pending"})[0]["fingerprint"], first);
}

TEST_F(Program, ANameMeansTheHostThatWaitsAndNoneThatWasRejected) {
  play_a_little();
  const auto rejected = json_of({"enrol", "pending"})[0]["fingerprint"].get<std::string>();
  EXPECT_EQ(run({"enrol", "reject", "nas-1"}).exit, kDone);
  const auto alone = run({"enrol", "approve", "nas-1", "--yes"});
  EXPECT_EQ(alone.exit, kRefused);
  EXPECT_EQ(alone.err,
            fmt::format("vaultbell: no host \"nas-1\" waits to be let in: {} (rejected)\n"
                        "  name the one that is meant by --fingerprint\n",
                        rejected));
  aggregator_.ask_to_enrol("nas-1", "prod");
  EXPECT_EQ(run({"enrol", "approve", "nas-1", "--yes"}).exit, kDone);
  EXPECT_EQ(json_of({"enrol", "pending"}).size(), 0U);
  const auto left = json_of({"enrol", "pending", "--all"});
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0]["fingerprint"], rejected);
}

TEST_F(Program, TakesARejectionBackByTheFingerprint) {
  play_a_little();
  const auto print = json_of({"enrol", "pending"})[0]["fingerprint"].get<std::string>();
  EXPECT_EQ(run({"enrol", "reject", "--fingerprint", print}).exit, kDone);
  EXPECT_EQ(run({"enrol", "approve", "--fingerprint", print}).exit, kDone);
}

// ---- exit codes and errors

TEST_F(Program, SaysInItsExitWhatWentWrong) {
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
  EXPECT_EQ(run({"status", "--socket", "/nonexistent"}).exit, kUnreachable);
  aggregator_.refuse_orders();
  EXPECT_EQ(run({"vault", "create", "lab"}).exit, kTryLater);
}

TEST_F(Program, TellsErrorsInTwoLines) {
  aggregator_.add_vault("prod");
  const auto ran = run({"vault", "show", "prd"});
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "vaultbell: there is no vault \"prd\"\n  did you mean \"prod\"?\n");
}

TEST_F(Program, NamesTheFlagThatIsWrong) {
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

TEST_F(Program, TellsErrorsAsOneJsonObjectWhereJsonIsWanted) {
  aggregator_.add_vault("prod");
  for (const auto& words : std::vector<Words>{{"vault", "show", "prd", "-o", "json"},
                                              {"vault", "shw", "prd", "-o", "json"},
                                              {"-o", "ndjson", "vault", "show"},
                                              {"status", "--socket", "/nonexistent", "-ojson"},
                                              {"check", "--socket", "/nonexistent", "-ojson"},
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

TEST_F(Program, TheSocketIsTheFlagsThenTheVariables) {
  aggregator_.add_vault("prod");
  const auto ran = run_program({"vault", "list", "--socket", aggregator_.socket().string()},
                               {"VAULTBELL_SOCKET=/nonexistent"});
  EXPECT_EQ(ran.exit, kDone) << ran.err;
  const auto usual = run_program({"vault", "list"});
  EXPECT_EQ(usual.exit, kUnreachable);
  EXPECT_NE(usual.err.find("/run/vaultbell/control.sock"), std::string::npos) << usual.err;
}

TEST_F(Program, GivesUpWaitingAfterItsTimeout) {
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
TEST_F(Program, CannotReachWhoDoesNotAnswerAQuestionOrIsNotThere) {
  aggregator_.ignore_orders();
  const Words create = {"vault", "create", "prod", "--timeout", "200ms"};
  auto dry = create;
  dry.emplace_back("--dry-run");
  auto elsewhere = create;
  elsewhere.insert(elsewhere.end(), {"--socket", "/nonexistent"});
  for (const auto& words : {dry, elsewhere}) {
    const auto ran = run(words);
    EXPECT_EQ(ran.exit, kUnreachable) << ran.err;
    EXPECT_NE(ran.err.find("is it running?"), std::string::npos) << ran.err;
  }
}

// Else its own answer, that it does not know what became of the order, would come too late.
TEST_F(Program, WaitsLongerThanTheAggregatorDoes) {
  EXPECT_GT(kTimeoutDefault, api::HttpOptions{}.answer_deadline);
  const auto timeout = std::ranges::find(flags(), "timeout", &Flag::name);
  EXPECT_NE(timeout->help.find(to_text(kTimeoutDefault)), std::string::npos) << timeout->help;
}

TEST_F(Program, AnOrderWhoseAnswerWasCutMayHaveBeenCarriedOut) {
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
TEST_F(Program, FailsWhenItsOutputCannotBeWritten) {
  std::istringstream in;
  std::ofstream full("/dev/full");
  std::ostringstream err;
  const auto exit = ctl::run({"version"}, {.in = in, .out = full, .err = err});
  EXPECT_EQ(exit, ExitCode::failed);
}

// As in: vaultbell alert list -o json | head -1
TEST_F(Program, DoesNotMindAReaderThatHasSeenEnough) {
  play_a_little();
  EXPECT_EQ(run_unread({"alert", "list", "--all", "-o", "json"}, environment()), kDone);
  EXPECT_EQ(run_unread({"alert", "list"}, environment()), kDone);
  EXPECT_EQ(run_unread({"alert", "show", "99"}, environment()), kNotFound);
}

TEST_F(Program, AsksSomebodyAtATerminal) {
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

// ---- the monitor's contract

TEST_F(Program, ChecksLikeANagiosPlugin) {
  aggregator_.add_vault("prod");
  const auto client = aggregator_.add_client("db-1", "prod");
  const auto good = run({"check"});
  EXPECT_EQ(good.exit, 0);
  EXPECT_TRUE(
      good.out.starts_with("VAULTBELL OK - silence can be trusted | "
                           "clients_disconnected=0;;0 clients_never_connected=0;0 "
                           "clock_skew=0;0 outbox_age=0s;600;3600 "
                           "deliveries_given_up=0;;0 owners=1 policies=1 mail=1 store=0."))
      << good.out;
  EXPECT_EQ(good.out.find("e-"), std::string::npos) << good.out;  // no exponent
  EXPECT_EQ(std::ranges::count(good.out, '\n'), 1);
  aggregator_.say_hello(client, 2h);
  const auto warning = run({"check"});
  EXPECT_EQ(warning.exit, 1);
  EXPECT_TRUE(warning.out.starts_with(
      "VAULTBELL WARNING - 1 client with a clock more than 60 s off: db-1 | "))
      << warning.out;
  aggregator_.fall_silent(client);
  const auto critical = run({"check"});
  EXPECT_EQ(critical.exit, 2);
  EXPECT_TRUE(critical.out.starts_with("VAULTBELL CRITICAL - 1 client disconnected: db-1; "))
      << critical.out;
  EXPECT_EQ(run({"check", "-o", "json"}).json()["state"], "critical");
  EXPECT_NE(run({"check", "-o", "table"}).out.find("\n▲ critical  1 client disconnected"),
            std::string::npos);
}

TEST_F(Program, DoesNotKnowWhenTheAggregatorIsAway) {
  const auto ran = run_program({"check", "--socket", "/nonexistent"});
  EXPECT_EQ(ran.exit, 3);
  EXPECT_EQ(ran.out,
            "VAULTBELL UNKNOWN - cannot reach the aggregator at /nonexistent: No such file or "
            "directory\n");
  const auto flag_first = run_program({"--socket", "/nonexistent", "check"});
  EXPECT_EQ(flag_first.exit, 3);
  EXPECT_EQ(flag_first.out, ran.out);
}

// Exit 2 would be an alarm.
TEST_F(Program, DoesNotKnowWhenTheMonitorCallsItWrongly) {
  for (const auto& words : std::vector<Words>{{"check", "--bogus"},
                                              {"check", "now"},
                                              {"check", "--timeout", "soon"},
                                              {"--timeout", "soon", "check"},
                                              {"--bogus", "check"},
                                              {"-qo", "tsv", "check", "now"},
                                              {"check", "-o", "json", "--socket", "/x"}}) {
    EXPECT_EQ(run(words).exit, 3) << words[1];
  }
  EXPECT_EQ(run({"check", "--bogus"}).out, "VAULTBELL UNKNOWN - unknown flag \"--bogus\"\n");
}

TEST_F(Program, KeepsTheLineOfTheMonitorWhole) {
  aggregator_.add_vault("prod");
  aggregator_.fall_silent(aggregator_.add_client("a|b", "prod"));
  const auto ran = run({"check"});
  EXPECT_EQ(std::ranges::count(ran.out, '|'), 1) << ran.out;
}

// ---- hostile texts

TEST_F(Program, LetsNothingFromAnAgentReachTheTerminalAsControl) {
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

TEST_F(Program, ShowsHostileArgumentsHarmlessly) {
  const auto ran = run({"client", "show", "\x1b[2J\nx"});
  EXPECT_EQ(ran.exit, kNotFound);
  EXPECT_EQ(ran.err.find('\x1b'), std::string::npos);
  EXPECT_EQ(run({"\x1b[2J"}).err.find('\x1b'), std::string::npos);
}

TEST_F(Program, RefusesArgumentsThatAreNotUtf8) {
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

TEST_F(Program, WhoMayNotOpenTheSocketIsNotAuthorised) {
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
