// StatusFacts: how the agent is, as data, as JSON and as words. The JSON of the program is all made
// here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/core/state.hpp"
#include "agent/spool/spool.hpp"
#include "agent/state_folder.hpp"
#include "agent/watch/log_watcher.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/domain/run_report.hpp"

namespace vaultbell::agent {

// Whether there is contact, and what the local command was last run for (R8.2).
struct AloneFacts {
  std::optional<Instant> since;  // the last contact, or the start; absent: there is contact
  bool is_alone = false;         // for longer than `after`
  core::AloneSetting setting;
  std::optional<core::AloneCall> call;  // the last
  std::optional<Instant> due_at;        // when the command is run next, if nothing changes
};

struct StatusFacts {
  Instant at;                            // when all this was so
  std::optional<Instant> running_since;  // absent: the daemon does not run
  std::string looked_in;                 // the state folder, where no daemon was there to be asked
  std::optional<Enrolment> enrolment;    // absent: the host is not enrolled
  std::string fingerprint;               // empty: there is no key yet

  // Known to the running daemon only.
  bool is_connected = false;
  std::optional<Instant> connected_since;
  std::optional<Instant> last_contact;
  std::string trouble;                  // why the aggregator does not let us in
  std::optional<Duration> clock_ahead;  // of the aggregator's
  std::optional<AloneFacts> alone;
  std::vector<watch::LogTrouble> log_troubles;  // of those that [[job]]s name

  spool::Usage spool;
  std::optional<spool::SetAside> last_set_aside;
};

// One line; docs/agent.md lists the keys.
std::string to_json(const StatusFacts& facts);

// What `status` shows of such a line.
struct Shown {
  bool is_connected = false;
  std::string words;  // several lines, each ended
};
Result<Shown> show(const std::string& json);

// What came of a look for the backups of a job.
struct PollFacts {
  std::string job;
  std::string trouble{};              // why it could not be looked, or not be kept
  std::string text{};                 // what was found
  std::optional<RunReport> report{};  // absent: there is nothing to report
  bool is_new = false;                // it was reported now, not before
};
std::string to_json(const PollFacts& facts);  // one line

// A step of `test`.
struct TestStep {
  std::string name;
  bool is_good = false;
  std::string text;  // what was found, or what is wrong and what would be right
};
std::string to_json(const std::vector<TestStep>& steps);  // one line

// What `report -o json` prints of a report that was kept.
std::string receipt_of(const RunReport& report);

}  // namespace vaultbell::agent
