// The rows of the spool's tables and the numbers of their fields (docs/agent.md shows examples). A
// number is never reused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/spool/pid.hpp"
#include "shared/base/uuid.hpp"
#include "shared/domain/run_report.hpp"
#include "shared/protocol/report_fields.hpp"

namespace vaultbell::agent::spool {

inline constexpr std::uint32_t kSchemaVersion = 1;

// Table "totals", one row: what would have to be counted otherwise.
struct Totals {
  std::uint32_t schema_version = kSchemaVersion;
  std::uint64_t kept_bytes = 0;       // of all values in "reports"
  std::uint64_t set_aside_count = 0;  // ever; also numbers the rows of "set_aside"
  bool operator==(const Totals&) const = default;
};

// Table "incarnations", under an ascending number: the order in which reports are sent. The last
// one takes new reports for as long as its boot lasts.
struct Incarnation {
  Uuid spool;
  Uuid boot;               // of the kernel that was running when it began
  std::uint64_t last = 0;  // the newest sequence that was ever given
  bool operator==(const Incarnation&) const = default;
};

// A run that pings tell of: no process of it is known.
struct Pinged {
  std::optional<Uuid> rid;  // what its start was called, where it was called anything
  std::string output;       // what was logged meanwhile
  bool operator==(const Pinged&) const = default;
};

// Table "open_runs", under the run's identity: a run whose start is kept and whose wrapper should
// still be at work.
struct OpenRun {
  std::string job;
  Operation operation = Operation::backup;
  Trigger trigger = Trigger::scheduled;
  std::string tool;
  PidMark by;  // the wrapper
  Uuid boot;
  std::optional<Instant> started_at;
  std::optional<std::int32_t> utc_offset_minutes;
  std::optional<Pinged> pinged;  // then there is no wrapper
  bool operator==(const OpenRun&) const = default;
};

// Table "set_aside": a report that will never be sent again.
struct SetAside {
  Uuid spool;
  std::uint64_t sequence = 0;
  std::string reason;
  Instant at;
  std::optional<RunReport> report;  // absent where it could not be read
  bool operator==(const SetAside&) const = default;
};

// A run that a tool's log tells of, which has begun there and not ended.
struct LoggedRun {
  Uuid run;
  bool is_others = false;  // of another job, with which the log is shared: nothing is reported
  std::optional<Instant> started_at;
  std::optional<std::int32_t> utc_offset_minutes;
  std::string note;                // what its message will be
  std::string output;              // the last of its lines
  std::vector<std::string> marks;  // that were seen in it, by the names of their rows
  bool operator==(const LoggedRun&) const = default;
};

// Table "logs", under the job's name: how far the log of its tool has been read.
struct LogPosition {
  std::string file;
  std::uint64_t inode = 0;  // 0: there was no such file yet
  std::uint64_t offset = 0;
  std::vector<LoggedRun> open;  // oldest first
  std::uint64_t seen = 0;       // a hash of the last bytes before the offset
  bool operator==(const LogPosition&) const = default;
};

// Table "polled", under the job's name: the backup that was reported last.
struct Polled {
  std::string id;
  Instant ended_at;
  bool operator==(const Polled&) const = default;
};

template <class Visitor>
void visit_fields(Visitor& visit, Totals& totals) {
  visit(1, totals.schema_version);
  visit(2, totals.kept_bytes);
  visit(3, totals.set_aside_count);
}

template <class Visitor>
void visit_fields(Visitor& visit, Incarnation& incarnation) {
  visit(1, incarnation.spool);
  visit(2, incarnation.boot);
  visit(3, incarnation.last);
}

template <class Visitor>
void visit_fields(Visitor& visit, Pinged& pinged) {
  visit(1, pinged.rid);
  visit(2, pinged.output);
}

template <class Visitor>
void visit_fields(Visitor& visit, OpenRun& run) {
  visit(1, run.job);
  visit(2, run.operation);
  visit(3, run.trigger);
  visit(4, run.tool);
  visit(5, run.by.pid);
  visit(6, run.by.started_ticks);
  visit(7, run.boot);
  visit(8, run.started_at);
  visit(9, run.utc_offset_minutes);
  visit(10, run.pinged);
}

template <class Visitor>
void visit_fields(Visitor& visit, LoggedRun& run) {
  visit(1, run.run);
  visit(2, run.is_others);
  visit(3, run.started_at);
  visit(4, run.utc_offset_minutes);
  visit(5, run.note);
  visit(6, run.output);
  visit(7, run.marks);
}

template <class Visitor>
void visit_fields(Visitor& visit, LogPosition& row) {
  visit(1, row.file);
  visit(2, row.inode);
  visit(3, row.offset);
  visit(4, row.open);
  visit(5, row.seen);
}

template <class Visitor>
void visit_fields(Visitor& visit, Polled& row) {
  visit(1, row.id);
  visit(2, row.ended_at);
}

template <class Visitor>
void visit_fields(Visitor& visit, SetAside& row) {
  visit(1, row.spool);
  visit(2, row.sequence);
  visit(3, row.reason);
  visit(4, row.at);
  visit(5, row.report);
}

}  // namespace vaultbell::agent::spool
