// The overview, the check and the explanations.

#include <gtest/gtest.h>

#include "aggregator/api/figures.hpp"
#include "tests/support/raw_http.hpp"
#include "tests/support/small_aggregator.hpp"

namespace vaultbell::api {
namespace {

using nlohmann::json;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using support::SmallAggregator;

json get(const SmallAggregator& aggregator, std::string_view target) {
  const auto answer = support::ask(aggregator.socket(), "GET", target);
  EXPECT_EQ(answer.status, 200U) << target << " " << answer.body;
  return answer.json();
}

// "time what", for each moment of a story.
std::vector<std::string> told(const json& answer) {
  std::vector<std::string> lines;
  for (const auto& moment : answer["story"]) {
    lines.push_back(moment["at"].get<std::string>() + " " + moment["what"].get<std::string>());
  }
  return lines;
}

using Lines = std::vector<std::string>;

json finding(const SmallAggregator& aggregator, const std::string& name) {
  const auto check = get(aggregator, "/api/v1/check");
  for (const auto& found : check["findings"]) {
    if (found["name"] == name) return found;
  }
  ADD_FAILURE() << "no finding " << name;
  return {};
}

TEST(Status, AnEmptyInstallationSaysSo) {
  const SmallAggregator aggregator;
  const auto status = get(aggregator, "/api/v1/status");
  EXPECT_EQ(status["headline"], "no active alerts; no clients yet; no run ended in the last 24 h");
  EXPECT_EQ(status["version"], "9.9.9");
  EXPECT_EQ(status["account"], "Example Ltd");
  EXPECT_EQ(status["owners"], json({"ops@example.org"}));
  EXPECT_EQ(status["endpoints"]["agents"], "tcp://vaultbell.example.org:8481");
  EXPECT_EQ(status["endpoints"]["control"], aggregator.socket().string());
  EXPECT_GT(status["store"]["used_bytes"], 0);
  EXPECT_EQ(status["loop"]["last_turn_age"], "0s");
}

TEST(Channels, AreAListLikeAnyOther) {
  const SmallAggregator aggregator;
  const auto all = get(aggregator, "/api/v1/channels?limit=500");
  ASSERT_EQ(all["items"].size(), 3U);
  EXPECT_EQ(all["next"], nullptr);
  const auto first = get(aggregator, "/api/v1/channels?limit=1");
  ASSERT_EQ(first["items"].size(), 1U);
  EXPECT_EQ(first["items"][0], all["items"][0]);
  const auto second =
      get(aggregator, "/api/v1/channels?limit=1&cursor=" + first["next"].get<std::string>());
  EXPECT_EQ(second["items"], json::array({all["items"][1]}));
}

TEST(Status, CountsWhatIsGoingOn) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  const auto db = aggregator.add_client("db-1", "prod");
  const auto web = aggregator.add_client("web-1", "prod");
  aggregator.ask_to_enrol("nas-1", "prod");
  aggregator.report(db, {});
  aggregator.report(db, {.job = "b", .outcome = Outcome::warning});
  aggregator.report(db, {.job = "c", .outcome = Outcome::failed});
  aggregator.report(db, {.job = "d", .outcome = Outcome::running});
  aggregator.fall_silent(web);
  const auto status = get(aggregator, "/api/v1/status");
  EXPECT_EQ(status["headline"],
            "2 critical alerts, 1 warning alert; 1 of 2 clients disconnected; 2 of 3 runs ended "
            "well in the last 24 h; 1 host waits for approval");
  EXPECT_EQ(status["active_alerts"], json({{"informational", 0}, {"warning", 1}, {"critical", 2}}));
  EXPECT_EQ(status["clients"]["online"], 1);
  EXPECT_EQ(status["runs_24h"]["succeeded"], 1);
  EXPECT_EQ(status["runs_24h"]["running"], 1);
  EXPECT_EQ(status["runs_24h"]["is_complete"], true);
  EXPECT_EQ(status["jobs"], 4);
  EXPECT_EQ(status["outbox"]["oldest_at"], nullptr);
}

TEST(Status, ForgetsRunsAfterADay) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  aggregator.report(aggregator.add_client("db-1", "prod"), {});
  aggregator.pass(25h);
  EXPECT_EQ(get(aggregator, "/api/v1/status")["headline"],
            "no active alerts; 1 client online; no run ended in the last 24 h");
}

TEST(Status, ShowsTheOutbox) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  aggregator.fall_silent(aggregator.add_client("db-1", "prod"));
  aggregator.pass(1h);
  aggregator.clock().advance(5min);
  const auto outbox = get(aggregator, "/api/v1/status")["outbox"];
  EXPECT_EQ(outbox["sending"], 1);
  EXPECT_EQ(outbox["oldest_age"], "5m");
  aggregator.end_delivery({1}, core::AttemptResult::permanent_failure, "550");
  const auto status = get(aggregator, "/api/v1/status");
  EXPECT_EQ(status["outbox"]["given_up_24h"], 1);
  EXPECT_TRUE(status["headline"].get<std::string>().ends_with("; 1 delivery given up"));
}

TEST(Status, ShowsTheFactsThatWereReplaced) {
  SmallAggregator aggregator;
  auto facts = SmallAggregator::usual_facts();
  facts.settings.account_name = "Renamed Ltd";
  aggregator.server().replace(facts);
  EXPECT_EQ(get(aggregator, "/api/v1/status")["account"], "Renamed Ltd");
}

// R8.3
TEST(Check, IsOkWhenSilenceCanBeTrusted) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  aggregator.add_client("db-1", "prod");
  const auto check = get(aggregator, "/api/v1/check");
  EXPECT_EQ(check["state"], "ok") << check.dump(2);
  EXPECT_EQ(check["sentence"], "silence can be trusted");
  EXPECT_EQ(check["findings"].size(), 24U);
  for (const auto& found : check["findings"]) EXPECT_FALSE(found["sentence"].empty()) << found;
}

// R8.3
TEST(Check, NamesTheDisconnectedClientsAndIsCritical) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  for (int i = 1; i <= 7; ++i) {
    aggregator.fall_silent(aggregator.add_client("db-" + std::to_string(i), "prod"));
  }
  const auto check = get(aggregator, "/api/v1/check");
  EXPECT_EQ(check["state"], "critical");
  EXPECT_EQ(check["sentence"], "7 clients disconnected: db-1, db-2, db-3, db-4, db-5 and 2 more");
  const auto found = finding(aggregator, "clients_disconnected");
  EXPECT_EQ(found["value"], 7.0);
  EXPECT_EQ(found["critical_from"], 1.0);
}

TEST(Check, WarnsOfClientsThatNeverConnected) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  aggregator.enrol("db-1", "prod");
  EXPECT_EQ(finding(aggregator, "clients_never_connected")["state"], "ok");
  aggregator.pass(11min);
  const auto found = finding(aggregator, "clients_never_connected");
  EXPECT_EQ(found["state"], "warning");
  EXPECT_EQ(found["sentence"], "1 client enrolled but never connected: db-1");
}

TEST(Check, WarnsOfWrongClocks) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  const auto client = aggregator.add_client("db-1", "prod");
  aggregator.say_hello(client, -59s);
  EXPECT_EQ(finding(aggregator, "clock_skew")["state"], "ok");
  aggregator.say_hello(client, -61s);
  EXPECT_EQ(finding(aggregator, "clock_skew")["state"], "warning");
}

TEST(Check, MindsTheAgeOfTheOutbox) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  aggregator.fall_silent(aggregator.add_client("db-1", "prod"));
  aggregator.pass(1h);
  EXPECT_EQ(finding(aggregator, "outbox_age")["state"], "ok");
  aggregator.pass(11min);
  EXPECT_EQ(finding(aggregator, "outbox_age")["state"], "warning");
  aggregator.pass(50min);
  const auto found = finding(aggregator, "outbox_age");
  EXPECT_EQ(found["state"], "critical");
  EXPECT_EQ(found["sentence"], "1 delivery waits, the oldest for 1 h 1 min") << found;
  EXPECT_EQ(found["unit"], "s");
}

TEST(Check, IsCriticalWhenADeliveryWasGivenUp) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  aggregator.fall_silent(aggregator.add_client("db-1", "prod"));
  aggregator.pass(1h);
  aggregator.end_delivery({1}, core::AttemptResult::permanent_failure, "550");
  EXPECT_EQ(finding(aggregator, "deliveries_given_up")["state"], "critical");
  aggregator.pass(25h);
  EXPECT_EQ(finding(aggregator, "deliveries_given_up")["state"], "ok");
}

// It keeps its place among those of its time, behind many that are newer.
TEST(Check, IsCriticalWhenADeliveryThatWasRetriedIsGivenUpAgain) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  aggregator.fall_silent(aggregator.add_client("db-1", "prod"));
  aggregator.fall_silent(aggregator.add_client("db-2", "prod"));
  aggregator.pass(24h);
  aggregator.end_delivery({1}, core::AttemptResult::permanent_failure, "550");
  aggregator.pass(1s);
  aggregator.end_delivery({2}, core::AttemptResult::delivered, "250");
  aggregator.pass(3 * 24h);
  EXPECT_EQ(finding(aggregator, "deliveries_given_up")["state"], "ok");
  const auto retried = support::ask(aggregator.socket(), "POST", "/api/v1/deliveries/1/retry");
  ASSERT_EQ(retried.status, 200U) << retried.body;
  aggregator.pass(24h);
  aggregator.end_delivery({1}, core::AttemptResult::permanent_failure, "550");
  EXPECT_EQ(finding(aggregator, "deliveries_given_up")["state"], "critical");
}

core::Put ended(std::uint64_t delivery, core::NotificationState state) {
  return {core::Notification{.id = {delivery},
                             .alert = {1},
                             .state = state,
                             .created_at = support::TestClock::kBegin,
                             .ended_at = support::TestClock::kBegin}};
}

TEST(Check, SaysHowManyDeliveriesItLookedAtWhereThereAreMore) {
  SmallAggregator aggregator;
  core::WriteSet rows = {ended(1, core::NotificationState::given_up)};
  while (rows.size() < kHistoryMax) {
    rows.emplace_back(ended(rows.size() + 1, core::NotificationState::delivered));
  }
  ASSERT_TRUE(aggregator.store().commit(rows));
  EXPECT_EQ(finding(aggregator, "deliveries_given_up")["sentence"],
            "1 delivery was given up in the last 24 h: somebody was not told");
  EXPECT_EQ(get(aggregator, "/api/v1/status")["outbox"]["is_complete"], true);
  ASSERT_TRUE(
      aggregator.store().commit({ended(kHistoryMax + 1, core::NotificationState::delivered)}));
  EXPECT_EQ(finding(aggregator, "deliveries_given_up")["sentence"],
            "no delivery was given up in the last 24 h (only the newest 50000 were looked at)");
  EXPECT_EQ(get(aggregator, "/api/v1/status")["outbox"]["is_complete"], false);
}

TEST(Check, IsCriticalWhenNobodyCouldBeTold) {
  auto facts = SmallAggregator::usual_facts();
  facts.settings.owners.clear();
  facts.is_mail_configured = false;
  SmallAggregator aggregator(facts);
  EXPECT_EQ(finding(aggregator, "owners")["state"], "warning");
  EXPECT_EQ(finding(aggregator, "owners")["sentence"],
            "the account has no owners, nobody can be told: set [account] owners");
  aggregator.add_vault("quiet", core::PolicyMode::off);
  EXPECT_EQ(finding(aggregator, "owners")["state"], "warning");
  aggregator.add_vault("prod");
  EXPECT_EQ(finding(aggregator, "owners")["sentence"],
            "1 vault notifies the account's owners, and there are none: set [account] owners");
  EXPECT_EQ(finding(aggregator, "owners")["state"], "critical");
  EXPECT_EQ(finding(aggregator, "mail")["state"], "critical");
}

TEST(Check, IsNeverOkWithoutOwnersOrMail) {
  auto facts = SmallAggregator::usual_facts();
  facts.settings.owners.clear();
  SmallAggregator aggregator(facts);
  EXPECT_EQ(get(aggregator, "/api/v1/check")["state"], "warning");
  aggregator.add_vault("prod");
  EXPECT_EQ(get(aggregator, "/api/v1/check")["state"], "critical");
  facts = SmallAggregator::usual_facts();
  facts.is_mail_configured = false;
  const SmallAggregator mute(facts);
  const auto check = get(mute, "/api/v1/check");
  EXPECT_EQ(check["state"], "critical");
  EXPECT_EQ(check["sentence"], "mail is not configured, nobody can be told: set [smtp] url");
}

TEST(Check, WarnsWhenThePolicyOfEveryVaultIsOff) {
  SmallAggregator aggregator;
  EXPECT_EQ(finding(aggregator, "policies")["state"], "ok");
  aggregator.add_vault("quiet", core::PolicyMode::off);
  const auto found = finding(aggregator, "policies");
  EXPECT_EQ(found["state"], "warning");
  EXPECT_EQ(found["value"], 0.0);
  EXPECT_EQ(found["sentence"],
            "the policy of every vault is off, nobody is told of failures: "
            "vaultbell policy set vault NAME default");
  aggregator.add_vault("prod");
  EXPECT_EQ(finding(aggregator, "policies")["state"], "ok");
  EXPECT_EQ(finding(aggregator, "policies")["sentence"], "1 of 2 vaults notify the owners");
}

// R9.2
TEST(Check, WarnsWhenFilesThatDeclareObjectsAreNotApplied) {
  auto facts = SmallAggregator::usual_facts();
  SmallAggregator good(facts);
  EXPECT_EQ(finding(good, "declared")["sentence"], "0 declared objects are as the files say");
  facts.declared.problem = "1 error, nothing was changed; the first: a.toml:1:1: no";
  SmallAggregator wrong(facts);
  EXPECT_EQ(finding(wrong, "declared")["state"], "warning");
  EXPECT_EQ(finding(wrong, "declared")["sentence"],
            "the declared objects were not applied: 1 error, nothing was changed; the first: "
            "a.toml:1:1: no");
}

TEST(Check, WarnsWhenThereIsNoDashboardWhereOneShouldBe) {
  auto facts = SmallAggregator::usual_facts();
  SmallAggregator without(facts);
  EXPECT_EQ(finding(without, "web")["sentence"],
            "nothing is shown over TCP: [web] listen is empty");
  facts.web = {.address = "127.0.0.1:8480", .problem = "", .url = "http://127.0.0.1:8480"};
  SmallAggregator good(facts);
  EXPECT_EQ(finding(good, "web")["state"], "ok");
  EXPECT_EQ(finding(good, "web")["sentence"], "the dashboard is at http://127.0.0.1:8480");
  facts.web = {.address = "",
               .problem = "cannot listen at 127.0.0.1:8480: Address already in use",
               .url = ""};
  SmallAggregator wrong(facts);
  EXPECT_EQ(finding(wrong, "web")["state"], "warning");
  EXPECT_EQ(finding(wrong, "web")["sentence"],
            "there is no dashboard: cannot listen at 127.0.0.1:8480: Address already in use (free "
            "the port, or set [web] listen to another)");
}

TEST(Check, NoticesALoopAndAGatewayThatStandStill) {
  SmallAggregator aggregator;
  aggregator.clock().advance(6s);
  EXPECT_EQ(finding(aggregator, "loop")["state"], "warning");
  aggregator.clock().advance(25s);
  EXPECT_EQ(finding(aggregator, "loop")["state"], "critical");
  EXPECT_EQ(finding(aggregator, "gateway")["sentence"], "the gateway has not turned for 31 s");
  aggregator.pass(1s);
  EXPECT_EQ(finding(aggregator, "loop")["state"], "ok");
}

// R6.7
// R8.3
TEST(Check, NoticesAnAuditorWhoDisagreesOrSaysNothing) {
  SmallAggregator aggregator;
  EXPECT_EQ(finding(aggregator, "auditor")["sentence"], "the independent auditor agrees");
  aggregator.clock().advance(2min);
  EXPECT_EQ(finding(aggregator, "auditor")["state"], "warning");
  aggregator.clock().advance(1min);
  EXPECT_EQ(finding(aggregator, "auditor")["state"], "critical");
  EXPECT_EQ(finding(aggregator, "auditor")["sentence"],
            "the independent auditor has not agreed for 3 min");
  aggregator.pass(1s);
  EXPECT_EQ(finding(aggregator, "auditor")["state"], "ok");
  aggregator.board().does_auditor_disagree = true;
  EXPECT_EQ(finding(aggregator, "auditor")["state"], "critical");
  EXPECT_EQ(finding(aggregator, "auditor")["sentence"],
            "the independent auditor misses something: vaultbell alert list --kind self");
}

TEST(Check, NoticesADiskThatIsNearlyFull) {
  constexpr std::uint64_t kMiB = 1U << 20U;
  SmallAggregator aggregator;
  const auto disk = [&](std::uint64_t free_mib, std::uint64_t all_mib) {
    aggregator.board().disk_free_bytes = free_mib * kMiB;
    aggregator.board().disk_bytes = all_mib * kMiB;
    return finding(aggregator, "disk");
  };
  EXPECT_EQ(finding(aggregator, "disk")["sentence"], "nobody has looked at the disk yet");
  EXPECT_EQ(disk(20'000, 100'000)["state"], "ok");
  EXPECT_EQ(disk(20'000, 100'000)["value"], 80.0);
  EXPECT_EQ(disk(20'000, 100'000)["sentence"],
            "19.5 GiB (20.0 %) are free on the disk of the state folder");
  EXPECT_EQ(disk(6'900, 100'000)["state"], "warning");
  EXPECT_EQ(disk(4'900, 100'000)["state"], "critical");
  EXPECT_EQ(disk(700, 1'000)["state"], "warning");
  EXPECT_EQ(disk(500, 1'000)["state"], "critical");
}

TEST(Check, WarnsOfTroubleOfItsOwn) {
  SmallAggregator aggregator;
  EXPECT_EQ(finding(aggregator, "self_alerts")["state"], "ok");
  aggregator.carry_out(core::SelfChecked{.topic = "disk", .problem = "nearly full"});
  EXPECT_EQ(finding(aggregator, "self_alerts")["state"], "warning");
  EXPECT_EQ(finding(aggregator, "self_alerts")["sentence"],
            "1 alert is active about the aggregator itself: disk");
  aggregator.carry_out(core::SelfChecked{.topic = "disk"});
  EXPECT_EQ(finding(aggregator, "self_alerts")["state"], "ok");
}

TEST(Check, MindsHowLongAChannelFails) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  aggregator.fall_silent(aggregator.add_client("db-1", "prod"));
  aggregator.pass(1h);
  aggregator.end_delivery({1}, core::AttemptResult::temporary_failure, "450");
  EXPECT_EQ(finding(aggregator, "channels_failing")["state"], "ok");
  aggregator.clock().advance(10min);
  EXPECT_EQ(finding(aggregator, "channels_failing")["state"], "warning");
  aggregator.clock().advance(50min);
  EXPECT_EQ(finding(aggregator, "channels_failing")["state"], "critical");
  EXPECT_EQ(finding(aggregator, "channels_failing")["sentence"],
            "nothing is delivered by email for 1 h: vaultbell channel list");
}

TEST(Check, WarnsOfAChannelThatHasDeliveredNothingForAMonth) {
  SmallAggregator aggregator;
  aggregator.clock().advance(30 * 24h);
  EXPECT_EQ(finding(aggregator, "channels_unproven")["state"], "ok");
  aggregator.clock().advance(1s);
  const auto found = finding(aggregator, "channels_unproven");
  EXPECT_EQ(found["state"], "warning");
  EXPECT_EQ(found["sentence"],
            "2 channels have delivered nothing for 30 days (vaultbell contact test NAME): email, "
            "mobile");
}

// Alice has a verified address and bob has none; both are in the policy, as far as the rows say.
TEST(Check, NamesContactsThatNothingReachesAndPoliciesThatReachNobody) {
  SmallAggregator aggregator;
  const auto vault = aggregator.add_vault("prod");
  const auto contact = [](std::uint64_t id, const std::string& name) {
    return core::Contact{
        .id = {id}, .name = name, .channels = {{core::Channel::email, name + "@example.org", ""}}};
  };
  const auto put_policy = [&](std::vector<ContactId> contacts, std::vector<GroupId> groups) {
    const core::Vault row{.id = vault,
                          .name = "prod",
                          .policy = {.mode = core::PolicyMode::custom,
                                     .audience = {std::move(contacts), std::move(groups)}}};
    ASSERT_TRUE(aggregator.store().commit({core::Put{row}}));
  };
  ASSERT_TRUE(aggregator.store().commit(
      {core::Put{contact(1, "alice")}, core::Put{contact(2, "bob")},
       core::Put{core::Group{.id = {1}, .name = "ops", .members = {{2}}}},
       core::Put{core::Address{.address = "alice@example.org",
                               .verified_at = support::TestClock::kBegin}}}));
  EXPECT_EQ(finding(aggregator, "contacts_unreached")["state"], "ok");
  put_policy({{1}}, {{1}});
  EXPECT_EQ(finding(aggregator, "contacts_unreached")["state"], "warning");
  EXPECT_EQ(finding(aggregator, "contacts_unreached")["sentence"],
            "1 contact that a policy names has no verified address: bob");
  EXPECT_EQ(finding(aggregator, "owners_in_place")["state"], "ok");
  put_policy({}, {{1}});
  EXPECT_EQ(finding(aggregator, "owners_in_place")["state"], "warning");
  EXPECT_EQ(finding(aggregator, "owners_in_place")["sentence"],
            "1 policy names nobody who is reached, so that the owners are told: prod");
  EXPECT_EQ(finding(aggregator, "nobody_told")["state"], "ok");
}

TEST(Check, NamesPoliciesByWhichNobodyIsTold) {
  auto facts = SmallAggregator::usual_facts();
  facts.settings.owners.clear();
  SmallAggregator aggregator(facts);
  const auto vault = aggregator.add_vault("prod");
  const core::Contact bob{
      .id = {1}, .name = "bob", .channels = {{core::Channel::email, "bob@example.org", ""}}};
  const core::Vault row{
      .id = vault,
      .name = "prod",
      .policy = {.mode = core::PolicyMode::custom, .audience = {.contacts = {bob.id}}}};
  ASSERT_TRUE(aggregator.store().commit({core::Put{bob}, core::Put{row}}));
  EXPECT_EQ(finding(aggregator, "nobody_told")["state"], "critical");
  EXPECT_EQ(finding(aggregator, "nobody_told")["sentence"],
            "1 policy by which nobody is told: prod");
}

TEST(Check, NamesClientsThatCannotKeepReportsOrHaveNotSentThem) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  const auto client = aggregator.add_client("db-1", "prod");
  aggregator.carry_out(core::SpoolFullChanged{client, true});
  EXPECT_EQ(finding(aggregator, "spools_full")["state"], "critical");
  EXPECT_EQ(finding(aggregator, "spools_full")["sentence"],
            "1 client without room for another report: db-1");
  aggregator.carry_out(core::SpoolFullChanged{client, false});
  EXPECT_EQ(finding(aggregator, "spools_full")["state"], "ok");
  const auto snapshot = storage::Snapshot::take(aggregator.store().environment());
  auto row = **snapshot->get<core::Client>(client);
  row.catching_up = {{.spool = random_uuid(), .sequence = 7}};
  ASSERT_TRUE(aggregator.store().commit({core::Put{row}}));
  EXPECT_EQ(finding(aggregator, "spools_behind")["state"], "ok");
  aggregator.clock().advance(11min);
  EXPECT_EQ(finding(aggregator, "spools_behind")["state"], "warning");
  EXPECT_EQ(finding(aggregator, "spools_behind")["sentence"],
            "1 client with reports that are still to come: db-1");
}

TEST(Check, NamesJobsThatAgentsDeclareAndThatArePassedBy) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  const auto client = aggregator.add_client("db-1", "prod");
  EXPECT_EQ(finding(aggregator, "jobs_passed_by")["state"], "ok");
  aggregator.carry_out(core::AgentJobsReceived{client, {{"db", {.max_age = 1s}}}});
  EXPECT_EQ(finding(aggregator, "jobs_passed_by")["state"], "warning");
  EXPECT_EQ(finding(aggregator, "jobs_passed_by")["sentence"],
            "1 job that its agent declares is passed by (vaultbell client show NAME): db on db-1");
  EXPECT_EQ(get(aggregator, "/api/v1/clients/db-1")["passed_jobs"],
            json::parse(R"([{"name": "db", "why": "max_age 1s is not between 1m and 366d"}])"));
}

TEST(Explain, SaysForEveryKindWhoWouldBeToldAndWhen) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  aggregator.add_client("db-1", "prod");
  const auto all = get(aggregator, "/api/v1/explain/client/db-1");
  EXPECT_EQ(all["kinds"].size(), kEnumText<core::AlertKind>.size() - 2);  // not of the aggregator
  EXPECT_EQ(all["policy"], "default");
  const auto one = get(aggregator, "/api/v1/explain/client/db-1?kind=backup_failed")["kinds"];
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0]["notify_after"], "1h");
  EXPECT_EQ(one[0]["recipients"][0]["address"], "ops@example.org");
  EXPECT_EQ(one[0]["recipients"][0]["why"], "owner_by_default_policy");
  EXPECT_EQ(one[0]["reason_sentence"],
            "ops@example.org would be told 1 h after it was raised, if it is active then.");
}

TEST(Explain, SaysWhyNobodyWouldBeTold) {
  SmallAggregator aggregator;
  aggregator.add_vault("quiet", core::PolicyMode::off);
  aggregator.add_client("db-1", "quiet");
  const auto kinds = get(aggregator, "/api/v1/explain/client/db-1?kind=backup_failed")["kinds"];
  EXPECT_EQ(kinds[0]["reason"], "nobody_policy_off");
  EXPECT_EQ(kinds[0]["reason_sentence"], "Nobody would be told: the vault's policy is \"off\".");
  // R6.3: destroyed data is told even so.
  const auto deleted =
      get(aggregator, "/api/v1/explain/client/db-1?kind=backup_data_deleted")["kinds"];
  EXPECT_EQ(deleted[0]["reason_sentence"], "ops@example.org would be told at once.");
  EXPECT_EQ(deleted[0]["recipients"][0]["why"], "owner_of_destroyed_data");
}

TEST(Explain, RefusesAnUnknownKind) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  aggregator.add_client("db-1", "prod");
  const auto answer =
      support::ask(aggregator.socket(), "GET", "/api/v1/explain/client/db-1?kind=backup_faild");
  EXPECT_EQ(answer.status, 400U);
  EXPECT_EQ(answer.json()["error"]["hint"], "did you mean \"backup_failed\"?");
}

TEST(Explain, TellsTheStoryOfAHeldAlert) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  aggregator.report(aggregator.add_client("db-1", "prod"),
                    {.outcome = Outcome::failed, .message = "disk full"});
  EXPECT_EQ(
      told(get(aggregator, "/api/v1/explain/alert/1")),
      (Lines{"2026-03-01T02:00:00Z raised: disk full",
             "2026-03-01T03:00:00Z its hold ends. By the policy in force now: "
             "ops@example.org would be told 1 h after it was raised, if it is active then."}));
}

// R6.7
TEST(Explain, TellsTheStoryOfAnAlertToItsEnd) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  const auto client = aggregator.add_client("db-1", "prod");
  aggregator.report(client, {.outcome = Outcome::failed, .message = "disk full"});
  aggregator.pass(1h);
  aggregator.end_delivery({1}, core::AttemptResult::delivered, "250 queued");
  aggregator.clock().advance(30min);
  aggregator.report(client, {});
  aggregator.pass({});
  EXPECT_EQ(
      told(get(aggregator, "/api/v1/explain/alert/1")),
      (Lines{
          "2026-03-01T02:00:00Z raised: disk full",
          "2026-03-01T03:00:00Z Deliveries to the recipients of the policy in force were queued.",
          "2026-03-01T03:00:00Z delivery 1 to ops@example.org by email: The "
          "policy is \"default\", which tells the owners of the account.",
          "2026-03-01T03:00:00Z delivery 1: It was delivered. The other side accepted "
          "it. Last answer: 250 queued",
          "2026-03-01T03:30:00Z delivery 2 to ops@example.org by email about the "
          "recovery: Whoever was told of an alert is told when it is over.",
          "2026-03-01T03:30:00Z delivery 2: An attempt to deliver it is under way.",
          "2026-03-01T03:30:00Z It is over because a later run ended well. (run 2)"}));
}

// R6.7
TEST(Explain, SaysWhyARunRaisedNoAlert) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  aggregator.report(aggregator.add_client("db-1", "prod"),
                    {.outcome = Outcome::failed, .reason = OutcomeReason::source_gone});
  const auto answer = get(aggregator, "/api/v1/explain/run/1");
  EXPECT_EQ(answer["alert"], nullptr);
  EXPECT_EQ(told(answer),
            (Lines{"2026-03-01T02:00:00Z backup of \"nightly\" reported: failed",
                   "2026-03-01T02:00:00Z What the job should protect no longer exists.",
                   "2026-03-01T02:00:00Z There is no alert because what it should protect no "
                   "longer exists."}));
}

TEST(Explain, LeadsFromARunToItsAlert) {
  SmallAggregator aggregator;
  aggregator.add_vault("prod");
  aggregator.report(aggregator.add_client("db-1", "prod"), {.outcome = Outcome::failed});
  const auto answer = get(aggregator, "/api/v1/explain/run/1");
  EXPECT_EQ(answer["alert"]["id"], 1);
  EXPECT_EQ(answer["story"].back()["what"], "alert 1: backup of \"nightly\" on db-1 failed");
}

}  // namespace
}  // namespace vaultbell::api
