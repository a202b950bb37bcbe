// Jobs that an agent's configuration declares: what people and the aggregator's files say wins.
#include "aggregator/core/agent_jobs.hpp"

#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using support::a_report;
using support::effects_of;
using support::Lines;

const JobSettings kDaily{.max_age = 26h};
const JobSettings kWeekly{.max_age = 170h};

class AgentJobsTest : public support::InWorld {
 protected:
  support::Host& web1 = world.host("web1");

  void declare(const std::vector<AgentJob>& jobs) { EXPECT_EQ(world.declare_jobs(web1, jobs), 1); }
  [[nodiscard]] Job job(const std::string& name) const {
    return *world.rows().get<Job>(world.state().job_by_name.at({web1.client, name}));
  }
  [[nodiscard]] std::vector<std::string> notes_of(const std::vector<AgentJob>& jobs) {
    std::vector<std::string> texts;
    for (const auto& note : effects_of<Note>(world.submit(AgentJobsReceived{web1.client, jobs}))) {
      texts.push_back(note.text);
    }
    return texts;
  }
};
using AgentJobs = AgentJobsTest;

TEST_F(AgentJobs, AreThereBeforeTheirFirstRun) {
  declare({{"db", kDaily}, {"files", {}}});
  EXPECT_EQ(job("db").settings, kDaily);
  EXPECT_EQ(job("db").agent_settings, kDaily);
  EXPECT_EQ(job("files").settings, JobSettings{});
  EXPECT_EQ(world.rows().all<AuditEntry>().rbegin()->second.actor, "agent of web1");
}

TEST_F(AgentJobs, ThatNeverRunAreOverdueLikeAnyOther) {
  declare({{"db", kDaily}});
  world.pass(27h);
  world.settle();
  EXPECT_EQ(world.state().alerts.begin()->second.kind, AlertKind::backup_overdue);
  world.pass(1h);
  EXPECT_EQ(world.take_mail_lines().size(), 1U);
}

TEST_F(AgentJobs, ToldAgainChangeNothing) {
  declare({{"db", kDaily}});
  const auto before = world.state();
  declare({{"db", kDaily}});
  EXPECT_TRUE(world.state() == before);
}

TEST_F(AgentJobs, OfWhichNobodyElseSaidAnythingAreSet) {
  world.report(web1, a_report("db").succeeded());
  declare({{"db", kDaily}});
  EXPECT_EQ(job("db").settings, kDaily);
  declare({{"db", kWeekly}});
  EXPECT_EQ(job("db").settings, kWeekly);
}

TEST_F(AgentJobs, ThatPeopleHaveSetOtherwiseAreShownAndDoNotCount) {
  declare({{"db", kDaily}});
  EXPECT_EQ(remark(SetJob{job("db").id, kWeekly}), "");
  const auto notes = notes_of({{"db", {.max_age = 30h}}});
  EXPECT_EQ(notes,
            (Lines{"the agent of \"web1\": what it declares of job \"db\" is not what was set "
                   "here, which counts"}));
  EXPECT_EQ(job("db").settings, kWeekly);
  EXPECT_EQ(job("db").agent_settings, (JobSettings{.max_age = 30h}));
}

TEST_F(AgentJobs, CountAgainOnceTheyAreSetToWhatTheAgentSays) {
  declare({{"db", kDaily}});
  remark(SetJob{job("db").id, kWeekly});
  remark(SetJob{job("db").id, kDaily});
  declare({{"db", {.max_age = 30h}}});
  EXPECT_EQ(job("db").settings, (JobSettings{.max_age = 30h}));
}

TEST_F(AgentJobs, ThatAFileDeclaresAreTheFiles) {
  declare({{"db", kDaily}});
  remark(MarkManaged{job("db").id, "jobs.toml:1"});
  declare({{"db", kWeekly}});
  EXPECT_EQ(job("db").settings, kDaily);
  declare({});
  EXPECT_EQ(job("db").settings, kDaily);
  EXPECT_EQ(job("db").agent_settings, std::nullopt);
}

TEST_F(AgentJobs, ThatAreDeclaredNoMoreAreExpectedNoMore) {
  declare({{"db", kDaily}, {"files", kDaily}});
  world.pass(27h);
  EXPECT_EQ(world.state().alerts.size(), 2U);
  EXPECT_EQ(notes_of({{"db", kDaily}}),
            (Lines{"the agent of \"web1\": job \"files\" is not in its configuration any more: "
                   "nothing is expected of it",
                   "alert 2 (backup_overdue of job \"files\" of client \"web1\") is over: "
                   "no_longer_expected"}));
  EXPECT_EQ(job("files").settings, JobSettings{});
  EXPECT_EQ(world.state().alerts.size(), 1U);
  world.pass(1h);
  world.take_mails();
}

TEST_F(AgentJobs, ThatCannotBeMeantArePassedByAndTheOthersCount) {
  const JobSettings wrong{.schedule = Schedule{std::nullopt, "0 2 * * *", "Europe/Nowhere"}};
  const auto notes = notes_of({{"db", wrong}, {"", kDaily}, {"files", kDaily}});
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_TRUE(notes[0].starts_with("the agent of \"web1\": its job \"db\" is passed by: "))
      << notes[0];
  EXPECT_NE(notes[0].find("Europe/Nowhere"), std::string::npos) << notes[0];
  EXPECT_EQ(world.state().jobs.size(), 1U);
  EXPECT_EQ(job("files").settings, kDaily);
}

TEST_F(AgentJobs, ThatArePassedByAreKeptUntilTheyAreNoMore) {
  const JobSettings wrong{.schedule = Schedule{std::nullopt, "0 2 * * *", "Europe/Nowhere"}};
  const auto passed = [&] { return world.rows().get<Client>(web1.client)->passed_jobs; };
  EXPECT_EQ(notes_of({{"db", wrong}, {"a\nb", kDaily}}).size(), 2U);
  ASSERT_EQ(passed().size(), 2U);
  EXPECT_EQ(passed()[0].name, "db");
  EXPECT_NE(passed()[0].why.find("Europe/Nowhere"), std::string::npos) << passed()[0].why;
  EXPECT_TRUE(notes_of({{"db", wrong}, {"a\nb", kDaily}}).empty());  // it is known
  EXPECT_TRUE(notes_of({{"db", kDaily}}).empty());
  EXPECT_TRUE(passed().empty());
}

TEST_F(AgentJobs, ThatArePassedByAreKeptUpToALimit) {
  std::vector<AgentJob> jobs;
  for (int i = 0; i < 64; ++i)
    jobs.push_back({std::to_string(i), {.max_age = std::chrono::seconds(1)}});
  EXPECT_EQ(notes_of(jobs).size(), 64U);
  EXPECT_EQ(world.rows().get<Client>(web1.client)->passed_jobs.size(), kPassedJobsMax);
}

TEST_F(AgentJobs, NamedTwiceAreTakenOnce) {
  declare({{"db", kDaily}, {"db", kWeekly}});
  EXPECT_EQ(job("db").settings, kDaily);
}

TEST_F(AgentJobs, ThatDoNotFitIntoOneDecisionFollowWithAnotherHello) {
  std::vector<AgentJob> jobs;
  for (std::size_t i = 0; i < kAgentJobsMax; ++i) {
    jobs.push_back({"job" + std::to_string(i), {.max_age = 26h, .verify_every = 26h}});
  }
  declare(jobs);
  EXPECT_EQ(world.state().jobs.size(), kAgentJobsMax);
  world.pass(28h);
  EXPECT_EQ(world.state().alerts.size(), 2 * kAgentJobsMax);
  EXPECT_GT(world.declare_jobs(web1, {}), 1);
  EXPECT_TRUE(world.state().alerts.empty());
  world.take_mails();
}

TEST_F(AgentJobs, AreNotForgottenWhileTheyAreDeclared) {
  declare({{"db", kDaily}});
  expect_refused(ForgetJob{job("db").id}, ErrorCode::refused,
                 "job \"db\" is declared in agent.toml of its host; take it out there first");
  declare({});
  EXPECT_EQ(remark(ForgetJob{job("db").id}), "its runs are kept; a new report makes the job anew");
}

TEST_F(AgentJobs, OfAClientThatIsRetiredAreNobodys) {
  EXPECT_EQ(remark(RetireClient{web1.client}), "its alerts end, its history stays");
  declare({{"db", kDaily}});
  EXPECT_TRUE(world.state().jobs.empty());
}

}  // namespace
}  // namespace vaultbell::core
