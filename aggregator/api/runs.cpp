#include "aggregator/api/runs.hpp"

#include "aggregator/api/in_json.hpp"
#include "aggregator/api/lists.hpp"
#include "aggregator/api/views.hpp"

namespace vaultbell::api {

namespace {

using storage::TableNumber;

Range runs_of(const std::optional<core::Client>& client, const std::optional<JobId>& job,
              const std::optional<Outcome>& outcome) {
  if (job) return {.index = TableNumber::run_by_job, .prefix = storage::key_bytes(*job)};
  if (client)
    return {.index = TableNumber::run_by_client, .prefix = storage::key_bytes(client->id)};
  if (outcome)
    return {.index = TableNumber::run_by_outcome, .prefix = storage::key_of_word(*outcome)};
  return {};
}

}  // namespace

bool is_high_frequency(const core::Run& run, Rows& rows) {
  if (run.report.trigger != Trigger::scheduled) return false;
  if (run.report.operation == Operation::log_backup) return true;
  const auto* job = rows.find<core::Job>(run.job);
  return job != nullptr && job->settings.is_high_frequency;
}

Result<Answer> list_runs(const Scene& scene, Asked& asked) {
  auto& query = asked.query;
  const auto client = client_filter(scene, query);
  const auto job = job_filter(scene, query, client);
  const auto outcome = query.choice<Outcome>("outcome");
  const auto operation = query.choice<Operation>("operation");
  const auto since = query.since("since", scene.now);
  const bool shows_all = query.boolean("all").value_or(false);
  const auto passes = [&](const core::Run& run) {
    return is_wanted(outcome, run.report.outcome) && is_wanted(operation, run.report.operation) &&
           (!since || run.received_at >= *since) &&
           (shows_all || !is_high_frequency(run, scene.rows));
  };
  const auto show = [&](const core::Run& run) { return view_of(run, scene.rows); };
  return page_of<core::Run>(scene, query, runs_of(client, job, outcome), passes, show);
}

Result<Answer> show_run(const Scene& scene, Asked& asked) {
  const auto run = numbered<core::Run>(scene, "run", asked.names[0]);
  if (!run) return fail(run.error());
  auto json = view_of(*run, scene.rows);
  json["output"] = text_or_null(run->report.output);
  return Answer(std::move(json));
}

}  // namespace vaultbell::api
