#include "agent/tool_end.hpp"

#include <utility>

#include "shared/base/log.hpp"

namespace vaultbell::agent {

namespace {

// An empty one, with which the end alone counts, where there is none that could be used.
classify::Adapter adapter_for(const std::string& tool, const Configuration& configuration) {
  if (tool.empty()) return {};
  auto found = configuration.adapters.shelf().find(tool);
  if (!found) return {};
  if (found->mistakes.empty()) return std::move(found->adapter);
  log::warning("the adapter for {} is not used: {}", tool, found->mistakes.front());
  return {};
}

}  // namespace

void add_declared(RunReport& report, const Configuration& configuration) {
  const auto* job = configuration.job_named(report.job);
  if (job == nullptr) return;
  if (!job->tool.empty()) report.tool = job->tool;
  report.operation = job->declared.settings.operation.value_or(report.operation);
}

void judge_by_tool(RunReport& report, const classify::End& end, std::string_view output,
                   const Configuration& configuration) {
  const auto adapter = adapter_for(report.tool, configuration);
  classify::Classifier classifier(adapter, report.operation);
  classifier.feed(std::nullopt, output);
  classifier.finish();
  auto verdict = classifier.judge(end, std::nullopt);
  report.outcome = verdict.outcome;
  report.reason = verdict.reason;
  report.message = std::move(verdict.message);
  report.statistics = verdict.statistics;
  report.snapshot = std::move(verdict.snapshot);
  if (verdict.operation) report.operation = *verdict.operation;
}

}  // namespace vaultbell::agent
