// LogReader: the lines of a tool's log as reports of its runs. Pure: what it knows of the lines
// before is given to it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/classify/traces.hpp"
#include "agent/spool/rows.hpp"
#include "shared/base/time.hpp"
#include "shared/domain/run_report.hpp"

namespace vaultbell::agent::watch {

// More runs than this that have begun and not ended: those at the bottom ended without a word.
inline constexpr std::size_t kLoggedOpenMax = 4;

// Whose log it is.
struct LoggedJob {
  std::string name;
  std::string tool;
  Operation operation = Operation::backup;
  // What the line of a start must match, where several jobs share the log; absent: all are this
  // job's.
  std::optional<classify::Pattern> match;
};

// A tool does not run twice at a time. So the end in the log is that of the run that began last,
// and whatever began before it and is open has ended without a word, except where the one that
// began last found another at work.
class LogReader {
 public:
  // `table` and `job` must live as long. `open`: the runs that had begun and not ended, oldest
  // first.
  LogReader(const classify::LogTable& table, const LoggedJob& job,
            std::vector<spool::LoggedRun> open)
      : table_(table), job_(job), open_(std::move(open)) {}

  // `now`: for lines without a time, and for those from the future.
  void take(std::string_view line, Instant now);

  // Nobody reads on: whatever is open is interrupted, `why` says so.
  void give_up(std::string_view why, Instant now);

  [[nodiscard]] const std::vector<RunReport>& reports() const { return reports_; }
  [[nodiscard]] const std::vector<spool::LoggedRun>& open() const { return open_; }

 private:
  [[nodiscard]] Instant time_of(std::string_view line, Instant now) const;
  [[nodiscard]] bool is_ours(std::string_view line) const;
  [[nodiscard]] RunReport report_of(const spool::LoggedRun& run, Instant at) const;
  void begin(std::string_view line, Instant at);
  void end(const classify::LogRow& row, std::string_view found, Instant at);
  void end_unbegun(const classify::LogRow& row, std::string_view found, std::string_view line,
                   Instant at);
  void interrupt_oldest(std::string_view why, Instant at);
  [[nodiscard]] bool is_marked(const std::string& mark) const;
  [[nodiscard]] bool is_after_its_mark(const classify::LogRow& row) const;

  const classify::LogTable& table_;
  const LoggedJob& job_;
  std::vector<spool::LoggedRun> open_;
  std::vector<RunReport> reports_;
};

}  // namespace vaultbell::agent::watch
