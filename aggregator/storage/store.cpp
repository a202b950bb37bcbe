#include "aggregator/storage/store.hpp"

#include <fmt/format.h>

#include "aggregator/storage/records.hpp"
#include "aggregator/storage/schema.hpp"
#include "shared/lmdb/key.hpp"

namespace vaultbell::storage {

namespace {

constexpr std::string_view kSchemaVersionKey = "schema_version";
constexpr std::string_view kIndexGenerationKey = "index_generation";

// Writes the changes of one commit.
class Writer {
 public:
  Writer(const lmdb::Environment& environment, lmdb::WriteTransaction& transaction)
      : environment_(environment), transaction_(transaction) {}

  Status write(const core::Change& change) {
    return std::visit([this](const auto& c) { return apply(c); }, change);
  }

  // Puts the index entries of all rows of a table, also those that are there.
  template <class R>
  Status index_all(const R*) {
    const auto number = table_for(static_cast<const R*>(nullptr));
    auto cursor = transaction_.cursor(table(number));
    for (auto entry = cursor.first(); entry; entry = cursor.next()) {
      const auto row = pack::decode<R>(entry->value, kRowLimits);
      if (!row) return damaged_row(number, entry->key, row.error().message);
      for (const auto& [index, key, value] : index_entries(*row)) {
        if (auto ok = transaction_.put(table(index), key, value); !ok) return ok;
      }
    }
    return {};
  }

 private:
  [[nodiscard]] lmdb::Table table(TableNumber number) const {
    return environment_.table(static_cast<std::size_t>(number));
  }

  Status apply(const core::Put& put) {
    return std::visit([this](const auto& row) { return put_row(row); }, put.row);
  }
  Status apply(const core::Erase& erase) {
    return std::visit([this](const auto& key) { return erase_row(key); }, erase.key);
  }
  Status apply(const core::Remember&) { return {}; }  // memory only

  template <class R>
  Status put_row(const R& row) {
    const auto number = table_for(&row);
    const auto key = key_bytes(row.key());
    if constexpr (HasIndex<R>) {
      if (auto ok = replace_index(row, number, key); !ok) return ok;
    }
    return transaction_.put(table(number), key, pack::encode(row));
  }

  // Erases the entries that the old row has and the new one has not, and the other way round.
  template <class R>
  Status replace_index(const R& row, TableNumber number, const std::string& key) {
    std::vector<IndexEntry> before;
    if (const auto bytes = transaction_.get(table(number), key)) {
      const auto old = pack::decode<R>(*bytes, kRowLimits);
      if (!old) return damaged_row(number, key, old.error().message);
      before = index_entries(*old);
    }
    const auto after = index_entries(row);
    for (const auto& entry : before) {
      if (std::find(after.begin(), after.end(), entry) != after.end()) continue;
      if (auto ok = transaction_.erase(table(entry.table), entry.key); !ok) {
        return fail(ok.error());
      }
    }
    for (const auto& entry : after) {
      if (std::find(before.begin(), before.end(), entry) != before.end()) continue;
      if (auto ok = transaction_.put(table(entry.table), entry.key, entry.value); !ok) return ok;
    }
    return {};
  }

  // The row and the index entries that exist because of it.
  template <class K>
  Status erase_row(const K& id) {
    using R = core::RowOf<K>;
    const auto number = table_for(static_cast<const R*>(nullptr));
    const auto key = key_bytes(id);
    if constexpr (HasIndex<R>) {
      if (auto ok = erase_index<R>(number, key); !ok) return ok;
    }
    if (auto ok = transaction_.erase(table(number), key); !ok) return fail(ok.error());
    return {};
  }

  template <class R>
  Status erase_index(TableNumber number, const std::string& key) {
    const auto bytes = transaction_.get(table(number), key);
    if (!bytes) return {};
    const auto old = pack::decode<R>(*bytes, kRowLimits);
    if (!old) return damaged_row(number, key, old.error().message);
    for (const auto& entry : index_entries(*old)) {
      if (auto ok = transaction_.erase(table(entry.table), entry.key); !ok) {
        return fail(ok.error());
      }
    }
    return {};
  }

  const lmdb::Environment& environment_;
  lmdb::WriteTransaction& transaction_;
};

// Puts every row of a table into the State.
template <class R>
Status load_table(const Snapshot& snapshot, core::State& state) {
  return snapshot.each<R>(Order::ascending, std::nullopt, [&](const R& row) {
    core::evolve(state, core::Put{row});
    return true;
  });
}

// The same for the rows that an index names.
template <class R>
Status load_index(const Snapshot& snapshot, core::State& state, TableNumber index) {
  return snapshot.each_in<R>(index, {}, Order::ascending, std::nullopt, [&](const R& row) {
    core::evolve(state, core::Put{row});
    return true;
  });
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& folder,
                                           std::size_t map_bytes, lmdb::Durability durability) {
  auto environment = lmdb::Environment::open({.folder = folder,
                                              .map_bytes = map_bytes,
                                              .tables = table_names(),
                                              .durability = durability});
  if (!environment) return fail(environment.error());
  std::unique_ptr<Store> store(new Store(std::move(*environment)));
  if (auto ok = store->prepare(); !ok) return fail_within(folder.string(), ok.error());
  return store;
}

Status Store::prepare() {
  auto transaction = environment_->write();
  if (!transaction) return fail(transaction.error());
  const auto meta = environment_->table(static_cast<std::size_t>(TableNumber::meta));
  if (const auto found = transaction->get(meta, kSchemaVersionKey)) {
    if (found->size() != sizeof(std::uint64_t)) {
      return damaged_row(TableNumber::meta, kSchemaVersionKey, "not a schema version");
    }
    const auto version = lmdb::read_number(*found, 0);
    if (version == kSchemaVersion) return build_indexes(*transaction);
    return fail(ErrorCode::refused,
                fmt::format("the store has schema {}, this program knows schema {}; it was written "
                            "by a newer Vaultbell: install that version again",
                            version, kSchemaVersion));
  }
  if (auto ok = transaction->put(meta, kSchemaVersionKey, lmdb::number_key(kSchemaVersion)); !ok) {
    return ok;
  }
  Writer writer(*environment_, *transaction);
  core::Counters counters;
  counters.installation = random_uuid();
  if (auto ok = writer.write(core::Put{counters}); !ok) return ok;
  return build_indexes(*transaction);
}

Status Store::build_indexes(lmdb::WriteTransaction& transaction) {
  const auto meta = environment_->table(static_cast<std::size_t>(TableNumber::meta));
  const auto generation = lmdb::number_key(kIndexGeneration);
  if (transaction.get(meta, kIndexGenerationKey) == generation) return {};
  Writer writer(*environment_, transaction);
  const auto index = [&]<class... R>(const R*... rows) {
    Status status;
    ((status = status ? writer.index_all(rows) : status), ...);
    return status;
  };
  const auto indexed = index(
      static_cast<const core::Client*>(nullptr), static_cast<const core::Run*>(nullptr),
      static_cast<const core::Alert*>(nullptr), static_cast<const core::Notification*>(nullptr),
      static_cast<const core::AuditEntry*>(nullptr));
  if (!indexed) return fail(indexed.error());
  if (auto ok = transaction.put(meta, kIndexGenerationKey, generation); !ok) return ok;
  return transaction.commit();
}

Result<core::Committed> Store::commit(const core::WriteSet& changes) {
  auto transaction = environment_->write();
  if (!transaction) return fail(transaction.error());
  Writer writer(*environment_, *transaction);
  for (const auto& change : changes) {
    if (auto ok = writer.write(change); !ok) return fail(ok.error());
  }
  if (auto ok = transaction->commit(); !ok) return fail(ok.error());
  return core::Committed::durable;
}

Result<core::State> Store::load(const core::Settings& settings, Instant listening_since) const {
  const auto snapshot = Snapshot::take(*environment_);
  if (!snapshot) return fail(snapshot.error());
  core::State state;
  core::evolve(state, core::Remember{settings});
  core::evolve(state, core::Remember{core::ListeningSince{listening_since}});
  // In this order, each table refers only to those before it.
  const auto loaders = {
      &load_table<core::Counters>,      &load_table<core::Vault>,     &load_table<core::Client>,
      &load_table<core::Job>,           &load_table<core::SpoolMark>, &load_table<core::OpenRun>,
      &load_table<core::Token>,         &load_table<core::Enrolment>, &load_table<core::ClockShift>,
      &load_table<core::Contact>,       &load_table<core::Group>,     &load_table<core::Address>,
      &load_table<core::ChannelHealth>, &load_table<core::Outage>,    &load_table<core::Night>,
      &load_table<core::Access>,        &load_table<core::DoneOrder>,
  };
  for (const auto load : loaders) {
    if (auto ok = load(*snapshot, state); !ok) return fail(ok.error());
  }
  auto windows = load_index<core::Maintenance>(*snapshot, state, TableNumber::open_maintenances);
  if (!windows) return fail(windows.error());
  auto alerts = load_index<core::Alert>(*snapshot, state, TableNumber::active_alerts);
  if (!alerts) return fail(alerts.error());
  auto recovering = load_index<core::Alert>(*snapshot, state, TableNumber::recovering_alerts);
  if (!recovering) return fail(recovering.error());
  auto owed = load_index<core::Notification>(*snapshot, state, TableNumber::open_notifications);
  if (!owed) return fail(owed.error());
  return state;
}

Result<core::State> load_objects(const Snapshot& snapshot, const core::Settings& settings) {
  core::State state;
  core::evolve(state, core::Remember{settings});
  const auto loaders = {&load_table<core::Counters>, &load_table<core::Vault>,
                        &load_table<core::Client>,   &load_table<core::Job>,
                        &load_table<core::Contact>,  &load_table<core::Group>,
                        &load_table<core::Address>};
  for (const auto load : loaders) {
    if (auto ok = load(snapshot, state); !ok) return fail(ok.error());
  }
  auto windows = load_index<core::Maintenance>(snapshot, state, TableNumber::open_maintenances);
  if (!windows) return fail(windows.error());
  return state;
}

Status Store::checkpoint(const std::vector<std::pair<ClientId, Instant>>& last_heard) {
  auto transaction = environment_->write();
  if (!transaction) return fail(transaction.error());
  const auto table = environment_->table(static_cast<std::size_t>(TableNumber::last_heard));
  for (const auto& [client, at] : last_heard) {
    const auto value = static_cast<std::uint64_t>(at.time_since_epoch().count());
    if (auto ok = transaction->put(table, key_bytes(client), lmdb::number_key(value)); !ok) {
      return ok;
    }
  }
  return transaction->commit();
}

}  // namespace vaultbell::storage
