#include "aggregator/core/agent_jobs.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "aggregator/core/audit.hpp"
#include "aggregator/core/jobs.hpp"
#include "aggregator/core/reports.hpp"
#include "shared/base/text.hpp"
#include "shared/domain/name.hpp"

namespace vaultbell::core {

namespace {

// Rows that one job may cost: itself, and its alerts about what is expected no more. And the
// client.
constexpr std::size_t kRowsPerAgentJob = 7 + 1;

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

  // What was passed by, kept where it is not known yet.
  void keep_passed() {
    auto client = *draft_.get<Client>(client_.id);
    if (client.passed_jobs == passed_) return;
    client.passed_jobs = passed_;
    draft_.put(std::move(client));
  }

 private:
  static Status check(const AgentJob& declared) {
    if (auto ok = check_name("job name", declared.name); !ok) return ok;
    return check_job_settings(declared.settings);
  }
  void note(const std::string& text) {
    draft_.emit(Note{NoteKind::agent_jobs, "the agent of \"" + client_.name + "\": " + text});
  }
  // The name may be why. Said with every hello it would fill the log.
  void pass_by(const std::string& declared, const std::string& reason) {
    const PassedJob job{to_utf8(first_part(declared, kNameBytesMax)),
                        to_utf8(first_part(reason, kPassedWhyBytesMax))};
    if (std::ranges::find(client_.passed_jobs, job) == client_.passed_jobs.end()) {
      note("its job \"" + job.name + "\" is passed by: " + job.why);
    }
    if (passed_.size() < kPassedJobsMax) passed_.push_back(job);
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
  std::vector<PassedJob> passed_;
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
  if (is_all) jobs.keep_passed();
  if (!is_all) draft.emit(AskForHello{client->id});
}

}  // namespace vaultbell::core
