// Spool: the reports that the aggregator has not yet acknowledged, on disk, in order (R3.6).
//
// The life of a report: append() gives it the next sequence of the current incarnation and returns
// when it is durable. read() hands it to the uplink, any number of times. discard_through() removes
// it once the aggregator has said that it is durable there; set_aside() keeps it apart when the
// aggregator will never take it.
//
// An incarnation (Uuid, sequences from 1) ends with the boot of the machine. Two clones of a
// machine boot apart, so they never count on in the same one, and no report of one is taken for a
// repetition of the other's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/spool/rows.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/base/uuid.hpp"
#include "shared/domain/run_report.hpp"
#include "shared/domain/spool.hpp"
#include "shared/lmdb/environment.hpp"

namespace vaultbell::agent::spool {

// No encoded report is larger: 8 KiB of output, 1.5 KiB of other texts, and the rest.
inline constexpr std::size_t kReportBytesMax = 10UL * 1024;

// Open runs that pings have begun: of one job, and of all. Each reserves room for its end, and
// nothing but a further ping ends them.
inline constexpr std::size_t kPingedPerJobMax = 8;
inline constexpr std::size_t kPingedMax = 256;

// Whoever can reach the port may ping: what is said so may fill the half of the spool, that `run`
// and `report` always find room.
inline constexpr std::uint64_t kPingedShare = 2;

// A start like the last one, that soon after it, is the same one again: `curl --retry` and its like
// wait at most so long for an answer. No schedule is shorter (kEveryMin).
inline constexpr Duration kSaidTwiceWithin = std::chrono::minutes(1);

struct Options {
  std::filesystem::path folder;  // made if missing
  std::uint64_t max_bytes = 256ULL << 20U;
  Uuid boot;  // of the running kernel
  lmdb::Durability durability = lmdb::Durability::power_cut;
};

struct Usage {
  std::uint64_t reports = 0;
  std::uint64_t used_bytes = 0;  // of the reports as they are stored
  std::uint64_t max_bytes = 0;
  std::uint64_t open_runs = 0;
  std::uint64_t set_aside = 0;  // ever
  bool is_full = false;         // the next report might be refused
  bool operator==(const Usage&) const = default;
};

struct Kept {
  std::uint64_t sequence = 0;
  RunReport report;
};

class Edit;

// Several processes may have the same spool open; within one process only one may. Every function
// blocks on the disk, and on other processes that write. Errors name the folder and the reason; a
// failed call has changed nothing.
class Spool {
 public:
  static Result<Spool> open(const Options& options);

  // Keeps a report. Error `full`: max_bytes is reached (what open runs will still report counts
  // as used), or the disk is full; `invalid`: check_report says so.
  Status append(const RunReport& report);

  // Keeps the start of a run, and that `by` is at work on it. Errors as append.
  Status begin_run(const RunReport& start, const PidMark& by);
  // Keeps the end of such a run; its room was reserved by begin_run. False: end_interrupted was
  // first, nothing was kept.
  Result<bool> end_run(const RunReport& end);
  // Runs that pings tell of have no process that could be watched; they are interrupted by the end
  // of the boot only. `rid`: what a ping calls the run; without it, the last one of the job that is
  // open is meant.
  //
  // Keeps a start, and its output for the end as well. One that is said twice (kSaidTwiceWithin,
  // nothing logged meanwhile) is kept once. What is open and can no longer be meant ends
  // as failed/interrupted with it, and is returned: without `rid` the one before that had none
  // either, and of more than kPingedPerJobMax runs of a job the oldest. Errors as append; `full`
  // also beside kPingedMax and from kPingedShare on.
  Result<std::vector<RunReport>> begin_pinged(const RunReport& start,
                                              const std::optional<Uuid>& rid);
  // Keeps an end: of the run that is meant (whose identity and start it gets, and what was logged
  // in front of its output), or as one without a start. Errors as append; `full`
  // from kPingedShare on for the latter.
  Status end_pinged(RunReport end, const std::optional<Uuid>& rid);
  // Keeps output for the end. False: no such run is open, nothing was kept.
  Result<bool> log_pinged(const std::string& job, const std::optional<Uuid>& rid,
                          std::string_view output);

  // Ends the runs whose process is gone as failed/interrupted (R3.7); returns what was appended.
  // Of this and end_run exactly one ends a run.
  Result<std::vector<RunReport>> end_interrupted();
  // Whether there is anything that end_interrupted might end before the next boot.
  [[nodiscard]] Result<bool> watches_any() const;

  // Keeps what a tool's log said of a job, and how far it was read, as one. Errors as append: then
  // neither, and the same lines are to be read again.
  Status keep_logged(const std::string& job, const std::vector<RunReport>& reports,
                     const LogPosition& position);
  // Error invalid: it cannot be read; keep_logged() makes another one.
  [[nodiscard]] Result<std::optional<LogPosition>> log_position(const std::string& job) const;
  // Whose logs were read, also of jobs that are no more.
  [[nodiscard]] Result<std::vector<std::string>> logged_jobs() const;
  // The same as keep_logged for a log that is not read any more: its position goes.
  Status forget_log(const std::string& job, const std::vector<RunReport>& reports);

  // Keeps the report of a backup that was found in a repository, unless it was reported before:
  // then (false) nothing. Errors as append.
  Result<bool> keep_polled(const RunReport& report, const Polled& found);

  // What is kept, in the order in which it is to be sent, at most protocol::kSpoolsPerHelloMax
  // incarnations; those that come later follow when the first are gone.
  [[nodiscard]] Result<std::vector<SpoolRange>> ranges() const;
  // At most `count_max` reports behind `after`. Ends before a row that cannot be read; error
  // `invalid` if that is the first one.
  [[nodiscard]] Result<std::vector<Kept>> read(const SpoolAck& after, std::size_t count_max) const;

  // These do nothing where the incarnation is already gone.
  Status discard_through(const SpoolAck& ack);
  Status set_aside(const SpoolAck& position, const std::string& reason, Instant now);
  // Counts on under a new identity, with everything that is kept: for a spool that was restored
  // from a copy, whose next sequences the aggregator has already seen.
  Status renew(const Uuid& spool);

  [[nodiscard]] Result<Usage> usage() const;
  [[nodiscard]] Result<std::optional<SetAside>> last_set_aside() const;

 private:
  Spool(std::unique_ptr<lmdb::Environment> environment, Options options)
      : environment_(std::move(environment)), options_(std::move(options)) {}
  Status change(const std::function<Status(Edit&)>& what);
  [[nodiscard]] bool is_interrupted(const OpenRun& run) const;

  std::unique_ptr<lmdb::Environment> environment_;
  Options options_;
};

}  // namespace vaultbell::agent::spool
