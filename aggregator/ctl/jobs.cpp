#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/changing.hpp"
#include "aggregator/ctl/listing.hpp"
#include "aggregator/ctl/showing.hpp"

namespace vaultbell::ctl {

namespace {

constexpr std::string_view kNone = "none";
constexpr BodyField kJobSettings[] = {{"operation", "operation", As::text, kNone},
                                      {"every", "every", As::text, kNone},
                                      {"cron", "cron", As::text, kNone},
                                      {"zone", "zone", As::text, kNone},
                                      {"grace", "grace", As::text, kNone},
                                      {"max-age", "max_age", As::text, kNone},
                                      {"max-duration", "max_duration", As::text, kNone},
                                      {"verify-every", "verify_every", As::text, kNone},
                                      {"high-frequency", "is_high_frequency", As::yes_no},
                                      {"tolerate-failures", "tolerate_failures", As::number, kNone},
                                      {"warnings-as", "warning_counts_as", As::text, kNone},
                                      {"bands", "has_bands", As::yes_no}};

std::string path_of_job(const Session& session) {
  return path_of({"clients", session.argument(0), "jobs", session.argument(1)});
}

void take_away_schedule(Json& settings) {
  for (const auto* field : {"every", "cron", "zone", "grace"}) settings.erase(field);
}

// What is there now with what was typed over it. A null stands for nothing: in the end, what is not
// there is not expected.
Json overlaid(Json settings, const Json& typed) {
  if (typed.contains("every") && !typed["every"].is_null()) {
    settings.erase("cron");
    settings.erase("zone");
  }
  if (typed.contains("cron") && !typed["cron"].is_null()) settings.erase("every");
  for (const auto& [name, value] : typed.items()) settings[name] = value;
  Json result = Json::object();
  for (const auto& [name, value] : settings.items()) {
    if (!value.is_null()) result[name] = value;
  }
  if (!result.contains("every") && !result.contains("cron")) {
    // Without a schedule they say nothing; what was typed is the API's to judge.
    if (!typed.contains("zone")) result.erase("zone");
    if (!typed.contains("grace")) result.erase("grace");
  }
  return result;
}

Expected<bool> takes_schedule_away(const Invocation& typed) {
  if (!typed.has("schedule")) return false;
  if (typed.value("schedule") == kNone) return true;
  return wrong_usage(fmt::format("--schedule: \"{}\" is not none", typed.value("schedule")),
                     "--schedule none takes the schedule away; --every or --cron set it");
}

std::vector<Json> job_rows(std::vector<Json> jobs) {
  for (auto& job : jobs) {
    const auto cron = text_at(job, "settings.cron");
    const auto every = text_at(job, "settings.every");
    if (!every.empty()) job["schedule"] = "every " + every;
    if (!cron.empty()) {
      const auto zone = text_at(job, "settings.zone");
      job["schedule"] = zone.empty() ? cron : fmt::format("{} {}", cron, zone);
    }
  }
  return jobs;
}

void print_bands(const Session& session, const Json& job) {
  Json bands = Json::array();
  for (const auto* what : {"duration", "bytes_added", "bytes_total"}) {
    const auto& band = at(job, fmt::format("bands.{}", what));
    if (band.is_null()) continue;
    bands.push_back(band);
    bands.back()["what"] = what;
  }
  print_inner(session, bands, "what is usual",
              {{"what", "what"},
               {"low", "low", Kind::size},
               {"high", "high", Kind::size},
               {"median", "median", Kind::size},
               {"of_runs", "count", Kind::number}});
}

}  // namespace

Expected<ExitCode> list_jobs(Session& session) {
  return list(
      session,
      {.path = path_of({"jobs"}),
       .filters = {"client"},
       .columns = {{"outcome", "last_outcome", Kind::word},
                   {"client", "client"},
                   {"name", "name"},
                   {"operation", "last_operation", Kind::text, false, {}, 3},
                   {"last_run_at", "last_run_at", Kind::time},
                   {"last_good_at", "last_good_at", Kind::time},
                   {"next_due_at", "next_due_at", Kind::time, false, {}, 1},
                   {"run", "last_run", Kind::number, false, {}, 2},
                   {"tool", "tool", Kind::text, false, {}, 4},
                   {"schedule", "schedule", Kind::text, true},
                   {"max_age", "settings.max_age", Kind::duration, true},
                   {"conflict", "conflict", Kind::text, true},
                   {"failures", "failures_in_row", Kind::number, true},
                   {"missed_at", "missed_at", Kind::time, true},
                   {"overdue_at", "overdue_at", Kind::time, true},
                   {"verify_due_at", "verify_due_at", Kind::time, true},
                   {"managed_by", "managed_by", Kind::text, true},
                   {"created_at", "created_at", Kind::time, true}},
       .none = "no job; a job appears with its first run: vaultbell-agent run --job NAME -- "
               "COMMAND; or is told of before: vaultbell job add CLIENT NAME --every 24h",
       .none_matches = "no job matches",
       .rank = by_words("last_outcome", {"failed", "warning", "running", "cancelled", "succeeded"}),
       .then_by = "last_run_at",
       .rows_of = job_rows});
}

Expected<ExitCode> show_job(Session& session) {
  return show(session, path_of_job(session),
              {{"client", "client"},
               {"name", "name"},
               {"tool", "tool"},
               {"last_outcome", "last_outcome", Kind::word},
               {"last_operation", "last_operation"},
               {"last_run", "last_run"},
               {"last_run_at", "last_run_at", Kind::time},
               {"last_good_at", "last_good_at", Kind::time},
               {"failures_in_row", "failures_in_row"},
               {"operation", "settings.operation"},
               {"every", "settings.every"},
               {"cron", "settings.cron"},
               {"zone", "settings.zone"},
               {"grace", "settings.grace"},
               {"next_due_at", "next_due_at", Kind::time},
               {"missed_at", "missed_at", Kind::time},
               {"max_age", "settings.max_age"},
               {"overdue_at", "overdue_at", Kind::time},
               {"max_duration", "settings.max_duration"},
               {"verify_every", "settings.verify_every"},
               {"verify_due_at", "verify_due_at", Kind::time},
               {"high_frequency", "settings.is_high_frequency"},
               {"tolerate_failures", "settings.tolerate_failures"},
               {"warnings_as", "settings.warning_counts_as"},
               {"bands", "settings.has_bands"},
               {"conflict", "conflict"},
               {"managed_by", "managed_by"},
               {"created_at", "created_at", Kind::time}},
              print_bands);
}

Expected<ExitCode> add_job(Session& session) {
  const auto typed = body_of(session.typed(), kJobSettings);
  if (!typed) return tl::unexpected<Failure>(typed.error());
  auto body = overlaid(Json::object(), *typed);
  body["name"] = session.argument(1);
  return change(session, {"POST", path_of({"clients", session.argument(0), "jobs"}), body});
}

Expected<ExitCode> edit_job(Session& session) {
  const auto typed = body_of(session.typed(), kJobSettings);
  if (!typed) return tl::unexpected<Failure>(typed.error());
  const auto is_taken_away = takes_schedule_away(session.typed());
  if (!is_taken_away) return tl::unexpected<Failure>(is_taken_away.error());
  if (typed->empty() && !*is_taken_away) return nothing_given(session);
  const auto job = session.api().get(path_of_job(session));
  if (!job) return tl::unexpected<Failure>(job.error());
  auto settings = at(*job, "settings");
  if (*is_taken_away) take_away_schedule(settings);
  return change(
      session,
      {"PUT", path_of({"clients", session.argument(0), "jobs", session.argument(1), "settings"}),
       overlaid(std::move(settings), *typed)});
}

Expected<ExitCode> forget_job(Session& session) {
  return change(session, {"DELETE", path_of_job(session), Json::object()});
}

}  // namespace vaultbell::ctl
