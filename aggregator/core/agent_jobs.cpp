#include "aggregator/core/agent_jobs.hpp"

#include <set>
#include <utility>

#include "aggregator/core/audit.hpp"
#include "aggregator/core/jobs.hpp"
#include "aggregator/core/reports.hpp"
#include "shared/domain/name.hpp"

namespace vaultbell::core {

namespace {

// Rows that one job may cost: itself, and its alerts about what is expected no more.
constexpr std::size_t kRowsPerAgentJob = 7;

// Whether its settings are the agent's, or nobody's.
bool does_follow_agent(const Job& job) {
  if (!job.managed_by.empty()) return false;
  return job.settings == job.agent_settings || job.settings == JobSettings{};
}

class AgentJobs {
 public:
  AgentJobs(Draft& draft, const Client& client)
      : draft_(draft), client_(client), room_(room_for_jobs(draft, client.id)) {}

  void take(const AgentJob& declared) {
    if (auto ok = check(declared); !ok) return pass_by(declared.name, ok.error().message);
    const auto& by_name = draft_.before().job_by_name;
    const auto known = by_name.find({client_.id, declared.name});
    if (known != by_name.end()) return set(*draft_.get<Job>(known->second), declared.settings);
    if (made_ >= room_) {
      return pass_by(declared.name,
                     "there are already " + std::to_string(kJobsPerClientMax) + " jobs");
    }
    auto job = new_job(draft_, client_.id, declared.name, declared.settings);
    job.agent_settings = declared.settings;
    draft_.put(std::move(job));
    ++made_;
  }

  void let_go(Job job) {
    if (does_follow_agent(job)) {
      note("job \"" + job.name +
           "\" is not in its configuration any more: nothing is expected of it");
      set_settings(draft_, job, {});
    }
    job.agent_settings.reset();
    draft_.put(std::move(job));
  }

 private:
  static Status check(const AgentJob& declared) {
    if (auto ok = check_name("job name", declared.name); !ok) return ok;
    return check_job_settings(declared.settings);
  }
  void note(const std::string& text) {
    draft_.emit(Note{NoteKind::agent_jobs, "the agent of \"" + client_.name + "\": " + text});
  }
  void pass_by(const std::string& name, const std::string& why) {
    note("its job \"" + name + "\" is passed by: " + why);
  }

  void set(Job job, const JobSettings& declared) {
    if (job.agent_settings == declared) return;
    const bool follows = does_follow_agent(job);
    job.agent_settings = declared;
    if (follows) {
      set_settings(draft_, job, declared);
    } else if (job.settings != declared) {
      note("what it declares of job \"" + job.name + "\" is not what was set here, which counts");
    }
    draft_.put(std::move(job));
  }

  Draft& draft_;
  const Client& client_;
  std::size_t room_;  // for so many jobs more
  std::size_t made_ = 0;
};

// Those that the agent declared the last time and declares no more.
std::vector<Job> gone(const Draft& draft, ClientId client, const std::set<std::string>& names) {
  std::vector<Job> jobs;
  const auto& by_name = draft.before().job_by_name;
  for (auto entry = by_name.lower_bound({client, {}}); entry != by_name.end(); ++entry) {
    if (entry->first.first != client) break;
    const auto& job = draft.before().jobs.at(entry->second);
    if (job.agent_settings && !names.contains(job.name)) jobs.push_back(job);
  }
  return jobs;
}

}  // namespace

void take_agent_jobs(Draft& draft, const AgentJobsReceived& received) {
  const auto client = draft.get<Client>(received.client);
  if (!client || client->state == ClientState::retired) return;
  AgentJobs jobs(draft, *client);
  std::set<std::string> names;
  bool is_all = true;
  const auto has_room = [&] { return is_all = is_all && draft.has_room_for(kRowsPerAgentJob); };
  for (const auto& declared : received.jobs) {
    if (names.insert(declared.name).second && has_room()) jobs.take(declared);
  }
  for (auto& job : gone(draft, client->id, names)) {
    if (has_room()) jobs.let_go(std::move(job));
  }
  audit_host(draft, *client, "declare_jobs");
  if (!is_all) draft.emit(AskForHello{client->id});
}

}  // namespace vaultbell::core
