// Snapshot: what was durable at one moment, for reading. The API, the pages, the command line and
// the texts of mails read here and never ask the core. May be taken in any thread; keep it short.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "aggregator/core/rows.hpp"
#include "aggregator/storage/records.hpp"
#include "aggregator/storage/schema.hpp"
#include "shared/lmdb/environment.hpp"
#include "shared/lmdb/key.hpp"

namespace vaultbell::storage {

enum class Order : std::uint8_t { ascending, descending };

// A row that cannot be decoded, or that an index names in vain, is an error with its table and key:
// never skipped, never guessed.
class Snapshot {
 public:
  static Result<Snapshot> take(const lmdb::Environment& environment);

  template <class R>
  [[nodiscard]] Result<std::optional<R>> get(const typename R::Key& key) const {
    const auto table = table_for(static_cast<const R*>(nullptr));
    const auto bytes = raw(table, key_bytes(key));
    if (!bytes) return std::optional<R>();
    auto row = decode<R>(table, {key_bytes(key), *bytes});
    if (!row) return fail(row.error());
    return std::optional<R>(std::move(*row));
  }

  [[nodiscard]] std::optional<VaultId> vault_by_name(std::string_view name) const;
  [[nodiscard]] std::optional<ClientId> client_by_name(std::string_view name) const;
  // The one that was retired last of those that had this name.
  [[nodiscard]] std::optional<ClientId> retired_by_name(std::string_view name) const;
  [[nodiscard]] std::optional<ContactId> contact_by_name(std::string_view name) const;
  [[nodiscard]] std::optional<GroupId> group_by_name(std::string_view name) const;
  [[nodiscard]] std::optional<AccessId> access_by_hash(const core::TokenHash& hash) const;
  [[nodiscard]] std::optional<JobId> job_by_name(ClientId client, std::string_view name) const;

  // Calls `see` for the rows of a table in the order of their keys until it returns false.
  // Beginning behind `after` (in that order), or at the beginning.
  template <class R>
  Status each(Order order, const std::optional<typename R::Key>& after,
              const std::function<bool(const R&)>& see) const {
    const auto table = table_for(static_cast<const R*>(nullptr));
    Status status;
    walk(table, order, {}, after ? key_bytes(*after) : std::string(), [&](const auto& entry) {
      auto row = decode<R>(table, entry);
      if (!row) status = fail(row.error());
      return row && see(*row);
    });
    return status;
  }

  // The same for the rows whose numbers stand in an index, under `prefix` (which may be empty).
  template <class R>
  Status each_in(TableNumber index, std::string_view prefix, Order order,
                 const std::optional<typename R::Key>& after,
                 const std::function<bool(const R&)>& see) const {
    const auto begin = after ? std::string(prefix) + key_bytes(*after) : std::string();
    return each_from<R>(index, prefix, order, begin, see);
  }

  // The same, beginning behind the index's key `begin`; empty: at the beginning.
  template <class R>
  Status each_from(TableNumber index, std::string_view prefix, Order order,
                   const std::string& begin, const std::function<bool(const R&)>& see) const {
    Status status;
    walk(index, order, prefix, begin, [&](const auto& entry) {
      const auto row = named_by<R>(index, entry.key);
      if (!row) status = fail(row.error());
      return row && see(*row);
    });
    return status;
  }

  // Calls `see` with the name and the number of each entry of an index of names, in the order of
  // the names, until it returns false: all of them, or those under one number (jobs of a client).
  void each_name(TableNumber index, std::optional<std::uint64_t> under,
                 const std::function<bool(std::string_view, std::uint64_t)>& see) const;

  // The same for the jobs of all clients.
  void each_job_name(const std::function<bool(ClientId, std::string_view)>& see) const;

  // Calls `see` with the places and names of clients, those of one vault or all, until it returns
  // false: from the worst on, or behind `after`; without reading a client's row.
  Status each_place(std::optional<VaultId> vault, const std::optional<ClientPlace>& after,
                    const std::function<bool(const ClientPlace&, std::string_view)>& see) const;

  // How many entries an index has under a prefix.
  [[nodiscard]] std::uint64_t count_in(TableNumber index, std::string_view prefix) const;

  // The rows that belong to one number, for keys that begin with it (attempts, spool marks).
  template <class R>
  Status each_under(std::uint64_t number, const std::function<bool(const R&)>& see) const {
    const auto table = table_for(static_cast<const R*>(nullptr));
    Status status;
    walk(table, Order::ascending, key_bytes(number), {}, [&](const auto& entry) {
      auto row = decode<R>(table, entry);
      if (!row) status = fail(row.error());
      return row && see(*row);
    });
    return status;
  }

  [[nodiscard]] std::uint64_t count(TableNumber table) const;

  // When the client was last heard, as of the last checkpoint (once a minute).
  [[nodiscard]] std::optional<Instant> last_heard(ClientId client) const;

 private:
  explicit Snapshot(const lmdb::Environment& environment, lmdb::ReadTransaction transaction)
      : environment_(environment), transaction_(std::move(transaction)) {}

  [[nodiscard]] std::optional<std::string_view> raw(TableNumber table, std::string_view key) const;
  void walk(TableNumber table, Order order, std::string_view prefix, const std::string& after,
            const std::function<bool(const lmdb::Entry&)>& see) const;

  // The row whose number is the end of an index key.
  template <class R>
  [[nodiscard]] Result<R> named_by(TableNumber index, std::string_view key) const {
    if (key.size() >= sizeof(std::uint64_t)) {
      auto row = get<R>({lmdb::read_number(key, key.size() - sizeof(std::uint64_t))});
      if (!row) return fail(row.error());
      if (*row) return std::move(**row);
    }
    return damaged_row(index, key, "the row that it names is missing");
  }

  template <class R>
  static Result<R> decode(TableNumber table, const lmdb::Entry& entry) {
    auto row = pack::decode<R>(entry.value, kRowLimits);
    if (!row) return damaged_row(table, entry.key, row.error().message);
    return row;
  }

  const lmdb::Environment& environment_;
  lmdb::ReadTransaction transaction_;
};

}  // namespace vaultbell::storage
