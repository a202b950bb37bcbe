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

spool::LogPosition position_of(const std::filesystem::path& file, const Mark& mark,
                               std::vector<spool::LoggedRun> open) {
  return {file.string(), mark.inode, mark.offset, std::move(open), mark.seen};
}

}  // namespace

void LogWatcher::watch(std::vector<WatchedLog> logs, Steady now) {
  entries_.clear();
  events_.reset();
  is_gathering_ = false;
  must_forget_ = true;
  look_at_ = now;
  if (logs.empty()) return;
  events_ = FileDescriptor(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  for (auto& one : logs) entries_.push_back({.log = std::move(one), .trouble = {}});
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
  if (!events_.is_open()) return false;
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
  if (!is_gathering_ && take_events()) {
    is_gathering_ = true;
    look_at_ = std::min(look_at_.value_or(now + kGather), now + kGather);
  }
  if (!look_at_ || *look_at_ > now) return false;
  look_at_.reset();
  is_gathering_ = false;
  take_events();
  bool has_kept = false;
  if (must_forget_) {
    const auto forgotten = forget_others(spool, wall);
    if (!forgotten) {
      look_at_ = now + kTryAgain;
      return forgotten;
    }
    must_forget_ = false;
    has_kept = *forgotten;
  }
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
  if (!position && position.error().code == ErrorCode::invalid) {
    log::error("the log of job \"{}\" is read from its end: {}", job.name,
               position.error().message);
    return begin(entry, {}, spool);
  }
  if (!position) return fail(position.error());
  if (!*position) return begin(entry, {}, spool);
  LogReader reader(table, job, (*position)->open);
  if ((*position)->file != file) {
    reader.give_up("another log is read now", wall);
    return begin(entry, reader.reports(), spool);
  }
  const Mark before{(*position)->inode, (*position)->offset, (*position)->seen};
  const auto part = read_log(file, before, [&](std::string_view line) { reader.take(line, wall); });
  note(entry, part ? part->trouble : part.error().message);
  if (!part || part->mark == before) return Read{};
  if (part->is_lost) {
    log::warning(
        "{} is another file now; what was written to the old one behind byte {} is not known",
        file.string(), before.offset);
  }
  const auto after = position_of(file, part->mark, reader.open());
  if (auto ok = spool.keep_logged(job.name, reader.reports(), after); !ok) return fail(ok.error());
  return Read{!reader.reports().empty(), part->is_all};
}

// What was written before anybody asked for it is history.
Result<LogWatcher::Read> LogWatcher::begin(Entry& entry, const std::vector<RunReport>& reports,
                                           spool::Spool& spool) {
  const auto& file = entry.log.file;
  const auto end = end_of_log(file);
  note(entry, end ? std::string() : end.error().message);
  const auto mark = end.value_or(Mark{});
  const auto kept = spool.keep_logged(entry.log.job.name, reports, position_of(file, mark, {}));
  if (!kept) return fail(kept.error());
  return Read{.has_reports = !reports.empty(), .is_all = !end};  // whether it can be read
}

// A log that is read no more cannot say how its runs end.
Result<bool> LogWatcher::forget_others(spool::Spool& spool, Instant wall) const {
  bool has_kept = false;
  const auto jobs = spool.logged_jobs();
  if (!jobs) return fail(jobs.error());
  for (const auto& name : *jobs) {
    const auto is_of_job = [&](const Entry& entry) { return entry.log.job.name == name; };
    if (std::ranges::any_of(entries_, is_of_job)) continue;
    const auto position = spool.log_position(name);
    const LoggedJob job{.name = name};
    const classify::LogTable none;
    LogReader reader(none, job,
                     position && *position ? (*position)->open : std::vector<spool::LoggedRun>());
    reader.give_up("its log is read no more", wall);
    if (auto ok = spool.forget_log(name, reader.reports()); !ok) return fail(ok.error());
    has_kept |= !reader.reports().empty();
  }
  return has_kept;
}

std::vector<LogTrouble> LogWatcher::troubles() const {
  std::vector<LogTrouble> troubles;
  for (const auto& entry : entries_) {
    if (!entry.trouble.empty()) troubles.push_back({entry.log.job.name, entry.trouble});
  }
  return troubles;
}

}  // namespace vaultbell::agent::watch
