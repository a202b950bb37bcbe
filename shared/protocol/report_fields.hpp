// The numbers of each field of a run report: on the wire, in the agent's spool and in the
// aggregator's store alike. A number is never reused.
#pragma once

#include "shared/domain/run_report.hpp"
#include "shared/domain/spool.hpp"
#include "shared/pack/fields.hpp"

// Found by the types' own namespace, hence not in vaultbell::protocol.
namespace vaultbell {

template <class Visitor>
void visit_fields(Visitor& visit, SpoolAck& ack) {
  visit(1, ack.spool);
  visit(2, ack.sequence);
}

template <class Visitor>
void visit_fields(Visitor& visit, RunStatistics& statistics) {
  visit(1, statistics.bytes_read);
  visit(2, statistics.bytes_added);
  visit(3, statistics.bytes_total);
  visit(4, statistics.files);
}

template <class Visitor>
void visit_fields(Visitor& visit, RunReport& report) {
  visit(1, report.run);
  visit(2, report.job);
  visit(3, report.operation);
  visit(4, report.outcome);
  visit(5, report.reason);
  visit(6, report.trigger);
  visit(7, report.started_at);
  visit(8, report.ended_at);
  visit(9, report.utc_offset_minutes);
  visit(10, report.exit_code);
  visit(11, report.signal);
  visit(12, report.statistics);
  visit(13, report.tool);
  visit(14, report.snapshot);
  visit(15, report.message);
  visit(16, report.output);
}

}  // namespace vaultbell
