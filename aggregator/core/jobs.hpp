// Jobs: what is expected of them, and what follows when it does not happen (R4.6, R4.9 to R4.11):
// runs that are missed, good runs and verifications that are overdue, runs that take too long.
//
// The life of an expectation: it counts from a moment kept in the job's row; when its deadline
// passes an alert is raised and it counts on from there; when what was expected happens the alert
// recovers and it counts from that. Nobody is judged who could not speak: see judged_from().
#pragma once

#include <optional>

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

// Whether this report is of the operation that the job is expected to do.
bool is_expected_operation(const Job& job, Operation operation);

// From when the expectations of a client's jobs are judged: when it has had the time to connect,
// and to send what it kept meanwhile. Absent: not as long as it is away.
std::optional<Instant> judged_from(const State& state, ClientId client);

// When the job's next run, good run, good verification will be missed, if none comes before;
// absent: never, or none is expected.
std::optional<Instant> missed_at(const Job& job);
std::optional<Instant> overdue_at(const Job& job);
std::optional<Instant> unverified_at(const Job& job);

// When something is next missed of the job.
std::optional<Instant> job_due_at(const State& state, const Job& job);

// When an open run will have taken too long.
std::optional<Instant> run_due_at(const State& state, const OpenRun& run);

// Raises what is due, within the rows of one decision.
void judge_jobs(Draft& draft);
void judge_runs(Draft& draft);

// Books on the job what a report says of its expectations, and recovers alerts.
struct RunTimes {  // by the aggregator's clock
  Instant started_at;
  Instant ended_at;
};
void meet_expectations(Draft& draft, Job& job, const Run& run, const RunTimes& times);

// A job that has not run yet.
Job new_job(Draft& draft, ClientId client, const std::string& name, const JobSettings& settings);
// Sets what is expected of a job, whose row the caller puts: what is new counts from now, what is
// expected no more has no alert.
void set_settings(Draft& draft, Job& job, const JobSettings& settings);

Result<std::string> create_job(Draft& draft, const CreateJob& order);
Result<std::string> set_job(Draft& draft, const SetJob& order);
Result<std::string> forget_job(Draft& draft, const ForgetJob& order);

}  // namespace vaultbell::core
