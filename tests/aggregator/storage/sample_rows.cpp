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
          .decision = core::NotifyDecision{core::NotifyReason::notified, at("03-01 03:20"),
                                           core::PolicyLevel::client},
          .told = {{{9}, ops()}},
          .recovery_next = 1,
          .inactivation = core::Inactivation{.reason = core::InactiveReason::by_operator,
                                             .at = at("03-02 08:00"),
                                             .who = "alice",
                                             .why = "repaired",
                                             .run = {6}},
          .acknowledgement = core::Remark{at("03-02 07:00"), "alice", "on it"},
          .comments = {{at("03-02 07:30"), "bob", "the disk is new"}},
          .not_before = at("03-01 02:22"),
          .is_flapping = true,
          .reminded_at = at("03-02 03:20"),
          .reminders = 1,
          .escalated_at = at("03-02 04:20")};
}

core::Alert an_alert_of_ours() {
  return {.id = {8},
          .kind = core::AlertKind::self,
          .topic = "clock",
          .first_at = at("03-01 02:20"),
          .last_at = at("03-01 02:20"),
          .message = "the aggregator's clock was stepped",
          .hold_from = at("03-01 02:20")};
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
          .last_answer = "550 no such user",
          .contact = {5},
          .group = {6},
          .is_for_digest = true,
          .digest = {10}};
}

core::Policy a_policy() {
  return {.mode = core::PolicyMode::custom,
          .audience = {{{5}, {7}}, {{6}}},
          .least_severity = core::Severity::warning,
          .kinds = {core::AlertKind::backup_failed, core::AlertKind::client_disconnected},
          .notify_after = 10min,
          .notify_after_by_kind = {{core::AlertKind::backup_failed, 5min}},
          .frequency = core::Frequency::hourly,
          .tells_recovery = false,
          .remind_every = 4h,
          .escalate_after = 2h,
          .escalation = {{{8}}, {{9}}},
          .quiet = core::QuietHours{{22h, 7h}, "Europe/Berlin", false}};
}

JobSettings all_settings() {
  return {.operation = Operation::log_backup,
          .schedule = Schedule{std::nullopt, "0 2 * * *", "Europe/Berlin", 30min},
          .max_age = 26h,
          .max_duration = 4h,
          .verify_every = 720h,
          .is_high_frequency = true,
          .tolerate_failures = 1,
          .warning_counts_as = Outcome::failed,
          .has_bands = false};
}

core::Address an_address() {
  return {.channel = core::Channel::mobile,
          .address = "+491701234567",
          .verified_at = at("03-01 02:20"),
          .code = core::PendingCode{.nonce = uuid(5).bytes,
                                    .hash = support::token_hash(6),
                                    .expires_at = at("03-01 02:50"),
                                    .tries_left = 4,
                                    .notification = {9}},
          .codes_sent = {at("03-01 02:20")},
          .welcomed_at = at("03-01 02:21"),
          .sent = {at("03-01 02:22"), at("03-01 02:23")},
          .failed_digests = {{10}}};
}

core::Maintenance a_maintenance() {
  return {.id = {3},
          .scope = {{1}, {2}, {3}, core::AlertKind::backup_missed},
          .from = at("03-01 02:20"),
          .until = at("04-01 00:00"),
          .recurrence = core::Recurrence{"0 22 * * 6", "Europe/Berlin", 6h},
          .why = "weekly patches",
          .created_by = "alice",
          .created_at = at("03-01 02:20"),
          .ended_at = at("03-20 00:00"),
          .ended_by = "bob",
          .managed_by = "conf.d/windows.toml:3",
          .revision = 36};
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
          .goodbye = GoodbyeReason::host_shutdown,
          .policy = a_policy(),
          .expected_until = at("02-01 13:00"),
          .returned_at = at("02-20 12:00"),
          .returns = {at("02-20 11:50"), at("02-20 12:00")},
          .boots = {{uuid(1), "192.0.2.31"}, {uuid(2), "192.0.2.32"}},
          .catching_up = {{uuid(3), 17}},
          .managed_by = "conf.d/hosts.toml:7",
          .passed_jobs = {{"mail", "there is no time zone \"Europe/Berln\""}},
          .revision = 32};
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
          .last_good_at = at("02-28 02:20"),
          .settings = all_settings(),
          .expected_after = at("03-01 02:00"),
          .aged_from = at("02-28 02:20"),
          .unverified_from = at("02-01 12:00"),
          .failures_in_row = 2,
          .blocked_in_row = 1,
          .samples = {{20min, 512, 1'000'000}, {std::nullopt, 600, std::nullopt}},
          .managed_by = "conf.d/jobs.toml:2",
          .agent_settings = JobSettings{.max_age = 48h},
          .revision = 33};
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
          .last_client = {2},
          .client = {3}};
}

}  // namespace

namespace {

std::vector<Sample> rows_of_clients() {
  return {
      {"counters", "The last number given to a row of each kind.",
       core::Counters{uuid(99), 1, 2, 3, 5, 7, 9, 4, 6, 8, 10, 11, 12, 13, 14}},
      {"vault", "Vault \"prod\" with a policy of its own.",
       core::Vault{{1},
                   "prod",
                   a_policy(),
                   all_times(),
                   at("02-01 12:00"),
                   Outcome::succeeded,
                   "conf.d/vaults.toml:1",
                   31}},
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
                     .started_at = at("03-01 02:00"),
                     .began_at = at("03-01 02:01"),
                     .is_too_long = true}},
  };
}

std::vector<Sample> rows_of_alerts() {
  return {
      {"alert", "A verify that failed twice, was told, and was inactivated by alice.", an_alert()},
      {"alert_of_ours", "An alert about the aggregator itself, held.", an_alert_of_ours()},
      {"notification", "A recovery that the remote refused for good.", a_notification()},
      {"attempt", "The second try to deliver it.",
       core::Attempt{.notification = {9},
                     .number = 2,
                     .started_at = at("03-01 03:21"),
                     .ended_at = at("03-01 03:22"),
                     .result = core::AttemptResult::permanent_failure,
                     .answer = "550 no such user"}},
      {"token", "A join token for a client that lost its key, used and revoked since.", a_token()},
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
                        .notifications_last = {9},
                        .jobs_done = {1},
                        .jobs_last = {2}}},
      {"clock_shift_of_clients", "A step of the wall clock backwards, at the 3rd of 4 clients.",
       core::ClockShift{.number = 9,
                        .by = -1h,
                        .alerts_done = {7},
                        .alerts_last = {7},
                        .notifications_last = {9},
                        .jobs_last = {2},
                        .clients_done = ClientId{3},
                        .clients_last = ClientId{4}}},
  };
}

std::vector<Sample> rows_of_people() {
  return {
      {"contact", "Alice, whose new address is not verified yet.",
       core::Contact{.id = {5},
                     .name = "alice",
                     .channels = {{core::Channel::email, "new@example.org", "alice@example.org"},
                                  {core::Channel::mobile, "+491701234567", ""}},
                     .created_at = at("02-01 12:00"),
                     .managed_by = "conf.d/contacts.toml:14",
                     .revision = 34}},
      {"group", "Group \"ops\" of two contacts.",
       core::Group{.id = {6},
                   .name = "ops",
                   .members = {{5}, {7}},
                   .created_at = at("02-01 12:00"),
                   .managed_by = "conf.d/contacts.toml:20",
                   .revision = 35}},
      {"address", "A telephone number with a code on its way.", an_address()},
      {"channel_health", "Mail that fails for an hour.",
       core::ChannelHealth{core::Channel::email, at("03-01 02:20"), at("03-01 02:10"),
                           "421 too busy"}},
      {"channel_health_lone", "Mail that fails at one address alone.",
       core::ChannelHealth{.channel = core::Channel::mobile,
                           .last_answer = "450 try later",
                           .lone_since = at("03-01 02:20"),
                           .lone_address = "ops@example.org"}},
      {"maintenance", "A weekly window that was ended by hand.", a_maintenance()},
      {"outage", "An outage of vault 1 that is over.",
       core::Outage{{1}, {7}, at("03-01 02:18"), 12, at("03-01 02:30"), at("03-01 02:32")}},
      {"audit_entry", "Alice gave a group another name.",
       core::AuditEntry{
           .id = {4},
           .at = at("03-01 02:20"),
           .actor = "alice",
           .action = "edit_group",
           .remark = "done",
           .changes = {{core::AuditedRow{.group = core::Group{.id = {6}, .name = "ops"}},
                        core::AuditedRow{.group = core::Group{.id = {6}, .name = "team"}}}},
           .more = 1}},
  };
}

std::vector<Sample> rows_of_access() {
  return {
      {"night", "How the backups of vault 1 ended on 2026-03-01.",
       core::Night{{1}, 20513, 198, 2, 1, 3, 4}},
      {"access", "A session of an operator in a browser, opened with token 8.",
       core::Access{.id = {9},
                    .kind = core::AccessKind::session,
                    .name = "alice",
                    .role = core::Role::operating,
                    .hash = support::token_hash(7),
                    .created_by = "alice",
                    .created_at = at("03-01 02:20"),
                    .expires_at = at("03-08 02:20"),
                    .opened_by = {8}}},
      {"done_order", "An order that is not to be carried out twice.",
       core::DoneOrder{"alice", "5f0c", support::token_hash(5), at("03-01 02:20"), {4}}},
  };
}

}  // namespace

std::vector<Sample> sample_rows() {
  auto samples = rows_of_clients();
  for (const auto& more : {rows_of_alerts(), rows_of_people(), rows_of_access()}) {
    samples.insert(samples.end(), more.begin(), more.end());
  }
  return samples;
}

}  // namespace vaultbell::storage
