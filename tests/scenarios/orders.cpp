// What operators do about jobs, maintenances, clients, alerts and messages.
#include <fmt/format.h>

#include "tests/scenarios/expectations.hpp"
#include "tests/scenarios/phrases.hpp"
#include "tests/scenarios/statements.hpp"

namespace vaultbell::scenarios {

namespace {

Status set_job(Stage& stage, const Match& match) {
  JobSettings settings;
  if (auto ok = say(stage, settings, match.at("REST"), "a job", job_phrases()); !ok) return ok;
  const auto client = stage.host(match).client;
  const auto& jobs = stage.world().state().job_by_name;
  const auto known = jobs.find({client, match.at("JOB")});
  if (known == jobs.end()) {
    return done(stage.world().order(core::CreateJob{client, match.at("JOB"), settings}));
  }
  return done(stage.world().order(core::SetJob{known->second, settings}));
}

Status start_maintenance(Stage& stage, const Match& match) {
  core::StartMaintenance order{.why = "a scenario wants it"};
  if (auto ok = say(stage, order, match.at("REST"), "a maintenance", maintenance_phrases()); !ok) {
    return ok;
  }
  return done(stage.world().order(order));
}

Status end_maintenance(Stage& stage, const Match&) {
  const auto& maintenances = stage.world().state().maintenances;
  if (maintenances.empty()) return fail("there is no maintenance");
  return done(stage.world().order(core::EndMaintenance{maintenances.rbegin()->first}));
}

Status retire(Stage& stage, const Match& match) {
  return done(stage.world().order(core::RetireClient{stage.host(match).client}));
}

Status move(Stage& stage, const Match& match) {
  return done(stage.world().order(
      core::MoveClient{stage.host(match).client, stage.world().vault(match.at("VAULT"))}));
}

template <class AlertOrder>
Status order_about_alert(Stage& stage, const Match& match) {
  const auto alert = active_alert(stage, match.at("ALERT"));
  if (!alert) return fail(alert.error());
  const auto why = match.find("WHY");
  return done(stage.world().order(
      AlertOrder{.alert = *alert, .why = why == match.end() ? "" : why->second}));
}

Status retry(Stage& stage, const Match& match) {
  const auto row = last_notification(stage, match.at("PERSON"), match.at("TEXT"));
  if (!row) return fail(row.error());
  return done(stage.world().order(core::RetryDelivery{*row}));
}

}  // namespace

Statements orders() {
  return {
      {Pattern("job JOB of CLIENT REST"), "what is expected of it, in these phrases", set_job},
      {Pattern("maintenance REST"), "an operator orders one, in these phrases", start_maintenance},
      {Pattern("operator ends the maintenance"), "the newest", end_maintenance},
      {Pattern("operator retires CLIENT"), "it is out of service", retire},
      {Pattern("operator moves CLIENT to VAULT"), "another vault", move},
      {Pattern("operator acknowledges \"ALERT\" [because \"WHY\"]"),
       "the active alert of this name", order_about_alert<core::AcknowledgeAlert>},
      {Pattern("operator inactivates \"ALERT\" [because \"WHY\"]"), "the same",
       order_about_alert<core::InactivateAlert>},
      {Pattern("operator sends \"TEXT\" to PERSON again"), "a notification that was given up",
       retry},
  };
}

}  // namespace vaultbell::scenarios
