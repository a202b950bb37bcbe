// View and Edit: one transaction on the spool's tables, to look and to change. For this folder
// only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/spool/rows.hpp"
#include "agent/spool/spool.hpp"
#include "shared/base/result.hpp"
#include "shared/lmdb/environment.hpp"
#include "shared/pack/fields.hpp"

namespace vaultbell::agent::spool {

// The environment's tables, in the order of kTableNames.
enum TableIndex : std::size_t {
  kTotals,
  kIncarnations,
  kReports,
  kOpenRuns,
  kSetAside,
  kLogs,
  kPolled
};
inline const std::vector<std::string> kTableNames = {
    "totals", "incarnations", "reports", "open_runs", "set_aside", "logs", "polled"};

struct Numbered {
  std::uint64_t number = 0;
  Incarnation row;
};

// Keys: a report's is incarnation and sequence, a run's its identity.
std::string report_key(std::uint64_t incarnation, std::uint64_t sequence);
std::string_view run_key(const Uuid& run);
Uuid to_uuid(std::string_view run_key);

// `what` names the rows in the error.
template <class Row>
Result<Row> decode_row(std::string_view what, std::string_view bytes) {
  auto row = pack::decode<Row>(bytes);
  if (!row) {
    return fail_within("the spool's " + std::string(what) + " cannot be read", row.error());
  }
  return row;
}

// Borrows both; must not outlive them.
struct View {
  const lmdb::Environment& environment;
  const lmdb::ReadTransaction& transaction;

  [[nodiscard]] lmdb::Cursor cursor(TableIndex table) const {
    return transaction.cursor(environment.table(table));
  }
  [[nodiscard]] std::uint64_t count(TableIndex table) const {
    return transaction.count(environment.table(table));
  }
  [[nodiscard]] std::optional<std::string_view> get(TableIndex table, std::string_view key) const {
    return transaction.get(environment.table(table), key);
  }

  // Refuses tables that a newer program wrote.
  [[nodiscard]] Result<Totals> totals() const;
  // In their order, oldest first.
  [[nodiscard]] Result<std::vector<Numbered>> incarnations() const;
  [[nodiscard]] Result<std::optional<Numbered>> find(const Uuid& spool) const;
  // The oldest report that is kept of an incarnation; absent when it has none.
  [[nodiscard]] std::optional<std::uint64_t> first_sequence(std::uint64_t incarnation) const;
};

// What it changes is there for all after commit(), or (without commit) for nobody.
class Edit {
 public:
  // Waits while another process writes.
  static Result<Edit> begin(lmdb::Environment& environment, const Options& options);

  [[nodiscard]] View view() const { return {*environment_, transaction_}; }

  // Error `full` unless the report fits beside what open runs may still report; `new_runs` will be
  // open besides.
  [[nodiscard]] Status check_room(const RunReport& report, std::uint64_t new_runs) const;
  // The same for what a ping says: only kPingedShare of the spool is for them.
  [[nodiscard]] Status check_room_for_pinged(const RunReport& report, std::uint64_t new_runs) const;
  Status append(const RunReport& report);

  Status remember(const Uuid& run, const OpenRun& open);
  Result<bool> forget(const Uuid& run);  // whether it was open

  Status keep_position(const std::string& job, const LogPosition& position) {
    return put_row(kLogs, job, position);
  }
  Status forget_position(const std::string& job) {
    const auto erased = erase(kLogs, job);
    return erased ? Status() : fail(erased.error());
  }
  Status keep_polled(const std::string& job, const Polled& row) {
    return put_row(kPolled, job, row);
  }

  // Everything of it up to `sequence`, and the incarnation itself once it is exhausted and over.
  Status discard(const Numbered& incarnation, std::uint64_t sequence);
  Status set_aside(const Numbered& incarnation, SetAside row);
  Status rename(Numbered incarnation);

  Status commit();

 private:
  Edit(lmdb::Environment& environment, const Options& options, lmdb::WriteTransaction transaction)
      : environment_(&environment), options_(&options), transaction_(std::move(transaction)) {}

  // How full the spool would be.
  [[nodiscard]] std::uint64_t bytes_with(const RunReport& report, std::uint64_t new_runs) const;
  Result<Numbered> current_incarnation();
  Status drop_if_over(const Numbered& incarnation);

  template <class Row>
  Status put_row(TableIndex table, std::string_view key, const Row& row) {
    return put(table, key, pack::encode(row));
  }
  Status put(TableIndex table, std::string_view key, std::string_view bytes);
  Result<bool> erase(TableIndex table, std::string_view key);
  [[nodiscard]] tl::unexpected<Error> disk_trouble(const Error& error) const;

  lmdb::Environment* environment_;
  const Options* options_;
  lmdb::WriteTransaction transaction_;
  Totals totals_;
  bool has_changed_ = false;
};

}  // namespace vaultbell::agent::spool
