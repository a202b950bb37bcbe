// The numbers of each field of what is expected of a job: on the wire and in the aggregator's store
// alike. A number is never reused.
#pragma once

#include "shared/domain/job_settings.hpp"
#include "shared/pack/fields.hpp"

// Found by the types' own namespace, hence not in vaultbell::protocol.
namespace vaultbell {

template <class Visitor>
void visit_fields(Visitor& visit, Schedule& schedule) {
  visit(1, schedule.every);
  visit(2, schedule.cron);
  visit(3, schedule.zone);
  visit(4, schedule.grace);
}

template <class Visitor>
void visit_fields(Visitor& visit, JobSettings& settings) {
  visit(1, settings.operation);
  visit(2, settings.schedule);
  visit(3, settings.max_age);
  visit(4, settings.max_duration);
  visit(5, settings.verify_every);
  visit(6, settings.is_high_frequency);
  visit(7, settings.tolerate_failures);
  visit(8, settings.warning_counts_as);
  visit(9, settings.has_bands);
}

}  // namespace vaultbell
