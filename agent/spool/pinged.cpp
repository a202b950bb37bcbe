// The runs that pings tell of, on the spool's tables.
#include <algorithm>
#include <utility>

#include "agent/spool/edit.hpp"
#include "agent/spool/interrupted.hpp"
#include "shared/base/check.hpp"

namespace vaultbell::agent::spool {

namespace {

struct Found {
  Uuid run;
  OpenRun row;
};

// All that are open, oldest first.
Result<std::vector<Found>> all_pinged(const View& view) {
  std::vector<Found> found;
  auto rows = view.cursor(kOpenRuns);
  for (auto entry = rows.first(); entry; entry = rows.next()) {
    auto row = decode_row<OpenRun>("open runs", entry->value);
    if (!row) return fail(row.error());
    if (row->pinged) found.push_back({to_uuid(entry->key), std::move(*row)});
  }
  std::ranges::stable_sort(found, {}, [](const Found& one) { return one.row.started_at; });
  return found;
}

std::vector<Found> of_job(std::vector<Found> runs, const std::string& job) {
  std::erase_if(runs, [&](const Found& one) { return one.row.job != job; });
  return runs;
}

// The one that is meant: the last, or the last with that name.
const Found* find(const std::vector<Found>& runs, const std::optional<Uuid>& rid) {
  const auto is_meant = [&](const Found& one) { return !rid || one.row.pinged->rid == rid; };
  const auto found = std::find_if(runs.rbegin(), runs.rend(), is_meant);
  return found == runs.rend() ? nullptr : &*found;
}

// Whether it is a start that is open already: who gets no answer in time asks again. Not where
// something was logged since, which stands behind the start's own output.
bool is_said_twice(const std::vector<Found>& runs, const RunReport& start,
                   const std::optional<Uuid>& rid) {
  return std::ranges::any_of(runs, [&](const Found& one) {
    const auto& row = one.row;
    if (row.pinged->rid != rid || row.pinged->output != start.output) return false;
    if (!row.started_at || !start.started_at) return false;
    const auto later = *start.started_at - *row.started_at;
    return later >= Duration::zero() && later <= kSaidTwiceWithin;
  });
}

// The one of them that can no longer be meant once `rid` has begun.
const Found* outdated(const std::vector<Found>& runs, const std::optional<Uuid>& rid) {
  const auto is_same = [&](const Found& one) { return one.row.pinged->rid == rid; };
  const auto same = std::ranges::find_if(runs, is_same);
  if (same != runs.end()) return &*same;
  return runs.size() >= kPingedPerJobMax ? &runs.front() : nullptr;
}

void complete(RunReport& end, const Found& found) {
  const auto& row = found.row;
  end.run = found.run;
  end.started_at = row.started_at;
  const auto& logged = row.pinged->output;
  // Some clients send at the end once more what they have logged before.
  if (end.output.find(logged) == std::string::npos) end.output = logged + end.output;
}

}  // namespace

Result<std::vector<RunReport>> Spool::begin_pinged(const RunReport& start,
                                                   const std::optional<Uuid>& rid) {
  check(start.outcome == Outcome::running, "a run begins with its start");
  if (auto ok = check_report(start); !ok) return fail(ok.error());
  const OpenRun open{.job = start.job,
                     .operation = start.operation,
                     .trigger = start.trigger,
                     .tool = start.tool,
                     .boot = options_.boot,
                     .started_at = start.started_at,
                     .utc_offset_minutes = start.utc_offset_minutes,
                     .pinged = Pinged{rid, start.output}};
  std::vector<RunReport> ended;
  const auto changed = change([&](Edit& edit) -> Status {
    const auto all = all_pinged(edit.view());
    if (!all) return fail(all.error());
    const auto runs = of_job(*all, start.job);
    if (is_said_twice(runs, start, rid)) return {};
    if (const auto* old = outdated(runs, rid)) {
      const auto forgotten = edit.forget(old->run);
      if (!forgotten) return fail(forgotten.error());
      ended.push_back(interrupted_end(old->run, old->row,
                                      "the next run began before this one had said how it ended"));
      ended.back().ended_at = start.started_at;
      if (auto ok = edit.append(ended.back()); !ok) return ok;
    } else if (all->size() >= kPingedMax) {
      return fail(ErrorCode::full, "too many runs have begun whose end was never said");
    }
    if (auto ok = edit.check_room_for_pinged(start, 1); !ok) return ok;
    if (auto ok = edit.append(start); !ok) return ok;
    return edit.remember(start.run, open);
  });
  if (!changed) return fail(changed.error());
  return ended;
}

Status Spool::end_pinged(RunReport end, const std::optional<Uuid>& rid) {
  check(end.outcome != Outcome::running, "a run ends with an outcome");
  if (auto ok = check_report(end); !ok) return ok;
  return change([&](Edit& edit) -> Status {
    const auto all = all_pinged(edit.view());
    if (!all) return fail(all.error());
    const auto runs = of_job(*all, end.job);
    const auto* begun = find(runs, rid);
    if (begun == nullptr) {
      const auto has_room = edit.check_room_for_pinged(end, 0);
      return has_room ? edit.append(end) : has_room;
    }
    const auto forgotten = edit.forget(begun->run);
    if (!forgotten) return fail(forgotten.error());
    complete(end, *begun);
    fit_to_limits(end);
    return edit.append(end);
  });
}

Result<bool> Spool::log_pinged(const std::string& job, const std::optional<Uuid>& rid,
                               std::string_view output) {
  bool is_kept = false;
  const auto changed = change([&](Edit& edit) -> Status {
    const auto all = all_pinged(edit.view());
    if (!all) return fail(all.error());
    auto runs = of_job(*all, job);
    const auto* begun = find(runs, rid);
    if (begun == nullptr) return {};
    is_kept = true;
    RunReport fitting{.output = begun->row.pinged->output + std::string(output)};
    fit_to_limits(fitting);
    auto row = begun->row;
    row.pinged->output = std::move(fitting.output);
    return edit.remember(begun->run, row);
  });
  if (!changed) return fail(changed.error());
  return is_kept;
}

}  // namespace vaultbell::agent::spool
