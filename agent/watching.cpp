#include "agent/watching.hpp"

#include <utility>

#include <fmt/format.h>

#include "shared/base/check.hpp"

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
                fmt::format("[[job]] \"{}\": there is no adapter for \"{}\" (see: vaultbell-agent "
                            "adapter list)",
                            job.declared.name, job.tool));
  }
  if (found->mistakes.empty()) return std::move(found->adapter);
  return fail(ErrorCode::invalid,
              fmt::format("[[job]] \"{}\": the adapter for {} is not used: {}", job.declared.name,
                          job.tool, found->mistakes.front()));
}

WatchedLogs watched_logs(const Configuration& configuration) {
  WatchedLogs watched_logs;
  for (const auto& job : configuration.jobs) {
    if (job.log.empty() || job.tool.empty()) continue;
    auto adapter = adapter_of(job, configuration);
    if (!adapter) {
      watched_logs.mistakes.push_back(adapter.error().message);
    } else if (adapter->log.rows.empty()) {
      watched_logs.mistakes.push_back(fmt::format(
          "[[job]] \"{}\": log: the adapter for {} does not know its log (no [[log.row]] in {})",
          job.declared.name, job.tool, adapter->file));
    } else {
      watched_logs.logs.push_back(watched(job, std::move(adapter->log)));
    }
  }
  return watched_logs;
}

}  // namespace vaultbell::agent
