#include "agent/spool/spool.hpp"

#include <utility>

#include <fmt/format.h>

#include "agent/spool/edit.hpp"
#include "agent/spool/interrupted.hpp"
#include "shared/base/check.hpp"
#include "shared/base/files.hpp"
#include "shared/lmdb/key.hpp"
#include "shared/protocol/message.hpp"

namespace vaultbell::agent::spool {

namespace {

// The same for every process, whatever its max_size: LMDB's processes must agree. Only address
// space; far above the largest max_size (4 GiB), since with a full map nothing could be erased.
constexpr std::size_t kMapBytes = 32ULL << 30U;

std::string why_interrupted(const OpenRun& open, bool is_this_boot) {
  return is_this_boot ? fmt::format("process {} ended without saying how the run went", open.by.pid)
                      : "the host went down while this was running";
}

}  // namespace

Result<Spool> Spool::open(const Options& options) {
  check(options.boot.is_set(), "the boot is known");
  if (auto ok = prepare_folder(options.folder); !ok) return fail(ok.error());
  auto environment = lmdb::Environment::open({.folder = options.folder,
                                              .map_bytes = kMapBytes,
                                              .tables = kTableNames,
                                              .durability = options.durability});
  if (!environment) return fail(environment.error());
  Spool spool(std::move(*environment), options);
  if (auto usage = spool.usage(); !usage) return fail(usage.error());
  return spool;
}

Status Spool::change(const std::function<Status(Edit&)>& what) {
  auto edit = Edit::begin(*environment_, options_);
  if (!edit) return fail(edit.error());
  if (auto ok = what(*edit); !ok) return ok;
  return edit->commit();
}

Status Spool::append(const RunReport& report) {
  if (auto ok = check_report(report); !ok) return ok;
  return change([&](Edit& edit) {
    const auto has_room = edit.check_room(report, 0);
    return has_room ? edit.append(report) : has_room;
  });
}

Status Spool::begin_run(const RunReport& start, const PidMark& by) {
  check(start.outcome == Outcome::running, "a run begins with its start");
  if (auto ok = check_report(start); !ok) return ok;
  const OpenRun open{.job = start.job,
                     .operation = start.operation,
                     .trigger = start.trigger,
                     .tool = start.tool,
                     .by = by,
                     .boot = options_.boot,
                     .started_at = start.started_at,
                     .utc_offset_minutes = start.utc_offset_minutes};
  return change([&](Edit& edit) -> Status {
    if (auto ok = edit.check_room(start, 1); !ok) return ok;
    if (auto ok = edit.append(start); !ok) return ok;
    return edit.remember(start.run, open);
  });
}

Result<bool> Spool::end_run(const RunReport& end) {
  check(end.outcome != Outcome::running, "a run ends with an outcome");
  if (auto ok = check_report(end); !ok) return fail(ok.error());
  bool was_open = false;
  const auto changed = change([&](Edit& edit) -> Status {
    const auto forgotten = edit.forget(end.run);
    if (!forgotten) return fail(forgotten.error());
    was_open = *forgotten;
    return was_open ? edit.append(end) : Status();
  });
  if (!changed) return fail(changed.error());
  return was_open;
}

bool Spool::is_interrupted(const OpenRun& run) const {
  return run.boot != options_.boot || (!run.pinged && !is_alive(run.by));
}

Result<std::vector<RunReport>> Spool::end_interrupted() {
  std::vector<RunReport> ends;
  {
    const auto transaction = environment_->read();
    if (!transaction) return fail(transaction.error());
    auto rows = View{*environment_, *transaction}.cursor(kOpenRuns);
    for (auto entry = rows.first(); entry; entry = rows.next()) {
      const auto open = decode_row<OpenRun>("open runs", entry->value);
      if (!open) return fail(open.error());
      if (!is_interrupted(*open)) continue;
      ends.push_back(interrupted_end(to_uuid(entry->key), *open,
                                     why_interrupted(*open, open->boot == options_.boot)));
    }
  }
  std::vector<RunReport> ended;
  for (auto& end : ends) {
    // Its wrapper may have ended it since we looked.
    const auto is_ours = end_run(end);
    if (!is_ours) return fail(is_ours.error());
    if (*is_ours) ended.push_back(std::move(end));
  }
  return ended;
}

Result<bool> Spool::watches_any() const {
  const auto transaction = environment_->read();
  if (!transaction) return fail(transaction.error());
  auto rows = View{*environment_, *transaction}.cursor(kOpenRuns);
  for (auto entry = rows.first(); entry; entry = rows.next()) {
    const auto open = decode_row<OpenRun>("open runs", entry->value);
    if (!open) return fail(open.error());
    if (!open->pinged) return true;
  }
  return false;
}

Result<std::vector<SpoolRange>> Spool::ranges() const {
  const auto transaction = environment_->read();
  if (!transaction) return fail(transaction.error());
  const View view{*environment_, *transaction};
  const auto all = view.incarnations();
  if (!all) return fail(all.error());
  std::vector<SpoolRange> ranges;
  for (const auto& [number, row] : *all) {
    const auto first = view.first_sequence(number);
    if (!first && row.boot != options_.boot) continue;
    if (ranges.size() == protocol::kSpoolsPerHelloMax) break;
    ranges.push_back({row.spool, first.value_or(row.last + 1), row.last});
  }
  return ranges;
}

Result<std::vector<Kept>> Spool::read(const SpoolAck& after, std::size_t count_max) const {
  const auto transaction = environment_->read();
  if (!transaction) return fail(transaction.error());
  const View view{*environment_, *transaction};
  const auto incarnation = view.find(after.spool);
  if (!incarnation) return fail(incarnation.error());
  std::vector<Kept> kept;
  if (!*incarnation) return kept;
  const auto number = (*incarnation)->number;
  auto rows = view.cursor(kReports);
  for (auto entry = rows.at_or_after(report_key(number, after.sequence + 1));
       entry && kept.size() < count_max; entry = rows.next()) {
    if (lmdb::read_number(entry->key, 0) != number) break;
    const auto sequence = lmdb::read_number(entry->key, 8);
    auto report = decode_row<RunReport>(fmt::format("report {}", sequence), entry->value);
    if (!report && kept.empty()) return fail(ErrorCode::invalid, report.error().message);
    if (!report) break;
    kept.push_back({sequence, std::move(*report)});
  }
  return kept;
}

Status Spool::discard_through(const SpoolAck& ack) {
  return change([&](Edit& edit) -> Status {
    const auto incarnation = edit.view().find(ack.spool);
    if (!incarnation) return fail(incarnation.error());
    return *incarnation ? edit.discard(**incarnation, ack.sequence) : Status();
  });
}

Status Spool::set_aside(const SpoolAck& position, const std::string& reason, Instant now) {
  return change([&](Edit& edit) -> Status {
    const auto incarnation = edit.view().find(position.spool);
    if (!incarnation) return fail(incarnation.error());
    if (!*incarnation) return {};
    return edit.set_aside(
        **incarnation,
        {.spool = position.spool, .sequence = position.sequence, .reason = reason, .at = now});
  });
}

Status Spool::renew(const Uuid& spool) {
  return change([&](Edit& edit) -> Status {
    const auto incarnation = edit.view().find(spool);
    if (!incarnation) return fail(incarnation.error());
    return *incarnation ? edit.rename(**incarnation) : Status();
  });
}

Result<Usage> Spool::usage() const {
  const auto transaction = environment_->read();
  if (!transaction) return fail(transaction.error());
  const View view{*environment_, *transaction};
  const auto totals = view.totals();
  if (!totals) return fail(totals.error());
  Usage usage{.reports = view.count(kReports),
              .used_bytes = totals->kept_bytes,
              .max_bytes = options_.max_bytes,
              .open_runs = view.count(kOpenRuns),
              .set_aside = totals->set_aside_count};
  const auto reserved_bytes = (usage.open_runs + 1) * kReportBytesMax;
  usage.is_full = usage.used_bytes + reserved_bytes > usage.max_bytes;
  return usage;
}

Result<std::optional<SetAside>> Spool::last_set_aside() const {
  const auto transaction = environment_->read();
  if (!transaction) return fail(transaction.error());
  const auto entry = View{*environment_, *transaction}.cursor(kSetAside).last();
  if (!entry) return std::nullopt;
  auto row = decode_row<SetAside>("set-aside reports", entry->value);
  if (!row) return fail(row.error());
  return *row;
}

}  // namespace vaultbell::agent::spool
