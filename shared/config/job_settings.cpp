#include "shared/config/job_settings.hpp"

#include "shared/config/values.hpp"

namespace vaultbell::config {

namespace {

bool bool_in(Section& section, std::string_view key, bool usual) {
  section.read(key, usual);
  return usual;
}

// Beside the other keys, as in the API, or in a table of its own.
std::optional<Schedule> schedule_in(Section& section) {
  Schedule schedule;
  schedule.every = duration_in(section, "every", kEveryMax);
  schedule.cron = text_in(section, "cron").value_or("");
  schedule.zone = text_in(section, "zone").value_or("");
  schedule.grace = duration_in(section, "grace", kGraceMax).value_or(schedule.grace);
  if (schedule.every || !schedule.cron.empty()) return schedule;
  for (const auto key : {"zone", "grace"}) {
    if (section.has(key)) section.complain(key, "it needs every or cron beside it");
  }
  return std::nullopt;
}

}  // namespace

JobSettings read_job_settings(Section& section, CheckJobSettings check) {
  const auto mistakes_before = section.mistakes_so_far();
  JobSettings settings;
  settings.operation = choice_in<Operation>(section, "operation");
  auto table = section.table("schedule");
  settings.schedule = schedule_in(table ? *table : section);
  settings.max_age = duration_in(section, "max_age", kMaxAgeMax);
  settings.max_duration = duration_in(section, "max_duration", kMaxAgeMax);
  settings.verify_every = duration_in(section, "verify_every", kMaxAgeMax);
  settings.is_high_frequency = bool_in(section, "is_high_frequency", false);
  std::int64_t failures = 0;
  section.read("tolerate_failures", failures, 0, kTolerateFailuresMax);
  settings.tolerate_failures = static_cast<std::uint32_t>(failures);
  settings.warning_counts_as = read_counts_as(section);
  settings.has_bands = bool_in(section, "has_bands", true);
  if (section.mistakes_so_far() != mistakes_before) return settings;
  if (auto ok = check(settings); !ok) section.complain("", ok.error().message);
  return settings;
}

std::optional<Outcome> read_counts_as(Section& section) {
  const auto outcome = choice_in<Outcome>(section, "warning_counts_as");
  if (check_counts_as(outcome)) return outcome;
  section.complain("warning_counts_as", "neither \"failed\" nor \"succeeded\"");
  return std::nullopt;
}

}  // namespace vaultbell::config
