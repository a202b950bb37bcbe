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

std::optional<AccessId> Snapshot::access_by_hash(const core::TokenHash& hash) const {
  const auto id =
      raw(TableNumber::access_by_hash, {reinterpret_cast<const char*>(hash.data()), hash.size()});
  if (!id) return std::nullopt;
  return AccessId{lmdb::read_number(*id, 0)};
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

std::optional<ClientId> Snapshot::retired_by_name(std::string_view name) const {
  std::optional<ClientId> found;
  if (name.empty() || name.size() > lmdb::kKeyBytesMax - sizeof(std::uint64_t)) return found;
  // No number is so large that its first byte is not 0, and no name has such a byte: behind the
  // numbers of this name stand longer names.
  walk(TableNumber::retired_by_name, Order::ascending, name, {}, [&](const lmdb::Entry& entry) {
    if (entry.key[name.size()] != '\0') return false;
    found = {lmdb::read_number(entry.key, name.size())};
    return true;
  });
  return found;
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

Status Snapshot::each_place(
    std::optional<VaultId> vault, const std::optional<ClientPlace>& after,
    const std::function<bool(const ClientPlace&, std::string_view)>& see) const {
  const auto index = vault ? TableNumber::client_by_vault : TableNumber::client_by_state;
  const auto prefix = vault ? key_bytes(*vault) : std::string();
  Status status;
  walk(index, Order::ascending, prefix, after ? prefix + key_bytes(*after) : std::string(),
       [&](const lmdb::Entry& entry) {
         const auto place = read_place(entry.key, prefix.size());
         if (place) return see(*place, entry.value);
         status = damaged_row(index, entry.key, "not a place of a client");
         return false;
       });
  return status;
}

std::uint64_t Snapshot::count_in(TableNumber index, std::string_view prefix) const {
  std::uint64_t count = 0;
  walk(index, Order::ascending, prefix, {}, [&](const lmdb::Entry&) { return ++count > 0; });
  return count;
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
