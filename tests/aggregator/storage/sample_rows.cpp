#include "tests/aggregator/storage/sample_rows.hpp"

#include "tests/support/builders.hpp"

namespace vaultbell::storage {

namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using support::at;
using support::uuid;

core::TimingOverrides all_times() {
  return {.heartbeat_every = 10s, .disconnect_after = 5min, .offline_grace = 2h};
}

core::HostFacts a_host() {
  return {.boot = uuid(1),
          .agent_version = "1.0.0",
          .hostname = "web1.example.org",
          .os = "Debian GNU/Linux 12",
          .address = "192.0.2.31"};
}

core::Recipient ops() {
  return {.name = "ops@example.org", .channel = core::Channel::email, .address = "ops@example.org"};
}

RunReport whole_report() {
  RunReport report = support::a_report("db").run(4).failed("disk full");
  report.reason = OutcomeReason::error;
  report.trigger = Trigger::user;
  report.started_at = at("03-01 02:00");
  report.ended_at = at("03-01 02:20");
  report.utc_offset_minutes = 60;
  report.exit_code = 3;
  report.signal = 15;
  report.statistics = {
      .bytes_read = 4096, .bytes_added = 512, .bytes_total = 1'000'000, .files = 42};
  report.tool = "restic";
  report.snapshot = "8f3a1c90";
  report.output = "Fatal: no space left on device";
  return report;
}

core::Alert an_alert() {
  return {.id = {7},
          .kind = core::AlertKind::operation_failed,
          .severity = core::Severity::warning,
          .vault = {1},
          .client = {2},
          .job = {3},
          .operation = Operation::verify,
          .state = core::AlertState::inactive,
          .first_at = at("03-01 02:20"),
          .last_at = at("03-02 02:20"),
          .occurrences = 2,
          .run = {5},
          .message = "pack file is damaged",
          .hold_from = at("03-01 02:20"),
          .decision = core::NotifyDecision{core::NotifyReason::notified, at("03-01 03:20")},
          .told = {{{9}, ops()}},
          .inactivation = core::Inactivation{.reason = core::InactiveReason::by_operator,
                                             .at = at("03-02 08:00"),
                                             .who = "alice",
                                             .why = "repaired",
                                             .run = {6}}};
}

core::Notification a_notification() {
  return {.id = {9},
          .alert = {7},
          .event = core::NotificationEvent::recovered,
          .recipient = ops(),
          .why = core::RecipientReason::was_told_of_alert,
          .state = core::NotificationState::given_up,
          .created_at = at("03-01 03:20"),
          .next_attempt_at = at("03-01 03:21"),
          .give_up_at = at("03-02 03:20"),
          .attempts = 2,
          .attempting_since = at("03-01 03:21"),
          .follows = {8},
          .is_doubtful = true,
          .end_reason = core::EndReason::refused_by_remote,
          .ended_at = at("03-01 03:22"),
          .last_answer = "550 no such user"};
}

core::Client a_client() {
  return {.id = {2},
          .vault = {1},
          .name = "web1",
          .public_key = support::public_key(7),
          .state = core::ClientState::offline,
          .state_since = at("03-01 02:20"),
          .timing = all_times(),
          .created_at = at("02-01 12:00"),
          .host = a_host(),
          .clock_skew = -250ms,
          .goodbye = GoodbyeReason::host_shutdown};
}

core::Job a_job() {
  return {.id = {3},
          .client = {2},
          .name = "db",
          .created_at = at("02-01 12:00"),
          .tool = "restic",
          .last_operation = Operation::backup,
          .last_outcome = Outcome::failed,
          .last_run = {5},
          .last_run_at = at("03-01 02:20"),
          .last_good_at = at("02-28 02:20")};
}

core::Token a_token() {
  return {.id = {4},
          .hash = support::token_hash(9),
          .vault = {1},
          .created_by = "alice",
          .created_at = at("03-01 02:20"),
          .expires_at = at("03-01 03:20"),
          .uses_max = 5,
          .uses = 1,
          .needs_approval = true,
          .revoked_at = at("03-01 02:50"),
          .last_client = {2}};
}

}  // namespace

std::vector<Sample> sample_rows() {
  return {
      {"counters", "The last number given to a row of each kind.",
       core::Counters{uuid(99), 1, 2, 3, 5, 7, 9, 4, 6, 8}},
      {"vault", "Vault \"prod\", which tells nobody.",
       core::Vault{{1}, "prod", core::PolicyMode::off, all_times(), at("02-01 12:00")}},
      {"client", "Client \"web1\", offline because its host was shut down.", a_client()},
      {"job", "Job \"db\" of client 2, whose last backup failed.", a_job()},
      {"spool_mark", "Of this spool everything up to report 7 is booked.",
       core::SpoolMark{{2}, uuid(2), 7, at("03-01 02:20")}},
      {"run", "A run of job 3 that failed and raised alert 7.",
       core::Run{.id = {5},
                 .client = {2},
                 .job = {3},
                 .received_at = at("03-01 02:20"),
                 .report = whole_report(),
                 .verdict = core::RunVerdict::raised_alert,
                 .alert = {7}}},
      {"open_run", "A verify of job 3 that was started and has not ended.",
       core::OpenRun{.client = {2},
                     .run = uuid(4),
                     .id = {5},
                     .job = {3},
                     .operation = Operation::verify,
                     .trigger = Trigger::user,
                     .started_at = at("03-01 02:00")}},
      {"alert", "A verify that failed twice, was told, and was inactivated by alice.", an_alert()},
      {"notification", "A recovery that the remote refused for good.", a_notification()},
      {"attempt", "The second try to deliver it.",
       core::Attempt{.notification = {9},
                     .number = 2,
                     .started_at = at("03-01 03:21"),
                     .ended_at = at("03-01 03:22"),
                     .result = core::AttemptResult::permanent_failure,
                     .answer = "550 no such user"}},
      {"token", "A join token for five hosts, one of them in, revoked since.", a_token()},
      {"enrolment", "A host that asks for a name that is taken.",
       core::Enrolment{.id = {6},
                       .public_key = support::public_key(7),
                       .name = "web1",
                       .token = {4},
                       .vault = {1},
                       .state = core::EnrolmentState::name_taken,
                       .asked_at = at("03-01 02:20"),
                       .host = a_host()}},
      {"clock_shift", "A step of the wall clock by an hour, half worked off.",
       core::ClockShift{.number = 8,
                        .by = 1h,
                        .alerts_done = {5},
                        .alerts_last = {7},
                        .notifications_done = {3},
                        .notifications_last = {9}}},
  };
}

}  // namespace vaultbell::storage
