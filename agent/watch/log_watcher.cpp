#include "agent/watch/log_watcher.hpp"

#include <algorithm>
#include <array>
#include <sys/inotify.h>
#include <unistd.h>
#include <utility>

#include "agent/watch/log_file.hpp"
#include "shared/base/log.hpp"

namespace vaultbell::agent::watch {

namespace {

// A tool writes line by line: they are read together.
constexpr Duration kGather = std::chrono::seconds(1);
// A log that cannot be read, and a spool that takes nothing, are tried again then.
constexpr Duration kTryAgain = std::chrono::seconds(60);
constexpr int kPartsPerTurn = 8;  // of a megabyte: the loop has other things to do

constexpr std::uint32_t kOfFile = IN_MODIFY | IN_MOVE_SELF | IN_DELETE_SELF | IN_ATTRIB;
constexpr std::uint32_t kOfFolder = IN_CREATE | IN_MOVED_TO;

}  // namespace

void LogWatcher::watch(std::vector<WatchedLog> logs, Steady now) {
  entries_.clear();
  events_.reset();
  look_at_.reset();
  is_gathering_ = false;
  if (logs.empty()) return;
  events_ = FileDescriptor(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  for (auto& one : logs) entries_.push_back({.log = std::move(one), .trouble = {}});
  look_at_ = now;
}

void LogWatcher::add_to(net::Poller& poller) const {
  if (events_.is_open() && !is_gathering_) poller.add(events_.get());
}

std::optional<Steady> LogWatcher::next_deadline() const {
  return look_at_;
}

bool LogWatcher::take_events() {
  std::array<char, 4096> buffer{};
  bool has_taken = false;
  while (::read(events_.get(), buffer.data(), buffer.size()) > 0) has_taken = true;
  return has_taken;
}

// Before it is read, so that nothing is missed; again each time, for the file may be another one.
bool LogWatcher::listen(const Entry& entry) {
  const auto& file = entry.log.file;
  const int of_file = inotify_add_watch(events_.get(), file.c_str(), kOfFile);
  const int of_folder = inotify_add_watch(events_.get(), file.parent_path().c_str(), kOfFolder);
  return of_file >= 0 && of_folder >= 0;
}

void LogWatcher::note(Entry& entry, const std::string& trouble) {
  if (!trouble.empty() && trouble != entry.trouble) {
    log::warning("the log of job \"{}\" is not read: {}; trying again", entry.log.job.name,
                 trouble);
  }
  entry.trouble = trouble;
}

Result<bool> LogWatcher::turn(spool::Spool& spool, Steady now, Instant wall) {
  if (entries_.empty()) return false;
  if (!is_gathering_ && take_events()) {
    is_gathering_ = true;
    look_at_ = std::min(look_at_.value_or(now + kGather), now + kGather);
  }
  if (!look_at_ || *look_at_ > now) return false;
  look_at_.reset();
  is_gathering_ = false;
  take_events();
  bool has_kept = false;
  for (auto& entry : entries_) {
    const bool is_listening = listen(entry);
    const auto kept = read(entry, spool, wall);
    if (!kept) {
      look_at_ = now + kTryAgain;
      return fail(kept.error());
    }
    has_kept |= kept->has_reports;
    if (!kept->is_all) look_at_ = now;
    if (!look_at_ && (!is_listening || !entry.trouble.empty())) look_at_ = now + kTryAgain;
  }
  return has_kept;
}

Result<LogWatcher::Read> LogWatcher::read(Entry& entry, spool::Spool& spool, Instant wall) {
  Read all;
  for (int part = 0; part < kPartsPerTurn; ++part) {
    const auto read = read_part(entry, spool, wall);
    if (!read) return read;
    all.has_reports |= read->has_reports;
    all.is_all = read->is_all;
    if (all.is_all) break;
  }
  return all;
}

Result<LogWatcher::Read> LogWatcher::read_part(Entry& entry, spool::Spool& spool, Instant wall) {
  const auto& [job, file, table] = entry.log;
  const auto position = spool.log_position(job.name);
  if (!position) return fail(position.error());
  if (!*position || (*position)->file != file) return begin(entry, spool);
  const Mark before{(*position)->inode, (*position)->offset};
  LogReader reader(table, job, (*position)->open);
  const auto part = read_log(file, before, [&](std::string_view line) { reader.take(line, wall); });
  note(entry, part ? part->trouble : part.error().message);
  if (!part || part->mark == before) return Read{};
  if (part->is_lost) {
    log::warning(
        "{} was taken away before it was read to its end: what it said last of job \"{}\" is "
        "not known",
        file.string(), job.name);
  }
  const spool::LogPosition after{file.string(), part->mark.inode, part->mark.offset, reader.open()};
  if (auto ok = spool.keep_logged(job.name, reader.reports(), after); !ok) return fail(ok.error());
  return Read{!reader.reports().empty(), part->is_all};
}

// What was written before anybody asked for it is history.
Result<LogWatcher::Read> LogWatcher::begin(Entry& entry, spool::Spool& spool) {
  const auto& file = entry.log.file;
  const auto end = end_of_log(file);
  note(entry, end ? std::string() : end.error().message);
  if (!end) return Read{};
  const spool::LogPosition position{file.string(), end->inode, end->offset, {}};
  if (auto ok = spool.keep_logged(entry.log.job.name, {}, position); !ok) return fail(ok.error());
  return Read{.is_all = end->inode != 0};  // else: whether it has come meanwhile
}

}  // namespace vaultbell::agent::watch
