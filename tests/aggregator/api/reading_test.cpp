// What can be read, against a real store.

#include <set>

#include <gtest/gtest.h>

#include "aggregator/api/scene.hpp"
#include "tests/support/raw_http.hpp"
#include "tests/support/small_aggregator.hpp"

namespace vaultbell::api {
namespace {

using nlohmann::json;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using support::Ended;
using support::SmallAggregator;

class Reading : public ::testing::Test {
 protected:
  json get(std::string_view target) {
    const auto answer = support::ask(aggregator_.socket(), "GET", target);
    EXPECT_EQ(answer.status, 200U) << target << " " << answer.body;
    return answer.json();
  }

  json refused(std::string_view target, unsigned status) {
    const auto answer = support::ask(aggregator_.socket(), "GET", target);
    EXPECT_EQ(answer.status, status) << target << " " << answer.body;
    return answer.json()["error"];
  }

  // The field of every item, in the order of the list.
  template <class T>
  static std::vector<T> each(const json& list, const char* field) {
    std::vector<T> values;
    for (const auto& item : list["items"]) values.push_back(item[field].get<T>());
    return values;
  }

  SmallAggregator aggregator_;
};

using Words = std::vector<std::string>;
using Numbers = std::vector<std::uint64_t>;

TEST_F(Reading, AnEmptyListIsAListWithoutItems) {
  for (const auto* list : {"vaults", "clients", "jobs", "runs", "alerts", "deliveries",
                           "enrolment/tokens", "enrolment/requests"}) {
    const auto answer = get("/api/v1/" + std::string(list));
    EXPECT_EQ(answer["api_version"], 1);
    EXPECT_EQ(answer["items"], json::array()) << list;
    EXPECT_EQ(answer["next"], nullptr);
  }
}

TEST_F(Reading, AVaultIsShownWithItsTimesAndItsClientsByState) {
  aggregator_.add_vault("prod");
  aggregator_.add_client("db-1", "prod");
  const auto gone = aggregator_.add_client("db-2", "prod");
  aggregator_.fall_silent(gone);
  const auto vault = get("/api/v1/vaults/prod");
  EXPECT_EQ(vault["api_version"], 1);
  EXPECT_EQ(vault["policy"], "default");
  EXPECT_EQ(vault["timing"]["disconnect_after"], "90s");
  EXPECT_EQ(vault["own_timing"]["disconnect_after"], nullptr);
  EXPECT_EQ(vault["clients"]["online"], 1);
  EXPECT_EQ(vault["clients"]["disconnected"], 1);
  EXPECT_EQ(vault["created_at"], "2026-03-01T02:00:00Z");
  EXPECT_EQ(get("/api/v1/vaults")["items"][0]["name"], "prod");
}

TEST_F(Reading, AClientIsShownWithWhatItIsAndWhenItWasHeard) {
  aggregator_.add_vault("prod");
  const auto id = aggregator_.add_client("db-1", "prod");
  aggregator_.board().last_heard.set(id, aggregator_.clock().wall() + 7s);
  const auto client = get("/api/v1/clients/db-1");
  EXPECT_EQ(client["vault"], "prod");
  EXPECT_EQ(client["state"], "online");
  EXPECT_EQ(client["last_heard"], "2026-03-01T02:00:07Z");
  EXPECT_EQ(client["agent_version"], "1.2.3");
  EXPECT_EQ(client["timing"]["heartbeat_every"], "30s");
  EXPECT_TRUE(client["fingerprint"].get<std::string>().starts_with("SHA256:"));
  EXPECT_EQ(client["alerts"], json::array());
}

TEST_F(Reading, AClientThatThisProcessHasNotHeardShowsTheLastCheckpoint) {
  aggregator_.add_vault("prod");
  const auto id = aggregator_.enrol("db-1", "prod");
  EXPECT_EQ(get("/api/v1/clients/db-1")["last_heard"], nullptr);
  ASSERT_TRUE(aggregator_.store().checkpoint({{id, *parse_iso("2026-02-28T23:00:00Z")}}));
  EXPECT_EQ(get("/api/v1/clients/db-1")["last_heard"], "2026-02-28T23:00:00Z");
}

TEST_F(Reading, ClientsAreFilteredByVaultAndState) {
  aggregator_.add_vault("prod");
  aggregator_.add_vault("lab");
  aggregator_.add_client("db-1", "prod");
  aggregator_.fall_silent(aggregator_.add_client("db-2", "prod"));
  aggregator_.fall_silent(aggregator_.add_client("toy", "lab"));
  EXPECT_EQ(each<std::string>(get("/api/v1/clients?vault=prod"), "name"), (Words{"db-2", "db-1"}));
  EXPECT_EQ(each<std::string>(get("/api/v1/clients?state=disconnected"), "name"),
            (Words{"db-2", "toy"}));
  EXPECT_EQ(each<std::string>(get("/api/v1/clients?state=disconnected&vault=lab"), "name"),
            (Words{"toy"}));
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/clients"), "active_alerts"), (Numbers{1, 1, 0}));
}

TEST_F(Reading, RetiredClientsAreListedOnlyWhereTheyAreAskedFor) {
  aggregator_.add_vault("prod");
  const auto id = aggregator_.add_client("db-1", "prod");
  auto row = **storage::Snapshot::take(aggregator_.store().environment())->get<core::Client>(id);
  row.state = core::ClientState::retired;
  ASSERT_TRUE(aggregator_.store().commit({core::Put{row}}));
  EXPECT_EQ(get("/api/v1/clients")["items"], json::array());
  EXPECT_EQ(get("/api/v1/clients?state=retired")["items"].size(), 1U);
}

TEST_F(Reading, ANameInAPathMayHoldAnything) {
  aggregator_.add_vault("a/b?c&d 100%");
  EXPECT_EQ(get("/api/v1/vaults/a%2Fb%3Fc%26d%20100%25")["name"], "a/b?c&d 100%");
}

TEST_F(Reading, AnUnknownNameSaysWhichOneMayHaveBeenMeant) {
  aggregator_.add_vault("prod");
  const auto client = aggregator_.add_client("db-1", "prod");
  aggregator_.report(client, {.job = "nightly"});
  auto error = refused("/api/v1/clients/db-2", 404);
  EXPECT_EQ(error["code"], "not_found");
  EXPECT_EQ(error["message"], "there is no client \"db-2\"");
  EXPECT_EQ(error["hint"], "did you mean \"db-1\"?");
  EXPECT_EQ(refused("/api/v1/vaults/prd", 404)["hint"], "did you mean \"prod\"?");
  EXPECT_EQ(refused("/api/v1/clients/db-1/jobs/nigthly", 404)["hint"], "did you mean \"nightly\"?");
  EXPECT_EQ(refused("/api/v1/runs?client=db-2", 404)["hint"], "did you mean \"db-1\"?");
  EXPECT_FALSE(refused("/api/v1/vaults/something-else", 404).contains("hint"));
}

TEST_F(Reading, AnUnknownNumberIsNotFoundAndAWordIsInvalid) {
  for (const auto* what : {"runs", "alerts", "deliveries", "explain/alert", "explain/run"}) {
    const auto path = "/api/v1/" + std::string(what);
    EXPECT_EQ(refused(path + "/99", 404)["code"], "not_found");
    EXPECT_EQ(refused(path + "/first", 400)["code"], "invalid");
    EXPECT_EQ(refused(path + "/-1", 400)["code"], "invalid");
  }
  EXPECT_EQ(refused("/api/v1/runs/99", 404)["message"], "there is no run 99");
}

TEST_F(Reading, AJobShowsItsLastRun) {
  aggregator_.add_vault("prod");
  const auto client = aggregator_.add_client("db-1", "prod");
  aggregator_.report(client, {.job = "nightly"});
  aggregator_.report(client, {.job = "nightly", .outcome = Outcome::failed});
  const auto job = get("/api/v1/clients/db-1/jobs/nightly");
  EXPECT_EQ(job["last_outcome"], "failed");
  EXPECT_EQ(job["last_run"], 2);
  EXPECT_EQ(job["last_good_at"], "2026-03-01T02:00:00Z");
  EXPECT_EQ(job["tool"], "restic");
}

TEST_F(Reading, JobsOfOneClientAreListedInTheOrderOfTheirNumbers) {
  aggregator_.add_vault("prod");
  const auto one = aggregator_.add_client("db-1", "prod");
  const auto other = aggregator_.add_client("db-2", "prod");
  for (const auto* job : {"c", "a", "b"}) {
    aggregator_.report(one, {.job = job});
    aggregator_.report(other, {.job = job});
  }
  EXPECT_EQ(each<std::string>(get("/api/v1/jobs?client=db-1"), "name"), (Words{"c", "a", "b"}));
  EXPECT_EQ(each<std::string>(get("/api/v1/jobs?client=db-1&limit=2"), "name"), (Words{"c", "a"}));
  const auto next = get("/api/v1/jobs?client=db-1&limit=2")["next"].get<std::string>();
  EXPECT_EQ(each<std::string>(get("/api/v1/jobs?client=db-1&cursor=" + next), "name"),
            (Words{"b"}));
  EXPECT_EQ(get("/api/v1/jobs")["items"].size(), 6U);
}

TEST_F(Reading, RunsAreListedNewestFirstAndFiltered) {
  aggregator_.add_vault("prod");
  const auto one = aggregator_.add_client("db-1", "prod");
  const auto other = aggregator_.add_client("db-2", "prod");
  aggregator_.report(one, {.job = "nightly"});
  aggregator_.pass(3h);
  aggregator_.report(one, {.job = "check", .operation = Operation::verify});
  aggregator_.report(other, {.job = "nightly", .outcome = Outcome::failed});
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/runs"), "id"), (Numbers{3, 2, 1}));
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/runs?client=db-1"), "id"), (Numbers{2, 1}));
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/runs?client=db-1&job=nightly"), "id"), (Numbers{1}));
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/runs?outcome=failed"), "id"), (Numbers{3}));
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/runs?operation=verify"), "id"), (Numbers{2}));
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/runs?since=1h"), "id"), (Numbers{3, 2}));
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/runs?since=2026-03-01T02:00:00Z"), "id"),
            (Numbers{3, 2, 1}));
  EXPECT_EQ(refused("/api/v1/runs?job=nightly", 400)["message"],
            "job: a job's name needs its client's beside it");
  EXPECT_EQ(refused("/api/v1/runs?outcome=faild", 400)["hint"], "did you mean \"failed\"?");
}

// R3.8
TEST_F(Reading, ScheduledLogBackupsAreLeftOutUnlessAllIsAskedFor) {
  aggregator_.add_vault("prod");
  const auto client = aggregator_.add_client("db-1", "prod");
  aggregator_.report(client, {.job = "wal", .operation = Operation::log_backup});
  aggregator_.report(client,
                     {.job = "wal", .operation = Operation::log_backup, .trigger = Trigger::user});
  aggregator_.report(client, {.job = "nightly"});
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/runs"), "id"), (Numbers{3, 2}));
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/runs?all=true"), "id"), (Numbers{3, 2, 1}));
}

// R3.8
TEST_F(Reading, ScheduledRunsOfAHighFrequencyJobAreLeftOutUnlessAllIsAskedFor) {
  aggregator_.add_vault("prod");
  const auto client = aggregator_.add_client("db-1", "prod");
  aggregator_.report(client, {.job = "often"});
  aggregator_.report(client, {.job = "often", .trigger = Trigger::user});
  aggregator_.report(client, {.job = "nightly"});
  aggregator_.carry_out(core::Order{.what = core::SetJob{{1}, {.is_high_frequency = true}}});
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/runs"), "id"), (Numbers{3, 2}));
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/runs?all=true"), "id"), (Numbers{3, 2, 1}));
}

TEST_F(Reading, AJobThatItsAgentDeclaresOtherwiseShowsTheConflict) {
  aggregator_.add_vault("prod");
  const auto client = aggregator_.add_client("db-1", "prod");
  aggregator_.carry_out(core::AgentJobsReceived{client, {{"db", {.max_age = 26h}}}});
  EXPECT_EQ(get("/api/v1/clients/db-1/jobs/db")["conflict"], nullptr);
  EXPECT_EQ(get("/api/v1/clients/db-1/jobs/db")["agent_settings"]["max_age"], "26h");
  aggregator_.carry_out(core::Order{.what = core::SetJob{{1}, {.max_age = 48h}}});
  const auto jobs = get("/api/v1/jobs");
  EXPECT_EQ(jobs["items"][0]["conflict"], "max_age is 2d here and 26h in agent.toml");
  const auto entries = get("/api/v1/audit");
  EXPECT_EQ(entries["items"][1]["actor"], "agent of db-1");
}

TEST_F(Reading, ARunIsShownWithItsOutputAndTheReasonForNoAlert) {
  aggregator_.add_vault("prod");
  const auto client = aggregator_.add_client("db-1", "prod");
  aggregator_.report(client, {.outcome = Outcome::failed,
                              .message = "locked",
                              .reason = OutcomeReason::another_run_in_progress,
                              .output = "line 1\nline 2"});
  const auto run = get("/api/v1/runs/1");
  EXPECT_EQ(run["reason"], "another_run_in_progress");
  EXPECT_EQ(run["reason_sentence"], "Another run of the job was in progress.");
  EXPECT_EQ(run["verdict"], "not_alerted_another_run");
  EXPECT_EQ(run["verdict_sentence"],
            "There is no alert because another run of the job was in progress.");
  EXPECT_EQ(run["output"], "line 1\nline 2");
  EXPECT_EQ(run["duration"], "10m");
  EXPECT_EQ(run["alert"], nullptr);
  EXPECT_FALSE(get("/api/v1/runs")["items"][0].contains("output"));
}

TEST_F(Reading, AHeldAlertShowsWhenItWillBeTold) {
  aggregator_.add_vault("prod");
  const auto client = aggregator_.add_client("db-1", "prod");
  aggregator_.pass(5min);
  aggregator_.report(client, {.outcome = Outcome::failed, .message = "disk full"});
  const auto alert = get("/api/v1/alerts/1");
  EXPECT_EQ(alert["headline"], "backup of \"nightly\" on db-1 failed");
  EXPECT_EQ(alert["severity"], "critical");
  EXPECT_EQ(alert["message"], "disk full");
  EXPECT_EQ(alert["decision"], nullptr);
  EXPECT_EQ(alert["notifies_at"], "2026-03-01T03:05:00Z");
  EXPECT_EQ(alert["deliveries"], json::array());
}

// R2.6: after a gap in listening everybody first gets a full disconnect_after.
TEST_F(Reading, AHoldThatEndsDuringAGapWaitsForTheClientToSettle) {
  aggregator_.add_vault("prod");
  aggregator_.report(aggregator_.add_client("db-1", "prod"), {.outcome = Outcome::failed});
  aggregator_.clock().advance(3h);
  aggregator_.carry_out(core::ListeningResumed{10min});
  EXPECT_EQ(get("/api/v1/alerts/1")["notifies_at"], "2026-03-01T05:01:30Z");
}

TEST_F(Reading, AToldAlertShowsItsDeliveriesWithEveryAttempt) {
  aggregator_.add_vault("prod");
  aggregator_.report(aggregator_.add_client("db-1", "prod"), {.outcome = Outcome::failed});
  aggregator_.pass(2h);
  aggregator_.clock().advance(2s);
  aggregator_.end_delivery({1}, core::AttemptResult::temporary_failure, "451 greylisted");
  aggregator_.pass(1h);
  aggregator_.end_delivery({1}, core::AttemptResult::delivered, "250 queued");
  const auto alert = get("/api/v1/alerts/1");
  EXPECT_EQ(alert["notifies_at"], nullptr);
  EXPECT_EQ(alert["decision"]["reason"], "notified");
  EXPECT_EQ(alert["decision"]["reason_sentence"],
            "Deliveries to the recipients of the policy in force were queued.");
  EXPECT_EQ(alert["told_so_far"], "delivered");
  EXPECT_EQ(alert["told"][0]["address"], "ops@example.org");
  const auto delivery = alert["deliveries"][0];
  EXPECT_EQ(delivery["state"], "delivered");
  EXPECT_EQ(delivery["why"], "owner_by_default_policy");
  EXPECT_EQ(delivery["why_sentence"],
            "The policy is \"default\", which tells the owners of the account.");
  EXPECT_EQ(delivery["attempt_count"], 2);
  EXPECT_EQ(delivery["attempts"][0]["answer"], "451 greylisted");
  EXPECT_EQ(delivery["attempts"][0]["latency"], "2s");
  EXPECT_EQ(delivery["attempts"][1]["result"], "delivered");
  EXPECT_EQ(delivery["latency"], "3602s");
  EXPECT_EQ(get("/api/v1/deliveries/1")["attempts"].size(), 2U);
}

TEST_F(Reading, AnAlertSaysHowFarTellingHasCome) {
  auto facts = SmallAggregator::usual_facts();
  facts.settings.owners = {"a@example.org", "b@example.org"};
  SmallAggregator aggregator(facts);
  aggregator.add_vault("prod");
  const auto told = [&] {
    const auto target = "/api/v1/alerts";
    const auto list = support::ask(aggregator.socket(), "GET", target).json();
    return list["items"].back()["told_so_far"];  // the newest come first
  };
  aggregator.report(aggregator.add_client("db-1", "prod"), {.outcome = Outcome::failed});
  EXPECT_EQ(told(), nullptr);
  aggregator.pass(2h);
  EXPECT_EQ(told(), "waiting");
  aggregator.end_delivery({1}, core::AttemptResult::delivered, "250 queued");
  EXPECT_EQ(told(), "1 of 2 delivered, 1 waiting");
  aggregator.end_delivery({2}, core::AttemptResult::permanent_failure, "550");
  EXPECT_EQ(told(), "1 of 2 delivered, 1 given up");
}

TEST_F(Reading, AnAlertThatNobodyIsToldOfSaysWhy) {
  aggregator_.add_vault("quiet", core::PolicyMode::off);
  aggregator_.report(aggregator_.add_client("db-1", "quiet"), {.outcome = Outcome::failed});
  aggregator_.pass(2h);
  EXPECT_EQ(get("/api/v1/alerts/1")["told_so_far"], "nobody_policy_off");
}

TEST_F(Reading, AlertsAreFilteredByWhatTheyAreAbout) {
  aggregator_.add_vault("prod");
  aggregator_.add_vault("lab");
  const auto db = aggregator_.add_client("db-1", "prod");
  const auto toy = aggregator_.add_client("toy", "lab");
  aggregator_.report(db, {.outcome = Outcome::failed});              // 1
  aggregator_.report(toy, {.outcome = Outcome::warning});            // 2
  aggregator_.fall_silent(toy);                                      // 3
  aggregator_.report(db, {.job = "b", .outcome = Outcome::failed});  // 4
  aggregator_.report(db, {.job = "b", .outcome = Outcome::succeeded});
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/alerts"), "id"), (Numbers{3, 2, 1}));
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/alerts?state=active"), "id"), (Numbers{3, 2, 1}));
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/alerts?state=inactive"), "id"), (Numbers{4}));
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/alerts?state=all"), "id"), (Numbers{4, 3, 2, 1}));
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/alerts?severity=warning"), "id"), (Numbers{2}));
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/alerts?vault=lab"), "id"), (Numbers{3, 2}));
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/alerts?client=db-1"), "id"), (Numbers{1}));
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/alerts?client=db-1&state=all"), "id"),
            (Numbers{4, 1}));
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/alerts?kind=client_disconnected"), "id"),
            (Numbers{3}));
  const auto recovered = get("/api/v1/alerts/4")["inactivation"];
  EXPECT_EQ(recovered["reason"], "recovered_by_run");
  EXPECT_EQ(recovered["reason_sentence"], "It is over because a later run ended well.");
  EXPECT_EQ(recovered["run"], 4);
  EXPECT_EQ(get("/api/v1/clients/toy")["alerts"].size(), 2U);
}

TEST_F(Reading, DeliveriesAreFilteredByStateAlertAndRecipient) {
  auto facts = SmallAggregator::usual_facts();
  facts.settings.owners = {"a@example.org", "b@example.org"};
  SmallAggregator two(facts);
  two.add_vault("prod");
  two.report(two.add_client("db-1", "prod"), {.outcome = Outcome::failed});
  two.pass(2h);
  two.end_delivery({1}, core::AttemptResult::permanent_failure, "550 no such user");
  const auto list = [&](std::string_view query) {
    const auto answer =
        support::ask(two.socket(), "GET", "/api/v1/deliveries" + std::string(query));
    return each<std::uint64_t>(answer.json(), "id");
  };
  EXPECT_EQ(list(""), (Numbers{2, 1}));
  EXPECT_EQ(list("?state=given_up"), (Numbers{1}));
  EXPECT_EQ(list("?state=sending"), (Numbers{2}));
  EXPECT_EQ(list("?state=pending"), (Numbers{}));
  EXPECT_EQ(list("?alert=1"), (Numbers{2, 1}));
  EXPECT_EQ(list("?alert=2"), (Numbers{}));
  EXPECT_EQ(list("?recipient=b@example.org"), (Numbers{2}));
  const auto given_up = support::ask(two.socket(), "GET", "/api/v1/deliveries/1").json();
  EXPECT_EQ(given_up["end_reason"], "refused_by_remote");
  EXPECT_EQ(given_up["end_reason_sentence"],
            "The other side refused the recipient or the content for good.");
  EXPECT_EQ(given_up["last_answer"], "550 no such user");
}

TEST_F(Reading, TokensSayWhetherTheyStillLetHostsIn) {
  aggregator_.add_vault("prod");
  aggregator_.add_client("db-1", "prod");
  aggregator_.ask_to_enrol("web-1", "prod");
  auto tokens = get("/api/v1/enrolment/tokens")["items"];
  EXPECT_EQ(tokens[0]["state"], "usable");
  EXPECT_EQ(tokens[1]["state"], "used");
  EXPECT_EQ(tokens[1]["state_sentence"], "It has let in as many hosts as it may.");
  EXPECT_EQ(tokens[1]["last_client"], "db-1");
  EXPECT_EQ(tokens[1]["created_by"], "test");
  EXPECT_TRUE(tokens[1]["client"].is_null());
  EXPECT_FALSE(tokens[1].contains("hash"));
  aggregator_.clock().advance(2h);
  tokens = get("/api/v1/enrolment/tokens")["items"];
  EXPECT_EQ(tokens[0]["state"], "expired");
}

TEST_F(Reading, WaitingHostsShowTheFingerprintToCompare) {
  aggregator_.add_vault("prod");
  aggregator_.ask_to_enrol("web-1", "prod");
  const auto request = get("/api/v1/enrolment/requests")["items"][0];
  EXPECT_EQ(request["name"], "web-1");
  EXPECT_EQ(request["state"], "waiting");
  EXPECT_EQ(request["state_sentence"], "The host waits for an administrator's approval.");
  EXPECT_TRUE(request["fingerprint"].get<std::string>().starts_with("SHA256:"));
  EXPECT_EQ(request["address"], "192.0.2.7");
  EXPECT_EQ(get("/api/v1/enrolment/requests?state=rejected")["items"], json::array());
}

TEST_F(Reading, PagesLeadThroughTheWholeList) {
  aggregator_.add_vault("prod");
  const auto client = aggregator_.add_client("db-1", "prod");
  constexpr std::size_t kRuns = 25;
  for (std::size_t i = 0; i < kRuns; ++i) aggregator_.report(client, {});
  std::vector<std::uint64_t> seen;
  json next = "";
  while (!next.is_null()) {
    const auto cursor = next == "" ? "" : "&cursor=" + next.get<std::string>();
    const auto page = get("/api/v1/runs?limit=7" + cursor);
    EXPECT_LE(page["items"].size(), 7U);
    for (const auto id : each<std::uint64_t>(page, "id")) seen.push_back(id);
    next = page["next"];
  }
  ASSERT_EQ(seen.size(), kRuns);
  EXPECT_TRUE(std::is_sorted(seen.rbegin(), seen.rend()));
}

TEST_F(Reading, AFullLastPageHasNoNextOne) {
  for (const auto* name : {"a", "b", "c"}) aggregator_.add_vault(name);
  EXPECT_EQ(get("/api/v1/vaults?limit=3")["next"], nullptr);
  EXPECT_EQ(get("/api/v1/vaults?limit=2")["next"], "2");
}

// A new row between two pages neither repeats nor hides an old one.
TEST_F(Reading, ACursorStaysGoodWhileRowsAreAdded) {
  aggregator_.add_vault("prod");
  const auto client = aggregator_.add_client("db-1", "prod");
  for (int i = 0; i < 4; ++i) aggregator_.report(client, {});
  const auto first = get("/api/v1/runs?limit=2");
  aggregator_.report(client, {});
  const auto second = get("/api/v1/runs?limit=2&cursor=" + first["next"].get<std::string>());
  EXPECT_EQ(each<std::uint64_t>(second, "id"), (Numbers{2, 1}));
}

// One answer never walks over the whole history, however little of it passes the filter.
TEST_F(Reading, APageOfAFilteredListMayBeEmptyAndStillHaveANextOne) {
  aggregator_.add_vault("prod");
  const auto client = aggregator_.add_client("db-1", "prod");
  aggregator_.report(client, {.outcome = Outcome::failed, .operation = Operation::verify});
  core::WriteSet history;
  for (std::uint64_t id = 2; id <= kRowsWalkedMax + 1; ++id) {
    core::Run run{.id = {id}, .client = client, .job = {1}};
    run.report.job = "nightly";
    run.report.outcome = Outcome::succeeded;
    history.push_back(core::Put{run});
  }
  ASSERT_TRUE(aggregator_.store().commit(history));
  const auto first = get("/api/v1/runs?operation=verify");
  EXPECT_EQ(first["items"], json::array());
  ASSERT_EQ(first["next"], "2");
  const auto second = get("/api/v1/runs?operation=verify&cursor=2");
  EXPECT_EQ(each<std::uint64_t>(second, "id"), (Numbers{1}));
  EXPECT_EQ(second["next"], nullptr);
  // What the store has an index of is found at once.
  EXPECT_EQ(each<std::uint64_t>(get("/api/v1/runs?outcome=failed"), "id"), (Numbers{1}));
}

TEST_F(Reading, PagesHaveLimits) {
  EXPECT_EQ(refused("/api/v1/runs?limit=0", 400)["message"], "limit: 0 is not between 1 and 500");
  EXPECT_EQ(refused("/api/v1/runs?limit=501", 400)["message"],
            "limit: 501 is not between 1 and 500");
  EXPECT_EQ(refused("/api/v1/runs?limit=many", 400)["message"],
            "limit: \"many\" is not a whole number");
  EXPECT_EQ(refused("/api/v1/runs?cursor=x", 400)["message"],
            "cursor: \"x\" is not a whole number");
}

TEST_F(Reading, AMisspeltFilterIsRefused) {
  EXPECT_EQ(refused("/api/v1/alerts?sate=active", 400)["hint"], "did you mean \"state\"?");
  aggregator_.add_vault("prod");
  EXPECT_EQ(refused("/api/v1/vaults/prod?verbose=1", 400)["code"], "invalid");
}

TEST_F(Reading, WhatIsNotThereIsNotFound) {
  const auto error = refused("/api/v1/gadgets", 404);
  EXPECT_EQ(error["message"], "there is no route /api/v1/gadgets");
  EXPECT_EQ(error["hint"], "docs/api.md lists the routes");
  EXPECT_EQ(refused("/", 404)["code"], "not_found");
}

TEST_F(Reading, AWrongMethodSaysWhichWouldBeRight) {
  const auto answer = support::ask(aggregator_.socket(), "PUT", "/api/v1/vaults");
  EXPECT_EQ(answer.status, 405U);
  EXPECT_NE(answer.head.find("Allow: GET, POST\r\n"), std::string::npos) << answer.head;
  EXPECT_EQ(answer.json()["error"]["code"], "method_not_allowed");
}

TEST_F(Reading, AMalformedTargetIsRefused) {
  EXPECT_EQ(refused("/api/v1/clients/%zz", 400)["code"], "invalid");
}

}  // namespace
}  // namespace vaultbell::api
