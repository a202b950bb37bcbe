#include "tests/simulation/expectations.hpp"

#include <algorithm>

#include "aggregator/core/reports.hpp"
#include "shared/base/duration.hpp"

namespace vaultbell::simulation {

namespace {

using core::AlertKind;

// The clocks of two hosts differ by seconds, and steps of less than a minute move no deadline.
constexpr Duration kEarlyMax = std::chrono::minutes(10);

// A whole day may have an hour more; whoever has just come back has an hour to send what it kept.
constexpr Duration kLateMax = std::chrono::hours(3);

}  // namespace

void Expectations::committed(const core::Put& put) {
  if (const auto* job = std::get_if<core::Job>(&put.row)) follow(*job);
  if (const auto* run = std::get_if<core::Run>(&put.row)) follow(*run);
  if (const auto* alert = std::get_if<core::Alert>(&put.row)) check_alert(*alert);
}

void Expectations::follow(const core::Job& job) {
  auto& followed = jobs_[job.id];
  if (followed.job.settings != job.settings) followed.set_at = scene_.now();
  followed.job = job;
}

void Expectations::follow(const core::Run& run) {
  if (!is_backup(run.report.operation)) return;
  auto& followed = jobs_[run.job];
  const auto later = [](std::optional<Steady>& known, std::optional<Steady> at) {
    if (at && (!known || *known < *at)) known = at;
  };
  later(followed.started_at, bookings_.began_at(run.report.run));
  if (core::is_good(run.report.outcome))
    later(followed.good_at, bookings_.ended_at(run.report.run));
}

void Expectations::check_alert(const core::Alert& alert) {
  const bool is_missed = alert.kind == AlertKind::backup_missed;
  if (!is_missed && alert.kind != AlertKind::backup_overdue) return;
  if (!known_alerts_.insert(alert.id).second) return;
  auto& followed = jobs_.at(alert.job);
  if (!is_missed) followed.overdue_at = scene_.now();
  const auto& settings = followed.job.settings;
  const auto last = is_missed ? followed.started_at : followed.good_at;
  if (!last || disturbed_at_ > *last || followed.set_at > *last) return;
  const auto allowed = is_missed && settings.schedule ? settings.schedule->every : settings.max_age;
  const auto passed = scene_.now() - *last;
  if (!allowed || passed + kEarlyMax >= *allowed) return;
  scene_.fail("alert " + std::to_string(alert.id.value) + " (" + std::string(to_text(alert.kind)) +
              ") is raised " + to_text(passed) + " after the last run, and " + to_text(*allowed) +
              " are allowed");
}

void Expectations::look(const core::State& state) {
  for (const auto& [id, followed] : jobs_) look_at(state, followed);
}

void Expectations::look_at(const core::State& state, const Followed& followed) {
  const auto& job = followed.job;
  const auto client = state.clients.find(job.client);
  const bool is_judged = client != state.clients.end() &&
                         client->second.state == core::ClientState::online &&
                         client->second.catching_up.empty() && state.outages.empty();
  if (!is_judged || !job.settings.max_age) return;
  const auto from = std::max({followed.good_at.value_or(followed.set_at), followed.set_at,
                              followed.overdue_at, disturbed_at_});
  const auto online_for = scene_.wall() - client->second.state_since;
  const auto passed = scene_.now() - from;
  if (passed <= *job.settings.max_age + kLateMax || online_for < kLateMax) return;
  const core::Subject subject{
      .kind = AlertKind::backup_overdue, .client = job.client, .job = job.id};
  if (state.alert_by_subject.contains(subject)) return;
  scene_.fail("job \"" + job.name + "\" of client \"" + client->second.name +
              "\" has had no good run for " + to_text(passed) + ", and there is no alert");
}

}  // namespace vaultbell::simulation
