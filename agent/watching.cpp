#include "agent/watching.hpp"

#include <utility>

#include <fmt/format.h>

#include "agent/classify/words.hpp"
#include "shared/base/check.hpp"
#include "shared/base/log.hpp"

namespace vaultbell::agent {

namespace {

watch::WatchedLog watched(const JobConfiguration& job, classify::LogTable table) {
  watch::WatchedLog log{.job = {.name = job.declared.name, .tool = job.tool},
                        .file = job.log,
                        .table = std::move(table)};
  log.job.operation = job.declared.settings.operation.value_or(log.job.operation);
  if (job.log_match.empty()) return log;
  auto match = classify::Pattern::compile(job.log_match);
  check(match.has_value(), "the configuration was checked");
  log.job.match = std::move(*match);
  return log;
}

}  // namespace

Result<classify::Adapter> adapter_of(const JobConfiguration& job,
                                     const Configuration& configuration) {
  auto found = configuration.adapters.shelf().find(job.tool);
  if (!found) {
    return fail(ErrorCode::not_found,
                fmt::format("there is no adapter for \"{}\" (see: vaultbell-agent adapter list)",
                            job.tool));
  }
  if (found->mistakes.empty()) return std::move(found->adapter);
  return fail(ErrorCode::invalid,
              fmt::format("the adapter for {} is not used: {}", job.tool, found->mistakes.front()));
}

namespace {

struct WatchedLogs {
  std::vector<watch::WatchedLog> logs;
  std::vector<watch::LogTrouble> troubles;  // why one that is named cannot be read
};

WatchedLogs watched_logs(const Configuration& configuration) {
  WatchedLogs watched_logs;
  for (const auto& job : configuration.jobs) {
    if (job.log.empty() || job.tool.empty()) continue;
    const auto complain = [&](const std::string& why) {
      watched_logs.troubles.push_back({job.declared.name, why});
    };
    auto adapter = adapter_of(job, configuration);
    if (!adapter) {
      complain(adapter.error().message);
    } else if (adapter->log.rows.empty()) {
      complain(fmt::format("the adapter for {} does not know its log (no [[log.row]] in {})",
                           job.tool, adapter->file));
    } else {
      watched_logs.logs.push_back(watched(job, std::move(adapter->log)));
    }
  }
  return watched_logs;
}

}  // namespace

void JobLogs::watch(const Configuration& configuration, Steady now) {
  auto [logs, troubles] = watched_logs(configuration);
  for (const auto& [job, why] : troubles) {
    log::error("the log of job \"{}\" is not read: {}", job, why);
  }
  unknown_ = std::move(troubles);
  watcher_.watch(std::move(logs), now);
}

std::vector<watch::LogTrouble> JobLogs::troubles() const {
  auto troubles = watcher_.troubles();
  troubles.insert(troubles.end(), unknown_.begin(), unknown_.end());
  return troubles;
}

bool says_how_it_is(const classify::Adapter& adapter, const std::vector<std::string>& command) {
  const std::vector<std::string> words(command.begin() + 1, command.end());
  return !adapter.backups && classify::operation_of(adapter, words) == Operation::verify;
}

std::vector<std::string> mistakes_in_watching(const Configuration& configuration) {
  std::vector<std::string> mistakes;
  for (const auto& [job, why] : watched_logs(configuration).troubles) {
    mistakes.push_back(fmt::format("[[job]] \"{}\": log: {}", job, why));
  }
  for (const auto& job : configuration.jobs) {
    if (job.poll.empty() || job.tool.empty()) continue;
    const auto adapter = adapter_of(job, configuration);
    auto why = adapter ? std::string() : adapter.error().message;
    if (adapter && !adapter->backups && !says_how_it_is(*adapter, job.poll)) {
      why = fmt::format(
          "{} has no list of backups that the adapter {} could read, and this command "
          "verifies nothing",
          job.tool, adapter->file);
    }
    if (!why.empty()) {
      mistakes.push_back(fmt::format("[[job]] \"{}\": poll: {}", job.declared.name, why));
    }
  }
  return mistakes;
}

}  // namespace vaultbell::agent
