#include "aggregator/storage/snapshot.hpp"

namespace vaultbell::storage {

namespace {

lmdb::Table table_in(const lmdb::Environment& environment, TableNumber table) {
  return environment.table(static_cast<std::size_t>(table));
}

// The smallest key that is greater than every key with this prefix.
std::string end_of(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xFF) end.pop_back();
  if (!end.empty()) ++end.back();
  return end;
}

std::optional<lmdb::Entry> first_entry(lmdb::Cursor& cursor, Order order, std::string_view prefix,
                                       const std::string& after) {
  switch (order) {
    case Order::ascending: {
      if (after.empty()) return cursor.at_or_after(prefix);
      auto entry = cursor.at_or_after(after);
      if (entry && entry->key == after) entry = cursor.next();
      return entry;
    }
    case Order::descending: {
      if (!after.empty()) return cursor.before(after);
      const auto end = end_of(prefix);
      return end.empty() ? cursor.last() : cursor.before(end);
    }
  }
  return std::nullopt;
}

}  // namespace

Result<Snapshot> Snapshot::take(const lmdb::Environment& environment) {
  auto transaction = environment.read();
  if (!transaction) return fail(transaction.error());
  return Snapshot(environment, std::move(*transaction));
}

std::optional<std::string_view> Snapshot::raw(TableNumber table, std::string_view key) const {
  if (key.empty() || key.size() > lmdb::kKeyBytesMax) return std::nullopt;
  return transaction_.get(table_in(environment_, table), key);
}

std::optional<VaultId> Snapshot::vault_by_name(std::string_view name) const {
  const auto id = raw(TableNumber::vault_by_name, name);
  if (!id) return std::nullopt;
  return VaultId{lmdb::read_number(*id, 0)};
}

std::optional<ClientId> Snapshot::client_by_name(std::string_view name) const {
  const auto id = raw(TableNumber::client_by_name, name);
  if (!id) return std::nullopt;
  return ClientId{lmdb::read_number(*id, 0)};
}

std::optional<ContactId> Snapshot::contact_by_name(std::string_view name) const {
  const auto id = raw(TableNumber::contact_by_name, name);
  if (!id) return std::nullopt;
  return ContactId{lmdb::read_number(*id, 0)};
}

std::optional<GroupId> Snapshot::group_by_name(std::string_view name) const {
  const auto id = raw(TableNumber::group_by_name, name);
  if (!id) return std::nullopt;
  return GroupId{lmdb::read_number(*id, 0)};
}

std::optional<JobId> Snapshot::job_by_name(ClientId client, std::string_view name) const {
  const auto id = raw(TableNumber::job_by_client, key_under(client.value, name));
  if (!id) return std::nullopt;
  return JobId{lmdb::read_number(*id, 0)};
}

void Snapshot::walk(TableNumber table, Order order, std::string_view prefix,
                    const std::string& after,
                    const std::function<bool(const lmdb::Entry&)>& see) const {
  auto cursor = transaction_.cursor(table_in(environment_, table));
  auto entry = first_entry(cursor, order, prefix, after);
  while (entry && entry->key.substr(0, prefix.size()) == prefix) {
    if (!see(*entry)) return;
    entry = order == Order::ascending ? cursor.next() : cursor.previous();
  }
}

void Snapshot::each_name(TableNumber index, std::optional<std::uint64_t> under,
                         const std::function<bool(std::string_view, std::uint64_t)>& see) const {
  const auto prefix = under ? key_bytes(*under) : std::string();
  walk(index, Order::ascending, prefix, {}, [&](const lmdb::Entry& entry) {
    return see(entry.key.substr(prefix.size()), lmdb::read_number(entry.value, 0));
  });
}

void Snapshot::each_job_name(const std::function<bool(ClientId, std::string_view)>& see) const {
  walk(TableNumber::job_by_client, Order::ascending, {}, {}, [&](const lmdb::Entry& entry) {
    return see({lmdb::read_number(entry.key, 0)}, entry.key.substr(sizeof(std::uint64_t)));
  });
}

std::uint64_t Snapshot::count(TableNumber table) const {
  return transaction_.count(table_in(environment_, table));
}

std::optional<Instant> Snapshot::last_heard(ClientId client) const {
  const auto bytes = raw(TableNumber::last_heard, key_bytes(client));
  if (!bytes || bytes->size() != sizeof(std::uint64_t)) return std::nullopt;
  return Instant(Duration(static_cast<Duration::rep>(lmdb::read_number(*bytes, 0))));
}

}  // namespace vaultbell::storage
