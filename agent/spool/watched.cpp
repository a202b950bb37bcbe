// What was found out of runs that nobody told of, on the spool's tables.
#include "agent/spool/edit.hpp"

namespace vaultbell::agent::spool {

namespace {

Status append_all(Edit& edit, const std::vector<RunReport>& reports) {
  for (const auto& report : reports) {
    if (auto ok = check_report(report); !ok) return ok;
    if (auto ok = edit.check_room(report, 0); !ok) return ok;
    if (auto ok = edit.append(report); !ok) return ok;
  }
  return {};
}

}  // namespace

Status Spool::keep_logged(const std::string& job, const std::vector<RunReport>& reports,
                          const LogPosition& position) {
  return change([&](Edit& edit) -> Status {
    if (auto ok = append_all(edit, reports); !ok) return ok;
    return edit.keep_position(job, position);
  });
}

Status Spool::forget_log(const std::string& job, const std::vector<RunReport>& reports) {
  return change([&](Edit& edit) -> Status {
    if (auto ok = append_all(edit, reports); !ok) return ok;
    return edit.forget_position(job);
  });
}

Result<std::vector<std::string>> Spool::logged_jobs() const {
  const auto transaction = environment_->read();
  if (!transaction) return fail(transaction.error());
  std::vector<std::string> jobs;
  auto rows = View{*environment_, *transaction}.cursor(kLogs);
  for (auto entry = rows.first(); entry; entry = rows.next()) jobs.emplace_back(entry->key);
  return jobs;
}

Result<std::optional<LogPosition>> Spool::log_position(const std::string& job) const {
  const auto transaction = environment_->read();
  if (!transaction) return fail(transaction.error());
  const auto bytes = View{*environment_, *transaction}.get(kLogs, job);
  if (!bytes) return std::optional<LogPosition>();
  auto row = decode_row<LogPosition>("log positions", *bytes);
  if (!row) return fail(ErrorCode::invalid, row.error().message);
  return std::optional(std::move(*row));
}

Result<bool> Spool::keep_polled(const RunReport& report, const Polled& found) {
  if (auto ok = check_report(report); !ok) return fail(ok.error());
  bool is_new = false;
  const auto changed = change([&](Edit& edit) -> Status {
    if (const auto bytes = edit.view().get(kPolled, report.job)) {
      const auto before = decode_row<Polled>("polled backups", *bytes);
      if (!before) return fail(before.error());
      if (before->id == found.id && before->ended_at == found.ended_at) return {};
      if (before->ended_at > found.ended_at) return {};
    }
    is_new = true;
    if (auto ok = edit.check_room(report, 0); !ok) return ok;
    if (auto ok = edit.append(report); !ok) return ok;
    return edit.keep_polled(report.job, found);
  });
  if (!changed) return fail(changed.error());
  return is_new;
}

}  // namespace vaultbell::agent::spool
