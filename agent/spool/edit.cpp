#include "agent/spool/edit.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "shared/base/check.hpp"
#include "shared/base/duration.hpp"
#include "shared/lmdb/key.hpp"

namespace vaultbell::agent::spool {

namespace {

constexpr std::size_t kSetAsideMax = 100;  // rows; a person will look at the last few
constexpr std::string_view kTotalsKey = "totals";

}  // namespace

std::string report_key(std::uint64_t incarnation, std::uint64_t sequence) {
  auto key = lmdb::number_key(incarnation);
  return lmdb::append_number(key, sequence);
}

std::string_view run_key(const Uuid& run) {
  return {reinterpret_cast<const char*>(run.bytes.data()), run.bytes.size()};
}

Uuid to_uuid(std::string_view run_key) {
  Uuid uuid;
  check(run_key.size() == uuid.bytes.size(), "a run's key is its identity");
  std::copy(run_key.begin(), run_key.end(), uuid.bytes.begin());
  return uuid;
}

Result<Totals> View::totals() const {
  const auto bytes = get(kTotals, kTotalsKey);
  if (!bytes) return Totals{};
  auto totals = decode_row<Totals>("totals", *bytes);
  if (totals && totals->schema_version > kSchemaVersion) {
    return fail(
        fmt::format("the spool was written by a newer vaultbell-agent (schema {}, this one "
                    "knows {}); install that version again",
                    totals->schema_version, kSchemaVersion));
  }
  return totals;
}

Result<std::vector<Numbered>> View::incarnations() const {
  std::vector<Numbered> found;
  auto rows = cursor(kIncarnations);
  for (auto entry = rows.first(); entry; entry = rows.next()) {
    auto row = decode_row<Incarnation>("incarnations", entry->value);
    if (!row) return fail(row.error());
    found.push_back({lmdb::read_number(entry->key, 0), *row});
  }
  return found;
}

Result<std::optional<Numbered>> View::find(const Uuid& spool) const {
  const auto all = incarnations();
  if (!all) return fail(all.error());
  for (const auto& one : *all) {
    if (one.row.spool == spool) return one;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> View::first_sequence(std::uint64_t incarnation) const {
  auto rows = cursor(kReports);
  const auto entry = rows.at_or_after(report_key(incarnation, 0));
  if (!entry || lmdb::read_number(entry->key, 0) != incarnation) return std::nullopt;
  return lmdb::read_number(entry->key, 8);
}

Result<Edit> Edit::begin(lmdb::Environment& environment, const Options& options) {
  auto transaction = environment.write();
  if (!transaction) return fail(transaction.error());
  Edit edit(environment, options, std::move(*transaction));
  auto totals = edit.view().totals();
  if (!totals) return fail(totals.error());
  edit.totals_ = *totals;
  return edit;
}

std::uint64_t Edit::bytes_with(const RunReport& report, std::uint64_t new_runs) const {
  const auto reserved_bytes = (view().count(kOpenRuns) + new_runs) * kReportBytesMax;
  return totals_.kept_bytes + pack::encode(report).size() + reserved_bytes;
}

Status Edit::check_room_for_pinged(const RunReport& report, std::uint64_t new_runs) const {
  if (auto ok = check_room(report, new_runs); !ok) return ok;
  if (bytes_with(report, new_runs) <= options_->max_bytes / kPingedShare) return {};
  return fail(ErrorCode::full,
              fmt::format("the spool is half full, and the rest is not for pings: {} of reports "
                          "wait for the aggregator, and [spool] max_size is {}; see "
                          "vaultbell-agent status",
                          size_in_words(totals_.kept_bytes), size_in_words(options_->max_bytes)));
}

Status Edit::check_room(const RunReport& report, std::uint64_t new_runs) const {
  if (bytes_with(report, new_runs) <= options_->max_bytes) return {};
  return fail(ErrorCode::full,
              fmt::format("the spool is full: {} of reports wait for the aggregator, and [spool] "
                          "max_size is {}; see vaultbell-agent status",
                          size_in_words(totals_.kept_bytes), size_in_words(options_->max_bytes)));
}

// The one that takes new reports: the last, if it is of this boot, else a new one. Those before
// that were emptied while their boot lasted go then: nobody would come to discard from them any
// more.
Result<Numbered> Edit::current_incarnation() {
  const auto all = view().incarnations();
  if (!all) return fail(all.error());
  if (!all->empty() && all->back().row.boot == options_->boot) return all->back();
  for (const auto& one : *all) {
    if (view().first_sequence(one.number)) continue;
    const auto erased = erase(kIncarnations, lmdb::number_key(one.number));
    if (!erased) return fail(erased.error());
  }
  const auto number = all->empty() ? 1 : all->back().number + 1;
  return Numbered{number, {.spool = random_uuid(), .boot = options_->boot}};
}

Status Edit::append(const RunReport& report) {
  auto current = current_incarnation();
  if (!current) return fail(current.error());
  ++current->row.last;
  const auto bytes = pack::encode(report);
  check(bytes.size() <= kReportBytesMax, "a checked report fits");
  totals_.kept_bytes += bytes.size();
  if (auto ok = put_row(kIncarnations, lmdb::number_key(current->number), current->row); !ok) {
    return ok;
  }
  return put(kReports, report_key(current->number, current->row.last), bytes);
}

Status Edit::remember(const Uuid& run, const OpenRun& open) {
  return put_row(kOpenRuns, run_key(run), open);
}

Result<bool> Edit::forget(const Uuid& run) {
  return erase(kOpenRuns, run_key(run));
}

Status Edit::discard(const Numbered& incarnation, std::uint64_t sequence) {
  std::vector<std::string> keys;
  auto rows = view().cursor(kReports);
  const auto end = report_key(incarnation.number, sequence);
  for (auto entry = rows.at_or_after(report_key(incarnation.number, 0)); entry && entry->key <= end;
       entry = rows.next()) {
    totals_.kept_bytes -= entry->value.size();
    keys.emplace_back(entry->key);
  }
  for (const auto& key : keys) {
    if (auto ok = erase(kReports, key); !ok) return fail(ok.error());
  }
  if (view().first_sequence(incarnation.number)) return {};
  return drop_if_over(incarnation);
}

Status Edit::drop_if_over(const Numbered& incarnation) {
  const auto all = view().incarnations();
  if (!all) return fail(all.error());
  const bool is_current =
      all->back().number == incarnation.number && incarnation.row.boot == options_->boot;
  if (is_current) return {};
  if (auto ok = erase(kIncarnations, lmdb::number_key(incarnation.number)); !ok) {
    return fail(ok.error());
  }
  return {};
}

Status Edit::set_aside(const Numbered& incarnation, SetAside row) {
  const auto key = report_key(incarnation.number, row.sequence);
  const auto bytes = view().get(kReports, key);
  if (!bytes) return {};
  if (const auto report = pack::decode<RunReport>(*bytes)) row.report = *report;
  totals_.kept_bytes -= bytes->size();
  if (auto ok = erase(kReports, key); !ok) return fail(ok.error());
  if (view().count(kSetAside) >= kSetAsideMax) {
    const std::string oldest(view().cursor(kSetAside).first()->key);
    if (auto ok = erase(kSetAside, oldest); !ok) return fail(ok.error());
  }
  return put_row(kSetAside, lmdb::number_key(++totals_.set_aside_count), row);
}

Status Edit::rename(Numbered incarnation) {
  incarnation.row.spool = random_uuid();
  return put_row(kIncarnations, lmdb::number_key(incarnation.number), incarnation.row);
}

Status Edit::commit() {
  if (!has_changed_) return {};
  if (auto ok = put_row(kTotals, kTotalsKey, totals_); !ok) return ok;
  if (auto ok = transaction_.commit(); !ok) return disk_trouble(ok.error());
  return {};
}

Status Edit::put(TableIndex table, std::string_view key, std::string_view bytes) {
  has_changed_ = true;
  if (auto ok = transaction_.put(environment_->table(table), key, bytes); !ok) {
    return disk_trouble(ok.error());
  }
  return {};
}

Result<bool> Edit::erase(TableIndex table, std::string_view key) {
  auto erased = transaction_.erase(environment_->table(table), key);
  if (!erased) return disk_trouble(erased.error());
  has_changed_ |= *erased;
  return erased;
}

tl::unexpected<Error> Edit::disk_trouble(const Error& error) const {
  return fail(error.code, fmt::format("cannot write to the spool in {}: {}; its disk needs free "
                                      "space and must be writable",
                                      options_->folder.string(), error.message));
}

}  // namespace vaultbell::agent::spool
