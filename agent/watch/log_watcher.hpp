// LogWatcher: reads the logs that [[job]]s name as they are written to, into the spool. inotify
// wakes it; it does nothing while nothing is written.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "agent/classify/traces.hpp"
#include "agent/spool/spool.hpp"
#include "agent/watch/log_reader.hpp"
#include "shared/base/file_descriptor.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/net/poller.hpp"

namespace vaultbell::agent::watch {

// One log of one job.
struct WatchedLog {
  LoggedJob job;
  std::filesystem::path file;
  classify::LogTable table;  // with rows
};

// Why a log is not read, for people.
struct LogTrouble {
  std::string job;
  std::string why;
};

// Belongs to the thread of the loop.
class LogWatcher {
 public:
  // Takes the place of what was watched before. All are looked at with the next turn.
  void watch(std::vector<WatchedLog> logs, Steady now);

  void add_to(net::Poller& poller) const;
  [[nodiscard]] std::optional<Steady> next_deadline() const;

  // Whether reports were kept. Why a log cannot be read is logged once, and tried again. An
  // error is the spool's: what it did not take is read again.
  [[nodiscard]] std::vector<LogTrouble> troubles() const;

  Result<bool> turn(spool::Spool& spool, Steady now, Instant wall);

 private:
  struct Entry {
    WatchedLog log;
    std::string trouble;  // as it was last said
  };

  struct Read {
    bool has_reports = false;
    bool is_all = true;  // false: there is more
  };

  bool take_events();
  bool listen(const Entry& entry);
  static void note(Entry& entry, const std::string& trouble);
  static Result<Read> read(Entry& entry, spool::Spool& spool, Instant wall);
  static Result<Read> read_part(Entry& entry, spool::Spool& spool, Instant wall);
  static Result<Read> begin(Entry& entry, const std::vector<RunReport>& reports,
                            spool::Spool& spool);
  Result<bool> forget_others(spool::Spool& spool, Instant wall) const;

  std::vector<Entry> entries_;
  FileDescriptor events_;
  std::optional<Steady> look_at_;  // absent: when something happens
  bool must_forget_ = false;       // the logs of jobs that are no more
  bool is_gathering_ = false;      // something has happened; what follows is read together with it
};

}  // namespace vaultbell::agent::watch
