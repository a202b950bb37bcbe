#include "aggregator/core/jobs.hpp"

#include <set>

#include "aggregator/api/clients.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/lists.hpp"
#include "aggregator/api/views.hpp"
#include "aggregator/core/bands.hpp"

namespace vaultbell::api {

namespace {

using storage::TableNumber;

Json json_of(const std::optional<core::Band>& band) {
  if (!band) return {};
  return {{"low", band->low},
          {"high", band->high},
          {"median", band->median},
          {"deviation", band->deviation},
          {"count", band->count}};
}

std::optional<Instant> next_due_at(const core::Job& job) {
  if (!job.settings.schedule) return std::nullopt;
  const auto due = next_due(*job.settings.schedule, job.expected_after);
  return due ? std::optional(due->latest) : std::nullopt;
}

Json job_in_full(const Scene& scene, const core::Job& job) {
  auto json = view_of(job, scene.rows);
  json["next_due_at"] = in_json(next_due_at(job));
  json["missed_at"] = in_json(core::missed_at(job));
  json["overdue_at"] = in_json(core::overdue_at(job));
  json["verify_due_at"] = in_json(core::unverified_at(job));
  const auto bands = core::bands_of(job);
  json["bands"] = {{"duration", json_of(bands.duration)},
                   {"bytes_added", json_of(bands.bytes_added)},
                   {"bytes_total", json_of(bands.bytes_total)}};
  return json;
}

std::optional<Schedule> schedule_in(Fields& body) {
  Schedule schedule;
  schedule.every = body.duration("every");
  schedule.cron = body.text("cron").value_or("");
  schedule.zone = body.text("zone").value_or("");
  const auto grace = body.duration("grace");
  schedule.grace = grace.value_or(schedule.grace);
  const bool has_schedule = schedule.every || !schedule.cron.empty();
  if (!has_schedule && !schedule.zone.empty()) body.complain("zone", "it needs cron beside it");
  if (!has_schedule && grace) body.complain("grace", "it needs every or cron beside it");
  return has_schedule ? std::optional(schedule) : std::nullopt;
}

// All of them: what is left out is not expected.
JobSettings settings_in(Fields& body) {
  const auto failures = body.number("tolerate_failures").value_or(0);
  const auto failures_max = std::numeric_limits<std::uint32_t>::max();
  return {.operation = body.choice<Operation>("operation"),
          .schedule = schedule_in(body),
          .max_age = body.duration("max_age"),
          .max_duration = body.duration("max_duration"),
          .verify_every = body.duration("verify_every"),
          .is_high_frequency = body.boolean("is_high_frequency").value_or(false),
          .tolerate_failures =
              static_cast<std::uint32_t>(std::min<std::uint64_t>(failures, failures_max)),
          .warning_counts_as = body.choice<Outcome>("warning_counts_as"),
          .has_bands = body.boolean("has_bands").value_or(true)};
}

Result<core::Job> job_in(const Scene& scene, const Asked& asked) {
  const auto client = client_named(scene, asked.names[0]);
  if (!client) return fail(client.error());
  return job_named(scene, *client, asked.names[1]);
}

}  // namespace

Result<Answer> list_jobs(const Scene& scene, Asked& asked) {
  const auto client = client_filter(scene, asked.query);
  const auto show = [&](const core::Job& job) { return job_in_full(scene, job); };
  if (!client) {
    return page_of<core::Job>(scene, asked.query, oldest_first(), passes_all<core::Job>, show);
  }
  // The index is ordered by name, the list by number: a client has at most a thousand jobs.
  std::set<JobId> jobs;
  scene.snapshot.each_name(TableNumber::job_by_client, client->id.value,
                           [&](std::string_view, std::uint64_t number) {
                             jobs.insert({number});
                             return true;
                           });
  Page page(asked.query);
  if (auto ok = asked.query.finish(); !ok) return fail(ok.error());
  const auto after = page.after<JobId>().value_or(JobId{});
  for (auto id = jobs.upper_bound(after); id != jobs.end(); ++id) {
    const auto* job = scene.rows.find<core::Job>(*id);
    const bool goes_on = page.add(id->value, job != nullptr, [&] { return show(*job); });
    if (!goes_on) break;
  }
  return Answer(page.finish());
}

Result<Answer> show_job(const Scene& scene, Asked& asked) {
  const auto client = client_known_as(scene, asked.names[0]);
  if (!client) return fail(client.error());
  const auto job = job_named(scene, *client, asked.names[1]);
  if (!job) return fail(job.error());
  return Answer(job_in_full(scene, *job));
}

Result<Answer> create_job(const Scene& scene, Asked& asked) {
  const auto client = client_named(scene, asked.names[0]);
  if (!client) return fail(client.error());
  const auto name = asked.body.required_text("name");
  return Answer(OrderAsked{core::CreateJob{client->id, name, settings_in(asked.body)}, {}});
}

Result<Answer> set_job(const Scene& scene, Asked& asked) {
  const auto job = job_in(scene, asked);
  if (!job) return fail(job.error());
  return Answer(OrderAsked{core::SetJob{job->id, settings_in(asked.body)}, {}});
}

Result<Answer> forget_job(const Scene& scene, Asked& asked) {
  const auto job = job_in(scene, asked);
  if (!job) return fail(job.error());
  return Answer(OrderAsked{core::ForgetJob{job->id}, {}});
}

}  // namespace vaultbell::api
