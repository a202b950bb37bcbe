// The numbers of the wire: of each field in each message. A number is never reused.
#pragma once

#include "shared/pack/fields.hpp"
#include "shared/protocol/job_fields.hpp"
#include "shared/protocol/message.hpp"
#include "shared/protocol/report_fields.hpp"

namespace vaultbell {

template <class Visitor>
void visit_fields(Visitor& visit, SpoolRange& range) {
  visit(1, range.spool);
  visit(2, range.first);
  visit(3, range.last);
}

template <class Visitor>
void visit_fields(Visitor& visit, AgentJob& job) {
  visit(1, job.name);
  visit(2, job.settings);
}

}  // namespace vaultbell

namespace vaultbell::protocol {

template <class Visitor>
void visit_fields(Visitor& visit, Hello& hello) {
  visit(1, hello.version_min);
  visit(2, hello.version_max);
  visit(3, hello.boot);
  visit(4, hello.agent_version);
  visit(5, hello.hostname);
  visit(6, hello.os);
  visit(7, hello.client_time);
  visit(8, hello.spools);
  visit(9, hello.jobs);
}

template <class Visitor>
void visit_fields(Visitor& visit, Heartbeat& heartbeat) {
  visit(1, heartbeat.client_time);
  visit(2, heartbeat.spool_used_bytes);
  visit(3, heartbeat.is_spool_full);
}

template <class Visitor>
void visit_fields(Visitor& visit, Report& report) {
  visit(1, report.spool);
  visit(2, report.report);
}

template <class Visitor>
void visit_fields(Visitor& visit, Goodbye& goodbye) {
  visit(1, goodbye.reason);
}

template <class Visitor>
void visit_fields(Visitor& visit, EnrolRequest& request) {
  visit(1, request.token_hash);
  visit(2, request.name);
  visit(3, request.boot);
  visit(4, request.agent_version);
  visit(5, request.hostname);
  visit(6, request.os);
}

template <class Visitor>
void visit_fields(Visitor& visit, KeyOffer& offer) {
  visit(1, offer.public_key.bytes);
}

template <class Visitor>
void visit_fields(Visitor& visit, KeyAccepted& accepted) {
  visit(1, accepted.public_key.bytes);
}

template <class Visitor>
void visit_fields(Visitor& visit, Timing& timing) {
  visit(1, timing.heartbeat_every);
  visit(2, timing.disconnect_after);
}

template <class Visitor>
void visit_fields(Visitor& visit, Welcome& welcome) {
  visit(1, welcome.version);
  visit(2, welcome.client);
  visit(3, welcome.vault);
  visit(4, welcome.timing);
  visit(5, welcome.server_time);
  visit(6, welcome.acks);
}

template <class Visitor>
void visit_fields(Visitor& visit, HeartbeatAck& ack) {
  visit(1, ack.server_time);
}

template <class Visitor>
void visit_fields(Visitor& visit, Ack& ack) {
  visit(1, ack.ack);
}

template <class Visitor>
void visit_fields(Visitor& visit, Refusal& refusal) {
  visit(1, refusal.code);
  visit(2, refusal.message);
  visit(3, refusal.ack);
}

template <class Visitor>
void visit_fields(Visitor& visit, EnrolAccepted& accepted) {
  visit(1, accepted.client);
  visit(2, accepted.vault);
  visit(3, accepted.endpoint);
}

template <class Visitor>
void visit_fields(Visitor& visit, EnrolPending& pending) {
  visit(1, pending.next_command);
}

}  // namespace vaultbell::protocol
