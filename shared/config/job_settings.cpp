#include "shared/config/job_settings.hpp"

#include <string>

#include <fmt/format.h>

#include "shared/config/values.hpp"

namespace vaultbell::config {

namespace {

bool bool_in(Section& section, std::string_view key, bool usual) {
  section.read(key, usual);
  return usual;
}

// Beside the other keys, as in the API, or in a table of its own. What is left out because it is
// wrong must not be missed by the others.
std::optional<Schedule> schedule_in(Section& section) {
  Schedule schedule;
  schedule.every = duration_in(section, "every", kEveryMax);
  schedule.cron = text_in(section, "cron").value_or("");
  schedule.zone = text_in(section, "zone").value_or("");
  schedule.grace = duration_in(section, "grace", kGraceMax).value_or(schedule.grace);
  for (const auto key : {"every", "cron", "zone", "grace"}) {
    if (!section.is_good(key)) return std::nullopt;
  }
  if (schedule.every || !schedule.cron.empty()) return schedule;
  for (const auto key : {"zone", "grace"}) {
    if (section.has(key)) section.complain(key, "it needs every or cron beside it");
  }
  return std::nullopt;
}

// One thing after the other: a check ends with what it finds first.
void check_each(Section& section, const JobSettings& settings, CheckJobSettings check) {
  for (const auto& part :
       {JobSettings{.schedule = settings.schedule}, JobSettings{.max_age = settings.max_age},
        JobSettings{.max_duration = settings.max_duration},
        JobSettings{.verify_every = settings.verify_every}}) {
    if (auto ok = check(part); !ok) section.complain("", ok.error().message);
  }
}

}  // namespace

JobSettings read_job_settings(Section& section, CheckJobSettings check) {
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
  check_each(section, settings, check);
  return settings;
}

std::optional<Outcome> read_counts_as(Section& section) {
  std::optional<Outcome> outcome;
  std::string text;
  section.read("warning_counts_as", text, [&](std::string_view found) -> Status {
    const auto parsed = parse_enum<Outcome>("outcome", found);
    if (!parsed || !check_counts_as(*parsed)) {
      return fail(fmt::format("\"{}\" is neither \"failed\" nor \"succeeded\"", found));
    }
    outcome = *parsed;
    return {};
  });
  return outcome;
}

}  // namespace vaultbell::config
