// The numbers of every stored field of every row. A number is never reused; docs/storage.md lists
// them with example bytes, and the golden files in tests/golden hold rows of every released
// version.
#pragma once

#include "aggregator/core/rows.hpp"
#include "shared/pack/fields.hpp"
#include "shared/protocol/job_fields.hpp"
#include "shared/protocol/report_fields.hpp"

// Found by the rows' own namespaces, hence not in vaultbell::storage.
namespace vaultbell::core {

template <class Visitor>
void visit_fields(Visitor& visit, TimingOverrides& timing) {
  visit(1, timing.heartbeat_every);
  visit(2, timing.disconnect_after);
  visit(3, timing.offline_grace);
}

template <class Visitor>
void visit_fields(Visitor& visit, Counters& row) {
  visit(1, row.installation);
  visit(2, row.vault);
  visit(3, row.client);
  visit(4, row.job);
  visit(5, row.run);
  visit(6, row.alert);
  visit(7, row.notification);
  visit(8, row.token);
  visit(9, row.enrolment);
  visit(10, row.clock_shift);
  visit(11, row.contact);
  visit(12, row.group);
  visit(13, row.maintenance);
  visit(14, row.audit);
  visit(15, row.access);
}

template <class Visitor>
void visit_fields(Visitor& visit, KindHold& hold) {
  visit(1, hold.kind);
  visit(2, hold.notify_after);
}

template <class Visitor>
void visit_fields(Visitor& visit, QuietHours& quiet) {
  visit(1, quiet.hours.from);
  visit(2, quiet.hours.to);
  visit(3, quiet.zone);
  visit(4, quiet.do_critical_pass);
}

// Without its mode, which stands in the row that has the policy.
template <class Visitor>
void visit_fields(Visitor& visit, Policy& policy) {
  visit(1, policy.audience.contacts);
  visit(2, policy.audience.groups);
  visit(3, policy.least_severity);
  visit(4, policy.kinds);
  visit(5, policy.notify_after);
  visit(6, policy.notify_after_by_kind);
  visit(7, policy.frequency);
  visit(8, policy.tells_recovery);
  visit(9, policy.remind_every);
  visit(10, policy.escalate_after);
  visit(11, policy.escalation.contacts);
  visit(12, policy.escalation.groups);
  visit(13, policy.quiet);
}

template <class Visitor>
void visit_fields(Visitor& visit, Vault& row) {
  visit(1, row.id);
  visit(2, row.name);
  visit(3, row.policy.mode);
  visit(4, row.timing);
  visit(5, row.created_at);
  visit(6, row.policy);
  visit(7, row.warning_counts_as);
  visit(8, row.managed_by);
  visit(9, row.revision);
}

template <class Visitor>
void visit_fields(Visitor& visit, HostFacts& host) {
  visit(1, host.boot);
  visit(2, host.agent_version);
  visit(3, host.hostname);
  visit(4, host.os);
  visit(5, host.address);
}

template <class Visitor>
void visit_fields(Visitor& visit, BootSeen& seen) {
  visit(1, seen.boot);
  visit(2, seen.address);
}

template <class Visitor>
void visit_fields(Visitor& visit, PassedJob& job) {
  visit(1, job.name);
  visit(2, job.why);
}

template <class Visitor>
void visit_fields(Visitor& visit, Client& row) {
  visit(1, row.id);
  visit(2, row.vault);
  visit(3, row.name);
  visit(4, row.public_key.bytes);
  visit(5, row.state);
  visit(6, row.state_since);
  visit(7, row.timing);
  visit(8, row.created_at);
  visit(9, row.host);
  visit(10, row.clock_skew);
  visit(11, row.goodbye);
  visit(12, row.policy.mode);
  visit(13, row.policy);
  visit(14, row.expected_until);
  visit(15, row.returned_at);
  visit(16, row.returns);
  visit(17, row.boots);
  visit(18, row.catching_up);
  visit(19, row.managed_by);
  visit(20, row.passed_jobs);
  visit(21, row.revision);
}

template <class Visitor>
void visit_fields(Visitor& visit, RunSample& sample) {
  visit(1, sample.duration);
  visit(2, sample.bytes_added);
  visit(3, sample.bytes_total);
}

template <class Visitor>
void visit_fields(Visitor& visit, Job& row) {
  visit(1, row.id);
  visit(2, row.client);
  visit(3, row.name);
  visit(4, row.created_at);
  visit(5, row.tool);
  visit(6, row.last_operation);
  visit(7, row.last_outcome);
  visit(8, row.last_run);
  visit(9, row.last_run_at);
  visit(10, row.last_good_at);
  visit(11, row.settings);
  visit(12, row.expected_after);
  visit(13, row.aged_from);
  visit(14, row.unverified_from);
  visit(15, row.failures_in_row);
  visit(16, row.blocked_in_row);
  visit(17, row.samples);
  visit(18, row.managed_by);
  visit(19, row.agent_settings);
  visit(20, row.revision);
}

template <class Visitor>
void visit_fields(Visitor& visit, SpoolMark& row) {
  visit(1, row.client);
  visit(2, row.spool);
  visit(3, row.sequence);
  visit(4, row.used_at);
}

template <class Visitor>
void visit_fields(Visitor& visit, Run& row) {
  visit(1, row.id);
  visit(2, row.client);
  visit(3, row.job);
  visit(4, row.received_at);
  visit(5, row.report);
  visit(6, row.verdict);
  visit(7, row.alert);
}

template <class Visitor>
void visit_fields(Visitor& visit, OpenRun& row) {
  visit(1, row.client);
  visit(2, row.run);
  visit(3, row.id);
  visit(4, row.job);
  visit(5, row.operation);
  visit(6, row.trigger);
  visit(7, row.started_at);
  visit(8, row.began_at);
  visit(9, row.is_too_long);
}

template <class Visitor>
void visit_fields(Visitor& visit, Recipient& recipient) {
  visit(1, recipient.name);
  visit(2, recipient.channel);
  visit(3, recipient.address);
}

template <class Visitor>
void visit_fields(Visitor& visit, Told& told) {
  visit(1, told.notification);
  visit(2, told.recipient);
}

template <class Visitor>
void visit_fields(Visitor& visit, NotifyDecision& decision) {
  visit(1, decision.reason);
  visit(2, decision.at);
  visit(3, decision.level);
}

template <class Visitor>
void visit_fields(Visitor& visit, Remark& remark) {
  visit(1, remark.at);
  visit(2, remark.who);
  visit(3, remark.text);
}

template <class Visitor>
void visit_fields(Visitor& visit, Inactivation& inactivation) {
  visit(1, inactivation.reason);
  visit(2, inactivation.at);
  visit(3, inactivation.who);
  visit(4, inactivation.why);
  visit(5, inactivation.run);
}

template <class Visitor>
void visit_fields(Visitor& visit, Alert& row) {
  visit(1, row.id);
  visit(2, row.kind);
  visit(3, row.severity);
  visit(4, row.vault);
  visit(5, row.client);
  visit(6, row.job);
  visit(7, row.operation);
  visit(8, row.state);
  visit(9, row.first_at);
  visit(10, row.last_at);
  visit(11, row.occurrences);
  visit(12, row.run);
  visit(13, row.message);
  visit(14, row.hold_from);
  visit(15, row.decision);
  visit(16, row.told);
  visit(17, row.inactivation);
  visit(18, row.topic);
  visit(19, row.recovery_next);
  visit(20, row.acknowledgement);
  visit(21, row.comments);
  visit(22, row.not_before);
  visit(23, row.is_flapping);
  visit(24, row.reminded_at);
  visit(25, row.reminders);
  visit(26, row.escalated_at);
}

template <class Visitor>
void visit_fields(Visitor& visit, Notification& row) {
  visit(1, row.id);
  visit(2, row.alert);
  visit(3, row.event);
  visit(4, row.recipient);
  visit(5, row.why);
  visit(6, row.state);
  visit(7, row.created_at);
  visit(8, row.next_attempt_at);
  visit(9, row.give_up_at);
  visit(10, row.attempts);
  visit(11, row.attempting_since);
  visit(12, row.follows);
  visit(13, row.is_doubtful);
  visit(14, row.end_reason);
  visit(15, row.ended_at);
  visit(16, row.last_answer);
  visit(17, row.contact);
  visit(18, row.group);
  visit(19, row.is_for_digest);
  visit(20, row.digest);
}

template <class Visitor>
void visit_fields(Visitor& visit, Attempt& row) {
  visit(1, row.notification);
  visit(2, row.number);
  visit(3, row.started_at);
  visit(4, row.ended_at);
  visit(5, row.result);
  visit(6, row.answer);
}

template <class Visitor>
void visit_fields(Visitor& visit, Token& row) {
  visit(1, row.id);
  visit(2, row.hash);
  visit(3, row.vault);
  visit(4, row.created_by);
  visit(5, row.created_at);
  visit(6, row.expires_at);
  visit(7, row.uses_max);
  visit(8, row.uses);
  visit(9, row.needs_approval);
  visit(10, row.revoked_at);
  visit(11, row.last_client);
  visit(12, row.client);
}

template <class Visitor>
void visit_fields(Visitor& visit, Enrolment& row) {
  visit(1, row.id);
  visit(2, row.public_key.bytes);
  visit(3, row.name);
  visit(4, row.token);
  visit(5, row.vault);
  visit(6, row.state);
  visit(7, row.asked_at);
  visit(8, row.host);
}

template <class Visitor>
void visit_fields(Visitor& visit, ClockShift& row) {
  visit(1, row.number);
  visit(2, row.by);
  visit(3, row.alerts_done);
  visit(4, row.alerts_last);
  visit(5, row.notifications_done);
  visit(6, row.notifications_last);
  visit(7, row.jobs_done);
  visit(8, row.jobs_last);
  visit(9, row.clients_done);
  visit(10, row.clients_last);
}

template <class Visitor>
void visit_fields(Visitor& visit, Scope& scope) {
  visit(1, scope.vault);
  visit(2, scope.client);
  visit(3, scope.job);
  visit(4, scope.kind);
}

template <class Visitor>
void visit_fields(Visitor& visit, Recurrence& recurrence) {
  visit(1, recurrence.cron);
  visit(2, recurrence.zone);
  visit(3, recurrence.length);
}

template <class Visitor>
void visit_fields(Visitor& visit, Maintenance& row) {
  visit(1, row.id);
  visit(2, row.scope);
  visit(3, row.from);
  visit(4, row.until);
  visit(5, row.recurrence);
  visit(6, row.why);
  visit(7, row.created_by);
  visit(8, row.created_at);
  visit(9, row.ended_at);
  visit(10, row.ended_by);
  visit(11, row.managed_by);
  visit(12, row.revision);
}

template <class Visitor>
void visit_fields(Visitor& visit, Outage& row) {
  visit(1, row.vault);
  visit(2, row.alert);
  visit(3, row.silent_from);
  visit(4, row.affected);
  visit(5, row.calm_since);
  visit(6, row.over_at);
}

template <class Visitor>
void visit_fields(Visitor& visit, PendingCode& code) {
  visit(1, code.nonce);
  visit(2, code.hash);
  visit(3, code.expires_at);
  visit(4, code.tries_left);
  visit(5, code.notification);
}

template <class Visitor>
void visit_fields(Visitor& visit, Address& row) {
  visit(1, row.channel);
  visit(2, row.address);
  visit(3, row.verified_at);
  visit(4, row.code);
  visit(5, row.codes_sent);
  visit(6, row.welcomed_at);
  visit(7, row.sent);
  visit(8, row.failed_digests);
}

template <class Visitor>
void visit_fields(Visitor& visit, ContactChannel& channel) {
  visit(1, channel.channel);
  visit(2, channel.address);
  visit(3, channel.address_before);
}

template <class Visitor>
void visit_fields(Visitor& visit, Contact& row) {
  visit(1, row.id);
  visit(2, row.name);
  visit(3, row.channels);
  visit(4, row.created_at);
  visit(5, row.managed_by);
  visit(6, row.revision);
}

template <class Visitor>
void visit_fields(Visitor& visit, Group& row) {
  visit(1, row.id);
  visit(2, row.name);
  visit(3, row.members);
  visit(4, row.created_at);
  visit(5, row.managed_by);
  visit(6, row.revision);
}

template <class Visitor>
void visit_fields(Visitor& visit, ChannelHealth& row) {
  visit(1, row.channel);
  visit(2, row.failing_since);
  visit(3, row.delivered_at);
  visit(4, row.last_answer);
  visit(5, row.lone_since);
  visit(6, row.lone_address);
}

template <class Visitor>
void visit_fields(Visitor& visit, Night& row) {
  visit(1, row.vault);
  visit(2, row.day);
  visit(3, row.succeeded);
  visit(4, row.warning);
  visit(5, row.failed);
  visit(6, row.cancelled);
  visit(7, row.missed);
}

template <class Visitor>
void visit_fields(Visitor& visit, Access& row) {
  visit(1, row.id);
  visit(2, row.kind);
  visit(3, row.name);
  visit(4, row.role);
  visit(5, row.hash);
  visit(6, row.created_by);
  visit(7, row.created_at);
  visit(8, row.expires_at);
  visit(9, row.opened_by);
}

template <class Visitor>
void visit_fields(Visitor& visit, DoneOrder& row) {
  visit(1, row.actor);
  visit(2, row.order_key);
  visit(3, row.asked);
  visit(4, row.at);
  visit(5, row.audit);
}

template <class Visitor>
void visit_fields(Visitor& visit, AuditedRow& row) {
  visit(1, row.vault);
  visit(2, row.client);
  visit(3, row.job);
  visit(4, row.contact);
  visit(5, row.group);
  visit(6, row.maintenance);
  visit(7, row.alert);
  visit(8, row.notification);
  visit(9, row.token);
  visit(10, row.enrolment);
  visit(11, row.access);
}

template <class Visitor>
void visit_fields(Visitor& visit, AuditedChange& change) {
  visit(1, change.before);
  visit(2, change.after);
}

template <class Visitor>
void visit_fields(Visitor& visit, AuditEntry& row) {
  visit(1, row.id);
  visit(2, row.at);
  visit(3, row.actor);
  visit(4, row.action);
  visit(5, row.remark);
  visit(6, row.changes);
  visit(7, row.more);
}

}  // namespace vaultbell::core
