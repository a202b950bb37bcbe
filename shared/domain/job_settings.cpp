#include "shared/domain/job_settings.hpp"

#include <utility>

#include "shared/base/duration.hpp"

namespace vaultbell {

namespace {

Status check_between(std::string_view name, Duration value) {
  if (value >= kMaxAgeMin && value <= kMaxAgeMax) return {};
  return fail(ErrorCode::invalid, std::string(name) + " " + to_text(value) + " is not between " +
                                      to_text(kMaxAgeMin) + " and " + to_text(kMaxAgeMax));
}

// All but the schedule.
Status check_rest(const JobSettings& settings) {
  const std::pair<std::string_view, std::optional<Duration>> times[] = {
      {"max_age", settings.max_age},
      {"max_duration", settings.max_duration},
      {"verify_every", settings.verify_every}};
  for (const auto& [name, value] : times) {
    if (!value) continue;
    if (auto ok = check_between(name, *value); !ok) return ok;
  }
  if (settings.tolerate_failures > kTolerateFailuresMax) {
    return fail(ErrorCode::invalid, "tolerate_failures " +
                                        std::to_string(settings.tolerate_failures) +
                                        " is more than " + std::to_string(kTolerateFailuresMax));
  }
  return check_counts_as(settings.warning_counts_as);
}

}  // namespace

Status check_job_settings(const JobSettings& settings) {
  if (settings.schedule) {
    if (auto ok = check_schedule(*settings.schedule); !ok) return ok;
  }
  return check_rest(settings);
}

Status check_job_settings_but_zone(const JobSettings& settings) {
  if (settings.schedule) {
    if (auto ok = check_schedule_but_zone(*settings.schedule); !ok) return ok;
  }
  return check_rest(settings);
}

Status check_counts_as(const std::optional<Outcome>& warning_counts_as) {
  const auto& as = warning_counts_as;
  if (!as || as == Outcome::failed || as == Outcome::succeeded) return {};
  return fail(ErrorCode::invalid,
              "warning_counts_as is failed or succeeded, not " + std::string(to_text(*as)));
}

}  // namespace vaultbell
